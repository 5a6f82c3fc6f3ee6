"""Killed in the middle of writes, several writers, a full disk: nothing acknowledged is lost, the store opens again."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import sqlalchemy as sa

from casrules.errors import HistoryError
from casrules.history import Outcome, Store
from casrules.history.connecting import reading

from .samples import NOON

WRITER = Path(__file__).with_name("writer.py")
ROUNDS = 6


def _writer(url: str, mark: str, *more: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, str(WRITER), url, mark, *more], stdout=subprocess.PIPE, text=True, start_new_session=True
    )


def _acknowledged(output: str) -> list[str]:
    """The ids told in full lines; the last line may be cut off by the kill."""
    lines = output.split("\n")[:-1]
    return [line[3:] for line in lines if line.startswith("id ")]


def _kept(store: Store) -> set[str]:
    return {event.id for declared in store.declarations() for event in declared.events}


def _is_sound(store: Store) -> None:
    if store._engine.dialect.name == "sqlite":
        with reading(store._engine) as connection:
            assert connection.execute(sa.text("PRAGMA integrity_check")).scalar() == "ok"
            assert connection.execute(sa.text("PRAGMA foreign_key_check")).all() == []


def test_what_was_acknowledged_survives_kill_9(url: str) -> None:
    chance, told = random.Random(7), set[str]()
    for number in range(ROUNDS):
        writer = _writer(url, f"w{number}")
        assert writer.stdout is not None
        assert writer.stdout.readline() == "open\n"
        time.sleep(chance.uniform(0.0, 0.25))
        os.kill(writer.pid, signal.SIGKILL)
        output, _ = writer.communicate(timeout=30)
        told.update(_acknowledged(output))
    with Store.open(url) as store:
        kept = _kept(store)
        assert told <= kept, sorted(told - kept)[:5]
        assert len(told) > ROUNDS, "the writers were killed before they wrote anything"
        outcomes = {it.removesuffix("-o") for it in kept if it.endswith("-o")}
        checks = {it.removesuffix("-v") for it in kept if it.endswith("-v")}
        assert outcomes == checks, "what was written together is there together"
        _is_sound(store)
        assert store.append(Outcome(document="after", at=NOON, outcome="accepted")).stored


def test_writers_killed_beside_each_other_lose_nothing(url: str) -> None:
    writers = [_writer(url, f"w{number}") for number in range(2)]
    first = []
    for writer in writers:
        assert writer.stdout is not None and writer.stdout.readline() == "open\n"
        first.append(writer.stdout.readline())
    time.sleep(0.2)
    for writer in writers:
        os.kill(writer.pid, signal.SIGKILL)
    told = [
        _acknowledged(line + writer.communicate(timeout=30)[0]) for line, writer in zip(first, writers, strict=True)
    ]
    assert all(told), "both wrote"
    with Store.open(url) as store:
        assert {it for them in told for it in them} <= _kept(store)
        _is_sound(store)


def test_two_writers_at_once_lose_nothing(url: str) -> None:
    writers = [_writer(url, f"w{number}", "40") for number in range(2)]
    told = [_acknowledged(writer.communicate(timeout=120)[0]) for writer in writers]
    assert [writer.returncode for writer in writers] == [0, 0]
    assert [len(them) for them in told] == [120, 120]
    with Store.open(url) as store:
        assert _kept(store) == {it for them in told for it in them}


def test_two_writers_of_the_same_events_write_them_once(url: str) -> None:
    writers = [_writer(url, "same", "30") for _ in range(2)]
    for writer in writers:
        writer.communicate(timeout=120)
    assert [writer.returncode for writer in writers] == [0, 0]
    with Store.open(url) as store:
        assert store.counts() == {
            "declarations": 30, "submission": 30, "violations": 30, "answer": 0, "correction": 0, "outcome": 30,
        }  # fmt: skip


def test_a_file_that_may_not_grow_is_told_and_loses_nothing(tmp_path: Path) -> None:
    url = (tmp_path / "history.db").as_posix()
    Store.open(url).close()
    writer = _writer(url, "w", "1000000", "400000")
    output, _ = writer.communicate(timeout=120)
    assert writer.returncode == 3, output
    problem = next(line for line in output.splitlines() if line.startswith("problem "))
    assert "room on the disk" in problem
    _all_there(url, _acknowledged(output))


def test_a_full_disk_is_told_and_loses_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "small"
    folder.mkdir()
    mounted = shutil.which("mount") and os.geteuid() == 0
    command = ["mount", "-t", "tmpfs", "-o", "size=2m", "none", str(folder)]
    if not mounted or subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("a small file system can only be mounted with rights this account does not have")
    try:
        url = (folder / "history.db").as_posix()
        writer = _writer(url, "w")
        output, _ = writer.communicate(timeout=120)
        assert writer.returncode == 3, output
        assert "make room on the disk" in output
        with Store.open(url) as store:
            assert set(_acknowledged(output)) <= _kept(store)
            with pytest.raises(HistoryError) as told:
                for number in range(10_000):
                    store.append(Outcome(document=f"more-{number}", at=NOON, outcome="accepted"))
            assert "room" in told.value.remedy
            subprocess.run(["mount", "-o", "remount,size=8m", str(folder)], check=True)
            assert store.append(Outcome(document="after", at=NOON, outcome="accepted")).stored
        _all_there(url, _acknowledged(output))
    finally:
        subprocess.run(["umount", str(folder)], check=False)


def test_a_database_that_may_not_grow_goes_on_when_it_may(tmp_path: Path) -> None:
    with Store.open(tmp_path / "history.db") as store:
        with store._engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA max_page_count = 60")
        told = []
        with pytest.raises(HistoryError, match="full") as problem:
            for number in range(10_000):
                told.append(store.append(Outcome(document=f"d{number}", at=NOON, outcome="accepted")).id)
        assert "make room" in problem.value.remedy
        assert _kept(store) == set(told)
        with store._engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA max_page_count = 100000")
        assert store.append(Outcome(document="after", at=NOON, outcome="accepted")).stored


def _all_there(url: str, told: list[str]) -> None:
    """Everything acknowledged is there, and the store works now that there is room."""
    assert told
    with Store.open(url) as store:
        assert set(told) <= _kept(store)
        _is_sound(store)
        assert store.append(Outcome(document="room again", at=NOON, outcome="accepted")).stored
