"""Writes a whole record as a new message, so that it can be checked against the message's schema."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from lxml import etree

from casrules.findings.pointers import RecordPath
from casrules.messages.binder.runtime import XmlElement
from casrules.messages.converters import Constant
from casrules.messages.element_building import ElementBuilder, in_writing_order
from casrules.messages.fitting import fitting_row
from casrules.messages.message_mapping import EntityAt, MessageMapping, ValueAt
from casrules.messages.paths import Path, qualified_attribute
from casrules.messages.table_paths import TablePaths
from casrules.messages.xml_steps import follow, matching

NO_XML_TEXT = "it holds a character that no XML message may hold"


@dataclass(frozen=True, slots=True)
class Unwritten:
    """A value that the message has no way to hold, and why; `problem` is empty where it has no place for it at all."""

    path: RecordPath
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Held:
    """An entity of the record in the message."""

    place: EntityAt
    path: RecordPath


@dataclass(frozen=True)
class Composed:
    """A record as a message: its tree, what each element holds of the record, and what could not be written.

    `entities` has several entries for an element that several entities share, `values` the value or values that an
    element or its attributes hold. `start` is the element of the declaration.
    """

    tree: etree._ElementTree
    entities: Mapping[XmlElement, Sequence[Held]]
    values: Mapping[XmlElement, Sequence[RecordPath]]
    unwritten: Sequence[Unwritten]
    start: XmlElement
    tables: TablePaths


def compose(record: Mapping[str, Any], mapping: MessageMapping, root: str) -> Composed:
    """The message of `record` with the root element `root` ({namespace}Name); never raises for what the record holds.

    Elements stand in the order of the schema; entities keep the record's order within each mapping row. A value that
    could not be read is written as it was.
    """
    composer = _Composer(mapping, etree.Element(root))
    top = composer.start()
    composer.fill(mapping.top, top, record, ())
    return Composed(
        composer.root.getroottree(), composer.entities, composer.values, composer.unwritten, top, mapping.tables
    )


@dataclass
class NewTree:
    """The changes that an `ElementBuilder` makes, on a tree that has no source."""

    root: XmlElement

    def set_text(self, element: XmlElement, text: str) -> None:
        """Write the text of a leaf."""
        element.text = text

    def set_attribute(self, element: XmlElement, name: str, value: str | None) -> None:
        """Write an attribute."""
        if value is not None:
            element.set(name, value)

    def insert(self, parent: XmlElement, after: XmlElement | None, element: XmlElement) -> None:
        """Add a new element right after a child of `parent`, or as its first child."""
        if after is None:
            parent.insert(0, element)
        else:
            after.addnext(element)

    def remove(self, element: XmlElement) -> None:
        """Remove an element with all that is in it."""
        element.getparent().remove(element)


@dataclass
class _Composer:
    mapping: MessageMapping
    root: XmlElement
    entities: dict[XmlElement, list[Held]] = field(default_factory=dict)
    values: dict[XmlElement, list[RecordPath]] = field(default_factory=dict)
    unwritten: list[Unwritten] = field(default_factory=list)
    builder: ElementBuilder = field(init=False)
    _rows: dict[tuple[int, str], tuple[ValueAt, ...]] = field(default_factory=dict)
    _overlapping: frozenset[int] = field(init=False)
    _taken: set[tuple[int, XmlElement]] = field(default_factory=set)

    def __post_init__(self) -> None:
        self._overlapping = overlapping(self.mapping.top)
        self.builder = ElementBuilder(self.mapping, NewTree(self.root))

    def start(self) -> XmlElement:
        """The element of the declaration."""
        start = self.mapping.start
        return self.builder.value(self.root, self.mapping.tables.root, start) if start.steps else self.root

    def fill(self, place: EntityAt, element: XmlElement, record: Mapping[str, Any], path: RecordPath) -> None:
        """Write an entity's values and what is below it."""
        self.entities.setdefault(element, []).append(Held(place, path))
        self._values(place, element, record, path)
        for name, value in record.items():
            if isinstance(value, list):
                for index, entry in enumerate(value):
                    self._entity(place, element, entry, (*path, (name, index)))
            elif isinstance(value, Mapping):
                self._entity(place, element, value, (*path, (name, None)))

    def _values(self, place: EntityAt, element: XmlElement, record: Mapping[str, Any], path: RecordPath) -> None:
        """Write an entity's own values.

        The end of a text that several values share can be written only once its beginning is there: a second try.
        """
        left = [(name, value) for name, value in record.items() if not isinstance(value, list | Mapping)]
        for is_last in (False, True):
            problems = [(entry, self._value(place, element, entry[1], (*path, (entry[0], None)))) for entry in left]
            left = [entry for entry, problem in problems if problem is not None]
            if is_last:
                found = ((entry[0], problem) for entry, problem in problems if problem is not None)
                self.unwritten += [Unwritten((*path, (name, None)), problem) for name, problem in found]

    def _entity(self, place: EntityAt, element: XmlElement, values: Mapping[str, Any], path: RecordPath) -> None:
        row = fitting_row(place, path[-1][0], values)
        if row is None:
            self.unwritten.append(Unwritten(path))
            return
        base, structure = (self.root, self.mapping.tables.root) if row.path.absolute else (element, place.structure)
        if row.path.is_self and path[-1][1]:
            self.unwritten.append(Unwritten(path, f"the message holds only one {row.owner.label if row.owner else ''}"))
            return
        below = base if row.path.is_self else self._claimed(row, base, values)
        if below is None:
            below = self.builder.entity(base, structure, row)
            self._taken.add((id(row), below))
        self.fill(row, below, values, path)

    def _claimed(self, row: EntityAt, base: XmlElement, values: Mapping[str, Any]) -> XmlElement | None:
        """An element that other rows have made already, and that this entity is read from as well."""
        if id(row) not in self._overlapping:
            return None
        *above, last = row.path.steps
        parent = follow(base, above, self.mapping.namespaces)
        for element in matching(parent, last, self.mapping.namespaces) if parent is not None else ():
            if (id(row), element) not in self._taken and self._agrees(row, element, values):
                self._taken.add((id(row), element))
                return element
        return None

    def _agrees(self, row: EntityAt, element: XmlElement, values: Mapping[str, Any]) -> bool:
        """Whether what is written in an element is what the entity says."""
        for value in row.values:
            if len(value.paths) == 1 and value.paths[0].steps and not value.paths[0].absolute:
                current = self._there(value, 0, element)[1]
                if current is not None:
                    said = values.get(value.element.name)
                    if said is None or value.converter.write(said, (None,)) != (current,):
                        return False
        return True

    def _value(self, place: EntityAt, element: XmlElement, value: Any, path: RecordPath) -> str | None:
        """Write one value; what stands against it, empty where the message has no place for it."""
        if place.constants.get(path[-1][0]) == value:
            return None
        problem = ""
        for row in self._rows_of(place, path[-1][0]):
            try:
                self._write(row, place, element, value, path)
                return None
            except ValueError as error:
                problem = problem or str(error)
        return problem

    def _rows_of(self, place: EntityAt, name: str) -> tuple[ValueAt, ...]:
        key = (id(place), name)
        if key not in self._rows:
            self._rows[key] = tuple(row for row in place.values if row.element.name == name)
        return self._rows[key]

    def _write(self, row: ValueAt, place: EntityAt, element: XmlElement, value: Any, path: RecordPath) -> None:
        if isinstance(row.converter, Constant):
            row.converter.write(value, ())
            return
        found = [self._there(row, at, element) for at in range(len(row.paths))]
        texts = row.converter.write(value, tuple(text for _, text in found))
        for at in in_writing_order(row.paths):
            xml_path, text = row.paths[at], texts[at]
            if text is None or text == found[at][1]:
                continue
            base, structure = (self.root, self.mapping.tables.root) if xml_path.absolute else (element, place.structure)
            self._put(self.builder.value(base, structure, xml_path), text, path)

    def _there(self, row: ValueAt, at: int, element: XmlElement) -> tuple[Any, str | None]:
        """What is at one path of a row already: other values may share the element."""
        path = row.paths[at]
        found = follow(self.root if path.absolute else element, path.steps, self.mapping.namespaces)
        if found is None:
            return None, None
        if path.attribute:
            return found, found.get(qualified_attribute(path.attribute, self.mapping.namespaces))
        return found, found.text or None

    def _put(self, target: Any, text: str, path: RecordPath) -> None:
        element, attribute = target if isinstance(target, tuple) else (target, None)
        self.values.setdefault(element, []).append(path)
        try:
            if attribute is None:
                element.text = text
            else:
                element.set(attribute, text)
        except (ValueError, UnicodeEncodeError):
            self.unwritten.append(Unwritten(path, NO_XML_TEXT))


def overlapping(top: EntityAt) -> frozenset[int]:
    """The rows (by id) of entities whose elements other rows read as well: one element, two names in the record."""
    found: set[int] = set()
    for place in top.walk():
        group = list(_at_one_element(place))
        rows = [row for one in group for row in one.below if row.path.steps and not row.path.absolute]
        routes = [(id(row), _locals(row.path)) for row in rows]
        routes += [(0, _locals(path)) for one in group for value in one.values for path in value.paths]
        for row in rows:
            own = _locals(row.path)
            if any(other != id(row) and names[: len(own)] == own for other, names in routes):
                found.add(id(row))
    return frozenset(found)


def _at_one_element(place: EntityAt) -> Iterator[EntityAt]:
    yield place
    for below in place.below:
        if below.path.is_self:
            yield from _at_one_element(below)


def _locals(path: Path) -> tuple[str, ...]:
    return tuple(step.local for step in path.steps)
