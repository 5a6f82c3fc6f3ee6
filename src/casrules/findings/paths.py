"""Record paths as people read them: `items[number=3].gross_mass`, and as machines do: JSON Pointers.

A list entry is shown by its entity's business keys (the dictionary names them); where all keys are missing,
or two entries of the list have the same, by its position from 1: `items[#3]`. A view of the declaration that
joins lists (`declaration.items` = `consignment.houses.items`) shortens the path where the entry is unique in
the whole view; so the house is shown only when it is needed to tell two items apart. A path is always unique
within its record.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from casrules.dictionary import Dictionary, Element
from casrules.findings.pointers import RecordPath, to_pointer

Keys = tuple[str | None, ...]

_PLAIN = re.compile(r"[\w/+:-][\w/+:. -]*(?<! )", re.ASCII)


@dataclass(frozen=True, slots=True)
class FieldFacts:
    """What the dictionary says of the element at a path; texts are empty where it is not in the
    dictionary.
    """

    path: str
    record: str
    number: str = ""
    old_number: str = ""
    label: str = ""
    unit: str = ""
    privacy: str = "none"


class PathWriter:
    """Writes the paths of one record; keeps what it learnt of each list, so n findings cost O(n)."""

    def __init__(self, record: Mapping[str, Any], dictionary: Dictionary) -> None:
        self._record = record
        self._dictionary = dictionary
        self._views = _joined_lists(dictionary)
        self._lists: dict[tuple[object, ...], tuple[list[Keys], Counter[Keys]]] = {}

    @property
    def dictionary(self) -> Dictionary:
        """The dictionary that names the elements."""
        return self._dictionary

    def text(self, path: RecordPath) -> str:
        """The path with business keys, as short as is unique; `declaration` for the record itself."""
        if not path:
            return self._dictionary.root
        elements = self._elements(path)
        begin, parts = self._through_view(path, elements)
        for depth in range(begin, len(path)):
            parts.append(path[depth][0] + self._selector(path, elements, depth))
        return ".".join(parts)

    def identity(self, path: RecordPath) -> tuple[str, ...]:
        """All steps with full business keys, nothing shortened: the entity's part of a fingerprint."""
        elements = self._elements(path)
        found: list[str] = []
        for depth, (name, index) in enumerate(path):
            if index is None:
                found.append(name)
                continue
            keys, count = self._keys(path, elements, depth)
            found.append(f"{name}{json.dumps(keys)}" if count == 1 else f"{name}#{index + 1}")
        return tuple(found)

    def facts(self, path: RecordPath) -> FieldFacts:
        """Path, pointer, data element numbers, label, unit and privacy class of the element at `path`."""
        elements = [element for element in self._elements(path) if element is not None]
        text, pointer = self.text(path), to_pointer(path)
        if not path or len(elements) < len(path):
            return FieldFacts(text, pointer)
        last = elements[-1]
        return FieldFacts(
            text, pointer, last.numbered(elements[:-1]), last.old_number, last.label, last.unit, last.privacy
        )

    def _elements(self, path: RecordPath) -> list[Element | None]:
        found: list[Element | None] = []
        entity: str | None = self._dictionary.root
        for name, _ in path:
            element = self._dictionary.find(entity, name) if entity else None
            found.append(element)
            entity = None if element is None or element.is_scalar else element.type
        return found

    def _through_view(self, path: RecordPath, elements: Sequence[Element | None]) -> tuple[int, list[str]]:
        """Where to go on after a joined list, and the short text up to there; (0, []) where none applies."""
        for parts, name in self._views.items():
            depth = len(parts) - 1
            if len(path) <= depth or tuple(step for step, _ in path[: depth + 1]) != parts or path[depth][1] is None:
                continue
            selector = self._view_selector(path, elements, parts)
            if selector is not None:
                return depth + 1, [name + selector]
        return 0, []

    def _view_selector(
        self, path: RecordPath, elements: Sequence[Element | None], parts: tuple[str, ...]
    ) -> str | None:
        depth = len(parts) - 1
        element = elements[depth]
        if element is None:
            return None
        if (parts,) not in self._lists:
            self._remember((parts,), element, _joined(self._record, parts))
        keys, _ = self._keys(path, elements, depth)
        if self._lists[(parts,)][1][keys] == 1:
            return _bracket(self._key_names(element), keys)
        alone = all(self._size(path, above) <= 1 for above in range(depth) if path[above][1] is not None)
        return self._selector(path, elements, depth) if alone else None

    def _selector(self, path: RecordPath, elements: Sequence[Element | None], depth: int) -> str:
        index = path[depth][1]
        if index is None:
            return ""
        keys, count = self._keys(path, elements, depth)
        element = elements[depth]
        if element is None or count != 1:
            return f"[#{index + 1}]"
        return _bracket(self._key_names(element), keys)

    def _keys(self, path: RecordPath, elements: Sequence[Element | None], depth: int) -> tuple[Keys, int]:
        """The entry's key values and how many entries of its list have them; count 0 where it has none."""
        element, index = elements[depth], path[depth][1]
        if element is None or index is None:
            return (), 0
        key = (*path[:depth], path[depth][0])
        if key not in self._lists:
            self._remember(key, element, _follow(self._record, path[:depth], path[depth][0]))
        entries_keys, counts = self._lists[key]
        if index >= len(entries_keys) or not any(value is not None for value in entries_keys[index]):
            return (), 0
        return entries_keys[index], counts[entries_keys[index]]

    def _remember(self, key: tuple[object, ...], element: Element, entries: Sequence[Any]) -> None:
        names = self._key_names(element)
        keys = [tuple(_key_text(_get(entry, name)) for name in names) for entry in entries]
        self._lists[key] = (keys, Counter(keys))

    def _key_names(self, element: Element) -> tuple[str, ...]:
        """The entity's keys; `kind` says nothing in a list of one kind."""
        entity = self._dictionary.entities.get(element.type)
        keys = entity.keys if entity else ()
        return tuple(name for name in keys if not (name == "kind" and element.kind))

    def _size(self, path: RecordPath, depth: int) -> int:
        return len(_follow(self._record, path[:depth], path[depth][0]))


