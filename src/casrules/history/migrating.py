"""Bringing a database to the newest schema, from nothing or from an older one, in one transaction."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa
from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.runtime.migration import MigrationContext, RevisionStep
from alembic.script import ScriptDirectory
from alembic.script.revision import ResolutionError
from sqlalchemy.engine import Connection, Engine

from casrules.errors import HistoryError
from casrules.history.connecting import reading, writing

_SCRIPTS = Path(__file__).parent / "migrations"
_VERSION_TABLE = "casrules_schema"
_LOCK = 0x6361_7372
"""Which lock of the server processes take that migrate at once."""


def upgrade(engine: Engine, to: str = "head") -> None:
    """Make or upgrade the tables; a database at the newest schema is only looked at.

    Raises HistoryError where the database was made by a later version of the library.
    """
    config = Config()
    config.set_main_option("script_location", str(_SCRIPTS))
    scripts = ScriptDirectory.from_config(config)
    wanted = scripts.get_current_head() if to == "head" else to
    with reading(engine) as connection:
        if revision(connection) == wanted:
            return
    with writing(engine) as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_LOCK)))
        _known(scripts, revision(connection))
        _run(config, scripts, connection, to)


def revision(connection: Connection) -> str | None:
    """The schema a database is at; None for an empty one."""
    return MigrationContext.configure(connection, opts={"version_table": _VERSION_TABLE}).get_current_revision()


def _known(scripts: ScriptDirectory, found: str | None) -> None:
    try:
        if found is not None:
            scripts.get_revision(found)
    except ResolutionError:
        known = False
    except Exception as error:  # alembic wraps the same cause in CommandError
        if "locate revision" not in str(error):
            raise
        known = False
    else:
        known = True
    if not known:
        raise HistoryError(
            f"the history has the schema {found}, which this version does not know",
            remedy="a later version of casrules made it: upgrade casrules",
        )


def _run(config: Config, scripts: ScriptDirectory, connection: Connection, to: str) -> None:
    def steps(found: tuple[str, ...], _context: MigrationContext) -> list[RevisionStep]:
        return scripts._upgrade_revs(to, found)  # type: ignore[arg-type]

    with EnvironmentContext(config, scripts, fn=steps, destination_rev=to) as environment:
        environment.configure(connection=connection, transactional_ddl=True, version_table=_VERSION_TABLE)
        with environment.begin_transaction():
            environment.run_migrations()
