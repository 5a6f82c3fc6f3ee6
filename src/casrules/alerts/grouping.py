"""Entries that say one thing together: several entries in a row of one code, each with a pointer of its own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from casrules.alerts.answers import Entry, RawPointer
from casrules.alerts.shape_models import Shape

POINTERS = 50


def grouped(entries: Iterable[Entry], shape: Shape) -> list[Entry]:
    """The entries, equal ones counted once, and those that must be read together as one with all their pointers."""
    return list(_counted(_joined(entries, shape)))


def _joined(entries: Iterable[Entry], shape: Shape) -> Iterator[Entry]:
    together = {code: spec.together.apart for spec in shape.entries if spec.together for code in spec.together.codes}
    held: list[Entry] = []
    for entry in entries:
        if held and (entry.code not in together or not _belongs(entry, held, together[entry.code])):
            yield _as_one(held)
            held = []
        if entry.code in together:
            held.append(entry)
        else:
            yield entry
    if held:
        yield _as_one(held)


def _belongs(entry: Entry, held: list[Entry], apart: str) -> bool:
    first = held[0]
    if (entry.code, entry.list, entry.severity) != (first.code, first.list, first.severity) or len(held) >= POINTERS:
        return False
    if any(pointer in one.pointers for pointer in entry.pointers for one in held):
        return False
    here = {number for number in (_number(one, apart) for one in held) if number is not None}
    number = _number(entry, apart)
    return number is None or not here or number in here


def _number(entry: Entry, apart: str) -> int | None:
    """The occurrence of the class `apart` an entry points into; None for the header."""
    for pointer in entry.pointers:
        for part in pointer.parts:
            if part.name == apart:
                return part.number if part.number is not None else 0
    return None


def _as_one(held: list[Entry]) -> Entry:
    if len(held) == 1:
        return held[0]
    pointers: dict[RawPointer, None] = dict.fromkeys(pointer for entry in held for pointer in entry.pointers)
    texts = dict.fromkeys(entry.text for entry in held if entry.text)
    return replace(held[0], pointers=tuple(pointers), text="; ".join(texts), count=sum(one.count for one in held))


def _counted(entries: Iterable[Entry]) -> Iterator[Entry]:
    """Equal entries as one, at the place of the first."""
    found: dict[Entry, int] = {}
    for entry in entries:
        key = replace(entry, number=0, count=1)
        found[key] = found.get(key, 0) + entry.count
    for number, (entry, count) in enumerate(found.items(), 1):
        yield replace(entry, number=number, count=count)
