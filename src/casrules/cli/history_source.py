"""Where a history to mine comes from: a folder, or a database, of which a table is written for the time being."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from casrules.errors import UsageError
from casrules.improve import History

if TYPE_CHECKING:
    from casrules.cli.console import Console

_REMEDY = "a folder with schema.json and history.parquet, a history's file, or the URL of a database"


@contextmanager
def opened_history(source: str, vocabulary: str | None, console: Console) -> Iterator[History]:
    """The history that was named on the command line. Raises UsageError where it is none."""
    if Path(source).is_dir():
        yield History.open(source)
    elif Path(source).is_file() or re.match(r"[a-z0-9+]+://", source):
        from casrules.history import Store, export_table

        console.note("reading the database")
        with TemporaryDirectory(prefix="casrules-") as folder:
            with Store.open(source, create=False) as store:
                export_table(store, folder, vocabulary=vocabulary)
            yield History.open(folder)
    else:
        raise UsageError(f"{source}: no such folder or file", remedy=_REMEDY)
