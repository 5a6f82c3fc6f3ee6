"""Look-up tables of a pack: `tables/<name>.csv`, the first column is the key. Rules read them with `lookup`."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from pathlib import Path

from casrules.errors import PackError, place_of

Table = Mapping[str, Mapping[str, str]]
"""Rows by key; each row maps the other columns to their texts, blank cells left out."""


def load_tables(folder: Path) -> dict[str, Table]:
    """All tables of the pack in `folder`, by name; raises PackError naming file and line."""
    return {path.stem: load_table(path) for path in sorted((folder / "tables").glob("*.csv"))}


def load_table(path: Path) -> Table:
    """One table; a key that stands twice or a row with too many cells is an error."""
    rows: dict[str, Mapping[str, str]] = {}
    with path.open(encoding="utf-8", newline="") as stream:
        reader = csv.reader(stream, strict=True)
        header = [name.strip() for name in next(reader, [])]
        if len(header) < 2:
            raise PackError("a table has a key column and at least one more", place=place_of(path, 1))
        for cells in reader:
            if not any(cell.strip() for cell in cells):
                continue
            if len(cells) != len(header):
                raise PackError(
                    f"{len(cells)} cells under {len(header)} columns", place=place_of(path, reader.line_num)
                )
            key = cells[0].strip()
            if key in rows:
                raise PackError(f"the key {key!r} stands twice", place=place_of(path, reader.line_num))
            pairs = zip(header[1:], cells[1:], strict=True)
            rows[key] = {name: cell.strip() for name, cell in pairs if cell.strip()}
    return rows
