"""Appending and reading, on both kinds of database."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from casrules.errors import HistoryError, UsageError
from casrules.history import Event, Outcome, Store, Submission, edits_between
from casrules.history.connecting import writing
from casrules.history.tables import KEPT

from .samples import NOON, events, submission


def test_an_event_comes_back_as_it_was_written(store: Store) -> None:
    given_event = submission(id="e1", by="clerk 7", content=b"<a/>", as_of=date(2026, 3, 1), sent={"/lrn": "L2"})
    assert store.append(given_event).stored
    found = store.declaration("d1")
    assert found is not None and found.events == (given_event,)
    assert found.before == given_event.values and found.after == {"/lrn": "L2"} and found.outcome == "open"


def test_what_is_not_there_is_none(store: Store) -> None:
    assert store.declaration("nobody") is None
    assert list(store.declarations()) == []


def test_a_retry_is_acknowledged_and_not_written_twice(store: Store) -> None:
    first, again = store.append(submission()), store.append(submission())
    assert (first.stored, again.stored) == (True, False) and first.id == again.id
    assert store.counts()["submission"] == 1


def test_an_id_belongs_to_one_event(store: Store) -> None:
    store.append(submission(id="e1"))
    with pytest.raises(UsageError, match="belongs to another event"):
        store.append(submission(id="e1", lrn="other"))
    assert store.counts()["submission"] == 1


def test_a_batch_is_written_as_a_whole_or_not_at_all(store: Store) -> None:
    store.append(submission(id="e1"))
    with pytest.raises(UsageError):
        store.append_together([Outcome(document="d2", at=NOON, outcome="accepted"), submission(id="e1", lrn="other")])
    assert store.counts()["outcome"] == 0


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(told=st.lists(events(st.sampled_from(["d1", "d2", "d3", 'dé"\\'])), max_size=12))
def test_reading_gives_what_was_appended_in_order_each_once(store: Store, told: list[Event]) -> None:
    mark = os.urandom(6).hex()
    told = [it.model_copy(update={"document": f"{it.document}/{mark}"}) for it in told]
    for event in told:
        store.append(event)
    expected: dict[str, list[Event]] = {}
    for event in told:
        named = event.model_copy(update={"id": event.identity})
        if named not in expected.setdefault(event.document, []):
            expected[event.document].append(named)
    found = {it.document: list(it.events) for it in store.declarations(documents=list(expected))}
    assert found == expected
    assert not any(it.stored for it in store.append_together(told))


def test_a_large_batch_keeps_its_order(store: Store) -> None:
    told = [Outcome(document="d1", at=NOON, outcome="accepted", reason=str(number)) for number in range(2_500)]
    store.append_together([*told, told[7]])
    found = store.declaration("d1")
    assert found is not None and [it.reason for it in found.outcomes] == [it.reason for it in told]


def test_declarations_stream_page_by_page_and_by_day(store: Store) -> None:
    told = [submission(f"d{number:04}", at=NOON + timedelta(days=number)) for number in range(1_203)]
    assert store.append_many(iter(told), batch=500) == 1_203
    assert sorted(it.document for it in store.declarations()) == [it.document for it in told]
    day = date(2026, 3, 1)
    chosen = store.declarations(since=day + timedelta(days=5), until=day + timedelta(days=7))
    assert sorted(it.document for it in chosen) == ["d0005", "d0006"]


def test_what_nobody_asked_for_is_not_read(store: Store) -> None:
    store.append(submission(content=b"<a/>"))
    store.append(Outcome(document="d1", at=NOON, outcome="accepted"))
    found = next(store.declarations(kinds=["submission"], content=False))
    assert [it.kind for it in found.events] == ["submission"] and found.submissions[0].content is None


def test_times_are_kept_in_utc_and_must_have_an_offset(store: Store) -> None:
    late = datetime(2026, 3, 1, 23, 30, tzinfo=timezone(timedelta(hours=-2)))
    store.append(submission(at=late))
    found = store.declaration("d1")
    assert found is not None and found.submitted_at == late and found.submitted_at.tzinfo is UTC
    with pytest.raises(ValueError, match="timezone"):
        submission(at=datetime(2026, 3, 1))


def test_a_declaration_is_found_by_its_references(store: Store) -> None:
    store.append(submission("d1", lrn="L1", mrn="M1"))
    store.append(submission("d2", lrn="L1", at=NOON + timedelta(hours=1)))
    assert store.find(lrn="L1") == ("d2", "d1")
    assert store.find(lrn="L1", mrn="M1") == ("d1",)
    assert store.find(mrn="none") == ()
    with pytest.raises(UsageError):
        store.find()


def test_nothing_can_be_changed_or_deleted(store: Store) -> None:
    store.append(submission(content=b"x"))
    store.append(Outcome(document="d1", at=NOON, outcome="accepted"))
    for table in KEPT:
        for statement in (sa.delete(table), sa.update(table).values(event=99)):
            with writing(store._engine) as connection:
                if not connection.execute(sa.select(sa.func.count()).select_from(table)).scalar():
                    continue
            with pytest.raises(HistoryError, match="append-only"), writing(store._engine) as connection:
                connection.execute(statement)
    assert store.counts()["submission"] == 1


def test_text_no_database_takes_is_kept_readably(store: Store) -> None:
    store.append(Submission(document="d\0", at=NOON, values={"/lrn": "a\0b\ud800"}))
    found = next(store.declarations())
    assert found.before == {"/lrn": "a\ufffdb?"}


def test_threads_may_share_a_store(store: Store) -> None:
    def write(mark: int) -> None:
        for number in range(20):
            store.append(submission(f"t{mark}-{number}"))

    threads = [threading.Thread(target=write, args=(mark,)) for mark in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert store.counts()["declarations"] == 80


@pytest.mark.parametrize("given_url", ["sqlite://", "sqlite:///:memory:", "mysql://h/d", "postgresql://h:port/d"])
def test_what_no_history_can_live_in_is_refused(given_url: str) -> None:
    with pytest.raises(UsageError) as told:
        Store.open(given_url)
    assert "postgresql+psycopg://" in told.value.remedy


def test_a_file_that_is_no_history_is_told(tmp_path: Path) -> None:
    (tmp_path / "x.db").write_bytes(b"no database at all, but long enough to be taken for one" * 100)
    with pytest.raises(HistoryError, match="not a database"):
        Store.open(tmp_path / "x.db")
    with pytest.raises(UsageError, match="there is no history"):
        Store.open(tmp_path / "none.db", create=False)
    assert not (tmp_path / "none.db").exists()
    with pytest.raises(HistoryError, match="unable to open"):
        Store.open(tmp_path / "none" / "x.db")


def test_a_server_that_is_not_there_is_told() -> None:
    with pytest.raises(HistoryError) as told:
        Store.open("postgresql+psycopg://nobody@127.0.0.1:1/none")
    assert "server" in told.value.remedy


def test_importing_the_room_is_light_and_the_extra_is_asked_for(tmp_path: Path) -> None:
    code = """
