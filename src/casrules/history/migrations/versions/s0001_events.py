"""Events and what hangs on them."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_JSON = sa.JSON().with_variant(JSONB(), "postgresql")
_BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the tables of the first schema."""
    op.create_table(
        "events",
        sa.Column("seq", _BIG, primary_key=True, autoincrement=True),
        sa.Column("id", sa.Text, nullable=False, unique=True),
        *_texts("digest", "document", "kind"),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        *_texts("by"),
        sqlite_autoincrement=True,
    )
    op.create_index("events_by_document", "events", ["document", "seq"])
    op.create_index("events_by_time", "events", ["at"])
    _of_event(
        "submissions",
        *_texts("message", "lrn", "mrn", "importer", "declarant", "sha256"),
        sa.Column("as_of", sa.Date),
        sa.Column("values", _JSON, nullable=False),
        sa.Column("sent", _JSON),
    )
    for name in ("lrn", "mrn", "sha256"):
        op.create_index(f"submissions_by_{name}", "submissions", [name])
    _of_event("contents", sa.Column("body", sa.LargeBinary, nullable=False))
    _of_event("checks", *_texts("verdict"))
    _of_event(
        "violations",
        sa.Column("position", sa.Integer, primary_key=True, autoincrement=False),
        *_texts("rule", "fingerprint", "severity", "category", "path", "record", "key"),
        sa.Column("arguments", _JSON, nullable=False),
        sa.Column("law", _JSON, nullable=False),
    )
    op.create_index("violations_by_rule", "violations", ["rule"])
    _of_event("answers", *_texts("outcome", "shape", "function", "reference", "issued", "sha256"))
    _of_event(
        "answer_codes",
        sa.Column("position", sa.Integer, primary_key=True, autoincrement=False),
        *_texts("system", "list", "code", "rule", "severity", "path", "record", "text"),
    )
    _of_event("corrections", sa.Column("edits", _JSON, nullable=False), sa.Column("values", _JSON))
    _of_event("outcomes", *_texts("outcome", "reason"))


def _texts(*names: str) -> list[sa.Column[Any]]:
    return [sa.Column(name, sa.Text, nullable=False) for name in names]


def _of_event(name: str, *columns: sa.Column[Any]) -> None:
    event = sa.Column("event", _BIG, sa.ForeignKey("events.seq"), primary_key=True, autoincrement=False)
    op.create_table(name, event, *columns)
