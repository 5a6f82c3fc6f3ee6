"""Patterns match whole values, in linear time, and alike in both engines."""

from __future__ import annotations

import time

import hypothesis.strategies as st
import pytest
import re2
from hypothesis import given

from casrules.language.patterns import PatternError, matcher

PATTERNS = [
    "[0-9]{8}",
    "[A-Z]{2}[A-Za-z0-9]{1,15}",
    "[0-9]{2}[A-Z]{2}[A-Z0-9]{12}[J-M][0-9]",
    "A?",
    "X",
    "a-b",
    "[A-Z ]{0,3}",
    "(A|B)+",
    "[^0-9]*",
    r"\d{2,4}",
    ".{1,3}",
    "(?i)gb[0-9]*",
    r"\.[0-9]",
    "[0-9]{1,2}[0-9]{1,2}",
    "[A-Z]{2}[!-~]{1,15}",
    "(0[1-9]|1[0-2])(0[1-9]|[12][0-9]|3[01])",
    "[0-9]{2}([0-9]{2})?",
    "[0-9](71|07)?A+",
    "(A|AB)(B|0)?[0-9]+",
    r"[+.]\+?[0-9]{1}(1|[?])",
]


@given(st.sampled_from(PATTERNS), st.text("0123456789ABXabgJ.- \n٣é", max_size=20))
def test_both_engines_agree(pattern: str, value: str) -> None:
    assert (matcher(pattern)(value) is not None) == (re2.fullmatch(pattern, value) is not None)


def test_hostile_patterns_stay_linear() -> None:
    for pattern in ("(a+)+b", "(a|aa)*b", "[a]{0,500}[a]{0,500}[a]{0,500}b", "a?" * 200 + "a" * 200, "(a|a)" * 40 + "b",
                    "(a|a)?" * 40 + "b", "(a|a)(a|a)[a]+b", "a+" * 9 + "b"):  # fmt: skip
        started = time.process_time()
        assert matcher(pattern)("a" * 20_000) is None
        assert time.process_time() - started < 2


@pytest.mark.parametrize("pattern", ["(", "[", "a{2000}", r"(a)\1", "(?=a)", "\ud800"])
def test_patterns_that_do_not_compile_are_named(pattern: str) -> None:
    with pytest.raises(PatternError):
        matcher(pattern)


def test_a_lone_surrogate_matches_nothing() -> None:
    assert matcher("(.|x)*")("\ud800") is None
