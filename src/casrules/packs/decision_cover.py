"""Which rows of a decision table can never be reached, and which overlap: exact set algebra over the table's cells.

Every column is cut into the finitely many parts its cells can tell apart (the texts named, any other text, a missing
value, the points and gaps between bounds). A row is then a box: a set of parts in each dimension. Tests of which only
the outcome is known (`listed`, `matches`) are dimensions of their own.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Final

from casrules.packs.decision_cells import Bound, Cell, Interval, Opaque, Presence, Texts

Cells = Sequence[Cell | None]
Box = tuple[frozenset[str], ...]
_OTHER: Final = "other"
_MISSING: Final = "missing"
_OUTCOMES: Final = frozenset({"true", "false", "unknown"})
_MOST_BOXES: Final = 5_000


def shadowed_rows(rows: Sequence[Cells]) -> list[tuple[int, tuple[int, ...]]]:
    """Rows that match nothing the rows before them leave over: (position, positions of the rows that cover it)."""
    boxes = _boxes(rows)
    found: list[tuple[int, tuple[int, ...]]] = []
    for position, box in enumerate(boxes):
        left, used = [box], []
        for earlier, other in enumerate(boxes[:position]):
            remaining = [piece for part in left for piece in _without(part, other)]
            if remaining != left:
                used.append(earlier)
            left = remaining
            if not left or len(left) > _MOST_BOXES:
                break
        if not left:
            found.append((position, tuple(used)))
    return found


def overlapping_rows(rows: Sequence[Cells]) -> list[tuple[int, int]]:
    """Pairs of rows that one declaration can match together. Rows told apart only by opaque tests are left out."""
    boxes = _boxes(rows)
    return [
        (first, second)
        for second in range(len(rows))
        for first in range(second)
        if all(a & b for a, b in zip(boxes[first], boxes[second], strict=True))
        and not _may_differ(rows[first], rows[second])
    ]


def _may_differ(first: Cells, second: Cells) -> bool:
    """Whether some column is tested in both rows, differently, and at least once by an opaque test."""
    return any(
        a is not None and b is not None and a != b and isinstance(a.test, Opaque) | isinstance(b.test, Opaque)
        for a, b in zip(first, second, strict=True)
    )


def _without(box: Box, other: Box) -> list[Box]:
    """What is left of `box` outside `other`, as disjoint boxes."""
    if not all(a & b for a, b in zip(box, other, strict=True)):
        return [box]
    pieces: list[Box] = []
    rest = list(box)
    for dimension, parts in enumerate(other):
        outside = rest[dimension] - parts
        if outside:
            pieces.append((*rest[:dimension], outside, *rest[dimension + 1 :]))
        rest[dimension] &= parts
    return pieces


def _boxes(rows: Sequence[Cells]) -> list[Box]:
    width = len(rows[0]) if rows else 0
    columns = [_Column([row[index] for row in rows]) for index in range(width)]
    return [
        tuple(parts for index, column in enumerate(columns) for parts in column.parts_of(row[index])) for row in rows
    ]


class _Column:
    """One column cut into parts: one dimension for values, one for each opaque test."""

    def __init__(self, cells: Iterable[Cell | None]) -> None:
        tests = [cell.test for cell in cells if cell is not None]
        self.texts = frozenset().union(*(test.texts for test in tests if isinstance(test, Texts)))
        bounds = {
            bound
            for test in tests
            if isinstance(test, Interval)
            for bound in (test.low, test.high)
            if bound is not None
        }
        self.points: list[Bound] = sorted(bounds, key=_order)
        self.opaque = sorted({test.test for test in tests if isinstance(test, Opaque)})
        gaps = {f"gap {number}" for number in range(len(self.points) + 1)} if self.points else set()
        points = {f"point {number}" for number in range(len(self.points))}
        others = {_OTHER} if self.texts or not self.points else set()
        self.everything = frozenset({_MISSING, *others, *(f"text {text}" for text in self.texts), *gaps, *points})

    def parts_of(self, cell: Cell | None) -> list[frozenset[str]]:
        test = cell.test if cell is not None else None
        outcomes = [
            frozenset({"true" if test.outcome else "false"})
            if isinstance(test, Opaque) and test.test == name
            else _OUTCOMES
            for name in self.opaque
        ]
        return [self._values(test), *outcomes]

    def _values(self, test: object) -> frozenset[str]:
        match test:
            case Texts(texts, negated):
                named = frozenset(f"text {text}" for text in texts)
                return self.everything - named - {_MISSING} if negated else named
            case Presence(present):
                return self.everything - {_MISSING} if present else frozenset({_MISSING})
            case Interval():
                return self._between(test)
            case _:
                return self.everything

    def _between(self, test: Interval) -> frozenset[str]:
        found: set[str] = set()
        first = self.points.index(test.low) if test.low is not None else -1
        last = self.points.index(test.high) if test.high is not None else len(self.points)
        found.update(f"point {number}" for number in range(first + 1, last))
        found.update(f"gap {number}" for number in range(first + 1, last + 1))
        if test.low is not None and test.low_included:
            found.add(f"point {first}")
        if test.high is not None and test.high_included:
            found.add(f"point {last}")
        return frozenset(found)


def _order(bound: Bound) -> tuple[Decimal, str]:
    return (bound, "") if isinstance(bound, Decimal) else (Decimal(0), bound)
