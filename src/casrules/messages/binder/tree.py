"""What to do at each XML element: the mapping's rows merged into one tree a function walks once.

A *frame* becomes one function: it is given an entity's element and fills the entity's dict, and those of
entities that share the element (path `.`). A *node* is one element the frame passes on its way down.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import groupby

from casrules.messages.converters import Constant, Converter, Plain
from casrules.messages.message_mapping import EntityAt, ValueAt
from casrules.messages.paths import Condition, Path, Step


@dataclass(frozen=True, slots=True)
class Direct:
    """Store an element's text in dict `target` under `key`, unless something is there already."""

    target: int
    key: str
    converter: Converter

    @property
    def is_text(self) -> bool:
        """Whether the stripped text itself is the value."""
        return self.converter in (Plain("text"), Plain("code"))


@dataclass(frozen=True, slots=True)
class Capture:
    """Keep the first text (or the first element) in the variable `name` until all rows were seen."""

    name: str
    element: bool = False


@dataclass(frozen=True, slots=True)
class Call:
    """Bind the element with another frame: into dict `target` under `key`, or into the variable `name`."""

    frame: Frame
    target: int
    key: str
    many: bool
    name: str = ""


@dataclass(slots=True)
class Branch:
    """A child element of a node: its name, the conditions it must meet, what to do with it."""

    tag: str
    conditions: tuple[Condition, ...]
    node: Node


@dataclass(slots=True)
class Node:
    """What to do with one element."""

    texts: list[Direct | Capture] = field(default_factory=list)
    attributes: list[tuple[str, Direct | Capture]] = field(default_factory=list)
    calls: list[Call] = field(default_factory=list)
    children: list[Branch] = field(default_factory=list)

    def at(self, steps: Iterable[Step]) -> Node:
        """The node at the end of `steps`, made where it is not there yet."""
        node = self
        for step in steps:
            for branch in node.children:
                if (branch.tag, branch.conditions) == (step.name, step.conditions):
                    break
            else:
                branch = Branch(step.name, step.conditions, Node())
                node.children.append(branch)
            node = branch.node
        return node

    def put(self, path: Path, action: Direct | Capture) -> None:
        """Do `action` with the text or the attribute at `path`."""
        node = self.at(path.steps)
        if path.attribute:
            node.attributes.append((path.attribute, action))
        else:
            node.texts.append(action)


@dataclass(frozen=True, slots=True)
class Candidate:
    """One row of several for a value: the variables of its paths and how they are read."""

    names: tuple[str, ...]
    converter: Converter


@dataclass(frozen=True, slots=True)
class ValueEnd:
    """After the walk: the first candidate that gives a value."""

    target: int
    key: str
    candidates: tuple[Candidate, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """One row of several for an entity: a variable, a dict of the frame, or an element and its frame."""

    name: str = ""
    target: int = -1
    frame: Frame | None = None


@dataclass(frozen=True, slots=True)
class EntityEnd:
    """After the walk: lists are joined in row order; of single entities the first one counts."""

    target: int
    key: str
    many: bool
    candidates: tuple[Found, ...]


@dataclass(slots=True, eq=False)
class Frame:
    """One generated function; `constants` holds, dict by dict, what is always there."""

    constants: list[dict[str, object]] = field(default_factory=list)
    root: Node = field(default_factory=Node)
    variables: list[str] = field(default_factory=list)
    ends: list[ValueEnd | EntityEnd] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to look for: the entity's presence is all that counts."""
        root = self.root
        return not (self.ends or root.texts or root.attributes or root.calls or root.children)


@dataclass(slots=True)
class Plan:
    """The frames of a message; `document` captures what is at the document's root into `captured`."""

    top: Frame
    document: Node
    captured: list[str]


def compile_plan(place: EntityAt) -> Plan:
    """Merge all rows below `place` into frames."""
    compiler = _Compiler()
    top = compiler.frame(place)
    return Plan(top, compiler.document, compiler.captured)


class _Compiler:
    def __init__(self) -> None:
        self.document = Node()
        self.captured: list[str] = []

    def frame(self, place: EntityAt) -> Frame:
        frame = Frame()
        self._entity(frame, place)
        return frame

    def _entity(self, frame: Frame, place: EntityAt) -> int:
        """Add an entity that the frame's own element holds; returns the number of its dict."""
        target = len(frame.constants)
        frame.constants.append(dict(place.constants))
        for key, values in groupby(_by_name(place.values), lambda value: value.element.name):
            self._value(frame, target, key, list(values))
        for key, places in groupby(_by_owner(place.below), lambda below: below.names[-1]):
            self._below(frame, target, key, list(places))
        return target

    def _value(self, frame: Frame, target: int, key: str, values: list[ValueAt]) -> None:
        only = values[0]
        if len(values) == 1 and isinstance(only.converter, Constant):
            frame.constants[target][key] = only.converter.value
        elif len(values) == 1 and len(only.paths) == 1 and not only.paths[0].absolute:
            frame.root.put(only.paths[0], Direct(target, key, only.converter))
        else:
            candidates = [
                Candidate(tuple(self._capture(frame, path) for path in value.paths), value.converter)
                for value in values
            ]
            frame.ends.append(ValueEnd(target, key, tuple(candidates)))

    def _capture(self, frame: Frame, path: Path, element: bool = False) -> str:
        if path.absolute:
            name = f"g{len(self.captured)}"
            self.captured.append(name)
            node = self.document
        else:
            name = f"v{len(frame.variables)}"
            frame.variables.append(name)
            node = frame.root
        if element:
            node.at(path.steps).texts.append(Capture(name, element=True))
        else:
            node.put(path, Capture(name))
        return name

    def _below(self, frame: Frame, target: int, key: str, places: list[EntityAt]) -> None:
        only = places[0]
        if len(places) == 1 and not only.path.is_self and not only.path.absolute:
            call = Call(self.frame(only), target, key, only.many)
            frame.root.at(only.path.steps).calls.append(call)
            return
        found = tuple(self._found(frame, target, key, place) for place in places)
        frame.ends.append(EntityEnd(target, key, only.many, found))

    def _found(self, frame: Frame, target: int, key: str, place: EntityAt) -> Found:
        if place.path.is_self:
            return Found(target=self._entity(frame, place))
        if place.path.absolute:
            return Found(name=self._capture(frame, place.path, element=True), frame=self.frame(place))
        name = f"v{len(frame.variables)}"
        frame.variables.append(name)
        frame.root.at(place.path.steps).calls.append(Call(self.frame(place), target, key, place.many, name))
        return Found(name=name)


def _by_name(values: Iterable[ValueAt]) -> list[ValueAt]:
    """Rows of one element side by side, in row order; elements in the order of their first rows."""
    first: dict[str, int] = {}
    for value in values:
        first.setdefault(value.element.name, len(first))
    return sorted(values, key=lambda value: first[value.element.name])


def _by_owner(places: Iterable[EntityAt]) -> list[EntityAt]:
    first: dict[str, int] = {}
    for place in places:
        first.setdefault(place.names[-1], len(first))
    return sorted(places, key=lambda place: first[place.names[-1]])
