"""Nothing outside the language gets through, and every refusal says where, what and how to mend it."""

from __future__ import annotations

import ast
from decimal import Decimal

import hypothesis.strategies as st
import pytest
from hypothesis import given

from casrules.errors import Place, RuleError
from casrules.language import Text
from casrules.language.syntax import parse
from casrules.limits import Limits

HOSTILE = [
    "item.__class__", "item.__class__.__mro__[1]", "(lambda: 1)()", "open('x')()", "item.x()", "9**9**9 == 1",
    "f'{item}'", "[x for x in item.packages]", "{x for x in y}", "{1: 2}", "x if y else z", "(x := 1)", "f(*x)",
    "f(x=1)", "x[0]", "x[1:2]", "x[::2]", "x[:]", "a is b", "a % b", "a // b", "a @ b", "~a", "a & b", "None", "...",
    "b'x'", "1j",
    "any(x for x in y for z in y)", "any(x for x, y in z)", "await x", "yield x", "x; y", "x = 1", "import os", "",
    "   ", "a b", "(", "((a)", "\0", "0101 == 1", "a" * 10_001, "(" * 5_000, "-" * 5_000 + "1", "1+" * 4_000 + "1",
    "not " * 2_000 + "a", ".".join("a" * 4_000), "f(" * 80 + "a" + ")" * 80, "\ud800", "x" * 10_000_000,
]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_what_is_not_the_language_is_refused_with_place_and_remedy(text: str) -> None:
    with pytest.raises(RuleError) as refused:
        parse(Text(text, Place("pack.yaml", 7)))
    assert refused.value.place is not None
    assert refused.value.place.file == "pack.yaml"
    assert refused.value.problem
    assert len(str(refused.value)) < 500


@given(st.text(max_size=60))
def test_any_text_parses_or_is_refused(text: str) -> None:
    try:
        parse(Text(text, Place("p", 1)))
    except RuleError as error:
        assert error.place is not None


def test_the_line_is_that_of_the_fault() -> None:
    with pytest.raises(RuleError) as refused:
        parse(Text("a == 1\nand b ** 2 == 4", Place("pack.yaml", 10)))
    assert str(refused.value.place) == "pack.yaml:11"


def test_backslashes_stand_for_themselves() -> None:
    syntax = parse(Text(r'matches(x, "\d{4}\b")'))
    assert isinstance(syntax.body, ast.Call)
    assert isinstance(syntax.body.args[1], ast.Constant)
    assert syntax.body.args[1].value == r"\d{4}\b"
    assert syntax.source(syntax.body) == r'matches(x, "\d{4}\b")'


@pytest.mark.parametrize("text", ["0.1", "1.10", "4000", ".5", "0.30000000000000000000000000000000000000004"])
def test_numbers_keep_their_digits(text: str) -> None:
    syntax = parse(Text(f"x == {text}"))
    assert isinstance(syntax.body, ast.Compare)
    literal = syntax.body.comparators[0]
    assert isinstance(literal, ast.Constant)
    assert syntax.number(literal) == Decimal(text)
    assert str(syntax.number(literal)) == str(Decimal(text))


def test_non_ascii_text_before_a_number_does_not_shift_it() -> None:
    syntax = parse(Text('x == "äöü" and y == 1.50'))
    assert isinstance(syntax.body, ast.BoolOp)
    last = syntax.body.values[1]
    assert isinstance(last, ast.Compare)
    assert str(syntax.number(last.comparators[0])) == "1.50"  # type: ignore[arg-type]


def test_limits_are_the_callers() -> None:
    with pytest.raises(RuleError, match="more than 5"):
        parse(Text("a == 1"), Limits(expression_characters=5))
    with pytest.raises(RuleError, match="deeper than 3"):
        parse(Text("not (a == b.c.d.e)"), Limits(expression_depth=3))


@pytest.mark.parametrize(
    ("text", "remedy"),
    [
        ("item.net_mass > 0 AND item.gross_mass > 0", "write and in small letters"),
        ("item.procedure = '40'", "write == to compare"),
        ("item.procedure == '40", "close the quotes"),
        ("item.net_mass > 0)", "check brackets, quotes and the words between the conditions: and, or, not, in"),
    ],
)
def test_what_cannot_be_read_is_told_with_what_is_mostly_meant(text: str, remedy: str) -> None:
    with pytest.raises(RuleError) as caught:
        parse(Text(text))
    assert caught.value.remedy == remedy
