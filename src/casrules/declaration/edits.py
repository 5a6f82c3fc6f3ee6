"""Edits of a declaration, and applying them to a record.

The paths of a batch all speak of the declaration as it was before the batch: removing an item does not shift
the positions the other edits name. Single entities on the way to a value are made as needed; entries of lists
are not.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from casrules.declaration.record import Record, placed_values
from casrules.declaration.values import Value, read_value
from casrules.dictionary import Dictionary, Element, shipped_dictionary
from casrules.dictionary.values import Invalid
from casrules.errors import UsageError
from casrules.findings.pointers import RecordPath, to_pointer

_PYTHON_TYPES: Mapping[str, type] = {"decimal": Decimal, "integer": int, "flag": bool}


@dataclass(frozen=True, slots=True)
class SetValue:
    """Write `value` at `path`, whatever is there."""

    path: RecordPath
    value: Value


@dataclass(frozen=True, slots=True)
class RemoveValue:
    """Remove the value at `path`; the entity that held it stays, even if nothing is left in it."""

    path: RecordPath


@dataclass(frozen=True, slots=True)
class AddEntity:
    """Add an entity with `values` (nested) at the end of the list `path`, or at the single place."""

    path: RecordPath
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RemoveEntity:
    """Remove the entity at `path`, with all that is below it."""

    path: RecordPath


Edit = SetValue | RemoveValue | AddEntity | RemoveEntity


def apply_edits(record: Mapping[str, Any], edits: Sequence[Edit], dictionary: Dictionary | None = None) -> Record:
    """A new record with the edits applied; `record` is not changed.

    Raises UsageError for a path whose list entry is not there and for a value that is not of its type, and
    DictionaryError for an unknown name.
    """
    edited = copied(record)
    edit_in_place(edited, edits, dictionary or shipped_dictionary())
    return edited


def edit_in_place(edited: Record, edits: Sequence[Edit], dictionary: Dictionary) -> None:
    """Like apply_edits, on the record itself: entities that stay are the same objects afterwards."""
    removed: list[tuple[Record, str, Any]] = []
    for edit in edits:
        if isinstance(edit, RemoveEntity):
            holder, element = _holder(edited, edit.path, dictionary, make=False)
            removed.append((holder, element.name, _entry(holder, edit.path)))
    for edit in edits:
        _apply(edited, edit, dictionary)
    for holder, name, entry in removed:
        _remove(holder, name, entry)


def typed(element: Element, value: object) -> Value:
    """`value` as the element's type; text is read as the type. Raises UsageError where it cannot be."""
    if not element.is_scalar:
        raise UsageError(f"{element.entity}.{element.name} is an entity", remedy="edit its values, or add an entity")
    wanted = _PYTHON_TYPES.get(element.type, str)
    if type(value) is int and wanted is Decimal:
        return Decimal(value)
    found = read_value(element.type, value) if isinstance(value, str) else value
    if type(found) is wanted and not (isinstance(found, Decimal) and not found.is_finite()):
        return found  # type: ignore[return-value]
    remedy = found.expected if isinstance(found, Invalid) else f"give a value of type {element.type}"
    raise UsageError(f"{value!r} cannot be the {element.label} ({element.entity}.{element.name})", remedy=remedy)


def checked(element: Element, values: Mapping[str, Any], dictionary: Dictionary) -> Record:
    """The values of a new entity with every name and type checked, blank ones left out."""
    found: Record = placed_values(element, dictionary)
    for name, value in values.items():
        below = dictionary.element(element.type, name)
        if below.view:
            raise UsageError(f"{element.type}.{name} is a view", remedy="add to one of the lists it joins")
        if below.is_scalar:
            if value is not None and not (isinstance(value, str) and not value.strip()):
                found[name] = typed(below, value)
        elif below.many:
            found[name] = [checked(below, entry, dictionary) for entry in _entries(below, value)]
        else:
            found[name] = checked(below, _mapping(below, value), dictionary)
    return found


def element_at(path: RecordPath, dictionary: Dictionary) -> Element:
    """The dictionary element at the end of a record path.

    Raises UsageError for the empty path and for views.
    """
    if not path:
        raise UsageError("an edit needs the path of an element", remedy="name a value or an entity")
    elements = dictionary.resolve(dictionary.root, [name for name, _ in path])
    view = next((element for element in elements if element.view), None)
    if view is not None:
        parts = " or ".join(".".join(part) for part in view.view)
        raise UsageError(f"{view.entity}.{view.name} is a view and cannot be edited", remedy=f"edit {parts}")
    return elements[-1]


def _apply(record: Record, edit: Edit, dictionary: Dictionary) -> None:
    if isinstance(edit, RemoveEntity):
        return
    holder, element = _holder(record, edit.path, dictionary, make=not isinstance(edit, RemoveValue))
    if isinstance(edit, SetValue):
        holder[element.name] = typed(element, edit.value)
    elif isinstance(edit, RemoveValue):
        if not element.is_scalar:
            raise UsageError(f"{to_pointer(edit.path)} is an entity", remedy="use RemoveEntity")
        holder.pop(element.name, None)
    elif element.is_scalar:
        raise UsageError(f"{to_pointer(edit.path)} is a value", remedy="use SetValue")
    elif element.many:
        holder.setdefault(element.name, []).append(checked(element, edit.values, dictionary))
    elif element.name in holder:
        raise UsageError(f"there is a {element.label} already at {to_pointer(edit.path)}", remedy="set its values")
    else:
        holder[element.name] = checked(element, edit.values, dictionary)


def _holder(record: Record, path: RecordPath, dictionary: Dictionary, make: bool) -> tuple[Record, Element]:
    """The dict that holds (or would hold) the last step of `path`, and the element of that step."""
    element = element_at(path, dictionary)
    at: Any = record
    for depth, (name, index) in enumerate(path[:-1]):
        if index is not None:
            entries = at.get(name, ())
            if index >= len(entries):
                raise missing_entry(path[: depth + 1])
            at = entries[index]
        else:
            at = at.setdefault(name, {}) if make else at.get(name, {})
    return at, element


def missing_entry(path: RecordPath) -> UsageError:
    """The error for a list entry that is not there."""
    return UsageError(f"there is nothing at {to_pointer(path)}", remedy="add the entity first")


def _entry(holder: Record, path: RecordPath) -> Any:
    name, index = path[-1]
    found = holder.get(name)
    if index is not None:
        found = found[index] if isinstance(found, list) and index < len(found) else None
    if not isinstance(found, dict):
        raise missing_entry(path)
    return found


def _remove(holder: Record, name: str, entry: Any) -> None:
    found = holder.get(name)
    if found is entry:
        del holder[name]
    elif isinstance(found, list):
        found[:] = [other for other in found if other is not entry]
        if not found:
            del holder[name]


def copied(record: Mapping[str, Any]) -> Record:
    """A copy of a record that shares no entity and no list with it."""
    found: Record = _copied(record)
    return found


def _copied(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: _copied(below) for name, below in value.items()}
    return [_copied(below) for below in value] if isinstance(value, list) else value


def _entries(element: Element, value: object) -> Iterable[Mapping[str, Any]]:
    if not isinstance(value, Sequence) or isinstance(value, str):
        raise UsageError(f"{element.entity}.{element.name} is a list of entities", remedy="give a list of dicts")
    return [_mapping(element, entry) for entry in value]


def _mapping(element: Element, value: object) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise UsageError(f"{element.entity}.{element.name} holds entities", remedy="give a dict of its values")
    return value
