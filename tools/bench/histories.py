"""Appending to a history against the plain inserts of the same rows with the driver alone."""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from casrules.history import Event, Found, Outcome, Store, Submission, Violations

COUNT = 10_000
BATCH = 1_000
NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


@dataclass(frozen=True)
class Measured:
    """Seconds for all events, by hand and by the store, and reading them again."""

    what: str
    by_hand: float
    ours: float

    @property
    def ratio(self) -> float:
        return self.ours / self.by_hand


def compare(rounds: int) -> list[Measured]:
    """Medians of interleaved runs, each into a new file."""
    events = list(_events())
    pairs = {"appended": (_hand_written, _appended), "read": (_hand_read, _read)}
    found: dict[str, tuple[list[float], list[float]]] = {name: ([], []) for name in pairs}
    for _ in range(rounds):
        with TemporaryDirectory() as folder:
            for name, both in pairs.items():
                for side, run in enumerate(both):
                    found[name][side].append(_timed(run, Path(folder), events))
    return [Measured(name, median(by_hand), median(ours)) for name, (by_hand, ours) in found.items()]


def _events() -> list[Event]:
    values = {f"/consignment/houses/0/items/{item}/{name}": "value" for item in range(3) for name in "abcdefghij"}
    events: list[Event] = []
    for number in range(COUNT // 3):
        common = {"document": f"d{number}", "at": NOON + timedelta(seconds=number)}
        events.append(Submission(**common, lrn=f"L{number}", values=values))
        events.append(Violations(**common, found=(Found(rule="r", fingerprint="f"),)))
        events.append(Outcome(**common, outcome="accepted"))
    return events


def _timed(run: Callable[[Path, list[Event]], None], folder: Path, events: list[Event]) -> float:
    begin = time.perf_counter()
    run(folder, events)
    return time.perf_counter() - begin


def _appended(folder: Path, events: list[Event]) -> None:
    with Store.open(folder / "ours.db") as store:
        assert store.append_many(iter(events), batch=BATCH) == len(events)


def _read(folder: Path, events: list[Event]) -> None:
    with Store.open(folder / "ours.db") as store:
        assert sum(len(it.events) for it in store.declarations()) == len(events)


def _hand_written(folder: Path, events: list[Event]) -> None:
    """The same durability, the same content, one table and one index."""
    connection = sqlite3.connect(folder / "hand.db", isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("CREATE TABLE e (seq INTEGER PRIMARY KEY, id TEXT UNIQUE, document TEXT, at TEXT, content TEXT)")
    connection.execute("CREATE INDEX d ON e (document, seq)")
    for start in range(0, len(events), BATCH):
        connection.execute("BEGIN IMMEDIATE")
        rows = (
            (f"{start + number}", it.document, it.at.isoformat(), json.dumps(it.model_dump(mode="json")))
            for number, it in enumerate(events[start : start + BATCH])
        )
        connection.executemany("INSERT INTO e (id, document, at, content) VALUES (?, ?, ?, ?)", rows)
        connection.execute("COMMIT")
    connection.close()


def _hand_read(folder: Path, events: list[Event]) -> None:
    connection = sqlite3.connect(folder / "hand.db")
    rows = connection.execute("SELECT document, content FROM e ORDER BY document, seq")
    assert sum(1 for _, content in rows if json.loads(content)) == len(events)
    connection.close()
