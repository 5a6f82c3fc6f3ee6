"""Small builders of Python's own syntax tree; conditions are simplified as they are put together."""

from __future__ import annotations

import ast
from collections.abc import Iterable

TRUE = ast.Constant(True)
FALSE = ast.Constant(False)
NONE = ast.Constant(None)
EMPTY_TUPLE = ast.Tuple([], ast.Load())
EMPTY_SET = ast.Set([ast.Starred(EMPTY_TUPLE, ast.Load())])

_OPERATORS: dict[str, ast.cmpop] = {
    "==": ast.Eq(), "!=": ast.NotEq(), "<": ast.Lt(), "<=": ast.LtE(), ">": ast.Gt(), ">=": ast.GtE(),
    "in": ast.In(), "not in": ast.NotIn(), "is": ast.Is(), "is not": ast.IsNot(),
}  # fmt: skip
_BINARY: dict[str, ast.operator] = {"+": ast.Add(), "-": ast.Sub(), "*": ast.Mult()}
_OPPOSITE: dict[type[ast.cmpop], ast.cmpop] = {
    ast.Eq: ast.NotEq(), ast.NotEq: ast.Eq(), ast.In: ast.NotIn(), ast.NotIn: ast.In(), ast.Is: ast.IsNot(),
    ast.IsNot: ast.Is(), ast.Lt: ast.GtE(), ast.GtE: ast.Lt(), ast.Gt: ast.LtE(), ast.LtE: ast.Gt(),
}  # fmt: skip
OPPOSITE = {"==": "!=", "!=": "==", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}
"""The comparison that holds exactly where another does not, for two known values."""


def name(identifier: str) -> ast.Name:
    """A read of a variable."""
    return ast.Name(identifier, ast.Load())


def constant(value: str | int | bool | None) -> ast.Constant:
    """A constant that Python's compiler takes."""
    return ast.Constant(value)


def call(function: str | ast.expr, *arguments: ast.expr) -> ast.Call:
    """`function(arguments)`."""
    return ast.Call(name(function) if isinstance(function, str) else function, list(arguments), [])


def method(of: ast.expr, attribute: str, *arguments: ast.expr) -> ast.Call:
    """`of.attribute(arguments)`."""
    return call(ast.Attribute(of, attribute, ast.Load()), *arguments)


def compared(operator: str, left: ast.expr, right: ast.expr) -> ast.expr:
    """`left operator right`."""
    return ast.Compare(left, [_OPERATORS[operator]], [right])


def binary(operator: str, left: ast.expr, right: ast.expr) -> ast.expr:
    """`left operator right` for + - *."""
    return ast.BinOp(left, _BINARY[operator], right)


def is_known(expression: ast.expr) -> ast.expr:
    """`expression is not None`."""
    return compared("is not", expression, NONE)


def choice(test: ast.expr, then: ast.expr, otherwise: ast.expr) -> ast.expr:
    """`then if test else otherwise`."""
    if test is TRUE:
        return then
    return otherwise if test is FALSE else ast.IfExp(test, then, otherwise)


def all_of(*parts: ast.expr) -> ast.expr:
    """All parts hold; evaluated from the left, so earlier parts guard later ones."""
    return _joined(parts, ast.And(), absorbing=FALSE, neutral=TRUE)


def any_of(*parts: ast.expr) -> ast.expr:
    """At least one part holds."""
    return _joined(parts, ast.Or(), absorbing=TRUE, neutral=FALSE)


def _joined(parts: Iterable[ast.expr], operator: ast.boolop, *, absorbing: ast.expr, neutral: ast.expr) -> ast.expr:
    kept: list[ast.expr] = []
    seen: set[str] = set()
    for part in parts:
        if part is absorbing:
            return absorbing
        flat = part.values if isinstance(part, ast.BoolOp) and type(part.op) is type(operator) else [part]
        for one in flat:
            key = ast.dump(one)
            if one is not neutral and key not in seen:
                seen.add(key)
                kept.append(one)
    if len(kept) < 2:
        return kept[0] if kept else neutral
    return ast.BoolOp(operator, kept)


def negated(expression: ast.expr) -> ast.expr:
    """`not expression`, pushed inwards; the parts are plain truths, never unknown."""
    if expression is TRUE:
        return FALSE
    if expression is FALSE:
        return TRUE
    if isinstance(expression, ast.UnaryOp) and isinstance(expression.op, ast.Not):
        return expression.operand
    if isinstance(expression, ast.BoolOp):
        inner = [negated(part) for part in expression.values]
        return any_of(*inner) if isinstance(expression.op, ast.And) else all_of(*inner)
    if isinstance(expression, ast.Compare) and len(expression.ops) == 1:
        return ast.Compare(expression.left, [_OPPOSITE[type(expression.ops[0])]], expression.comparators)
    return ast.UnaryOp(ast.Not(), expression)


def either(one: ast.expr, other: ast.expr) -> ast.expr:
    """One of two conditions: where they differ in an opposite only, what they have in common."""
    first, second = _conjuncts(one), _conjuncts(other)
    keys = {ast.dump(part) for part in first} & {ast.dump(part) for part in second}
    rest = [all_of(*(part for part in parts if ast.dump(part) not in keys)) for parts in (first, second)]
    if ast.dump(negated(rest[0])) == ast.dump(rest[1]):
        return all_of(*(part for part in first if ast.dump(part) in keys))
    return any_of(one, other)


def _conjuncts(expression: ast.expr) -> list[ast.expr]:
    return (
        expression.values if isinstance(expression, ast.BoolOp) and isinstance(expression.op, ast.And) else [expression]
    )


def assign(target: str, value: ast.expr) -> ast.stmt:
    """`target = value`."""
    return ast.Assign([ast.Name(target, ast.Store())], value)


def increase(target: str, by: ast.expr) -> ast.stmt:
    """`target += by`."""
    return ast.AugAssign(ast.Name(target, ast.Store()), ast.Add(), by)


def when(test: ast.expr, body: list[ast.stmt], otherwise: list[ast.stmt] | None = None) -> list[ast.stmt]:
    """`if test: body else: otherwise`, without the test where it is certain."""
    if test is TRUE:
        return body
    if test is FALSE or not body:
        return otherwise or [] if test is FALSE or not otherwise else when(negated(test), otherwise)
    return [ast.If(test, body, otherwise or [])]


def loop(variable: str, iterable: ast.expr, body: list[ast.stmt], index: str | None = None) -> ast.stmt:
    """`for variable in iterable: body`, counting in `index` from 0 where it is given."""
    target: ast.expr = ast.Name(variable, ast.Store())
    if index is not None:
        target = ast.Tuple([ast.Name(index, ast.Store()), target], ast.Store())
        iterable = call("enumerate", iterable)
    return ast.For(target, iterable, body or [ast.Pass()], [])