def _joined_lists(dictionary: Dictionary) -> dict[tuple[str, ...], str]:
    """Stored list → name of the one view at the declaration that joins only this list."""
    root = dictionary.entities[dictionary.root]
    return {e.view[0]: e.name for e in root.elements.values() if len(e.view) == 1 and len(e.view[0]) > 1}


def _get(entry: Any, name: str) -> Any:
    return entry.get(name) if isinstance(entry, Mapping) else None


def _follow(record: Any, path: RecordPath, name: str) -> Sequence[Any]:
    for step, index in path:
        record = _get(record, step)
        if index is not None:
            record = record[index] if isinstance(record, list) and index < len(record) else None
    found = _get(record, name)
    return found if isinstance(found, list) else ()


def _joined(record: Any, parts: tuple[str, ...]) -> list[Any]:
    level = [record]
    for name in parts:
        level = [child for entry in level for child in _children(_get(entry, name))]
    return level


def _children(value: Any) -> Sequence[Any]:
    if value is None:
        return ()
    return value if isinstance(value, list) else (value,)


def _key_text(value: Any) -> str | None:
    """A key's value as text; a value that could not be read is no key."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool | int | Decimal):
        return str(value)
    return None


def _bracket(names: Sequence[str], keys: Keys) -> str:
    given = [f"{name}={_shown(value)}" for name, value in zip(names, keys, strict=True) if value is not None]
    return f"[{','.join(given)}]"


def _shown(value: str) -> str:
    """A key's value in a path: plain where it cannot be misread, else quoted as in JSON."""
    return value if _PLAIN.fullmatch(value) else json.dumps(value, ensure_ascii=False)
