"""The schema: made from nothing, from an older one with its data, by several at once, and never a later one."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from casrules.errors import HistoryError
from casrules.history import Outcome, Store, migrating
from casrules.history.connecting import connect, reading, url_of, writing
from casrules.history.migrating import revision, upgrade
from casrules.history.tables import METADATA

from .samples import NOON, submission

_OLD_EVENT = {"id": "old", "digest": "x", "document": "d1", "kind": "submission", "by": "clerk"}


def test_migrations_make_just_the_tables_the_library_reads(url: str) -> None:
    engine = connect(url_of(url), 5)
    upgrade(engine)
    with reading(engine) as connection:
        context = MigrationContext.configure(connection, opts={"version_table": "casrules_schema"})
        assert compare_metadata(context, METADATA) == []
    engine.dispose()


def test_the_newest_schema_is_that_of_the_last_migration() -> None:
    folder = Path(migrating.__file__).parent / "migrations/versions"
    assert max(path.name[1:5] for path in folder.glob("s*.py")) == migrating.NEWEST


def test_an_older_database_is_upgraded_with_its_data(url: str) -> None:
    engine = connect(url_of(url), 5)
    upgrade(engine, "0001")
    tables = sa.MetaData()
    with writing(engine) as connection:
        assert revision(connection) == "0001"
        tables.reflect(connection)
        assert "vocabularies" not in tables.tables
        when = NOON if engine.dialect.name == "postgresql" else NOON.replace(tzinfo=None)
        connection.execute(sa.insert(tables.tables["events"]).values({**_OLD_EVENT, "at": when}))
        values = sa.text("INSERT INTO submissions VALUES (1, '', 'L1', '', '', '', '', NULL, :given, NULL)")
        connection.execute(values, {"given": '{"/lrn": "L1"}'})
    engine.dispose()
    with Store.open(url) as store:
        found = store.declaration("d1")
        assert found is not None and found.events == (submission(id="old", by="clerk", values={"/lrn": "L1"}),)
        store.append(Outcome(document="d1", at=NOON, outcome="accepted"))
        after = store.declaration("d1")
        assert after is not None and after.outcome == "accepted"
        with reading(store._engine) as connection:
            assert revision(connection) == "0002"
        with pytest.raises(HistoryError, match="append-only"), writing(store._engine) as connection:
            connection.execute(sa.text("DELETE FROM submissions"))


def test_a_database_of_a_later_version_is_left_alone(url: str) -> None:
    with Store.open(url) as store:
        store.append(submission())
        with writing(store._engine) as connection:
            connection.execute(sa.text("UPDATE casrules_schema SET version_num = '9999'"))
    with pytest.raises(HistoryError, match="schema 9999") as told:
        Store.open(url)
    assert "upgrade casrules" in told.value.remedy


def test_several_may_open_a_new_history_at_once(url: str) -> None:
    code = f"""
from datetime import datetime, UTC
import sys
from casrules.history import Outcome, Store
sys.stdin.readline()
with Store.open({url!r}) as store:
    store.append(Outcome(document=sys.argv[1], at=datetime(2026, 1, 1, tzinfo=UTC), outcome="accepted"))
"""
    many = [
        subprocess.Popen([sys.executable, "-c", code, f"d{number}"], stdin=subprocess.PIPE, stderr=subprocess.PIPE)
        for number in range(2)
    ]
    for one in many:
        assert one.stdin is not None
        one.stdin.write(b"go\n")
        one.stdin.flush()
    for one in many:
        _, problem = one.communicate(timeout=60)
        assert one.returncode == 0, problem.decode()
    with Store.open(url) as store:
        assert store.counts()["declarations"] == 2
