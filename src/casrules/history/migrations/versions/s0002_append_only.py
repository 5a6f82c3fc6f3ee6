"""Nothing is changed or deleted but by retention; alerts correlate; fields of other vocabularies."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_JSON = sa.JSON().with_variant(JSONB(), "postgresql")
_BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_KEPT = (
    "events", "submissions", "contents", "checks", "violations", "answers", "answer_codes", "corrections", "outcomes",
)  # fmt: skip
_REFUSED = "the history is append-only"
_OPEN = "EXISTS (SELECT 1 FROM retention_runs WHERE state = 'open')"


def upgrade() -> None:
    """Add what the second schema has and guard the tables."""
    for table in ("submissions", "corrections"):
        op.add_column(table, sa.Column("vocabulary", sa.Text, nullable=False, server_default=""))
    op.add_column("violations", sa.Column("correlation_key", sa.Text, nullable=False, server_default=""))
    op.create_table(
        "vocabularies",
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("schema", _JSON, nullable=False),
    )
    op.create_table(
        "retention_runs",
        sa.Column("id", _BIG, primary_key=True, autoincrement=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("by", "what", "state")),
        sqlite_autoincrement=True,
    )
    if op.get_bind().dialect.name == "postgresql":
        _guard_server()
    else:
        _guard_file()


def _guard_file() -> None:
    for table in _KEPT:
        for deed in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{deed.lower()} BEFORE {deed} ON {table} WHEN NOT {_OPEN} "
                f"BEGIN SELECT RAISE(ABORT, '{_REFUSED}'); END"
            )


def _guard_server() -> None:
    op.execute(
        f"CREATE FUNCTION casrules_append_only() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF NOT {_OPEN} THEN RAISE EXCEPTION '{_REFUSED}'; END IF; "
        "IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW; END $$"
    )
    for table in _KEPT:
        op.execute(
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION casrules_append_only()"
        )
        op.execute(
            f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION casrules_append_only()"
        )