import sys
import casrules, casrules.history
assert "sqlalchemy" not in sys.modules
import casrules.history.libraries as libraries
libraries.find_spec = lambda name: None
try:
    casrules.history.Store
except libraries.UsageError as error:
    print(error)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=tmp_path)
    assert "casrules[history]" in done.stdout


def _edits() -> Iterator[tuple[dict[str, str], dict[str, str], list[tuple[str, str]]]]:
    documents = "/consignment/houses/0/items/0/supporting_documents"
    a, b = {f"{documents}/0/type": "C644", f"{documents}/0/reference": "X"}, {f"{documents}/1/type": "Y900"}
    yield {"/lrn": "A"}, {"/lrn": "B"}, [("change", "/lrn")]
    yield {}, {"/lrn": "B"}, [("set", "/lrn")]
    yield {"/lrn": "B"}, {}, [("clear", "/lrn")]
    yield {**a}, {**a, **b}, [("add", f"{documents}/1")]
    moved = {f"{documents}/0/type": "Y900"}
    yield {**a, **b}, moved, [("remove", f"{documents}/0")]
    changed = {**a, f"{documents}/0/reference": "Z"}
    yield {**a, **b}, {**changed, **b}, [("change", f"{documents}/0/reference")]


@pytest.mark.parametrize(("before", "after", "expected"), list(_edits()))
def test_edits_say_what_was_done(
    before: dict[str, str], after: dict[str, str], expected: list[tuple[str, str]]
) -> None:
    assert [(it.kind, it.record) for it in edits_between(before, after)] == expected
    assert edits_between(before, before) == ()
