"""Opening the database: SQLite as a file that survives a crash, PostgreSQL by URL; its errors in words of ours."""

from __future__ import annotations

import re
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.engine import URL, Connection, Engine
from sqlalchemy.exc import ArgumentError, DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from casrules.errors import HistoryError, UsageError
from casrules.history.libraries import require_driver

_FORMS = "a file (history.db), sqlite:///FILE, or postgresql+psycopg://USER@HOST/DATABASE"
_WRITES = "casrules_writes"
_REMEDIES = (
    (r"full|no space|too large|File too large", "make room on the disk and repeat the call"),
    (r"locked|busy|timeout expired|lock timeout", "another program writes for long; repeat the call"),
    (r"readonly|read-only|permission", "the file, its folder or the account may not be written"),
    (r"not a database|malformed", "name another file, or restore it from a copy"),
    (r"disk I/O", "is there room on the disk, and is it in order? Repeat the call"),
    (r"unable to open", "does the folder exist, and may it be written?"),
    (r"connect|closed|terminat|refused", "is the server running, and is the URL right? Repeat the call"),
)


def is_url(source: str) -> bool:
    """Whether a text names a database by URL."""
    return re.match(r"[a-z0-9+]+://", source) is not None


def url_of(source: str | Path) -> URL:
    """The URL of a database that is given by path or URL. Raises UsageError for what no history can live in."""
    text = str(source)
    try:
        url = sa.make_url(text) if is_url(text) else URL.create("sqlite", database=Path(source).as_posix())
    except (ArgumentError, ValueError):
        raise UsageError("the history's URL cannot be read", remedy=_FORMS) from None
    kind = url.get_backend_name()
    if kind == "postgresql":
        url = url.set(drivername="postgresql+psycopg") if url.drivername == "postgresql" else url
        require_driver(url.get_driver_name())
    elif kind != "sqlite":
        raise UsageError(f"a history cannot live in {kind}", remedy=_FORMS)
    elif not url.database or url.database == ":memory:":
        raise UsageError("a history needs a file", remedy=_FORMS)
    return url


def connect(url: URL, timeout: float) -> Engine:
    """An engine whose commits are on disk when they return. `timeout`: seconds to wait for another writer."""
    if url.get_backend_name() == "sqlite":
        engine = sa.create_engine(url, connect_args={"timeout": timeout})
        event.listen(engine, "connect", lambda connection, _record: _prepare(connection, timeout))
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    given = url.query.get("options", "")
    options = f"{given if isinstance(given, str) else ' '.join(given)} "
    options += f"-c lock_timeout={int(timeout * 1000)} -c synchronous_commit=on"
    return sa.create_engine(url, connect_args={"options": options}, pool_pre_ping=True)


def _prepare(connection: sqlite3.Connection, timeout: float) -> None:
    connection.isolation_level = None  # transactions begin where we say, not where the driver guesses
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout = {int(timeout * 1000)}")
    until = time.monotonic() + timeout
    while True:
        try:
            cursor.execute("PRAGMA journal_mode = WAL")
            break
        except sqlite3.OperationalError as error:
            # turning the log on is the one thing for which SQLite does not wait by itself
            if "locked" not in str(error) or time.monotonic() > until:
                raise
            time.sleep(0.02)
    cursor.execute("PRAGMA synchronous = FULL")
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.execute("PRAGMA secure_delete = ON")  # what retention takes away is overwritten
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get(_WRITES)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """One transaction that writes: on disk when the block has ended, not there at all where it raised."""
    with told(), engine.connect() as plain:
        connection = plain.execution_options(**{_WRITES: True})
        with connection.begin():
            yield connection


def settle(engine: Engine) -> None:
    """Let go of what the log of SQLite still holds of rows that were taken away, as far as no reader needs it."""
    if engine.dialect.name == "sqlite":
        with told(), engine.connect() as connection:
            connection.exec_driver_sql("COMMIT")
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
            connection.exec_driver_sql("BEGIN")


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """One consistent view of the database."""
    with told(), engine.connect() as plain:
        connection = plain.execution_options(isolation_level="REPEATABLE READ") if _is_server(engine) else plain
        with connection.begin():
            yield connection


def _is_server(engine: Engine) -> bool:
    return engine.dialect.name == "postgresql"


@contextmanager
def told() -> Iterator[None]:
    """Turn the database's errors into HistoryError: what went wrong, and what to do."""
    try:
        yield
    except DBAPIError as error:
        problem = _first_line(error.orig or error)
        raise HistoryError(f"the history: {problem}", remedy=_remedy(problem, error)) from error
    except PoolTimeout as error:
        raise HistoryError("the history: too many at once", remedy="repeat the call") from error


def _first_line(error: BaseException) -> str:
    return next(iter(str(error).strip().splitlines()), type(error).__name__)


def _remedy(problem: str, error: Any) -> str:
    for pattern, remedy in _REMEDIES:
        if re.search(pattern, problem, re.IGNORECASE):
            return remedy
    return "repeat the call" if isinstance(error, OperationalError) else ""
