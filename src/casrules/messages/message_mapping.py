"""The mapping of one message: which dictionary elements it can carry, and where each is in the XML."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from casrules.dictionary import Dictionary, Element
from casrules.findings.pointers import RecordPath
from casrules.messages.converters import Constant, Converter
from casrules.messages.paths import Path
from casrules.messages.table_paths import TablePaths

if TYPE_CHECKING:
    from casrules.messages.mapping import Row

Names = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ValueAt:
    """A value of an entity at one place; `names` are the dictionary names from the declaration."""

    element: Element
    names: Names
    paths: tuple[Path, ...]
    converter: Converter


@dataclass(frozen=True, slots=True, eq=False)
class EntityAt:
    """An entity at one place of the message, with what is below it there, in row order.

    `path` leads from the parent's element, `structure` is its row in the tables, `constants` are values that
    the place alone gives (a document's kind and level).
    """

    entity: str
    owner: Element | None
    names: Names
    path: Path
    structure: str
    values: tuple[ValueAt, ...]
    below: tuple[EntityAt, ...]
    constants: Mapping[str, str]

    @property
    def many(self) -> bool:
        """Whether it is one of a list."""
        return self.owner is not None and self.owner.many

    def walk(self) -> Iterator[EntityAt]:
        """This place and all below it."""
        yield self
        for place in self.below:
            yield from place.walk()


@dataclass(frozen=True, eq=False)
class MessageMapping:
    """What one message carries and where. Share it freely between threads; `binders` keeps what `binder_for` made."""

    message: str
    dictionary: Dictionary
    namespaces: Mapping[str, str]
    start: Path
    top: EntityAt
    tables: TablePaths
    rows: Sequence[Row]
    binders: dict[object, Any] = field(default_factory=dict, repr=False)

    @cached_property
    def carried(self) -> frozenset[str]:
        """Dotted dictionary paths of all stored values and entities the message can carry."""
        found: set[str] = set()
        for place in self.top.walk():
            found.add(".".join(place.names))
            found.update(".".join(value.names) for value in place.values)
            found.update(".".join((*place.names, name)) for name in place.constants)
        return frozenset(found - {""})

    def carries(self, path: str) -> bool:
        """Whether the message can carry the element at a dotted path from the declaration.

        A view (`items.gross_mass`, `consignment.documents.type`) is carried where one of its parts is.
        """
        return any(stored in self.carried for stored in self.stored_paths(path))

    def stored_paths(self, path: str) -> tuple[str, ...]:
        """The stored paths a dotted path stands for: itself, or the parts of the views on its way.

        Raises DictionaryError for an unknown name.
        """
        names = path.split(".")
        if names[0] == self.dictionary.root:
            names = names[1:]
        ways: list[tuple[Names, str]] = [((), self.dictionary.root)]
        for name in names:
            ways = [way for above, entity in ways for way in self._step(above, entity, name)]
        return tuple(dict.fromkeys(".".join(way) for way, _ in ways))

    def _step(self, above: Names, entity: str, name: str) -> Iterator[tuple[Names, str]]:
        element = self.dictionary.element(entity, name)
        if not element.view:
            yield (*above, name), element.type
            return
        for part in element.view:
            yield (*above, *part), element.type

    @cached_property
    def _places(self) -> dict[Names, list[tuple[EntityAt, ...]]]:
        """Dictionary names → the ways (entity after entity) on which they are bound, in row order."""
        found: dict[Names, list[tuple[EntityAt, ...]]] = {}

        def visit(way: tuple[EntityAt, ...]) -> None:
            found.setdefault(way[-1].names, []).append(way)
            for place in way[-1].below:
                visit((*way, place))

        visit((self.top,))
        return found

    def ways_to(self, names: Names) -> Sequence[tuple[EntityAt, ...]]:
        """The ways on which the entity at dictionary `names` is bound; empty where it cannot be carried."""
        return self._places.get(names, ())

    def values_at(self, names: Names) -> Iterator[ValueAt]:
        """The rows of the value at dictionary `names`, in row order."""
        for way in self.ways_to(names[:-1]):
            yield from (value for value in way[-1].values if value.names == names)

    def xml_name(self, path: RecordPath) -> str | None:
        """The XML path, without prefixes and positions, of a record path; None if it cannot be carried.

        `Consignment/HouseConsignment/ConsignmentItem/Commodity/GoodsMeasure/grossMass`
        """
        names = tuple(name for name, _ in path)
        for way in self.ways_to(names):
            return _joined(place.path for place in way)
        for way in self.ways_to(names[:-1]):
            for value in way[-1].values:
                if value.names == names and not isinstance(value.converter, Constant):
                    return _joined((*(place.path for place in way), value.paths[0]))
        return None

    def label(self, xml_path: str) -> str | None:
        """The dictionary's label of the element at an XML path (as `xml_name` gives it), or None."""
        return self._labels.get(xml_path)

    def names_at(self, xml_path: str) -> tuple[Names, ...]:
        """The dictionary names of what may be bound at an XML path (as `xml_name` gives it); conditions tell.

        What is below another of them at the same element is left out. An element that is bound only by what is in it
        has the names of the entity that all of it belongs to.
        """
        found = self._named.get(xml_path) or self._classes.get(xml_path) or ()
        return tuple(names for names in found if not any(names[: len(up)] == up for up in found if up != names))

    @cached_property
    def _named(self) -> dict[str, list[Names]]:
        found: dict[str, list[Names]] = {}
        for names, ways in self._places.items():
            for way in ways:
                above = tuple(place.path for place in way)
                found.setdefault(_joined(above), []).append(names)
                for value in way[-1].values:
                    for path in value.paths:
                        found.setdefault(_joined((*above, path)), []).append(value.names)
        return {path: list(dict.fromkeys(several)) for path, several in found.items()}

    @cached_property
    def _classes(self) -> dict[str, list[Names]]:
        """XML path of an element that is not bound itself → the entity that what is in it belongs to."""
        within: dict[str, dict[Names, None]] = {}
        for path, several in self._named.items():
            above = path.rpartition("/")[0]
            while above:
                within.setdefault(above, {}).update(dict.fromkeys(names[:-1] for names in several))
                above = above.rpartition("/")[0]
        bound = {names: path for path, several in self._named.items() for names in several if path}
        found = {path: _innermost(tuple(owners)) for path, owners in within.items() if path not in self._named}
        return {
            path: [names]
            for path, names in found.items()
            if names and not path.startswith(f"{bound.get(names, path)}/")
        }

    @cached_property
    def _labels(self) -> dict[str, str]:
        found: dict[str, str] = {}
        for ways in self._places.values():
            for way in ways:
                above = tuple(place.path for place in way)
                if way[-1].owner is not None and not way[-1].path.is_self:
                    found.setdefault(_joined(above), self._called(way[-1].owner))
                for value in way[-1].values:
                    for path in value.paths:
                        found.setdefault(_joined((*above, path)), value.element.label)
        return found

    def _called(self, owner: Element) -> str:
        """What one entry is called: "goods item", "supporting document"; the label itself where there is only one."""
        if not owner.many:
            return owner.label
        named = owner.singular and owner.singular != owner.type
        return owner.singular.replace("_", " ") if named else self.dictionary.entities[owner.type].label


def _joined(paths: Iterable[Path]) -> str:
    parts: list[str] = []
    for path in paths:
        if path.absolute:
            parts.clear()
        parts.append(path.names)
    return "/".join(filter(None, parts))


def _innermost(owners: Sequence[Names]) -> Names:
    """The owner that lies inside all others, where there is one; else what all have in common."""
    deepest = max(owners, key=len)
    if all(deepest[: len(owner)] == owner for owner in owners):
        return deepest
    alike = 0
    while all(len(owner) > alike and owner[alike] == deepest[alike] for owner in owners):
        alike += 1
    return deepest[:alike]
