"""Tables of pointer codes (`pointers/<name>.csv`): section codes and tags ↔ element names, both ways.

Columns: `parent` (the element above, empty at the top), `code`, `element`, `numbering` (`position`, or the child
element that holds the number; empty where it does not repeat), `today` (`obsolete`, or the path the element has today).
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from casrules.errors import PackError, place_of
from casrules.packs.yaml_text import read_text

COLUMNS = ["parent", "code", "element", "numbering", "today"]
POSITION = "position"
OBSOLETE = "obsolete"


@dataclass(frozen=True, slots=True)
class PointerRow:
    """One code below one element."""

    parent: str
    code: str
    element: str
    numbering: str = ""
    today: str = ""


@dataclass(frozen=True)
class PointerTable:
    """The codes of one pointer scheme. Immutable."""

    name: str
    rows: Mapping[tuple[str, str], PointerRow]

    def row(self, parent: str, code: str) -> PointerRow | None:
        """What `code` means below the element `parent`."""
        return self.rows.get((parent, code))

    @cached_property
    def codes(self) -> Mapping[tuple[str, str], PointerRow]:
        """(parent element, element) → its row: the way back; a row that holds today before an obsolete one."""
        found: dict[tuple[str, str], PointerRow] = {}
        for row in sorted(self.rows.values(), key=lambda row: bool(row.today)):
            found.setdefault((row.parent, row.element), row)
        return found

    def pointer(self, steps: Sequence[tuple[str, int | None]]) -> str | None:
        """The pointer of an element's path from the top: `42A/67A/68A[2]/103`; None where the table has no code.

        A number is written where the class repeats.
        """
        parts: list[str] = []
        parent = ""
        for name, number in steps:
            row = self.codes.get((parent, name))
            if row is None:
                return None
            parts.append(f"{row.code}[{number}]" if number is not None and row.numbering else row.code)
            parent = name
        return "/".join(parts)

    def near(self, parent: str, code: str) -> Iterator[PointerRow]:
        """The rows for a code that is not known below `parent`: where else it stands."""
        return (row for row in self.rows.values() if row.code == code and row.parent != parent)


def load_pointer_table(path: Path) -> PointerTable:
    """Read one table; PackError with the line for a missing column, an incomplete or a repeated row."""
    reader = csv.DictReader(io.StringIO(read_text(path)))
    if reader.fieldnames != COLUMNS:
        raise PackError(f"the columns must be {','.join(COLUMNS)}", place=place_of(path, 1))
    rows: dict[tuple[str, str], PointerRow] = {}
    for row in reader:
        line = reader.line_num
        if None in row or None in row.values() or not (row["code"] and row["element"]):
            raise PackError("a row needs parent, code, element, numbering, today", place=place_of(path, line))
        key = (row["parent"], row["code"])
        if key in rows:
            raise PackError(f"{row['code']!r} is there twice below {row['parent']!r}", place=place_of(path, line))
        rows[key] = PointerRow(**row)
    return PointerTable(path.stem, rows)
