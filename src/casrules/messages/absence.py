"""What of the dictionary is missing where a composed message lacks an element."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from casrules.findings.pointers import RecordPath
from casrules.messages.binder.runtime import XmlElement, local_name
from casrules.messages.composing import Composed, Held
from casrules.messages.paths import Path
from casrules.messages.table_paths import TablePaths

EXACT, MANDATORY, WITHIN = 0, 1, 2
Names = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Absent:
    """A value or entity that is missing; `rank` says how sure that is, the lowest is surest."""

    rank: int
    path: RecordPath
    label: str


def absent_at(element: XmlElement, name: str, composed: Composed) -> list[Absent]:
    """What is read from the missing child `name` of `element`; where nothing is, what is mandatory within it.

    Where nothing within it is mandatory either, the first thing that can be written there; empty where the
    dictionary has nothing at all for it.
    """
    found: list[Absent] = []
    way: Names = (name,)
    at = element
    while at is not None:
        is_root = at.getparent() is None
        here = composed.entities.get(at, ())
        for held in here:
            found += _candidates(held, way, composed, from_root=False)
        if is_root:
            for held in composed.entities[composed.start]:
                found += _candidates(held, way, composed, from_root=True)
        way, at = (local_name(at) or "", *way), at.getparent()
    surest = min((one.rank for one in found), default=EXACT)
    unique = {one.path: one for one in reversed(found) if one.rank == surest}
    ordered = list(reversed(unique.values()))
    return ordered if surest < WITHIN else ordered[:1]


def _candidates(held: Held, way: Names, composed: Composed, *, from_root: bool) -> Iterator[Absent]:
    """The mapped elements of an entity that are at or within `way`, which leads on from its element (or the root)."""
    tables, place, path = composed.tables, held.place, held.path
    structure = tables.root if from_root else place.structure
    for value in place.values:
        for xml_path in value.paths:
            rank = _rank(xml_path, way, structure, tables) if xml_path.absolute is from_root else None
            if rank is not None:
                yield Absent(rank, (*path, (value.element.name, None)), value.element.label)
    for below in place.below:
        name, label = below.names[-1], below.owner.label if below.owner else ""
        if below.path.is_self:
            entry = Held(below, (*path, (name, 0 if below.many else None)))
            yield from _candidates(entry, way, composed, from_root=from_root)
        elif below.path.absolute is from_root:
            rank = _rank(below.path, way, structure, tables)
            if rank is not None:
                yield Absent(rank, (*path, (name, None)), label)


def _rank(path: Path, way: Names, structure: str, tables: TablePaths) -> int | None:
    """How surely what is read from `path` is missing where `way` is; None where the path leads elsewhere."""
    names = tuple(path.names.split("/"))
    if names[: len(way)] != way:
        return None
    if names == way:
        return EXACT
    for at, step in enumerate(path.steps):
        position = tables.position(structure, step.local)
        if position is None or (at >= len(way) and position.child.min == 0):
            return WITHIN
        structure = position.child.type
    return MANDATORY
