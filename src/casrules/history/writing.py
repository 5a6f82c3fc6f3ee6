"""Appending events: each once, whatever is repeated, by however many writers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection

from casrules.errors import UsageError
from casrules.history.events import Acknowledgement, Event
from casrules.history.rows import Row, rows_of
from casrules.history.tables import EVENTS, KEPT


def append(connection: Connection, events: Sequence[Event]) -> list[Acknowledgement]:
    """Write events in their order, within the transaction of `connection`.

    An event whose id is there already is not written again; UsageError where another event has its id.
    """
    digests = [event.digest for event in events]
    names = [event.id or f"sha256:{digest}" for event, digest in zip(events, digests, strict=True)]
    claimed = _claimed(connection, events, names, digests)
    waiting: dict[str, list[Row]] = {}
    told: list[Acknowledgement] = []
    again: dict[str, set[str]] = {}
    for event, name, digest in zip(events, names, digests, strict=True):
        seq = claimed.pop(name, None)
        told.append(Acknowledgement(id=name, stored=seq is not None))
        if seq is None:
            again.setdefault(name, set()).add(digest)
        for table, row in rows_of(event, seq) if seq is not None else ():
            waiting.setdefault(table.name, []).append(row)
    _same(connection, again)
    for table in KEPT:
        if table.name in waiting:
            connection.execute(sa.insert(table), waiting[table.name])
    return told


def _claimed(
    connection: Connection, events: Sequence[Event], names: Sequence[str], digests: Sequence[str]
) -> dict[str, int]:
    """The numbers of the new events by id; those that were there before are left out."""
    rows = [
        {
            "id": name,
            "digest": digest,
            "document": event.document,
            "kind": event.kind,
            "at": event.at,
            "by": event.by,
        }
        for event, name, digest in zip(events, names, digests, strict=True)
    ]
    found = connection.execute(_CLAIMS[connection.dialect.name], rows) if rows else ()
    return {row[0]: row[1] for row in found}


def _same(connection: Connection, again: Mapping[str, set[str]]) -> None:
    """Raise UsageError where an event that was told again is not the one that is there."""
    names = sorted(again)
    for start in range(0, len(names), _PAGE):
        page = names[start : start + _PAGE]
        known = connection.execute(sa.select(EVENTS.c.id, EVENTS.c.digest).where(EVENTS.c.id.in_(page)))
        for name, digest in known:
            if again[name] != {digest}:
                raise UsageError(
                    f"the event id {name!r} belongs to another event",
                    remedy="give each event an id of its own, and repeat an event unchanged",
                )


def _claim_with(insert: Any) -> Any:
    return insert(EVENTS).on_conflict_do_nothing(index_elements=[EVENTS.c.id]).returning(EVENTS.c.id, EVENTS.c.seq)


_CLAIMS = {"sqlite": _claim_with(sqlite.insert), "postgresql": _claim_with(postgresql.insert)}
_PAGE = 500
