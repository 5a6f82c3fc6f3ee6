"""What two cells have in common, as far as their texts tell: one covers the other, or they exclude each other.

Every answer is cautious: what the texts do not settle (`listed`, `matches`) is no answer.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from casrules.packs.decision_cells import Bound, Cell, Interval, Opaque, Prefix, Presence, Test, Texts

Cells = Sequence[Cell | None]


def covers(outer: Test | None, inner: Test | None) -> bool:
    """Whether every value that passes `inner` surely passes `outer`; None lets everything pass."""
    if outer is None or outer == inner:
        return True
    match outer, inner:
        case Texts(), Texts(texts, False):
            return all(_holds(outer, text) for text in texts)
        case Texts(texts, True), Texts(others, True):
            return texts <= others
        case Prefix(), Texts(texts, False):
            return all(text.startswith(outer.start) is outer.outcome for text in texts)
        case Prefix(), Prefix():
            return _prefix_covers(outer, inner)
        case Interval(), Interval():
            return _least(outer, inner) and _most(outer, inner)
        case Presence(True), Texts() | Prefix() | Interval():
            return True
    return False


def exclude(one: Test | None, other: Test | None) -> bool:
    """Whether surely no value passes both."""
    if one is None or other is None:
        return False
    return _exclude(one, other) or _exclude(other, one)


def meet(one: Test | None, other: Test | None) -> bool | None:
    """Whether some value passes both; None where the texts do not tell."""
    if one is None or other is None or one == other:
        return True
    if exclude(one, other):
        return False
    known = (Texts, Prefix, Interval, Presence)
    return True if isinstance(one, known) and isinstance(other, known) else None


def shadowed_by_one(rows: Sequence[Cells]) -> Iterator[tuple[int, int]]:
    """Rows that a single row before them covers: (position, position of the first that does)."""
    columns = [_Covering([row[index] for row in rows]) for index in range(len(rows[0]) if rows else 0)]
    for position, row in enumerate(rows):
        covering = (1 << position) - 1
        for cell, column in zip(row, columns, strict=True):
            covering &= column.rows(cell.test if cell is not None else None)
        if covering:
            yield position, (covering & -covering).bit_length() - 1


class _Covering:
    """For each test of a column, the rows whose test covers it, as bits; each distinct test is worked out once."""

    def __init__(self, cells: Sequence[Cell | None]) -> None:
        self._by_test: dict[Test | None, int] = {}
        for position, cell in enumerate(cells):
            test = cell.test if cell is not None else None
            self._by_test[test] = self._by_test.get(test, 0) | 1 << position
        self._prefixes = {test.start: test for test in self._by_test if isinstance(test, Prefix) and test.outcome}
        self._others = [test for test in self._by_test if not _is_simple(test)]
        self._known: dict[Test | None, int] = {}

    def rows(self, test: Test | None) -> int:
        """The rows that pass whatever `test` passes."""
        if test not in self._known:
            candidates = {None, test, *self._others, *self._shorter(test)}
            found = [self._by_test[one] for one in candidates if one in self._by_test and covers(one, test)]
            self._known[test] = 0
            for bits in found:
                self._known[test] |= bits
        return self._known[test]

    def _shorter(self, test: Test | None) -> Iterator[Test]:
        """The prefixes of what a simple test begins with."""
        if not _is_simple(test):
            yield from self._prefixes.values()
            return
        text = test.start if isinstance(test, Prefix) else next(iter(test.texts)) if isinstance(test, Texts) else ""
        yield from (found for end in range(len(text) + 1) if (found := self._prefixes.get(text[:end])) is not None)


def _is_simple(test: Test | None) -> bool:
    """One text, or all that begins with one: covered by itself and by prefixes of it."""
    if isinstance(test, Prefix):
        return test.outcome
    return test is None or (isinstance(test, Texts) and not test.negated and len(test.texts) == 1)


def _holds(test: Texts, text: str) -> bool:
    return (text in test.texts) is not test.negated


def _prefix_covers(outer: Prefix, inner: Prefix) -> bool:
    if outer.outcome and inner.outcome:
        return inner.start.startswith(outer.start)
    if not outer.outcome and not inner.outcome:
        return outer.start.startswith(inner.start)
    return not outer.outcome and _apart(outer.start, inner.start)


def _apart(one: str, other: str) -> bool:
    return not one.startswith(other) and not other.startswith(one)


def _exclude(one: Test, other: Test) -> bool:
    match one, other:
        case Texts(texts, False), Texts():
            return not any(_holds(other, text) for text in texts)
        case Texts(texts, False), Prefix():
            return not any(text.startswith(other.start) is other.outcome for text in texts)
        case Prefix(), Prefix():
            if one.outcome and other.outcome:
                return _apart(one.start, other.start)
            return one.outcome and not other.outcome and one.start.startswith(other.start)
        case Interval(), Interval():
            return _ends_before(one, other)
        case Presence(False), Texts() | Prefix() | Interval() | Presence(True):
            return True
        case Opaque(test, outcome), Opaque(same, opposite):
            return bool(test) and test == same and outcome is not opposite
    return False


def _key(bound: Bound) -> tuple[Decimal, str]:
    return (bound, "") if isinstance(bound, Decimal) else (Decimal(0), bound)


def _least(outer: Interval, inner: Interval) -> bool:
    if outer.low is None:
        return True
    if inner.low is None:
        return False
    low, least = _key(inner.low), _key(outer.low)
    return low > least or (low == least and (outer.low_included or not inner.low_included))


def _most(outer: Interval, inner: Interval) -> bool:
    if outer.high is None:
        return True
    if inner.high is None:
        return False
    high, most = _key(inner.high), _key(outer.high)
    return high < most or (high == most and (outer.high_included or not inner.high_included))


def _ends_before(one: Interval, other: Interval) -> bool:
    if one.high is None or other.low is None:
        return False
    high, low = _key(one.high), _key(other.low)
    return high < low or (high == low and not (one.high_included and other.low_included))
