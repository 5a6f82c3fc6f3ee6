"""Facts about records that hold for every message: paths, and the values that a place alone gives."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from casrules.dictionary import Dictionary, Element
from casrules.findings.pointers import RecordPath

Record = dict[str, Any]


def placed_values(element: Element, dictionary: Dictionary) -> Record:
    """What the place alone says of an entity: the kind its list holds, and the level it is at."""
    known = dictionary.entities[element.type].elements
    given = {"kind": element.kind, "level": element.entity}
    return {name: text for name, text in given.items() if text and name in known}


def walk(record: Mapping[str, Any], path: RecordPath = ()) -> Iterator[tuple[RecordPath, Any]]:
    """Every value of a record with its path, depth first; an empty entity counts as a value."""
    for name, value in record.items():
        if isinstance(value, list):
            for index, entry in enumerate(value):
                yield from _entity(entry, (*path, (name, index)))
        elif isinstance(value, dict):
            yield from _entity(value, (*path, (name, None)))
        else:
            yield (*path, (name, None)), value


def value_at(record: Mapping[str, Any], path: RecordPath) -> Any:
    """The value, entity or list at a record path; None where nothing is there."""
    at: Any = record
    for name, index in path:
        at = at.get(name) if isinstance(at, Mapping) else None
        if index is not None:
            at = at[index] if isinstance(at, list) and 0 <= index < len(at) else None
    return at


def _entity(entity: Mapping[str, Any], path: RecordPath) -> Iterator[tuple[RecordPath, Any]]:
    if entity:
        yield from walk(entity, path)
    else:
        yield path, {}
