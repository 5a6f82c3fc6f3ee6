"""The loop nest of a plan: every entity is visited once, whoever asks for it, and its values are read once."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from casrules.language.compiled import code
from casrules.language.tree import Hop

Names = tuple[str, ...]
Key = tuple[object, ...]
EMPTY = "EMPTY"
"""The name, in generated code, of a dict that stands for an entity that is not there."""


@dataclass(slots=True, eq=False)
class Read:
    """A value taken from an entity: a local variable where it is used twice or more, else written in its place."""

    variable: str
    expression: ast.expr


@dataclass(slots=True, eq=False)
class Stage:
    """Loops that run one after the other, with what they fill: variables set up before, results settled after."""

    loops: dict[Key, Loop] = field(default_factory=dict)
    before: list[ast.stmt] = field(default_factory=list)
    after: list[ast.stmt] = field(default_factory=list)
    results: dict[Key, str] = field(default_factory=dict)


@dataclass(slots=True, eq=False)
class Loop:
    """One entity, or each element of a list, with everything that happens for it.

    `home` is the loop it stands in, `source` what it runs over or, where not `many`, the one entity. `stages` are
    the inner loops by stage, the highest first: what a later stage or the conditions of this loop need is ready by
    then. `hosted` are the statements by which quantifiers gather; the last of all are the rules of this entity.
    A loop over an index knows its name. `plain` are the variables that hold texts, numbers and the like.
    """

    number: int
    home: Loop | None
    source: ast.expr | None
    many: bool
    route: Names | None
    pieces: bool = False
    index: bool = False
    index_name: str = ""
    plain: set[str] = field(default_factory=set)
    reads: dict[Key, Read] = field(default_factory=dict)
    stages: dict[int, Stage] = field(default_factory=dict)
    hosted: list[Hosted] = field(default_factory=list)
    rules: list[Any] = field(default_factory=list)

    @property
    def variable(self) -> str:
        """The variable that holds the entity."""
        return f"e{self.number}" if self.home is not None else "record"

    @property
    def position(self) -> str:
        """The variable that counts the elements."""
        return f"n{self.number}"

    @property
    def depth(self) -> int:
        """How many loops are around it."""
        return 0 if self.home is None else self.home.depth + 1

    @property
    def around(self) -> Iterator[Loop]:
        """The loop and those it stands in, innermost first."""
        yield self
        if self.home is not None:
            yield from self.home.around

    def stage(self, number: int) -> Stage:
        """The inner loops of one stage."""
        return self.stages.setdefault(number, Stage())

    def scalar(self, names: Names) -> ast.Name:
        """The text, number or the like at `names`, None where it is missing."""
        value = self.value(names)
        self.plain.add(value.id)
        return value

    def value(self, names: Names) -> ast.Name:
        """The value at `names`, None where it is missing."""
        return self._mention(("value", names), lambda: code.method(self.entity(names[:-1]), "get", _text(names[-1])))

    def items(self, names: Names) -> ast.Name:
        """The list at `names`, empty where it is missing."""
        return self._mention(
            ("list", names),
            lambda: code.method(self.entity(names[:-1]), "get", _text(names[-1]), code.EMPTY_TUPLE),
        )

    def joined(self, parts: tuple[Names, ...]) -> ast.expr:
        """The elements of all lists at `parts`, one after the other."""
        if len(parts) == 1 and len(parts[0]) == 1:
            return self.items(parts[0])
        return self._mention(("joined", parts), lambda: _spread(self._part(part) for part in parts))

    def _part(self, part: Names) -> ast.expr:
        if len(part) == 1:
            return self.items(part)
        names = ast.Tuple([_text(one) for one in part], ast.Load())
        return code.call("flattened", code.name(self.variable), names)

    def prefix(self, names: Names, length: int) -> ast.Name:
        """The first characters of the text at `names`, None where it is missing."""
        found = self._mention(
            ("prefix", names, length), lambda: _prefix(self.scalar(names), self.scalar(names), length)
        )
        self.plain.add(found.id)
        return found

    def lookup(self, names: Names, table: str, column: str, rows: ast.expr) -> ast.Name:
        """What `rows`, a column of a table, have for the text at `names`, None where that is missing."""
        key = ("lookup", names, table, column)
        found = self._mention(key, lambda: code.method(rows, "get", self.scalar(names)))
        self.plain.add(found.id)
        return found

    def entity(self, names: Names) -> ast.expr:
        """The single entity at `names`, an empty one where it is missing."""
        if not names:
            return code.name(self.variable)
        return self._mention(
            ("entity", names),
            lambda: code.method(self.entity(names[:-1]), "get", _text(names[-1]), code.name(EMPTY)),
        )

    def _mention(self, key: Key, make: Callable[[], ast.expr]) -> ast.Name:
        read = self.reads.get(key)
        if read is None:
            # what the expression mentions is read before it, as it comes first in the dict
            expression = make()
            read = self.reads[key] = Read(f"v{self.number}_{len(self.reads)}", expression)
        return code.name(read.variable)


@dataclass(slots=True, eq=False)
class Hosted:
    """What a quantifier does for each element; `stop` where the loop can end once `test` has held."""

    body: list[ast.stmt]
    test: ast.expr | None = None


def _text(value: str) -> ast.Constant:
    return ast.Constant(value)


def _prefix(known: ast.expr, text: ast.expr, length: int) -> ast.expr:
    sliced = ast.Subscript(text, ast.Slice(None, ast.Constant(length), None), ast.Load())
    return code.choice(code.is_known(known), sliced, code.NONE)


@dataclass(slots=True)
class Nest:
    """Makes the loops; `carried` leaves out what the message cannot carry."""

    carried: Callable[[Names], bool] | None
    count: int = 0
    root: Loop = field(init=False)

    def __post_init__(self) -> None:
        self.root = Loop(0, None, None, many=False, route=())

    def below(self, stage: Stage, home: Loop, origin: Loop, hops: tuple[Hop, ...]) -> Loop:
        """The loop that `hops` lead to from `origin`, standing in `home` at `stage`; made where it is not there yet."""
        for hop in hops:
            key = (origin.number, hop)
            if key not in stage.loops:
                stage.loops[key] = self._loop(home, origin, hop)
            home = origin = stage.loops[key]
            stage = home.stage(0)
        return home

    def over(self, stage: Stage, home: Loop, key: Key, source: ast.expr, *, index: str, pieces: bool) -> Loop:
        """A loop over lists that the plan itself has made (an index)."""
        if key not in stage.loops:
            self.count += 1
            stage.loops[key] = Loop(self.count, home, source, True, None, pieces, index_name=index)
        return stage.loops[key]

    def _loop(self, home: Loop, origin: Loop, hop: Hop) -> Loop:
        self.count += 1
        parts = hop.parts
        if len(parts) > 1 and self.carried is not None and origin.route is not None:
            parts = tuple(part for part in parts if self.carried((*origin.route, *part)))
        route = (*origin.route, *parts[0]) if origin.route is not None and len(parts) == 1 else None
        return Loop(self.count, home, _source(origin, parts, many=hop.many), many=hop.many, route=route)


def _source(origin: Loop, parts: tuple[Names, ...], *, many: bool) -> ast.expr:
    if not many:
        return origin.value(parts[0])
    return origin.joined(parts)


def _spread(lists: Iterable[ast.expr]) -> ast.expr:
    return ast.List([ast.Starred(part, ast.Load()) for part in lists], ast.Load())
