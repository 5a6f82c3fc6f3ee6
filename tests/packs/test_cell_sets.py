"""What two cells have in common is never more than a value can show."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casrules.packs.cell_sets import covers, exclude, meet, shadowed_by_one
from casrules.packs.decision_cells import Cell, Interval, Opaque, Prefix, Presence, Test, Texts, read_cell

texts = st.sampled_from(["8", "84", "8471", "8472", "01"])
cells = st.one_of(
    st.lists(texts, min_size=1, max_size=3, unique=True).map("|".join),
    st.lists(texts, min_size=1, max_size=3, unique=True).map(lambda found: "not " + "|".join(found)),
    texts.map(lambda text: f"{text}*"),
    texts.map(lambda text: f"not {text}*"),
    st.sampled_from(["present", "missing", "-", "listed CL010", "not listed CL010"]),
)
bounds = st.integers(0, 6)
numbers = st.one_of(
    st.tuples(st.sampled_from(["=", ">=", "<=", ">", "<"]), bounds).map(lambda found: f"{found[0]} {found[1]}"),
    st.tuples(bounds, bounds).map(lambda found: f"{min(found)}..{max(found)}"),
    st.just("-"),
)


def test_of(cell: str) -> Test | None:
    found = read_cell(cell, "x")
    return found.test if found is not None else None


test_of.__test__ = False  # type: ignore[attr-defined]


def passes(test: Test | None, value: str | None, listed: bool) -> bool:
    """What the rule language makes of the test: a missing value passes nothing but `missing`."""
    match test:
        case None:
            return True
        case Presence(present):
            return (value is not None) is present
        case _ if value is None:
            return False
        case Texts(found, negated):
            return (value in found) is not negated
        case Prefix():
            return value.startswith(test.start) is test.outcome
        case Opaque(_, outcome):
            return listed is outcome
        case Interval(low, high, low_included, high_included):
            number = Decimal(value)
            above = low is None or number > low or (low_included and number == low)  # type: ignore[operator]
            return above and (high is None or number < high or (high_included and number == high))  # type: ignore[operator]
    raise AssertionError(test)


WORLD = [
    (value, listed)
    for value in ("8", "84", "8471", "8472", "01", "9", "89", "849", "84719", "84729", "019", None)
    for listed in (True, False)
]
NUMBERS = [(value, True) for value in (*(str(half / Decimal(2)) for half in range(-1, 14)), None)]


def agree(one: Test | None, other: Test | None, world: list[tuple[str | None, bool]]) -> None:
    both = [place for place in world if passes(one, *place) and passes(other, *place)]
    if covers(one, other):
        assert all(passes(one, *place) for place in world if passes(other, *place))
    if exclude(one, other):
        assert not both
    if meet(one, other) is False:
        assert not both
    if meet(one, other) and any(passes(one, *p) for p in world) and any(passes(other, *p) for p in world):
        assert both


@given(cells, cells)
def test_texts(one: str, other: str) -> None:
    agree(test_of(one), test_of(other), WORLD)


@given(numbers, numbers)
def test_numbers(one: str, other: str) -> None:
    agree(test_of(one), test_of(other), NUMBERS)


@pytest.mark.parametrize(
    ("outer", "inner", "answer"),
    [("84*", "8471|8472", True), ("84*", "8471*", True), ("8471*", "84*", False), ("not 84", "01", True),
     ("present", "84*", True), (">= 1", "= 5", True), ("= 5", ">= 1", False), ("not 84*", "not 8*", True),
     ("not 84*", "01*", True), ("listed CL010", "84", False)],
)  # fmt: skip
def test_what_covers_what(outer: str, inner: str, answer: bool) -> None:
    assert covers(test_of(outer), test_of(inner)) is answer


@given(st.lists(st.tuples(cells, cells), min_size=1, max_size=8))
def test_rows_are_shadowed_as_a_look_at_every_pair_says(rows: list[tuple[str, str]]) -> None:
    read: list[list[Cell | None]] = [[read_cell(cell, "x") for cell in row] for row in rows]
    tests = [[cell.test if cell is not None else None for cell in row] for row in read]
    expected = []
    for position, row in enumerate(tests):
        over = [n for n in range(position) if all(covers(a, b) for a, b in zip(tests[n], row, strict=True))]
        if over:
            expected.append((position, over[0]))
    assert list(shadowed_by_one(read)) == expected
