"""Patterns in words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casrules.messages.faults import shipped_texts
from casrules.messages.pattern_words import length_limits, number_range, words_of

FORMS = shipped_texts().forms


@pytest.mark.parametrize(
    ("patterns", "words"),
    [
        (["[A-Z]{2}"], "is not 2 capital letters"),
        (["[a-zA-Z]"], "is not a letter"),
        (["[0-9]{1,5}"], "is not 1 to 5 digits"),
        (["[A-Z]{2}[A-Z0-9]{6}"], "is not 2 capital letters followed by 6 capital letters or digits"),
        (["CC507C"], "is not 'CC507C'"),
        (["[J-M][0-9]"], "is not a letter from J to M followed by a digit"),
        (["[YN]"], "is not 'Y' or 'N'"),
        (["A|B"], "is not 'A' or 'B'"),
        (["[0-9]{2}([A-Z][0-9]{6})?"], "is not 2 digits followed by optionally a capital letter followed by 6 digits"),
        (["([0-1][0-9]|[2][0-4])[A-Z]"], "is not a number from 00 to 24 followed by a capital letter"),
        ([r"\P{Z}(.*\P{Z})?"], "must not begin or end with a space"),
        (["[0-9]+", "[A-Z]*"], "is not digits, or capital letters"),
        ([r"[^@]+@[^\.]+\..+"], "is not an e-mail address"),
        ([r"(a(b)*)+"], None),
        (["[A-Z"], None),
        ([r"\p{L}+"], None),
    ],
)
def test_common_shapes_are_told_in_words(patterns: list[str], words: str | None) -> None:
    assert words_of(patterns, FORMS) == words


@pytest.mark.parametrize(
    ("patterns", "limits"),
    [([".{1,35}"], (1, 35)), ([".{4}"], (4, 4)), ([".*"], (0, None)), (["[A-Z]{4}"], None), (["."], None)],
)
def test_lengths_hidden_in_patterns(patterns: list[str], limits: tuple[int, int | None] | None) -> None:
    assert length_limits(patterns) == limits


@pytest.mark.parametrize(
    ("patterns", "interval"),
    [
        (["[1-9][0-9]{0,4}"], (1, 99999)),
        (["(0|[1-9][0-9]{0,8})"], (0, 999999999)),
        (["[1-9][0-9]{0,2}|[1][0-9]{3}"], (1, 1999)),
        (["[1-9][0-9]*"], (1, None)),
        (["[A-Z]"], None),
    ],
)
def test_numbers_hidden_in_patterns(patterns: list[str], interval: tuple[int, int | None] | None) -> None:
    assert number_range(patterns) == interval


@given(st.lists(st.text(alphabet="[]{}()|*+?.\\dAZ09,-^$ ", max_size=25), min_size=1, max_size=3))
def test_no_pattern_raises(patterns: list[str]) -> None:
    words = words_of(patterns, FORMS)
    assert words is None or words
    length_limits(patterns)
    number_range(patterns)
