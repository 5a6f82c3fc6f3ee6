"""The model of the dictionary: entities, their elements, and the ways from the declaration to each of them."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from casrules.errors import DictionaryError

SCALAR_TYPES = ("code", "text", "decimal", "integer", "date", "datetime", "flag")
ROOT = "declaration"
SERVED = ("tariff_requirements", "tariff_known")
"""Elements of an item that a given tariff fills in; no message has a place for them."""


@dataclass(frozen=True, slots=True)
class Element:
    """One data element of an entity: a scalar, a single entity, or a list of entities.

    `number` is the EUCDM number ("18 04 001 000"), `old_number` the one of the 2016 Annex B ("6/5"); a `*` group in
    `number` takes the group of the element that leads here. `unit` is "kg", "EUR" or empty. `privacy` is none,
    business or personal. `view` is empty for stored elements; else the paths whose lists it joins.
    """

    entity: str
    name: str
    type: str
    many: bool = False
    unit: str = ""
    number: str = ""
    old_number: str = ""
    label: str = ""
    privacy: str = "none"
    singular: str = ""
    kind: str = ""
    view: tuple[tuple[str, ...], ...] = ()

    @property
    def is_scalar(self) -> bool:
        """True for a value, False for an entity or a list of entities."""
        return self.type in SCALAR_TYPES

    def numbered(self, parents: Sequence[Element] = ()) -> str:
        """The EUCDM number, its `*` groups filled from the nearest numbered parent (outermost first)."""
        groups = self.number.split()
        for parent in reversed(parents):
            if "*" not in groups:
                break
            if parent.number:
                groups = [
                    own if own != "*" else above for own, above in zip(groups, parent.number.split(), strict=False)
                ]
        return "" if "*" in groups else " ".join(groups)


@dataclass(frozen=True, slots=True)
class Entity:
    """A group of data elements; `keys` name its business key, in order."""

    name: str
    label: str
    keys: tuple[str, ...]
    number: str
    elements: Mapping[str, Element]


@dataclass(frozen=True, slots=True)
class Step:
    """One move down the tree, through a stored element that holds an entity or a list of entities."""

    element: Element

    @property
    def name(self) -> str:
        """The element's name in the record."""
        return self.element.name

    @property
    def scope_names(self) -> tuple[str, ...]:
        """The names by which rules may call what this step reaches."""
        element = self.element
        names = (element.singular or element.name, element.type)
        return names if names[0] != names[1] else names[:1]


@dataclass(frozen=True)
class Chain:
    """A way from the declaration down to one kind of entity, by stored elements only."""

    steps: tuple[Step, ...]

    @cached_property
    def scopes(self) -> dict[str, int]:
        """Scope name → how many steps down it is reached; the deepest wins. `declaration` is 0."""
        found = {ROOT: 0}
        for depth, step in enumerate(self.steps, 1):
            found.update(dict.fromkeys(step.scope_names, depth))
        return found

    @property
    def entity(self) -> str:
        """The entity at the end of the chain."""
        return self.steps[-1].element.type if self.steps else ROOT

    @property
    def path(self) -> str:
        """Dotted names: `consignment.houses.items`."""
        return ".".join(step.name for step in self.steps)


@dataclass(frozen=True)
class Dictionary:
    """All entities by name. Immutable; share it freely between threads."""

    entities: Mapping[str, Entity]
    root: str = ROOT
    _chains: dict[str, tuple[Chain, ...]] = field(default_factory=dict, repr=False, compare=False)

    def element(self, entity: str, name: str) -> Element:
        """The element `name` of `entity`; raises DictionaryError with the nearest known name."""
        found = self.find(entity, name)
        if found is None:
            near = self.nearest(entity, name)
            hint = f"did you mean {near}?" if near else f"known: {', '.join(sorted(self.entities[entity].elements))}"
            raise DictionaryError(f"{entity} has no element {name!r}", remedy=hint)
        return found

    def find(self, entity: str, name: str) -> Element | None:
        """The element, or None where the entity or the element is unknown."""
        owner = self.entities.get(entity)
        return owner.elements.get(name) if owner else None

    def nearest(self, entity: str, name: str) -> str | None:
        """The known element of `entity` whose name is closest to `name`."""
        near = difflib.get_close_matches(name, self.entities[entity].elements, n=1, cutoff=0.5)
        return near[0] if near else None

    def resolve(self, entity: str, names: Sequence[str]) -> tuple[Element, ...]:
        """The elements along `names` from `entity`; all but the last must be entities."""
        found: list[Element] = []
        for name in names:
            element = self.element(entity, name)
            found.append(element)
            entity = element.type
            if element.is_scalar and len(found) < len(names):
                raise DictionaryError(f"{element.name} is a value and has no element {names[len(found)]!r}")
        return tuple(found)

    def chains_to(self, target: str) -> tuple[Chain, ...]:
        """Every way from the declaration to entities that rules call `target` (a singular or an entity name)."""
        if target not in self._chains:
            if target == self.root:
                self._chains[target] = (Chain(()),)
            else:
                self._chains[target] = tuple(c for c in self.all_chains if target in c.steps[-1].scope_names)
        return self._chains[target]

    @cached_property
    def all_chains(self) -> tuple[Chain, ...]:
        """Every way down the tree of stored entities, outermost first."""
        return tuple(Chain(steps) for steps in self._walk(self.root, ()))

    def _walk(self, entity: str, above: tuple[Step, ...]) -> Iterator[tuple[Step, ...]]:
        for element in self.entities[entity].elements.values():
            if element.is_scalar or element.view or any(step.element is element for step in above):
                continue
            steps = (*above, Step(element))
            yield steps
            yield from self._walk(element.type, steps)

    @cached_property
    def scope_names(self) -> frozenset[str]:
        """All names that `for:` accepts."""
        return frozenset({self.root, *(name for chain in self.all_chains for name in chain.steps[-1].scope_names)})
