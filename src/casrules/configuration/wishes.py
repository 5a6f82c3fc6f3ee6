"""What one configuration rule wants of one place of the declaration."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from casrules.configuration.loading import ASK
from casrules.configuration.state import State
from casrules.declaration import (
    AddEntity,
    Edit,
    Invalid,
    Record,
    RecordPath,
    RemoveEntity,
    RemoveValue,
    SetValue,
    write_value,
)
from casrules.declaration.edits import checked, element_at, typed
from casrules.errors import UsageError
from casrules.findings import Edit as Proposed
from casrules.findings import Fix, from_pointer
from casrules.findings import edits as proposed
from casrules.packs import PackedConfiguration

PLACED = frozenset({"kind", "level"})
"""What the place of an entity says anyway."""


@dataclass(frozen=True, slots=True)
class Wish:
    """A rule wants `value` (None: nothing) at the place called `name`; `edit` is None where it is so already."""

    rule: PackedConfiguration
    name: str
    value: Any
    path: RecordPath
    edit: Edit | None = None
    single: bool = False

    @property
    def rank(self) -> int:
        """1 is strongest."""
        return self.rule.written.head.rank

    @property
    def adds_single(self) -> bool:
        """Whether it adds an entity that is no entry of a list."""
        return isinstance(self.edit, AddEntity) and self.single


def wishes(rule: PackedConfiguration, fix: Fix, state: State) -> Iterator[Wish]:
    """What `fix`, the rule's edits for one entity, wants of the declaration as it is now."""
    for edit in fix.edits:
        path = from_pointer(edit.target.record)
        match edit:
            case proposed.AddEntity():
                yield from _added(rule, edit, path, state)
            case proposed.RemoveEntity():
                yield _removed(rule, path, state)
            case proposed.DefaultValue():
                if state.at(path) is None:
                    yield _written(rule, edit.value, path, state)
            case proposed.SetValue():
                yield _written(rule, edit.value, path, state)
            case proposed.CopyValue():
                yield _written(rule, _copied(state.at(from_pointer(edit.source.record))), path, state)


def is_open(edit: Proposed) -> bool:
    """Whether a person must give a value before the edit can be made."""
    if isinstance(edit, proposed.AddEntity):
        return any(field.value == ASK for field in edit.fields)
    return isinstance(edit, proposed.SetValue | proposed.DefaultValue) and edit.value == ASK


def _copied(value: Any) -> str:
    """A value as text, to be read as its new place's type."""
    if value is None or isinstance(value, Invalid | dict | list):
        raise UsageError("the value to copy is missing or cannot be read")
    return write_value(value)


def _written(rule: PackedConfiguration, value: Any, path: RecordPath, state: State) -> Wish:
    if value != ASK:
        value = typed(element_at(path, state.dictionary), value)
    same = state.at(path) == value and type(state.at(path)) is type(value)
    there = same or (value == ASK and state.at(path) is not None)
    return Wish(rule, state.name(path), value, path, None if there else SetValue(path, value))


def _removed(rule: PackedConfiguration, path: RecordPath, state: State) -> Wish:
    found = state.at(path)
    edit: Edit | None = None
    if found is not None:
        edit = RemoveEntity(path) if isinstance(found, dict) else RemoveValue(path)
    return Wish(rule, state.name(path), None, path, edit)


def _added(rule: PackedConfiguration, edit: proposed.AddEntity, path: RecordPath, state: State) -> Iterator[Wish]:
    """The entity, or where one with these values is there, that it stays and keeps them."""
    element = element_at(path, state.dictionary)
    given = {field.name: field.value for field in edit.fields if field.value != ASK}
    values = checked(element, given, state.dictionary)
    there = state.at(path)
    entries = there if isinstance(there, list) else [there] if there is not None else []
    holding = [number for number, entry in enumerate(entries) if _holds(entry, values)]
    if holding:
        held = (*path[:-1], (path[-1][0], holding[0] if element.many else None))
        yield Wish(rule, state.name(held), values, held)
        for name, value in values.items():
            if name not in PLACED:
                place = (*held, (name, None))
                yield Wish(rule, state.name(place), value, place)
    found = holding or (not element.many and entries)
    name = f"{state.name(path)}+{';'.join(f'{key}={value}' for key, value in sorted(given.items()))}"
    yield Wish(rule, name, values, path, None if found else AddEntity(path, given), single=not element.many)


def _holds(entry: Record, values: Mapping[str, Any]) -> bool:
    return all(entry.get(name) == value for name, value in values.items() if name not in PLACED)
