"""Reading declarations one after the other, in pages, so that a history of any size needs little memory."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from casrules.history.connecting import reading
from casrules.history.declared import Declared
from casrules.history.events import KINDS, Event
from casrules.history.rows import TABLES, Row, event_of
from casrules.history.tables import CONTENTS, EVENTS

_PAGE = 500


@dataclass(frozen=True, slots=True)
class Asked:
    """Which declarations: with an event on or after `since` and before `until` (days, UTC), or just `documents`; and
    what of them: events of the `kinds`, with the bytes of messages or without.
    """

    since: date | None = None
    until: date | None = None
    documents: tuple[str, ...] | None = None
    kinds: tuple[str, ...] = KINDS
    content: bool = True

    @property
    def tables(self) -> list[sa.Table]:
        """The tables that are read."""
        found = [table for kind in self.kinds for table in TABLES[kind]]
        return [*found, CONTENTS] if self.content else found

    def condition(self, after: str | None) -> Any:
        """The rows of `events` that choose the declarations of the next page."""
        conditions: list[Any] = [sa.true()]
        if after is not None:
            conditions.append(EVENTS.c.document > after)
        if self.since is not None:
            conditions.append(EVENTS.c.at >= midnight(self.since))
        if self.until is not None:
            conditions.append(EVENTS.c.at < midnight(self.until))
        if self.documents is not None:
            conditions.append(EVENTS.c.document.in_(self.documents))
        return sa.and_(*conditions)


def midnight(day: date) -> datetime:
    """The moment a day begins, in UTC."""
    return datetime.combine(day, time(), UTC)


def declarations(engine: Engine, asked: Asked, page: int = _PAGE) -> Iterator[Declared]:
    """Declarations by document key, each with all its events. Every page is one consistent view of its own."""
    last: str | None = None
    while True:
        with reading(engine) as connection:
            found = list(_page(connection, asked, last, page))
        yield from found
        if len(found) < page:
            return
        last = found[-1].document


def _page(connection: Connection, asked: Asked, after: str | None, page: int) -> Iterator[Declared]:
    column = EVENTS.c.document
    chosen = sa.select(column).where(asked.condition(after)).distinct().order_by(column).limit(page)
    documents = list(connection.execute(chosen).scalars())
    if documents:
        for document, events in events_of(connection, documents, asked).items():
            yield Declared(document=document, events=tuple(events))


def events_of(connection: Connection, documents: Sequence[str], asked: Asked) -> dict[str, list[Event]]:
    """The events of some declarations, in the order in which they were written."""
    chosen: Any = EVENTS.c.document.in_(documents)
    if asked.kinds != KINDS:
        chosen = sa.and_(chosen, EVENTS.c.kind.in_(asked.kinds))
    own = list(_rows(connection, sa.select(EVENTS).where(chosen).order_by(EVENTS.c.seq)))
    details: dict[int, dict[str, list[Row]]] = {row["seq"]: {} for row in own}
    for table in asked.tables:
        rows = sa.select(table).join(EVENTS, table.c.event == EVENTS.c.seq).where(chosen)
        for row in _rows(connection, rows):
            details[row.pop("event")].setdefault(table.name, []).append(row)
    found: dict[str, list[Event]] = {document: [] for document in documents}
    for row in own:
        found[row["document"]].append(event_of(row, details[row["seq"]]))
    return found


def _rows(connection: Connection, query: sa.Select[Any]) -> Iterator[Row]:
    result = connection.execute(query)
    names = tuple(result.keys())
    for row in result:
        yield dict(zip(names, row, strict=True))
