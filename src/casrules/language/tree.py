"""The typed tree of an expression: what the checker makes and every reading (evaluator, plan, prose) reads.

Nodes are immutable and hashable; two nodes are equal when they mean the same, whatever their source text.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple

from casrules.dictionary import Element
from casrules.language.types import BOOLEAN_TYPE, DATE_TYPE, NUMBER_TYPE, TEXT_TYPE, TUPLE, Type

Value = str | int | bool | Decimal
"""A known value; unknown is None."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """An expression; `text` is its source, for explanations only."""

    type: Type = field(default=BOOLEAN_TYPE, compare=False)
    text: str = field(default="", compare=False)

    @property
    def children(self) -> tuple[Node, ...]:
        """The expressions directly below, in reading order."""
        return ()

    def walk(self) -> Iterator[Node]:
        """This node and everything below it."""
        yield self
        for child in self.children:
            yield from child.walk()


@dataclass(frozen=True, slots=True)
class Literal(Node):
    """A written value; parameters arrive here already substituted."""

    value: Value


@dataclass(frozen=True, slots=True)
class ReferenceDate(Node):
    """The declaration's reference date, never the clock."""

    type: Type = field(default=DATE_TYPE, compare=False, kw_only=True)


class Hop(NamedTuple):
    """One move along stored elements: `parts` are the element names it joins, one of them unless it is a view."""

    parts: tuple[tuple[str, ...], ...]
    many: bool


@dataclass(frozen=True, slots=True)
class Path(Node):
    """What a scope or a comprehension's variable leads to: a value, an entity or a list.

    `names` are element names from `scope`; `elements` the same as dictionary elements (views included); `hops` the
    moves along stored elements they amount to.
    """

    scope: str
    names: tuple[str, ...]
    elements: tuple[Element, ...] = field(default=(), compare=False)
    hops: tuple[Hop, ...] = field(default=(), compare=False)


@dataclass(frozen=True, slots=True)
class Compare(Node):
    """`left op right` with op one of == != < <= > >=."""

    op: str
    left: Node
    right: Node

    @property
    def children(self) -> tuple[Node, ...]:
        """Both sides."""
        return (self.left, self.right)


@dataclass(frozen=True, slots=True)
class Member(Node):
    """`item in {options}`, as in SQL."""

    item: Node
    options: tuple[Node, ...]

    @property
    def children(self) -> tuple[Node, ...]:
        """The item, then the options."""
        return (self.item, *self.options)


@dataclass(frozen=True, slots=True)
class Arithmetic(Node):
    """`left op right` with op one of + - * /; division by zero is unknown."""

    op: str
    left: Node
    right: Node
    type: Type = field(default=NUMBER_TYPE, compare=False, kw_only=True)

    @property
    def children(self) -> tuple[Node, ...]:
        """Both sides."""
        return (self.left, self.right)


@dataclass(frozen=True, slots=True)
class And(Node):
    """All parts hold."""

    parts: tuple[Node, ...]

    @property
    def children(self) -> tuple[Node, ...]:
        """The parts."""
        return self.parts


@dataclass(frozen=True, slots=True)
class Or(Node):
    """At least one part holds."""

    parts: tuple[Node, ...]

    @property
    def children(self) -> tuple[Node, ...]:
        """The parts."""
        return self.parts


@dataclass(frozen=True, slots=True)
class Not(Node):
    """The part does not hold."""

    part: Node

    @property
    def children(self) -> tuple[Node, ...]:
        """The part."""
        return (self.part,)


@dataclass(frozen=True, slots=True)
class Presence(Node):
    """A value or entity is there, a list is not empty, a look-up finds something. Unknown only if hindered."""

    of: Path | Lookup

    @property
    def children(self) -> tuple[Node, ...]:
        """What is looked for."""
        return (self.of,)


@dataclass(frozen=True, slots=True)
class Quantifier(Node):
    """`kind(body for variable in source if condition)`; `body` is None for `count` of whole elements.

    `kind`: any all none count sum min max unique same consecutive.
    """

    kind: str
    source: Path
    variable: str
    body: Node | None
    condition: Node | None

    @property
    def children(self) -> tuple[Node, ...]:
        """The list, the condition, the body."""
        return tuple(node for node in (self.source, self.condition, self.body) if node is not None)


@dataclass(frozen=True, slots=True)
class Tuple(Node):
    """Several values compared as one."""

    parts: tuple[Node, ...]
    type: Type = field(default=Type(TUPLE), compare=False, kw_only=True)

    @property
    def children(self) -> tuple[Node, ...]:
        """The parts."""
        return self.parts


@dataclass(frozen=True, slots=True)
class Call(Node):
    """A function of the table in `functions`, its arguments all values."""

    function: str
    arguments: tuple[Node, ...]

    @property
    def children(self) -> tuple[Node, ...]:
        """The arguments."""
        return self.arguments


@dataclass(frozen=True, slots=True)
class Prefix(Node):
    """`of[:length]`: the first characters of a text."""

    of: Node
    length: int
    type: Type = field(default=TEXT_TYPE, compare=False, kw_only=True)

    @property
    def children(self) -> tuple[Node, ...]:
        """The text."""
        return (self.of,)


@dataclass(frozen=True, slots=True)
class Listed(Node):
    """The value is in a dated code list."""

    of: Node
    name: str

    @property
    def children(self) -> tuple[Node, ...]:
        """The value."""
        return (self.of,)


@dataclass(frozen=True, slots=True)
class Lookup(Node):
    """The value of `column` in the row of `table` that has `key`; a miss is missing.

    `words` say what the column holds, `{key}` standing for the key; for prose only.
    """

    table: str
    key: Node
    column: str
    words: str = field(default="", compare=False)

    @property
    def children(self) -> tuple[Node, ...]:
        """The key."""
        return (self.key,)
