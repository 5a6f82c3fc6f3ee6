"""The store: a database of what happened to declarations, to append to and to read."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date, datetime
from functools import cached_property
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.engine import Engine

from casrules.declaration import Declaration
from casrules.errors import UsageError
from casrules.findings import Report
from casrules.history import retention, streaming
from casrules.history.connecting import connect, reading, settle, url_of, writing
from casrules.history.declared import Declared
from casrules.history.events import KINDS, Acknowledgement, Event, Values
from casrules.history.flattening import flat_values
from casrules.history.migrating import upgrade
from casrules.history.naming import dictionary_naming
from casrules.history.recording import answer_of, submission_of, violations_of
from casrules.history.redaction import Redaction
from casrules.history.retention import Removed
from casrules.history.tables import EVENTS, SUBMISSIONS
from casrules.history.vocabularies import Vocabulary, keep_vocabulary, kept_vocabularies
from casrules.history.writing import append

if TYPE_CHECKING:
    from casrules.history.message_values import MessageReader

_BATCH = 1_000
Given = bytes | Declaration | Mapping[str, Any]
"""A declaration: the bytes of a message, a `Declaration`, or a record as the dictionary names it."""


class Store:
    """A history in a database. Append-only: only `drop` and `redact` take anything away, and both leave a trace.

    One store may be used by many threads, one database by many processes. What `append` has acknowledged is on disk.
    """

    def __init__(self, engine: Engine, redaction: Redaction | None = None) -> None:
        """Use `Store.open`."""
        self._engine = engine
        self._redaction = redaction
        self._privacy: dict[str, Mapping[str, str]] = {}

    @classmethod
    def open(
        cls,
        source: str | Path,
        *,
        redaction: Redaction | None = None,
        create: bool = True,
        timeout: float = 30.0,
    ) -> Store:
        """Open a history by path (SQLite) or URL (`sqlite:///…`, `postgresql+psycopg://…`), and upgrade its tables.

        `redaction` is applied to every event before it is written. `timeout`: seconds to wait for another writer.
        Raises UsageError for a URL no history can live in and, unless `create`, for a file that is not there;
        HistoryError where the database cannot be reached or was made by a later version.
        """
        url = url_of(source)
        if not create and url.get_backend_name() == "sqlite" and not Path(url.database or "").is_file():
            raise UsageError(f"there is no history at {url.database}", remedy="name a file that a store has written")
        engine = connect(url, timeout)
        try:
            upgrade(engine)
        except BaseException:
            engine.dispose()
            raise
        return cls(engine, redaction)

    def close(self) -> None:
        """Give the connections back; the store cannot be used afterwards."""
        self._engine.dispose()

    def __enter__(self) -> Store:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def append(self, event: Event) -> Acknowledgement:
        """Write one event; on disk when this returns. The same event again is acknowledged and not written twice.

        Raises UsageError where another event has its id; HistoryError where the database cannot write: nothing of the
        event is kept then, and the call can be repeated.
        """
        return self.append_together([event])[0]

    def append_together(self, events: Iterable[Event]) -> tuple[Acknowledgement, ...]:
        """Write events in their order, all of them or none."""
        redacted = [self._redacted(event) for event in events]
        with writing(self._engine) as connection:
            return tuple(append(connection, redacted))

    def append_many(self, events: Iterable[Event], *, batch: int = _BATCH) -> int:
        """Write many events, `batch` at a time on disk; how many were not there before. Safe to repeat."""
        coming, stored = iter(events), 0
        while several := list(islice(coming, batch)):
            stored += sum(it.stored for it in self.append_together(several))
        return stored

    def record(
        self,
        report: Report,
        *,
        at: datetime,
        by: str = "",
        values: Given | None = None,
        sent: Given | None = None,
        document: str | None = None,
        content: bytes | None = None,
    ) -> tuple[Acknowledgement, ...]:
        """Write what a report says: of a declaration the submission and its violations, of an answer the answer and,
        where it decides, the outcome; all of it or nothing.

        `values`: the declaration as it came, `sent` as it went out where that differs (bytes of the message,
        `Declaration`s or records).
        `document` overrules the report's document key; an answer belongs to the declaration that the store knows by the
        digest, MRN or LRN of the original. `content`: the bytes, where they are to be kept.
        """
        events: list[Event]
        if report.answer is not None:
            key = document or self._answered(report)
            events = list(answer_of(report, document=key, at=at, by=by, content=content))
        else:
            key = document or report.document.key
            before = {} if values is None else self._values(values)
            after = None if sent is None else self._values(sent)
            naming = dictionary_naming()
            events = [
                submission_of(report, before, after, document=key, at=at, by=by, content=content, naming=naming),
                violations_of(report, document=key, at=at, by=by),
            ]
        return self.append_together(events)

    def declarations(
        self,
        *,
        since: date | None = None,
        until: date | None = None,
        documents: Collection[str] | None = None,
        kinds: Collection[str] = KINDS,
        content: bool = True,
    ) -> Iterator[Declared]:
        """All declarations, one after the other, in the order of their keys; of any number, in little memory.

        `since` and `until` (days in UTC, the last one exclusive) keep those with an event in between; each still comes
        with all its events. `kinds` and `content` leave out events of other kinds and the bytes of messages, which is
        faster.
        """
        keys = None if documents is None else tuple(documents)
        chosen = tuple(kind for kind in KINDS if kind in kinds)
        return streaming.declarations(self._engine, streaming.Asked(since, until, keys, chosen, content))

    def declaration(self, document: str) -> Declared | None:
        """One declaration by its key; None where nothing of it is kept."""
        return next(self.declarations(documents=[document]), None)

    def find(self, *, lrn: str = "", mrn: str = "", sha256: str = "") -> tuple[str, ...]:
        """The keys of declarations that were submitted under all the given references, the latest first."""
        given = {"lrn": self._as_kept(lrn), "mrn": self._as_kept(mrn), "sha256": sha256}
        chosen = [SUBMISSIONS.c[name] == value for name, value in given.items() if value]
        if not chosen:
            raise UsageError("nothing to find a declaration by", remedy="give an LRN, an MRN or a digest")
        found = sa.select(EVENTS.c.document).join(SUBMISSIONS, SUBMISSIONS.c.event == EVENTS.c.seq).where(*chosen)
        with reading(self._engine) as connection:
            rows = connection.execute(found.order_by(EVENTS.c.seq.desc())).scalars()
            return tuple(dict.fromkeys(rows))

    def drop(self, before: date, *, classes: Collection[str], at: datetime, by: str) -> Removed:
        """Drop what is older than a day (UTC): events of the kinds named (`submission`, `violations`, `answer`,
        `correction`, `outcome`) or only the bytes of messages (`content`). That it was done is kept.
        """
        chosen = retention.checked_classes(classes)
        what = f"drop {' '.join(chosen)} before {before}"
        with writing(self._engine) as connection, retention.retention_run(connection, what, at, by):
            dropped = retention.drop(connection, before, chosen)
        settle(self._engine)
        return Removed(dropped=dropped)

    def redact(self, before: date, redaction: Redaction, *, at: datetime, by: str) -> Removed:
        """Redact the declarations whose last event is older than a day (UTC). That it was done is kept."""
        what = f"redact before {before}"
        with writing(self._engine) as connection, retention.retention_run(connection, what, at, by):
            count = retention.redact(connection, before, lambda event: self._redacted(event, redaction))
        settle(self._engine)
        return Removed(redacted=count)

    def keep_vocabulary(self, vocabulary: Vocabulary) -> None:
        """Keep the schema that describes the fields of values that do not use the dictionary's names."""
        with writing(self._engine) as connection:
            keep_vocabulary(connection, vocabulary)

    def vocabularies(self) -> dict[str, Vocabulary]:
        """The vocabularies of the history by name, the dictionary's (the empty name) apart."""
        with reading(self._engine) as connection:
            return kept_vocabularies(connection)

    def vocabularies_used(self) -> tuple[str, ...]:
        """The names of the vocabularies in which declarations were submitted; empty is the dictionary's."""
        with reading(self._engine) as connection:
            return tuple(
                connection.execute(sa.select(SUBMISSIONS.c.vocabulary).distinct().order_by("vocabulary")).scalars()
            )

    def counts(self) -> dict[str, int]:
        """How many declarations there are, and how many events of each kind."""
        with reading(self._engine) as connection:
            documents = connection.execute(sa.select(sa.func.count(EVENTS.c.document.distinct()))).scalar_one()
            rows = connection.execute(sa.select(EVENTS.c.kind, sa.func.count()).group_by(EVENTS.c.kind))
            found = {row[0]: row[1] for row in rows}
        return {"declarations": documents, **{kind: found.get(kind, 0) for kind in KINDS}}

    @cached_property
    def _reader(self) -> MessageReader:
        from casrules.history.message_values import MessageReader

        return MessageReader()

    def _values(self, given: Given) -> Values:
        return self._reader.values(given) if isinstance(given, bytes) else flat_values(given)

    def _as_kept(self, reference: str) -> str:
        redaction = self._redaction
        return redaction.hashed(reference) if redaction and redaction.business != "keep" else reference

    def _answered(self, report: Report) -> str:
        original = report.answer.original if report.answer else None
        about = report.document
        tries = [{"sha256": original.sha256}, {"mrn": original.mrn}, {"lrn": original.lrn}] if original else []
        for given in (*tries, {"mrn": about.mrn}, {"lrn": about.lrn}):
            found = self.find(**given) if all(given.values()) else ()
            if found:
                return found[0]
        return about.key

    def _redacted(self, event: Event, redaction: Redaction | None = None) -> Event:
        used = redaction or self._redaction
        if used is None:
            return event
        name = getattr(event, "vocabulary", "")
        if name and name not in self._privacy:
            self._privacy = {key: it.privacy for key, it in self.vocabularies().items()}
        return used.applied(event, self._privacy.get(name, {}) if name else None)
