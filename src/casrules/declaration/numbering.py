"""Sequence numbers of entities that are added: the next free one of their list."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from casrules.declaration.edits import AddEntity, Edit, element_at
from casrules.declaration.record import value_at
from casrules.dictionary import Dictionary, Element
from casrules.findings.pointers import RecordPath

SEQUENCE_NUMBER: Final = "sequence_number"
"""The dictionary's name of an entity's place in the order of its list, counted from 1."""


def with_number(
    values: Mapping[str, Any],
    entries: Sequence[Mapping[str, Any]],
    element: Element,
    dictionary: Dictionary,
    *,
    demanded: bool,
) -> Mapping[str, Any]:
    """The values of an entity that joins `entries` of the list `element`, with the number after the highest.

    They stay as they are where they have a number already, and where nobody wants one: the message does not demand it
    (`demanded`), and not all of its siblings have one.
    """
    if not element.many or SEQUENCE_NUMBER in values or dictionary.find(element.type, SEQUENCE_NUMBER) is None:
        return values
    numbers = [number for entry in entries if isinstance(number := entry.get(SEQUENCE_NUMBER), int)]
    if not demanded and (not entries or len(numbers) < len(entries)):
        return values
    return {SEQUENCE_NUMBER: max(numbers, default=0) + 1, **values}


def with_numbers(
    edits: Sequence[Edit], record: Mapping[str, Any], dictionary: Dictionary, demanded: frozenset[str]
) -> list[Edit]:
    """Edits of `record` with a number for every entity they add; `demanded` are the dotted names of numbered lists."""
    found: list[Edit] = []
    joined: dict[RecordPath, list[Mapping[str, Any]]] = {}
    for edit in edits:
        if not isinstance(edit, AddEntity):
            found.append(edit)
            continue
        there = value_at(record, edit.path)
        entries = joined.setdefault(edit.path, list(there) if isinstance(there, list) else [])
        wanted = ".".join(name for name, _ in edit.path) in demanded
        values = with_number(edit.values, entries, element_at(edit.path, dictionary), dictionary, demanded=wanted)
        entries.append(values)
        found.append(AddEntity(edit.path, values))
    return found
