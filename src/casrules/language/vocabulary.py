"""What the expressions of one rule may name: scopes, `let`, parameters, code lists, tables."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from casrules.dictionary import Dictionary
from casrules.errors import RuleError
from casrules.language.checked import Read
from casrules.language.dates import is_date
from casrules.language.scopes import Scopes
from casrules.language.sources import Scalar
from casrules.language.syntax import Syntax
from casrules.language.tree import Literal, Node, Tuple
from casrules.language.types import (
    BOOLEAN,
    BOOLEAN_TYPE,
    DATE,
    DATE_TYPE,
    NUMBER,
    NUMBER_TYPE,
    TEXT,
    TEXT_TYPE,
    UNTYPED,
    Type,
)

_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")
_PLAIN_NUMBER = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?")


@dataclass(frozen=True, slots=True)
class Known:
    """What exists outside the rule: code lists and tables by name, message families. None: not checked.

    `words` say what the columns of a table hold.
    """

    code_lists: Collection[str] | None = None
    tables: Mapping[str, Mapping[str, str]] | None = None
    families: frozenset[str] = frozenset()
    words: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


@dataclass(slots=True)
class Vocabulary:
    """The names of one rule; `reads` collects what its expressions touch, `nodes` counts what they grow to."""

    dictionary: Dictionary
    scopes: Scopes
    known: Known
    lets: Mapping[str, Syntax]
    params: Mapping[str, Scalar | tuple[Scalar, ...]]
    families: frozenset[str]
    largest: int
    reads: set[Read] = field(default_factory=set)
    nodes: int = 0
    open_lets: list[str] = field(default_factory=list)

    def count(self, syntax: Syntax) -> None:
        """Count one more node; RuleError where `let` names within each other blow an expression up."""
        self.nodes += 1
        if self.nodes > self.largest:
            raise syntax.fault(f"with its `let` names put in, the rule has more than {self.largest} nodes")

    def names(self) -> set[str]:
        """Everything a path or a value can begin with."""
        return {*self.scopes.possible, *self.lets, *self.params, "message", "reference_date"}


def parameter(value: Scalar | tuple[Scalar, ...], text: str) -> Node:
    """A parameter as a node: typed if it is a number or a flag, else open until it meets something typed."""
    if isinstance(value, tuple):
        return Tuple(tuple(parameter(part, text) for part in value), text=text)
    if isinstance(value, bool):
        return Literal(value, type=BOOLEAN_TYPE, text=text)
    if isinstance(value, (int, Decimal)):
        return Literal(value, type=NUMBER_TYPE, text=text)
    return Literal(value, type=Type(UNTYPED), text=text)


def adapt(node: Node, kind: str, syntax: Syntax) -> Node:
    """An untyped parameter read as `kind`; every other node as it is."""
    if not isinstance(node, Literal) or node.type.kind != UNTYPED:
        return node
    raw = str(node.value)
    if kind == TEXT:
        return Literal(raw, type=TEXT_TYPE, text=node.text)
    if kind == NUMBER and _NUMBER.fullmatch(raw):
        return Literal(number(Decimal(raw)), type=NUMBER_TYPE, text=node.text)
    if kind == DATE and is_date(raw):
        return Literal(raw, type=DATE_TYPE, text=node.text)
    if kind == BOOLEAN and raw in {"true", "false"}:
        return Literal(raw == "true", type=BOOLEAN_TYPE, text=node.text)
    raise syntax.fault(f"the parameter {node.text!r} has the value {raw!r}, but {kind} is wanted")


def settle(node: Node, syntax: Syntax) -> Node:
    """An untyped parameter read as what it looks like: number, date, true or false, else text."""
    if not isinstance(node, Literal) or node.type.kind != UNTYPED:
        return node
    raw = str(node.value)
    if _PLAIN_NUMBER.fullmatch(raw):
        return adapt(node, NUMBER, syntax)
    if is_date(raw):
        return adapt(node, DATE, syntax)
    return adapt(node, BOOLEAN if raw in {"true", "false"} else TEXT, syntax)


def number(value: Decimal) -> int | Decimal:
    """The value as int where it is written as one, which Python computes with faster."""
    return int(value) if value.as_tuple().exponent == 0 else value


def unavailable(what: str, name: str, syntax: Syntax, remedy: str) -> RuleError:
    """The error for a code list, table or column that nobody has."""
    return syntax.fault(f"nobody has the {what} {name!r}", None, remedy)
