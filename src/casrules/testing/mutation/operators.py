"""What a mutant changes: one small, well-typed change of a condition's tree at a time."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Final

from casrules.language.tree import (
    And,
    Arithmetic,
    Call,
    Compare,
    Listed,
    Literal,
    Member,
    Node,
    Not,
    Or,
    Path,
    Prefix,
    Presence,
    Quantifier,
    Tuple,
)
from casrules.language.types import BOOLEAN, DATE, NUMBER

Sibling = Callable[[Path], Path | None]
"""Another element that could have been meant in place of the one a path names."""

_COMPARISONS: Final = {"<": "<=", "<=": "<", ">": ">=", ">=": ">", "==": "!=", "!=": "=="}
_ARITHMETIC: Final = {"+": "-", "-": "+", "*": "/", "/": "*"}
_QUANTIFIERS: Final = {"any": "all", "all": "any", "none": "any", "min": "max", "max": "min"}
_BOUNDED: Final = frozenset({"within"})


def mutations(node: Node, sibling: Sibling) -> Iterator[tuple[Node, Node, Node]]:
    """Every tree that differs from `node` by one change, with the clause that changed, before and after.

    Comparisons lose or gain their bound or turn round, bounds move by one unit of their last digit, a clause of
    and/or, a code of a set, a part of a tuple or a comprehension's `if` goes, presence and checks are negated, any
    becomes all, a prefix is a character longer or shorter, a path names a sibling.
    """
    for changed in _own(node, sibling):
        yield changed, node, changed
    for child, rebuilt in _places(node):
        for changed, before, after in mutations(child, sibling):
            whole = rebuilt(changed)
            # what is not a condition itself is told by the condition it stands in
            yield (whole, before, after) if before.type.kind == BOOLEAN else (whole, node, whole)


def _own(node: Node, sibling: Sibling) -> Iterator[Node]:  # noqa: C901, PLR0912 - one case for each kind of node
    match node:
        case Compare(op=op):
            yield replace(node, op=_COMPARISONS[op])
        case Literal():
            yield from _moved(node)
        case And(parts=parts) | Or(parts=parts):
            for rest in _without_one(parts):
                yield rest[0] if len(rest) == 1 else replace(node, parts=rest)
        case Member(options=options):
            for rest in _without_one(options):
                yield replace(node, options=rest)
        case Tuple(parts=parts):
            for rest in _without_one(parts):
                yield replace(node, parts=rest)
        case Presence() | Listed():
            yield Not(node)
        case Quantifier():
            yield from _quantified(node)
        case Arithmetic(op=op):
            yield replace(node, op=_ARITHMETIC[op])
        case Prefix(length=length):
            yield from (replace(node, length=other) for other in (length - 1, length + 1) if other > 0)
        case Path():
            yield from _named(node, sibling)
        case Call() if node.type.kind == BOOLEAN:
            yield Not(node)
        case _:
            return


def _named(node: Path, sibling: Sibling) -> Iterator[Node]:
    other = sibling(node)
    if other is not None:
        yield other
    if node.type.kind == BOOLEAN:
        yield Not(node)


def _moved(node: Literal) -> Iterator[Node]:
    value = node.value
    if node.type.kind == DATE:
        day = date.fromisoformat(str(value))
        yield from (replace(node, value=(day + timedelta(step)).isoformat()) for step in (-1, 1))
    elif node.type.kind == NUMBER and not isinstance(value, (str, bool)):
        unit = Decimal(1).scaleb(int(Decimal(value).as_tuple().exponent)) if isinstance(value, Decimal) else 1
        yield from (replace(node, value=value + step) for step in (-unit, unit))


def _quantified(node: Quantifier) -> Iterator[Node]:
    if node.kind in _QUANTIFIERS:
        yield replace(node, kind=_QUANTIFIERS[node.kind])
    elif node.type.kind == BOOLEAN:
        yield Not(node)
    if node.condition is not None:
        yield replace(node, condition=None)


def _without_one(parts: tuple[Node, ...]) -> Iterator[tuple[Node, ...]]:
    if len(parts) > 1:
        yield from (parts[:index] + parts[index + 1 :] for index in range(len(parts)))


def _places(node: Node) -> Iterator[tuple[Node, Callable[[Node], Node]]]:
    """The children that may be changed, each with what puts another in its place."""
    if isinstance(node, Call) and node.function not in _BOUNDED:
        kept = [index for index, part in enumerate(node.arguments) if not isinstance(part, Literal)]
        yield from ((node.arguments[index], _at(node, "arguments", index)) for index in kept)
        return
    for field in dataclasses.fields(node):
        value = getattr(node, field.name)
        if isinstance(node, Member) and field.name == "options":
            continue
        if isinstance(value, Node):
            yield value, _in(node, field.name)
        elif isinstance(value, tuple) and value and all(isinstance(part, Node) for part in value):
            yield from ((part, _at(node, field.name, index)) for index, part in enumerate(value))


def _in(node: Node, name: str) -> Callable[[Node], Node]:
    def put(child: Node) -> Node:
        changes: dict[str, Any] = {name: child}
        return replace(node, **changes)

    return put


def _at(node: Node, name: str, index: int) -> Callable[[Node], Node]:
    def put(child: Node) -> Node:
        parts = getattr(node, name)
        changes: dict[str, Any] = {name: (*parts[:index], child, *parts[index + 1 :])}
        return replace(node, **changes)

    return put
