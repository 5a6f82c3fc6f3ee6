from __future__ import annotations

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casrules.findings.path_pattern import matches_path, matches_text, path_steps

SMALL = st.text("ab*.", max_size=8)


@given(SMALL, st.text("ab.", max_size=8))
def test_text_patterns_agree_with_regular_expressions(pattern: str, text: str) -> None:
    expression = ".*".join(re.escape(part) for part in pattern.split("*"))
    assert matches_text(pattern, text) == bool(re.fullmatch(expression, text))


STEPS = st.lists(
    st.tuples(st.sampled_from(["a", "ab", "b"]), st.sampled_from([None, "k=1", "k=2", "#1"])),
    min_size=1,
    max_size=4,
)
PATTERNS = st.lists(
    st.one_of(
        st.just(("**", None)),
        st.tuples(st.sampled_from(["a", "a*", "*", "b"]), st.sampled_from([None, "k=*", "k=1", "*"])),
    ),
    min_size=1,
    max_size=4,
)


def written(steps: list[tuple[str, str | None]]) -> str:
    return ".".join(name if selector is None else f"{name}[{selector}]" for name, selector in steps)


def by_definition(pattern: list[tuple[str, str | None]], steps: list[tuple[str, str | None]]) -> bool:
    if not pattern:
        return not steps
    (name, selector), rest = pattern[0], pattern[1:]
    if (name, selector) == ("**", None):
        return any(by_definition(rest, steps[n:]) for n in range(len(steps) + 1))
    if not steps or not matches_text(name, steps[0][0]):
        return False
    if selector is not None and (steps[0][1] is None or not matches_text(selector, steps[0][1])):
        return False
    return by_definition(rest, steps[1:])


@given(PATTERNS, STEPS)
def test_path_patterns_follow_their_definition(
    pattern: list[tuple[str, str | None]], steps: list[tuple[str, str | None]]
) -> None:
    assert matches_path(written(pattern), written(steps)) == by_definition(pattern, steps)


@given(STEPS)
def test_a_path_matches_itself_and_its_bare_names(steps: list[tuple[str, str | None]]) -> None:
    assert matches_path(written(steps), written(steps))
    assert matches_path(".".join(name for name, _ in steps), written(steps))


@pytest.mark.parametrize(
    ("pattern", "path", "expected"),
    [
        ("items.gross_mass", "items[number=3].gross_mass", True),
        ("items[number=3].**", "items[number=3].packages[sequence_number=1].type", True),
        ("items[number=3].**", "items[number=4].gross_mass", False),
        ("items[number=1]", "items[number=11]", False),
        ("**.gross_mass", "consignment.gross_mass", True),
        ("**.gross_mass", "consignment.net_mass", False),
        ("items.*", "items[number=3].packages[#1].type", False),
        ("items", "items[number=3].gross_mass", False),
    ],
)
def test_examples(pattern: str, path: str, expected: bool) -> None:
    assert matches_path(pattern, path) is expected


def test_dots_and_brackets_inside_quotes_are_text() -> None:
    path = r'items[number=1].documents[type=N380,reference="a].\"b"].type'
    assert [name for name, _ in path_steps(path)] == ["items", "documents", "type"]


def test_a_hostile_pattern_does_not_explode() -> None:
    begin = time.perf_counter()
    assert not matches_text("*a" * 50 + "b", "a" * 2_000)
    assert not matches_path(".".join(["**", "a"] * 40) + ".b", ".".join(["a"] * 200))
    assert time.perf_counter() - begin < 2
