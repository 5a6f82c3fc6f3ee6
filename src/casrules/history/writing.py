"""Appending events: each once, whatever is repeated, by however many writers."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection

from casrules.errors import UsageError
from casrules.history.events import Acknowledgement, Event
from casrules.history.rows import Row, rows_of
from casrules.history.tables import EVENTS, KEPT


def append(connection: Connection, events: Iterable[Event]) -> list[Acknowledgement]:
    """Write events in their order, within the transaction of `connection`.

    An event whose id is there already is not written again; UsageError where another event has its id.
    """
    told: list[Acknowledgement] = []
    waiting: dict[str, list[Row]] = {}
    for event in events:
        digest = event.digest
        name = event.id or f"sha256:{digest}"
        seq = _claim(connection, event, name, digest)
        told.append(Acknowledgement(id=name, stored=seq is not None))
        for table, row in rows_of(event, seq) if seq is not None else ():
            waiting.setdefault(table.name, []).append(row)
    for table in KEPT:
        if table.name in waiting:
            connection.execute(sa.insert(table), waiting[table.name])
    return told


def _claim(connection: Connection, event: Event, name: str, digest: str) -> int | None:
    """The number of the new event; None where it was there before."""
    own = {
        "id": name,
        "digest": digest,
        "document": event.document,
        "kind": event.kind,
        "at": event.at,
        "by": event.by,
    }
    seq = connection.execute(_CLAIMS[connection.dialect.name], own).scalar()
    if seq is not None:
        return int(seq)
    known = connection.execute(sa.select(EVENTS.c.digest).where(EVENTS.c.id == own["id"])).scalar()
    if known != own["digest"]:
        raise UsageError(
            f"the event id {own['id']!r} belongs to another event",
            remedy="give each event an id of its own, and repeat an event unchanged",
        )
    return None


def _claim_with(insert: Any) -> Any:
    return insert(EVENTS).on_conflict_do_nothing(index_elements=[EVENTS.c.id]).returning(EVENTS.c.seq)


_CLAIMS = {"sqlite": _claim_with(sqlite.insert), "postgresql": _claim_with(postgresql.insert)}
