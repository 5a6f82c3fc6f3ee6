"""The fields of a table of declarations, derived from the dictionary and from what the declarations hold."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from casrules.configuration.statements import shipped_statements
from casrules.dictionary import Dictionary, Element
from casrules.history.declared import Declared
from casrules.history.naming import Naming, Slot
from casrules.history.table_rows import Cells, Item

_PLACE_ALONE = ("kind", "sequence_number")
"""Keys that say where an entry is, not what."""


class DictionaryReader:
    """Reads pointers by the dictionary, and notes which fields there are."""

    def __init__(self, naming: Naming) -> None:
        self._naming = naming
        self._found: dict[str, tuple[str, Element, bool]] = {}
        self._keys: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {}
        self._number = f"{_item_of(naming.dictionary).singular}.{_number_of(naming.dictionary)}"
        self.houses = 1
        """The largest number of houses of one declaration."""

    def slot(self, pointer: str) -> Slot | None:
        """Where a value belongs."""
        slot = self._naming.slot(pointer)
        if slot is not None:
            if slot.column not in self._found and slot.element is not None:
                self._found[slot.column] = (slot.level, slot.owner or slot.element, slot.owner is not None)
            self.houses = max(self.houses, (slot.house or 0) + 1)
        return slot

    def alert(self, pointer: str) -> tuple[Item | None, str]:
        """The row of an alert and the name of its place."""
        return self._naming.alert(pointer)

    def entry(self, slot: Slot, parts: Mapping[str, str]) -> str | None:
        """An entry by the business keys of its entity, else by its first code."""
        assert slot.owner is not None
        keys, codes = self._keys_of(slot.owner.type)
        key = next((parts[name] for name in (*keys[:1], *codes) if name in parts), None)
        if key is None or len(keys) < 2:
            return key
        return f"{key}|{parts.get(keys[1], '')}"

    def name(self, declared: Declared) -> str:
        """A declaration is called by its key."""
        return declared.document

    def order(self, items: Mapping[Item, Cells]) -> Mapping[Item, object]:
        """Items are the same by their number within the house, where it is there and unique; else by position."""
        numbers = {item: (item[0], cells.get(self._number)) for item, cells in items.items()}
        unique = len(set(numbers.values())) == len(numbers) and all(number for _, number in numbers.values())
        return numbers if unique else {item: item for item in items}

    def of_items(self, name: str) -> bool:
        """Whether a field is one of items."""
        return name in self._found and self._found[name][0] == "item"

    def fields(self, repeated: Mapping[str, bool]) -> list[dict[str, Any]]:
        """The fields found, as `schema.json` describes them. Texts are fields where their values repeat."""
        described = (self._described(name, repeated.get(name, False)) for name in sorted(self._found))
        return [it for it in described if it is not None]

    def _described(self, name: str, repeats: bool) -> dict[str, Any] | None:
        level, element, listed = self._found[name]
        level = "item" if level == "item" or (level == "house" and self.houses > 1) else "header"
        if listed:
            keys, codes = self._keys_of(element.type)
            if not keys and not codes:
                return None
            entry = {"entry": "KEY|REFERENCE"} if len(keys) > 1 else {}
            return {"name": name, "level": level, "kind": "list", **entry}
        levels = self._naming.prefix_levels.get(name)
        if levels:
            return {"name": name, "level": level, "kind": "hierarchy", "prefix_levels": list(levels)}
        kind = _KINDS.get(element.type)
        if kind is None and not (element.type == "text" and repeats):
            return None
        stated = shipped_statements().why(element.entity, element.name, None)
        return {"name": name, "level": level, "kind": kind or "code", **({"statement": True} if stated else {})}

    def _keys_of(self, entity: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
        if entity not in self._keys:
            known = self._naming.dictionary.entities[entity]
            keys = tuple(name for name in known.keys if name not in _PLACE_ALONE)
            codes = (it.name for it in known.elements.values() if it.type == "code" and it.name not in _UNSAID)
            self._keys[entity] = (keys, tuple(codes))
        return self._keys[entity]


_KINDS = {"code": "code", "flag": "code", "decimal": "number", "integer": "number"}
_UNSAID = ("kind", "level")
"""What the place of a document says by itself."""


def _item_of(dictionary: Dictionary) -> Element:
    return dictionary.entities[dictionary.root].elements["items"]


def _number_of(dictionary: Dictionary) -> str:
    return dictionary.entities[_item_of(dictionary).type].keys[0]


class SchemaReader:
    """Reads the pointers of values that came as a table: `/FIELD`, `/items/0/FIELD`, with `/3` for an entry."""

    def __init__(self) -> None:
        self._known: dict[str, Slot | None] = {}

    def slot(self, pointer: str) -> Slot | None:
        """Where a value belongs."""
        if pointer not in self._known:
            self._known[pointer] = self._slot(pointer)
        return self._known[pointer]

    def _slot(self, pointer: str) -> Slot | None:
        parts = [_unescaped(part) for part in pointer.split("/")[1:]]
        row = None
        if len(parts) > 2 and parts[0] == ITEMS and parts[1].isdigit():
            row, parts = (0, int(parts[1])), parts[2:]
        if len(parts) == 2 and parts[1].isdigit():
            return Slot("item" if row else "header", parts[0], None, row, entry=int(parts[1]))
        return Slot("item" if row else "header", parts[0], None, row) if len(parts) == 1 else None

    def alert(self, pointer: str) -> tuple[Item | None, str]:
        """The row of an alert and the name of its place."""
        parts = [_unescaped(part) for part in pointer.split("/")[1:]]
        if len(parts) > 1 and parts[0] == ITEMS and parts[1].isdigit():
            return (0, int(parts[1])), "/".join(parts[2:])
        return None, "/".join(parts)

    def entry(self, slot: Slot, parts: Mapping[str, str]) -> str | None:
        """An entry is kept as it came."""
        return parts.get(slot.part)

    def name(self, declared: Declared) -> str:
        """A declaration is called as its table called it."""
        return declared.submissions[0].lrn

    def order(self, items: Mapping[Item, Cells]) -> Mapping[Item, object]:
        """Items are the same by their position."""
        return {item: item for item in items}


ITEMS = "items"


def _unescaped(part: str) -> str:
    return part.replace("~1", "/").replace("~0", "~")
