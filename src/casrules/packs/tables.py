"""Look-up tables of a pack: `tables/<name>.csv`, the first column is the key. Rules read them with `lookup`."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping

from casrules.errors import PackError, Place

Table = Mapping[str, Mapping[str, str]]
"""Rows by key; each row maps the other columns to their texts, blank cells left out."""


def read_table(text: str, file: str) -> Table:
    """One table; PackError with the line for a key that stands twice or a row that does not fit the header."""
    rows: dict[str, Mapping[str, str]] = {}
    reader = csv.reader(io.StringIO(text), strict=True)
    try:
        header = _header(next(reader, []), file)
        for cells in reader:
            if any(cell.strip() for cell in cells):
                key, row = _row(header, cells, Place(file, reader.line_num))
                if key in rows:
                    place = Place(file, reader.line_num)
                    raise PackError(f"the key {key!r} stands twice", place=place, remedy="remove one of the rows")
                rows[key] = row
    except csv.Error as error:
        place = Place(file, reader.line_num)
        raise PackError(f"not a CSV file: {error}", place=place, remedy="check the quotes") from None
    return rows


def _header(cells: list[str], file: str) -> list[str]:
    header = [name.strip() for name in cells]
    if len(header) < 2 or "" in header or len(set(header)) < len(header):
        raise PackError(
            "a table has a key column and at least one more, each with its own name",
            place=Place(file, 1),
            remedy="name every column once",
        )
    return header


def _row(header: list[str], cells: list[str], place: Place) -> tuple[str, dict[str, str]]:
    if len(cells) != len(header):
        problem = f"{len(cells)} cells under {len(header)} columns"
        raise PackError(problem, place=place, remedy="quote cells that hold a comma")
    key = cells[0].strip()
    if not key:
        raise PackError("a row without a key", place=place, remedy=f"fill the column {header[0]}")
    pairs = zip(header[1:], cells[1:], strict=True)
    return key, {name: cell.strip() for name, cell in pairs if cell.strip()}
