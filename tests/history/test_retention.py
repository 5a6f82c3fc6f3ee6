"""Retention: just what is older than a day goes, and that it went is kept."""

from __future__ import annotations

import os
from datetime import UTC, date, datetime

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from casrules.errors import HistoryError, UsageError
from casrules.history import Event, Outcome, Store
from casrules.history.connecting import reading, writing
from casrules.history.tables import EVENTS, KEPT, RETENTION_RUNS

from .samples import NOON, events, submission

KINDS = ["submission", "violations", "answer", "correction", "outcome"]


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    told=st.lists(events(st.sampled_from(["d1", "d2"])), max_size=10, unique_by=lambda it: it.identity),
    before=st.dates(date(2021, 1, 1), date(2029, 1, 1)),
    classes=st.sets(st.sampled_from(KINDS)),
)
def test_just_what_is_older_goes(store: Store, told: list[Event], before: date, classes: set[str]) -> None:
    store.drop(date(9999, 1, 1), classes=KINDS, at=NOON, by="test")
    mark = os.urandom(4).hex()
    told = [it.model_copy(update={"document": f"{it.document}/{mark}"}) for it in told]
    store.append_together(told)
    removed = store.drop(before, classes=classes, at=NOON, by="dpo")
    midnight = datetime(before.year, before.month, before.day, tzinfo=UTC)
    gone = [it for it in told if it.at < midnight and it.kind in classes]
    assert sum(removed.dropped.values()) == len(gone)
    kept = {event.id for declared in store.declarations() for event in declared.events}
    assert kept == {it.identity for it in told if it not in gone}
    with reading(store._engine) as connection:
        for table in KEPT:
            stray = sa.select(table).where(table.c.event.not_in(sa.select(EVENTS.c.seq)))
            assert connection.execute(stray).all() == [], table.name


def test_the_bytes_alone_may_go(store: Store) -> None:
    store.append(submission(content=b"<a/>"))
    assert store.drop(date(2026, 4, 1), classes=["content"], at=NOON, by="dpo").dropped == {"content": 1}
    found = store.declaration("d1")
    assert found is not None and found.submissions[0].content is None and found.before


def test_what_was_dropped_is_on_record_and_the_tables_are_closed_again(store: Store) -> None:
    store.append(Outcome(document="d1", at=NOON, outcome="accepted"))
    store.drop(date(2020, 1, 1), classes=["outcome", "answer"], at=NOON, by="dpo")
    with reading(store._engine) as connection:
        run = connection.execute(sa.select(RETENTION_RUNS)).mappings().one()
    assert (run["at"], run["by"], run["state"]) == (NOON, "dpo", "done")
    assert run["what"] == "drop answer outcome before 2020-01-01"
    with pytest.raises(HistoryError, match="append-only"), writing(store._engine) as connection:
        connection.execute(sa.delete(EVENTS))


def test_an_unknown_class_is_refused(store: Store) -> None:
    with pytest.raises(UsageError, match="'pictures'"):
        store.drop(date(2020, 1, 1), classes=["pictures"], at=NOON, by="dpo")
