"""Declarations as rows of a table, one a goods item: `b_NAME` before, `a_NAME` after, as miners read them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Protocol

from casrules.history.declared import Declared
from casrules.history.events import Found, Values
from casrules.history.naming import Slot

Cells = dict[str, Any]
Item = tuple[int, int]
"""House and item, from 0."""
ENDED = ("accepted", "amended", "rejected", "cancelled")


class Reader(Protocol):
    """How a vocabulary's pointers are read."""

    def slot(self, pointer: str) -> Slot | None:
        """Where a value belongs."""
        ...

    def alert(self, pointer: str) -> tuple[Item | None, str]:
        """The row of an alert (None: the declaration) and the name of its place."""
        ...

    def entry(self, slot: Slot, parts: Mapping[str, str]) -> str | None:
        """An entry of a list from its parts: `KEY` or `KEY|REFERENCE`; None where it has no key."""
        ...

    def name(self, declared: Declared) -> str:
        """What the table calls a declaration."""
        ...

    def order(self, items: Mapping[Item, Cells]) -> Mapping[Item, object]:
        """What tells that an item before and one after are the same one."""
        ...


class Sheet:
    """One side of a declaration: the header's cells, those of houses, those of items."""

    def __init__(self, values: Values, reader: Reader) -> None:
        self.header: Cells = {}
        self.houses: dict[int, Cells] = {}
        self.items: dict[Item, Cells] = {}
        self._lists: dict[tuple[Item | int | None, str, int], tuple[Slot, dict[str, str]]] = {}
        for pointer, value in values.items():
            slot = reader.slot(pointer)
            if slot is not None:
                self._put(slot, value)
        for place in sorted(self._lists, key=lambda it: (it[1], it[2])):
            slot, parts = self._lists[place]
            entry = reader.entry(slot, parts)
            if entry is not None:
                self._cells(slot).setdefault(slot.column, []).append(entry)

    def _put(self, slot: Slot, value: str) -> None:
        cells = self._cells(slot)
        if slot.entry is None:
            cells[slot.column] = value
        else:
            place = (slot.row or slot.house, slot.column, slot.entry)
            self._lists.setdefault(place, (slot, {}))[1][slot.part] = value

    def _cells(self, slot: Slot) -> Cells:
        if slot.row is not None:
            return self.items.setdefault(slot.row, {})
        return self.header if slot.house is None else self.houses.setdefault(slot.house, {})

    def row(self, item: Item | None) -> Cells:
        """All cells of an item: its own, those of its house and of the header; of no item only the last."""
        if item is None:
            return self.header
        return {**self.header, **self.houses.get(item[0], {}), **self.items[item]}


def rows_of(declared: Declared, reader: Reader) -> Iterator[Cells]:
    """The rows of one declaration; none where it has not ended or its values are not known."""
    before, after = declared.before, declared.after
    if declared.outcome not in ENDED or not before:
        return
    old = Sheet(before, reader)
    new = old if after is None or after == before else Sheet(after, reader)
    pairs = _pairs(old, new, reader)
    alerts = _alerts((it for event in declared.violations for it in event.found), pairs, reader)
    moment = declared.submissions[0].at.replace(tzinfo=None)
    fixed = {"decl_id": reader.name(declared), "time": moment, "outcome": declared.outcome}
    for number, (left, right) in enumerate(pairs):
        row: Cells = {**fixed, "item_no": number + 1, "violations": alerts[number]}
        row |= {f"b_{name}": value for name, value in old.row(left).items()}
        row |= {f"a_{name}": value for name, value in new.row(right).items()}
        yield row


def _pairs(old: Sheet, new: Sheet, reader: Reader) -> Sequence[tuple[Item | None, Item | None]]:
    """Items before and after that are the same; a declaration without items is one row."""
    if old is new:
        return [(item, item) for item in sorted(old.items)] or [(None, None)]
    left, right = reader.order(old.items), reader.order(new.items)
    by_mark = {mark: item for item, mark in right.items()}
    pairs: list[tuple[Item | None, Item | None]] = [(item, by_mark.get(left[item])) for item in sorted(old.items)]
    marks = set(left.values())
    pairs += [(None, item) for item in sorted(new.items) if right[item] not in marks]
    return pairs or [(None, None)]


def _alerts(
    found: Iterable[Found], pairs: Sequence[tuple[Item | None, Item | None]], reader: Reader
) -> list[list[str]]:
    """`RULE@place#law` by row, each once; what concerns no item is at the first."""
    rows: list[list[str]] = [[] for _ in pairs]
    numbers = {item: number for number, (item, _) in enumerate(pairs)}
    for it in found:
        item, name = reader.alert(it.record)
        text = f"{it.rule}@{name}#{it.law[0] if it.law else ''}"
        row = rows[numbers.get(item, 0)]
        if text not in row:
            row.append(text)
    return rows
