"""Grouped tests find what the same tests find side by side, with fewer questions."""

from __future__ import annotations

import ast
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from casrules.language.compiled.grouping import ENOUGH, grouped

SETS = {"s1": frozenset({"A", "B"}), "s2": frozenset({"C"}), "numbers": frozenset({1, 2})}
CONJUNCTS = (
    "v == 'A'", "v == 'B'", "v == 'C'", "v in s1", "v in s2", "v not in s1", "v is not None", "w is not None",
    "w == 'A'", "w in numbers", "w == 1", "v == w",
)  # fmt: skip
TESTS = st.lists(st.lists(st.sampled_from(CONJUNCTS), min_size=1, max_size=4, unique=True), max_size=12)
VALUES = st.sampled_from(["A", "B", "C", "D", None, 1])


def statements(tests: list[list[str]]) -> list[ast.stmt]:
    source = "\n".join(f"if {' and '.join(test)}: found.append({number})" for number, test in enumerate(tests))
    return ast.parse(source).body


def run(body: list[ast.stmt], names: dict[str, Any], **values: Any) -> set[int]:
    found: list[int] = []
    module = ast.fix_missing_locations(ast.Module(body, []))
    exec(compile(module, "<tests>", "exec"), {**names, **values, "found": found})
    assert len(found) == len(set(found))
    return set(found)


def regrouped(tests: list[list[str]]) -> tuple[list[ast.stmt], dict[str, Any]]:
    names: dict[str, Any] = dict(SETS)

    def bind(key: tuple[object, ...], value: object) -> ast.Name:
        name = f"g{abs(hash(key))}"
        names[name] = value
        return ast.Name(name, ast.Load())

    return grouped(statements(tests), names, bind), names


@given(TESTS, VALUES, VALUES)
def test_grouped_tests_find_the_same(tests: list[list[str]], v: Any, w: Any) -> None:
    body, names = regrouped(tests)
    assert run(body, names, v=v, w=w) == run(statements(tests), names, v=v, w=w)


def test_what_begins_alike_is_asked_once() -> None:
    body, _ = regrouped([["v is not None", "w == 'A'"], ["w == 'B'"], ["v is not None", "w == 'C'"]])
    assert [ast.unparse(one.test) for one in body if isinstance(one, ast.If)] == ["v is not None", "w == 'B'"]


def test_many_constants_of_one_variable_stand_behind_one_look_up() -> None:
    texts = ["A", "B", "C", "D"][: ENOUGH + 1]
    body, names = regrouped([[f"v == {text!r}", "w is not None"] for text in texts])
    assert len(body) == 1
    assert run(body, names, v="Z", w="A") == set()
    assert run(body, names, v="B", w="A") == {1}


def test_tests_with_an_else_stay_where_they_are() -> None:
    given_ = ast.parse("if v: found.append(1)\nelse: found.append(2)\nif v: found.append(3)").body
    assert run(grouped(given_, {}, lambda *_: ast.Name("g")), {}, v=0) == {2}


def test_what_reads_what_another_writes_keeps_its_order() -> None:
    source = (
        "total = 0\nif v is not None: total += 2\nhalf = total / 2\nif v is not None and half == 1: found.append(2)"
    )
    kept = ast.parse(source).body
    assert grouped(kept, SETS, lambda key, value: ast.Name("g", ast.Load())) == kept
    assert run(kept, {}, v="A") == {2}


def test_what_begins_alike_stays_in_order_within() -> None:
    # two rules with a condition alike, each with a sum of its own, as the common pack has them
    source = """
if n > 0:
    a = 0
    if v is not None: a += 1
    one = a
    if one != 1: found.append(1)
if n > 0:
    b = 0
    if v is not None: b += 2
    two = b
    if two != 2: found.append(2)
"""
    body = grouped(ast.parse(source).body, {}, lambda key, value: ast.Name("g", ast.Load()))
    assert len(body) == 1 and run(body, {}, n=1, v="A") == set() and run(body, {}, n=1, v=None) == {1, 2}
