"""Finds out what a path holds, and has the right reader read it."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Final

from casrules.errors import UsageError, place_of
from casrules.limits import DEFAULT_LIMITS, Limits
from casrules.tariff.table import MeasureTable

TABLE: Final = "table"
TRADE_TARIFF: Final = "trade-tariff"
READERS: Final = (TABLE, TRADE_TARIFF)


def load_tariff(
    path: str | os.PathLike[str], reader: str = "", *, service: str = "uk", limits: Limits = DEFAULT_LIMITS
) -> MeasureTable:
    """Read a tariff from a file or folder.

    `reader`: "table" for our own tables (a folder with tariff.yaml), "trade-tariff" for answers of the UK Trade Tariff
    service kept as JSON; without one, what is there tells. `service` ("uk" or "xi") is the territory whose measures
    are taken from such answers.

    Raises PackError, with file and line, for what cannot be read; UsageError for a path that is not there.
    """
    given = Path(path)
    if not given.exists():
        raise UsageError("there is no tariff", place=place_of(given), remedy="give the folder or file of the tariff")
    name = reader or _told_by(given)
    return _reader(name)(given, service, limits)


def _told_by(path: Path) -> str:
    from casrules.tariff.tables import MANIFEST

    if path.is_dir():
        return TABLE if (path / MANIFEST).is_file() else TRADE_TARIFF
    return TABLE if path.name == MANIFEST else TRADE_TARIFF


def _reader(name: str) -> Callable[[Path, str, Limits], MeasureTable]:
    if name == TABLE:
        from casrules.tariff.tables import read_tables

        return lambda path, _service, limits: read_tables(path if path.is_dir() else path.parent, limits)
    if name == TRADE_TARIFF:
        from casrules.tariff.trade_tariff import read_answers

        return read_answers
    raise UsageError(f"there is no tariff reader {name!r}", remedy=f"one of {', '.join(READERS)}")
