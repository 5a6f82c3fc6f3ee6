"""Tests that stand side by side and have something in common: what they share is tested once, before all of them."""

from __future__ import annotations

import ast
from collections.abc import Callable, Hashable, Mapping
from typing import Any

from casrules.language.compiled import code

ENOUGH = 3
"""Tests for different constants from which one look-up beforehand pays."""
LARGEST = 100
"""Codes of a set that is still united with others."""
Bind = Callable[[tuple[object, ...], object], ast.Name]


def grouped(statements: list[ast.stmt], values: Mapping[str, Any], bind: Bind) -> list[ast.stmt]:
    """The same statements, their tests grouped; all are left as they are where one reads what another writes.

    Tests that begin alike become one with the rest inside; those that compare one variable with constants stand
    behind a look-up whether it is any of the constants. `values` are the globals of the code, `bind` makes one.
    """
    if not _independent(statements):
        return statements
    kept: list[ast.stmt] = []
    alike: dict[Hashable, list[ast.If]] = {}
    for statement in statements:
        if isinstance(statement, ast.If) and not statement.orelse:
            alike.setdefault(ast.dump(_first(statement.test)), []).append(statement)
        else:
            kept.append(statement)
    merged = [_merged(tests, values, bind) for tests in alike.values()]
    return [*kept, *_looked_up(merged, values, bind)]


def _independent(statements: list[ast.stmt]) -> bool:
    """Whether the order of the statements makes no difference: none reads a variable that another writes."""
    read: list[set[str]] = []
    written: list[set[str]] = []
    for statement in statements:
        names = [found for found in ast.walk(statement) if isinstance(found, ast.Name)]
        written.append({found.id for found in names if isinstance(found.ctx, ast.Store)})
        read.append({found.id for found in names if isinstance(found.ctx, ast.Load)})
    writers: dict[str, int] = {}
    for number, variables in enumerate(written):
        for variable in variables:
            writers[variable] = number if variable not in writers else -1
    return all(writers.get(name, number) == number for number, names in enumerate(read) for name in names)


def _merged(tests: list[ast.If], values: Mapping[str, Any], bind: Bind) -> ast.If:
    if len(tests) == 1:
        return tests[0]
    inner = [statement for test in tests for statement in code.when(_rest(test.test), test.body)]
    return ast.If(_first(tests[0].test), grouped(inner, values, bind), [])


def _looked_up(tests: list[ast.If], values: Mapping[str, Any], bind: Bind) -> list[ast.stmt]:
    found: list[ast.stmt] = []
    by_variable: dict[str, list[tuple[ast.If, frozenset[str]]]] = {}
    for test in tests:
        compared = _compared(_first(test.test), values)
        if compared is None:
            found.append(test)
        else:
            by_variable.setdefault(compared[0], []).append((test, compared[1]))
    for variable, pairs in by_variable.items():
        each: list[ast.stmt] = [test for test, _ in pairs]
        if len(each) < ENOUGH:
            found += each
            continue
        texts = frozenset[str]().union(*(texts for _, texts in pairs))
        known = bind(("set", *sorted(map(repr, texts))), texts)
        found.append(ast.If(code.compared("in", code.name(variable), known), each, []))
    return found


def _compared(test: ast.expr, values: Mapping[str, Any]) -> tuple[str, frozenset[str]] | None:
    """The variable and the texts one of which it must be, if that is what the test asks."""
    if not (isinstance(test, ast.Compare) and isinstance(test.left, ast.Name)):
        return None
    (operator,), (other,) = test.ops, test.comparators
    if isinstance(operator, ast.Eq) and isinstance(other, ast.Constant) and isinstance(other.value, str):
        return test.left.id, frozenset({other.value})
    if isinstance(operator, ast.In) and isinstance(other, ast.Name):
        texts = values.get(other.id)
        if type(texts) is frozenset and len(texts) <= LARGEST and all(isinstance(text, str) for text in texts):
            return test.left.id, texts
    return None


def _first(test: ast.expr) -> ast.expr:
    return test.values[0] if isinstance(test, ast.BoolOp) and isinstance(test.op, ast.And) else test


def _rest(test: ast.expr) -> ast.expr:
    return code.all_of(*test.values[1:]) if _first(test) is not test and isinstance(test, ast.BoolOp) else code.TRUE
