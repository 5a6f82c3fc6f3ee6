"""Where a value of the record is in the XML source: XPath, line, text; computed only when a finding asks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from casrules.findings.pointers import RecordPath
from casrules.messages.binder.runtime import XmlElement, whole_text
from casrules.messages.binding import binder_for, values_binder
from casrules.messages.locating import Places
from casrules.messages.message_mapping import EntityAt, MessageMapping, ValueAt
from casrules.messages.paths import Path, Step
from casrules.messages.xml_steps import matching


@dataclass(frozen=True, slots=True)
class Origin:
    """One place in the source.

    `xpath` resolves in the source with `Origins.namespaces`; `text` is the raw text there. Where the value is
    absent, the place is the nearest element that is there, and `missing` the XML path from it:
    `GoodsMeasure/grossMass`. A value that is written in several elements is at the first of them; `others` are the
    rest.
    """

    xpath: str
    line: int | None
    text: str | None = None
    missing: str | None = None
    others: tuple[Origin, ...] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """An entity's place and element, and the rest of a record path that was not found below it."""

    place: EntityAt
    element: XmlElement
    rest: RecordPath


class Origins:
    """The origins of one message. `source`, its bytes as UTF-8, makes lines exact beyond 65,535.

    `places` writes the XPaths; by default with the prefixes of the mapping and of the tables.
    """

    def __init__(
        self,
        tree: XmlElement,
        mapping: MessageMapping,
        source: bytes = b"",
        *,
        any_namespace: bool = False,
        places: Places | None = None,
    ) -> None:
        tree = tree if hasattr(tree, "getroot") else tree.getroottree()
        self._root = tree.getroot()
        self._mapping = mapping
        self._any_namespace = any_namespace
        self._places = places or Places(tree, source, _prefixes(mapping))
        self._skeletons: dict[tuple[str, ...], dict[Any, Any]] = {}

    def locate(self, path: RecordPath) -> Origin:
        """The place of a value or an entity of the record, or the nearest place where it is missing.

        Raises DictionaryError for a path with unknown names.
        """
        found = self._entity(path)
        if found is None:
            return self._at(self._root, missing=self._mapping.start.names)
        if not found.rest:
            return self._at(found.element)
        name = found.rest[0][0]
        if len(found.rest) == 1:
            origin = self._values(found).get(name)
            if origin is not None:
                return self._value(origin)
            if name in found.place.constants or self._is_constant(found.place, name):
                return self._at(found.element)
        return self._missing(found)

    @property
    def root(self) -> XmlElement:
        """The root element of the message."""
        return self._root

    @property
    def places(self) -> Places:
        """What writes the XPaths."""
        return self._places

    @property
    def namespaces(self) -> Mapping[str, str]:
        """The prefixes that XPaths use, complete for all that was located so far."""
        return self._places.namespaces

    def path_to(self, xpath: str) -> tuple[RecordPath, bool]:
        """The record path of what is bound at an XPath, and whether it is bound just there.

        Where nothing is bound at the element itself, the path of the nearest element above that is bound.
        """
        return self.path_of(self._places.find(xpath.partition("/@")[0]))

    def path_of(self, element: XmlElement | None) -> tuple[RecordPath, bool]:
        """The same for an element of the message."""
        found, exact = element, True
        while found is not None:
            path = self._paths.get(found)
            if path is not None:
                return path, exact
            found, exact = found.getparent(), False
        return (), False

    @cached_property
    def _paths(self) -> dict[XmlElement, RecordPath]:
        """Element → the record path of the value or entity it was bound to, for the whole message."""
        found: dict[XmlElement, RecordPath] = {}
        waiting: list[tuple[RecordPath, dict[Any, Any]]] = [((), binder_for(self._mapping).trace(self._root)[1])]
        while waiting:
            path, entity = waiting.pop()
            if None in entity:
                found.setdefault(entity[None], path)
            for name, origin in entity.items():
                if name is not None:
                    waiting += _bound_below(path, name, origin, found)
        return found

    def _entity(self, path: RecordPath) -> Found | None:
        """How far a record path leads through entities that are there; None without a declaration."""
        dictionary = self._mapping.dictionary
        elements = dictionary.resolve(dictionary.root, [name for name, _ in path])
        names = tuple(element.name for element in elements if not element.is_scalar)
        origins = self._skeleton(names)
        if not origins:
            return None
        place = self._mapping.top
        for at, (name, index) in enumerate(path[: len(names)]):
            below = origins.get(name)
            if index is not None and isinstance(below, list):
                below = below[index] if index < len(below) else None
            if not isinstance(below, dict):
                return Found(place, origins[None], path[at:])
            place = place_below(self._mapping, place, name, origins[None], below[None])
            origins = below
        return Found(place, origins[None], path[len(names) :])

    def _skeleton(self, names: tuple[str, ...]) -> dict[Any, Any]:
        """The origins of the entities on one way, without their values: all else would cost time and memory."""
        tree = self._skeletons.get(names)
        if tree is None:
            needed = [".".join(names)] if names else []
            binder = binder_for(self._mapping, needed, any_namespace=self._any_namespace)
            tree = self._skeletons[names] = binder.trace(self._root)[1]
        return tree

    def _values(self, found: Found) -> dict[Any, Any]:
        """The origins of the values of one entity."""
        binder = values_binder(self._mapping, found.place, any_namespace=self._any_namespace)
        return binder.trace(self._root, found.element)[1]

    def _at(self, element: XmlElement, text: str | None = None, missing: str | None = None) -> Origin:
        return Origin(self._places.xpath(element), self._places.line(element), text, missing)

    def _value(self, origin: Any) -> Origin:
        if isinstance(origin, list):
            first, *others = (self._value(piece) for piece in origin if piece is not None)
            return replace(first, others=tuple(others))
        if isinstance(origin, tuple):
            element, attribute = origin
            xpath = f"{self._places.xpath(element)}/@{self._places.name(attribute)}"
            return Origin(xpath, self._places.line(element), element.get(attribute))
        return self._at(origin, text=(whole_text(origin) or ""))

    def _missing(self, found: Found) -> Origin:
        """The nearest element that is there on the way to a value, and the way on from it."""
        element, place = found.element, found.place
        steps: list[Step] = []
        sure: int | None = None
        attribute = ""
        for at, (name, _) in enumerate(found.rest):
            row = _row(place, name)
            if row is None:
                unmapped = [step.local for step in steps] + [name for name, _ in found.rest[at:]]
                return self._at(element, missing="/".join(unmapped))
            path = row.paths[0] if isinstance(row, ValueAt) else row.path
            if path.absolute:
                element, steps = self._root, []
            steps += path.steps
            attribute = path.attribute
            if isinstance(row, EntityAt):
                place = row
                sure = len(steps) - 1 if row.many and sure is None else sure
        sure = len(steps) - (not attribute) if sure is None else sure
        while sure > 0:
            below = next(matching(element, steps[0], self._mapping.namespaces, self._any_namespace), None)
            if below is None:
                break
            element, sure = below, sure - 1
            steps.pop(0)
        if not steps and not attribute:
            steps = _first_within(place)
        rest = [_described(str(step)) for step in steps] + ([f"@{attribute}"] if attribute else [])
        return self._at(element, missing="/".join(rest) or found.rest[-1][0])

    def _is_constant(self, place: EntityAt, name: str) -> bool:
        return any(value.element.name == name and not value.paths for value in place.values)


