"""The extra `history`: SQLAlchemy and alembic, asked for before anything of this room is used."""

from __future__ import annotations

from importlib.util import find_spec

from casrules.errors import UsageError

_NEEDED = ("sqlalchemy", "alembic")


def require() -> None:
    """Raise UsageError, naming what to install, where the extra is absent."""
    absent = [name for name in _NEEDED if find_spec(name) is None]
    if absent:
        raise UsageError(
            f"a history needs {' and '.join(absent)}, which is not installed",
            remedy="pip install 'casrules[history]'",
        )


def require_driver(driver: str) -> None:
    """Raise UsageError where the PostgreSQL driver of a URL is absent."""
    if find_spec(driver) is None:
        raise UsageError(
            f"this database needs {driver}, which is not installed", remedy="pip install 'casrules[postgres]'"
        )


def require_frames() -> None:
    """Raise UsageError where polars, which reads and writes Parquet, is absent."""
    if find_spec("polars") is None:
        raise UsageError("Parquet needs polars, which is not installed", remedy="pip install 'casrules[improve]'")
