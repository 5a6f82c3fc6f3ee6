"""The messages that examples can be written for, under each schema set: what they are and what they can carry."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path

from casrules.dictionary import Dictionary
from casrules.messages.family import Families, Family, Message, SchemaSet
from casrules.messages.mapping import Mapping, load_mapping
from casrules.messages.message_mapping import MessageMapping
from casrules.messages.schema_tables import SchemaTables, load_tables
from casrules.packs.models import Scope
from casrules.rules import MessageKind
from casrules.tariff import carried_with
from casrules.tariff.serving import direction_of

Names = tuple[str, ...]


@dataclass(frozen=True)
class Carrier:
    """One kind of message under one schema set."""

    kind: MessageKind
    mapping: MessageMapping

    def carries(self, names: Names) -> bool:
        """Whether the message can carry the stored element at these names from the declaration."""
        return ".".join(names) in self.carried

    @cached_property
    def carried(self) -> frozenset[str]:
        """Dotted paths of what a record of the message can hold, with what a tariff says where one can be asked."""
        asked = direction_of(self.kind.flow) is not None
        return carried_with(self.mapping.carried, self.mapping.dictionary) if asked else self.mapping.carried

    @cached_property
    def pairs(self) -> frozenset[tuple[str, str]]:
        """The (entity, element) pairs that can be somewhere in the message."""
        found: set[tuple[str, str]] = set()
        for place in self.mapping.top.walk():
            if place.owner is not None:
                found.add((place.owner.entity, place.owner.name))
            found.update((place.entity, value.element.name) for value in place.values)
            found.update((place.entity, name) for name in place.constants)
        return frozenset(found)

    def __str__(self) -> str:
        """`ncts.CC015C, phase P5`."""
        return f"{self.kind.message}, phase {self.kind.phase}" if self.kind.phase else self.kind.message


@dataclass
class Carriers:
    """All messages of the families below a `schemas` folder; a mapping is read when first needed."""

    folder: Path
    dictionary: Dictionary
    families: Families = field(init=False)
    _made: dict[tuple[str, str], Carrier] = field(default_factory=dict, repr=False)
    _mappings: dict[str, Mapping] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        self.families = Families.load(self.folder / "families")

    def within(self, scope: Scope, message: str | None = None, phase: str | None = None) -> Iterator[Carrier]:
        """The kinds of messages a rule with this scope is for, in the order of the scope, else of the manifests.

        `message` and `phase` keep only those. Complete messages come first; phases in the order of the scope, else of
        the families, the preferred one first.
        """
        wanted = (message,) if message else scope.message
        known = [(family, found) for family in self.families for found in family.messages]
        known.sort(key=lambda pair: _rank(_full_id(*pair), wanted, pair[1]))
        for family, found in known:
            if not wanted or _full_id(family, found) in wanted:
                for schema_set in self._sets(family, found, scope, phase):
                    kind = _kind(family, found, schema_set)
                    if kind.within(scope):
                        yield self._carrier(family, found, schema_set, kind)

    def named(self, message: str) -> bool:
        """Whether there is a message with this full id."""
        return any(_full_id(family, found) == message for family in self.families for found in family.messages)

    @property
    def names(self) -> list[str]:
        """The full ids of all messages."""
        return [_full_id(family, found) for family in self.families for found in family.messages]

    def _sets(self, family: Family, message: Message, scope: Scope, phase: str | None) -> list[SchemaSet]:
        table = message.table or message.id
        having = [
            found
            for found in family.sets
            if (tables := _tables(self.folder / "tables" / found.id))
            and (table in tables.structures or table in tables.roots)
        ]
        phases = (phase,) if phase else scope.phase
        if phases:
            return sorted((s for s in having if s.phase in phases), key=lambda s: phases.index(s.phase))
        return having

    def _carrier(self, family: Family, message: Message, schema_set: SchemaSet, kind: MessageKind) -> Carrier:
        key = (kind.message, schema_set.id)
        if key not in self._made:
            if family.id not in self._mappings:
                self._mappings[family.id] = load_mapping(family.folder, self.dictionary)
            tables = _tables(self.folder / "tables" / schema_set.id)
            self._made[key] = Carrier(kind, self._mappings[family.id].for_message(message, tables))
        return self._made[key]


def _rank(name: str, wanted: tuple[str, ...], message: Message) -> tuple[int, bool]:
    return (wanted.index(name) if name in wanted else len(wanted), not message.complete)


def _full_id(family: Family, message: Message) -> str:
    return f"{family.id}.{message.id}"


def _kind(family: Family, message: Message, schema_set: SchemaSet) -> MessageKind:
    return MessageKind(
        family=family.id,
        message=_full_id(family, message),
        phase=schema_set.phase,
        jurisdiction=family.jurisdiction,
        flow=message.flow or family.flow,
        role=message.role,
        complete=message.complete,
    )


@cache
def _tables(folder: Path) -> SchemaTables:
    return load_tables(folder)
