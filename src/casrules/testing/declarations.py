"""Turns an example's short form into a record: parents are created, texts get the dictionary's types."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from casrules.declaration import read_value
from casrules.dictionary import Dictionary, Element
from casrules.errors import DictionaryError

Record = dict[str, Any]


def expand(given: Mapping[str, Any], dictionary: Dictionary) -> Record:
    """The record that `given` describes.

    A key is an element of the declaration (`lrn`, `consignment`), a view (`items`), or the singular of something
    deeper (`item`, `package`): then the lists on the way get one entry each. Raises DictionaryError for other keys.
    """
    return _entity(given, dictionary.root, dictionary)


def _entity(given: Mapping[str, Any], entity: str, dictionary: Dictionary) -> Record:
    record: Record = {}
    for name, value in given.items():
        element = dictionary.find(entity, name)
        if element is not None and not element.view:
            record[name] = _merged(record.get(name), _value(value, element, dictionary))
            continue
        steps = dictionary.resolve(entity, element.view[0]) if element is not None else _way(entity, name, dictionary)
        _place(record, steps, value, dictionary)
    return record


def _way(entity: str, name: str, dictionary: Dictionary) -> tuple[Element, ...]:
    """The shortest way from `entity` to the list whose entries are called `name`."""
    for chain in sorted(dictionary.chains_to(name), key=lambda chain: len(chain.steps)):
        elements = tuple(step.element for step in chain.steps)
        for start, element in enumerate(elements):
            if element.entity == entity:
                return elements[start:]
    near = dictionary.nearest(entity, name)
    raise DictionaryError(f"{entity} has no element {name!r}", remedy=f"did you mean {near}?" if near else "")


def _place(record: Record, steps: tuple[Element, ...], value: Any, dictionary: Dictionary) -> None:
    for element in steps[:-1]:
        record = record.setdefault(element.name, [{}])[0] if element.many else record.setdefault(element.name, {})
    last = steps[-1]
    record[last.name] = _merged(record.get(last.name), _value(value, last, dictionary))


def _value(value: Any, element: Element, dictionary: Dictionary) -> Any:
    if element.is_scalar:
        return read_value(element.type, str(value))
    if not element.many:
        return _entity(value or {}, element.type, dictionary)
    entries = value if isinstance(value, list) else [value]
    return [_entry(entry or {}, element, dictionary) for entry in entries]


def _entry(given: Mapping[str, Any], element: Element, dictionary: Dictionary) -> Record:
    record = _entity(given, element.type, dictionary)
    if element.kind and dictionary.find(element.type, "kind"):
        record.setdefault("kind", element.kind)
    return record


def _merged(before: Any, after: Any) -> Any:
    """Two keys may lead to one entity (`consignment` and `item`): their values are put together."""
    if isinstance(before, dict) and isinstance(after, dict):
        return {**before, **{name: _merged(before.get(name), value) for name, value in after.items()}}
    if isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        return [_merged(one, other) for one, other in zip(before, after, strict=True)]
    return after
