"""How values are called where a history is a table: the names that rules use, in place of JSON Pointers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache

from casrules.declaration import from_pointer
from casrules.dictionary import Dictionary, Element, shipped_dictionary
from casrules.findings.frozen import Frozen
from casrules.resources import schemas_folder


class Hierarchy(Frozen):
    """A code whose prefixes mean something, at these lengths."""

    field: str
    prefix_levels: tuple[int, ...]


class FieldFacts(Frozen):
    """The facts of `schemas/history/fields.yaml`."""

    importer: str
    declarant: str
    hierarchies: tuple[Hierarchy, ...] = ()


@dataclass(frozen=True, slots=True)
class Slot:
    """Where a value belongs in a table.

    `row` is (house, item), None for the header and houses; `house` the position of the house, None above it. `column`
    is the name; for a value of a list's entry `entry` is its position and `part` the element's name.
    """

    level: str
    column: str
    element: Element | None
    row: tuple[int, int] | None = None
    house: int | None = None
    entry: int | None = None
    part: str = ""
    owner: Element | None = None


@dataclass(frozen=True)
class Naming:
    """Names by the dictionary: `declaration.importer.id`, `consignment.gross_mass`, `item.commodity_code`."""

    dictionary: Dictionary
    facts: FieldFacts
    _known: dict[str, Slot | None] = field(default_factory=dict, repr=False, compare=False)

    @property
    def importer(self) -> str:
        """The pointer of the importer's identification."""
        return "/" + self.facts.importer.replace(".", "/")

    @property
    def declarant(self) -> str:
        """The pointer of the declarant's identification."""
        return "/" + self.facts.declarant.replace(".", "/")

    @property
    def prefix_levels(self) -> Mapping[str, tuple[int, ...]]:
        """The lengths of the prefixes of each hierarchy."""
        return {it.field: it.prefix_levels for it in self.facts.hierarchies}

    def slot(self, pointer: str) -> Slot | None:
        """Where the value at a pointer belongs; None for what a table of items has no place for."""
        if pointer not in self._known:
            self._known[pointer] = self._slot(pointer)
        return self._known[pointer]

    def alert(self, pointer: str) -> tuple[tuple[int, int] | None, str]:
        """The row of an alert and the name of its place."""
        path = from_pointer(pointer)
        row, scope, rest = self._scoped(path)
        return row, ".".join([scope, *(name for name, _ in path[rest:])])

    def _scoped(self, path: tuple[tuple[str, int | None], ...]) -> tuple[tuple[int, int] | None, str, int]:
        """Row, scope and how many steps it takes to get there."""
        root = self.dictionary.entities[self.dictionary.root]
        parts = root.elements["items"].view[0]
        names = tuple(name for name, _ in path)
        indexes = [index for _, index in path[: len(parts)] if index is not None]
        if names[: len(parts)] == parts and len(indexes) == 2:
            return (indexes[0], indexes[1]), root.elements["items"].singular, len(parts)
        if names[:2] == parts[:2] and len(indexes) >= 1:
            return None, self.dictionary.resolve(root.name, parts[:2])[-1].singular, 2
        first = root.elements.get(names[0]) if names else None
        if first is not None and not first.many and first.type == first.name and len(path) > 1:
            return None, first.name, 1
        return None, root.name, 0

    def _slot(self, pointer: str) -> Slot | None:
        path = from_pointer(pointer)
        row, scope, start = self._scoped(path)
        house = path[1][1] if start >= 2 else None
        elements = self._elements(path)
        rest = path[start:]
        lists = [place for place, (_, index) in enumerate(rest) if index is not None]
        if not rest or elements is None or not elements[-1].is_scalar or len(lists) > 1:
            return None
        level = "item" if row else "house" if house is not None else "header"
        names = [scope, *(name for name, _ in rest)]
        if not lists:
            return Slot(level, ".".join(names), elements[-1], row, house)
        if lists[0] != len(rest) - 2:
            return None
        owner = elements[start + lists[0]]
        return Slot(
            level, ".".join(names[:-1]), elements[-1], row, house, rest[lists[0]][1], names[-1], owner
        )  # fmt: skip

    def _elements(self, path: tuple[tuple[str, int | None], ...]) -> list[Element] | None:
        entity, found = self.dictionary.root, []
        for name, _ in path:
            element = self.dictionary.find(entity, name)
            if element is None:
                return None
            found.append(element)
            entity = element.type
        return found


@cache
def shipped_facts() -> FieldFacts:
    """The facts that come with the library, read once."""
    from casrules.packs.yaml_text import read_yaml

    return FieldFacts.model_validate(read_yaml(schemas_folder() / "history" / "fields.yaml").content)


def dictionary_naming() -> Naming:
    """Names by the shipped dictionary, with a memory of its own."""
    return Naming(shipped_dictionary(), shipped_facts())