def _bound_below(
    path: RecordPath, name: str, origin: Any, found: dict[XmlElement, RecordPath]
) -> list[tuple[RecordPath, dict[Any, Any]]]:
    """Notes the elements of one value; gives the entities to go on with."""
    if isinstance(origin, dict):
        return [((*path, (name, None)), origin)]
    if isinstance(origin, list) and any(isinstance(entry, dict) for entry in origin):
        return [((*path, (name, index)), entry) for index, entry in enumerate(origin)]
    for piece in origin if isinstance(origin, list) else [origin]:
        element = piece[0] if isinstance(piece, tuple) else piece
        if element is not None:
            found.setdefault(element, (*path, (name, None)))
    return []


def place_below(
    mapping: MessageMapping, place: EntityAt, name: str, element: XmlElement, below: XmlElement
) -> EntityAt:
    """Which of a place's rows for the entity `name` has bound the element `below`."""
    rows = [row for row in place.below if row.names[-1] == name]
    for row in rows[:-1]:
        if row.path.is_self:
            if below is element:
                return row
        elif not row.path.absolute and below in _all(element, row.path, mapping):
            return row
    return rows[-1]


def _all(element: XmlElement, path: Path, mapping: MessageMapping) -> Sequence[XmlElement]:
    level = [element]
    for step in path.steps:
        level = [child for parent in level for child in matching(parent, step, mapping.namespaces)]
    return level


def _row(place: EntityAt, name: str) -> ValueAt | EntityAt | None:
    """The first row of a place for a value or an entity."""
    values = (value for value in place.values if value.element.name == name and value.paths)
    return next(values, None) or next((below for below in place.below if below.names[-1] == name), None)


def _first_within(place: EntityAt) -> list[Step]:
    """The way to the first list in an entity without an element of its own: what would have to be there."""
    ways = (below.path for below in place.below if below.many and not below.path.absolute)
    return list(next((path.steps for path in ways if path.steps), ()))


def _prefixes(mapping: MessageMapping) -> dict[str, str]:
    found = {prefix: uri for prefix, uri in mapping.namespaces.items() if prefix}
    for prefix, uri in mapping.tables.tables.namespaces.items():
        if uri not in found.values():
            found.setdefault(prefix, uri)
    return found


def _described(step: str) -> str:
    """A step for people: without its prefix."""
    name, bracket, conditions = step.partition("[")
    return name.rpartition(":")[2] + bracket + conditions
