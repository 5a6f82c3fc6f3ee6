"""Bringing a database to the newest schema, from nothing or from an older one, in one transaction."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from casrules.errors import HistoryError
from casrules.history.connecting import reading, writing

if TYPE_CHECKING:
    from alembic.runtime.migration import MigrationContext, RevisionStep

NEWEST = "0002"
"""The newest schema: alembic, which takes long to load, is only asked where a database has another."""
VERSIONS = sa.table("casrules_schema", sa.column("version_num", sa.Text))
_SCRIPTS = Path(__file__).parent / "migrations"
_LOCK = 0x6361_7372
"""Which lock of the server processes take that migrate at once."""


def upgrade(engine: Engine, to: str = NEWEST) -> None:
    """Make or upgrade the tables; a database at the newest schema is only looked at.

    Raises HistoryError where the database was made by a later version of the library.
    """
    with reading(engine) as connection:
        if revision(connection) == to:
            return
    with writing(engine) as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_LOCK)))
        found = revision(connection)  # again: another process may have been first
        if found != to:
            _migrate(connection, found, to)


def revision(connection: Connection) -> str | None:
    """The schema a database is at; None for an empty one."""
    if not sa.inspect(connection).has_table(VERSIONS.name):
        return None
    found: str | None = connection.execute(sa.select(VERSIONS.c.version_num)).scalar()
    return found


def _migrate(connection: Connection, found: str | None, to: str) -> None:
    from alembic.config import Config
    from alembic.runtime.environment import EnvironmentContext
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(_SCRIPTS).replace("%", "%%"))
    scripts = ScriptDirectory.from_config(config)
    if found is not None and found not in {it.revision for it in scripts.walk_revisions()}:
        raise HistoryError(
            f"the history has the schema {found}, which this version does not know",
            remedy="a later version of casrules made it: upgrade casrules",
        )

    def steps(at: Any, _context: MigrationContext) -> list[RevisionStep]:
        return scripts._upgrade_revs(to, at)

    with EnvironmentContext(config, scripts, fn=steps, destination_rev=to) as environment:
        environment.configure(connection=connection, transactional_ddl=True, version_table=VERSIONS.name)
        with environment.begin_transaction():
            environment.run_migrations()
