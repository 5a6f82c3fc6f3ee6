"""Retention: the one way by which anything leaves a history, kept on record itself."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from pydantic import Field
from sqlalchemy.engine import Connection

from casrules.errors import UsageError
from casrules.findings.frozen import Frozen
from casrules.history.events import KINDS, Event
from casrules.history.rows import rows_of
from casrules.history.streaming import Asked, events_of, midnight
from casrules.history.tables import CONTENTS, EVENTS, KEPT, RETENTION_RUNS

CLASSES = (*KINDS, "content")
"""What may be dropped by age: events of a kind with all that hangs on them, or only the bytes of messages."""
_PAGE = 200


class Removed(Frozen):
    """What a retention run has done: rows dropped by class, declarations redacted."""

    dropped: dict[str, int] = Field(default_factory=dict)
    redacted: int = 0


@contextmanager
def retention_run(connection: Connection, what: str, at: datetime, by: str) -> Iterator[None]:
    """A run within the transaction of `connection`: only while it is open do the tables let go of rows, and nobody
    else ever sees it open.
    """
    row = {"at": at, "by": by, "what": what, "state": "open"}
    number = connection.execute(sa.insert(RETENTION_RUNS).values(row).returning(RETENTION_RUNS.c.id)).scalar_one()
    yield
    connection.execute(sa.update(RETENTION_RUNS).where(RETENTION_RUNS.c.id == number).values(state="done"))


def checked_classes(classes: Collection[str]) -> tuple[str, ...]:
    """The classes in a fixed order. Raises UsageError for one that is unknown."""
    unknown = sorted(set(classes) - set(CLASSES))
    if unknown:
        raise UsageError(f"no class of rows is called {unknown[0]!r}", remedy=f"of {', '.join(CLASSES)}")
    return tuple(name for name in CLASSES if name in classes)


def drop(connection: Connection, before: date, classes: Collection[str]) -> dict[str, int]:
    """Drop rows of events before a day (UTC), by class; how many events, or contents, went."""
    old = EVENTS.c.at < midnight(before)
    counts: dict[str, int] = {}
    for name in classes:
        chosen = old if name == "content" else sa.and_(old, EVENTS.c.kind == name)
        numbers = sa.select(EVENTS.c.seq).where(chosen)
        if name == "content":
            counts[name] = connection.execute(sa.delete(CONTENTS).where(CONTENTS.c.event.in_(numbers))).rowcount
            continue
        for table in KEPT:
            connection.execute(sa.delete(table).where(table.c.event.in_(numbers)))
        counts[name] = connection.execute(sa.delete(EVENTS).where(chosen)).rowcount
    return counts


def redact(connection: Connection, before: date, redacted: Callable[[Event], Event]) -> int:
    """Rewrite the declarations whose last event is before a day (UTC); how many were not redacted yet."""
    ended = sa.select(EVENTS.c.document).group_by(EVENTS.c.document).having(sa.func.max(EVENTS.c.at) < midnight(before))
    documents = list(connection.execute(ended.order_by(EVENTS.c.document)).scalars())
    count = 0
    for start in range(0, len(documents), _PAGE):
        for events in events_of(connection, documents[start : start + _PAGE], Asked()).values():
            rewritten = [_rewrite(connection, event, redacted(event)) for event in events]
            count += any(rewritten)
    return count


def _rewrite(connection: Connection, old: Event, new: Event) -> bool:
    if new == old:
        return False
    seq = connection.execute(sa.select(EVENTS.c.seq).where(EVENTS.c.id == old.id)).scalar_one()
    own: dict[str, Any] = {name: getattr(new, name) for name in ("id", "digest", "document", "by")}
    connection.execute(sa.update(EVENTS).where(EVENTS.c.seq == seq).values(own))
    for table in KEPT:
        connection.execute(sa.delete(table).where(table.c.event == seq))
    for table, row in rows_of(new, seq):
        connection.execute(sa.insert(table).values(row))
    return True
