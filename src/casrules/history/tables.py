"""The tables of a history, as they are at the newest schema. Migrations make them; this module only names them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

METADATA = sa.MetaData()
JSON = sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")
BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


class UtcDateTime(sa.types.TypeDecorator[datetime]):
    """A moment in UTC on every database; SQLite keeps no offsets."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        """What is handed to the driver."""
        if value is None:
            return None
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        """What the driver gave, in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=False)


def _of_event(name: str, *columns: sa.Column[Any]) -> sa.Table:
    event = sa.Column("event", BIG, sa.ForeignKey("events.seq"), primary_key=True, autoincrement=False)
    return sa.Table(name, METADATA, event, *columns)


def _entries(name: str, *columns: sa.Column[Any]) -> sa.Table:
    position = sa.Column("position", sa.Integer, primary_key=True, autoincrement=False)
    return _of_event(name, position, *columns)


EVENTS = sa.Table(
    "events",
    METADATA,
    sa.Column("seq", BIG, primary_key=True, autoincrement=True),
    sa.Column("id", sa.Text, nullable=False, unique=True),
    _text("digest"),
    _text("document"),
    _text("kind"),
    sa.Column("at", UtcDateTime, nullable=False),
    _text("by"),
    sa.Index("events_by_document", "document", "seq"),
    sa.Index("events_by_time", "at"),
    sqlite_autoincrement=True,
)
SUBMISSIONS = _of_event(
    "submissions",
    *map(_text, ("message", "lrn", "mrn", "importer", "declarant", "sha256")),
    sa.Column("as_of", sa.Date),
    _text("vocabulary"),
    sa.Column("values", JSON, nullable=False),
    sa.Column("sent", JSON),
)
for _name in ("lrn", "mrn", "sha256"):
    sa.Index(f"submissions_by_{_name}", SUBMISSIONS.c[_name])
CONTENTS = _of_event("contents", sa.Column("body", sa.LargeBinary, nullable=False))
CHECKS = _of_event("checks", _text("verdict"))
VIOLATIONS = _entries(
    "violations",
    *map(_text, ("rule", "fingerprint", "severity", "category", "path", "record", "key")),
    sa.Column("arguments", JSON, nullable=False),
    sa.Column("law", JSON, nullable=False),
    _text("correlation_key"),
)
sa.Index("violations_by_rule", VIOLATIONS.c.rule)
ANSWERS = _of_event("answers", *map(_text, ("outcome", "shape", "function", "reference", "issued", "sha256")))
ANSWER_CODES = _entries(
    "answer_codes", *map(_text, ("system", "list", "code", "rule", "severity", "path", "record", "text"))
)
CORRECTIONS = _of_event(
    "corrections", sa.Column("edits", JSON, nullable=False), sa.Column("values", JSON), _text("vocabulary")
)
OUTCOMES = _of_event("outcomes", _text("outcome"), _text("reason"))
VOCABULARIES = sa.Table(
    "vocabularies",
    METADATA,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("schema", JSON, nullable=False),
)
RETENTION_RUNS = sa.Table(
    "retention_runs",
    METADATA,
    sa.Column("id", BIG, primary_key=True, autoincrement=True),
    sa.Column("at", UtcDateTime, nullable=False),
    _text("by"),
    _text("what"),
    _text("state"),
    sqlite_autoincrement=True,
)
KEPT = (SUBMISSIONS, CONTENTS, CHECKS, VIOLATIONS, ANSWERS, ANSWER_CODES, CORRECTIONS, OUTCOMES)
"""What hangs on an event."""
