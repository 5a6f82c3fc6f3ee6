"""Which operator or function of the language meets which class of input in a case, told from its typed tree."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from casrules.dictionary import Invalid
from casrules.language.checked import stored_paths
from casrules.language.functions import FUNCTIONS, QUANTIFIERS
from casrules.language.tree import (
    And,
    Arithmetic,
    Call,
    Compare,
    Listed,
    Literal,
    Lookup,
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
from casrules.language.visiting import Bound, flatten, step_beside, visited

from .cases import Case

VALUE, MISSING, BLANK, INVALID, EMPTY, PARTLY = (
    "value", "missing", "blank", "invalid", "empty list", "list with a missing element",
)  # fmt: skip
CLASSES = (VALUE, MISSING, BLANK, INVALID, EMPTY, PARTLY)
OPERATORS = (
    "and", "or", "not", "==", "!=", "<", "<=", ">", ">=", "in", "not in", "+", "-", "*", "/", "-x", "[:n]", "tuple",
    "for … if",
)  # fmt: skip
WORDS = (*OPERATORS, "present", "missing", *QUANTIFIERS, "listed", "lookup", *FUNCTIONS)
"""Everything the language can do with a value."""


@dataclass(frozen=True)
class Elements:
    """What a comprehension's variable stands for: the elements, or why there are none."""

    found: tuple[Bound, ...]
    nothing: str = EMPTY


Scope = Mapping[str, Elements]


def cells(case: Case) -> set[tuple[str, str]]:
    """The pairs of operator or function and class of input that a case shows."""
    found: set[tuple[str, str]] = set()
    for chain in case.rule.chains:
        for scope, _ in visited(case.written, chain):
            names = {name: Elements((bound,)) for name, bound in scope.items()}
            for branch in case.rule.branches:
                for node in (branch.when, branch.require):
                    if node is not None:
                        found |= set(_cells(node, names))
    return found


def _cells(node: Node, scope: Scope) -> Iterator[tuple[str, str]]:
    inner = _inner(node, scope)
    word = _word(node)
    if word:
        classes = {one for child in node.children for one in _classes(child, inner)}
        yield from ((word, one) for one in classes - {VALUE} or {VALUE})
    if isinstance(node, Quantifier) and node.condition is not None:
        classes = _classes(node.condition, inner)
        yield from (("for … if", one) for one in classes - {VALUE} or {VALUE})
    # `missing` and `not in` are one word, though two nodes
    below = node.part.children if isinstance(node, Not) and word != "not" else node.children
    for child in below:
        yield from _cells(child, inner)


def _word(node: Node) -> str:
    match node:
        case Not(part=Presence(text=text)) if text == node.text and not text.startswith("not"):
            return "missing"
        case Not(part=Member(text=text)) if text == node.text:
            return "not in"
        case Arithmetic(op="-", left=Literal(value=0)) if node.text.startswith("-"):
            return "-x"
        case Compare() | Arithmetic():
            return node.op
        case Quantifier():
            return node.kind
        case Call():
            return node.function
    return {And: "and", Or: "or", Not: "not", Member: "in", Presence: "present", Listed: "listed", Lookup: "lookup",
            Prefix: "[:n]", Tuple: "tuple"}.get(type(node), "")  # fmt: skip


def _inner(node: Node, scope: Scope) -> Scope:
    if not isinstance(node, Quantifier):
        return scope
    elements = tuple(one for bound in scope[node.source.scope].found for one in flatten(bound, node.source.elements))
    return {**scope, node.variable: Elements(elements, _nothing(node.source, scope))}


def _classes(node: Node, scope: Scope) -> set[str]:
    """The classes of everything that is read below a node."""
    if isinstance(node, Path):
        return _path(node, scope)
    inner = _inner(node, scope)
    return {one for child in node.children for one in _classes(child, inner)}


def _path(path: Path, scope: Scope) -> set[str]:
    elements = scope[path.scope]
    if not elements.found:
        return {elements.nothing}
    if path.type.kind == "list":
        found = any(True for bound in elements.found for _ in flatten(bound, path.elements))
        return {VALUE} if found else {_nothing(path, scope)}
    states = {_state(path, bound) for bound in elements.found}
    if VALUE in states and states & {MISSING, BLANK}:
        return (states - {VALUE, MISSING}) | {PARTLY}
    return states


def _state(path: Path, bound: Bound) -> str:
    for name in path.names[:-1]:
        bound = step_beside(bound, name)
    if not path.names:
        return VALUE if bound.entity is not None else MISSING
    if bound.entity is None or path.names[-1] not in bound.entity:
        return MISSING
    value: Any = bound.entity[path.names[-1]]
    if value is None:
        return BLANK
    return INVALID if isinstance(value, Invalid) else VALUE


def _nothing(path: Path, scope: Scope) -> str:
    """Why a list has no elements: it is not there, or it is there and empty."""
    elements = scope[path.scope]
    if not elements.found:
        return elements.nothing
    ways = stored_paths(path.elements)
    return EMPTY if any(_is_empty(one.entity, way) for one in elements.found for way in ways) else MISSING


def _is_empty(entity: Mapping[str, Any] | None, names: tuple[str, ...]) -> bool:
    """The list at `names` is written, and nothing is in it."""
    value = entity.get(names[0]) if entity is not None else None
    if len(names) == 1:
        return value == []
    return any(_is_empty(below, names[1:]) for below in (value if isinstance(value, list) else [value]))
