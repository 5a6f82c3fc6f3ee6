"""Walking a record: the entities a rule visits, the elements of a list, each with its record path."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from casrules.dictionary import Chain, Element
from casrules.language.checked import Record, RecordPath
from casrules.language.tree import Path


class Bound(NamedTuple):
    """An entity of the record (None: not there) and where it is or would be."""

    entity: Mapping[str, Any] | None
    path: RecordPath


Scope = Mapping[str, Bound]
"""What each name in sight stands for."""


def step_into(bound: Bound, name: str) -> Iterator[Bound]:
    """The entities at `name`: the single one, or each of a list; nothing where it is missing."""
    found = bound.entity.get(name) if bound.entity is not None else None
    if isinstance(found, list):
        for index, entity in enumerate(found):
            yield Bound(entity, (*bound.path, (name, index)))
    elif found is not None:
        yield Bound(found, (*bound.path, (name, None)))


def step_beside(bound: Bound, name: str) -> Bound:
    """The single entity at `name`, with its path also where it is missing."""
    found = bound.entity.get(name) if bound.entity is not None else None
    return Bound(found, (*bound.path, (name, None)))


def flatten(bound: Bound, elements: tuple[Element, ...]) -> Iterator[Bound]:
    """The entities that `elements` lead to from `bound`, lists and views flattened, in document order."""
    if not elements:
        yield bound
        return
    head, rest = elements[0], elements[1:]
    for names in head.view or ((head.name,),):
        for found in _along(bound, names):
            yield from flatten(found, rest)


def _along(bound: Bound, names: tuple[str, ...]) -> Iterator[Bound]:
    if not names:
        yield bound
        return
    for found in step_into(bound, names[0]):
        yield from _along(found, names[1:])


def visited(record: Record, chain: Chain) -> Iterator[tuple[Scope, RecordPath]]:
    """Every entity at the end of `chain` in document order: its scope names and its path."""
    for ways in _descend((Bound(record, ()),), tuple(step.name for step in chain.steps)):
        yield {name: ways[depth] for name, depth in chain.scopes.items()}, ways[-1].path


def _descend(ways: tuple[Bound, ...], names: tuple[str, ...]) -> Iterator[tuple[Bound, ...]]:
    if not names:
        yield ways
        return
    for found in step_into(ways[-1], names[0]):
        yield from _descend((*ways, found), names[1:])


def scope_at(record: Record, chain: Chain, instance: RecordPath) -> Scope:
    """The scope names of the one entity that `instance` leads to along `chain`."""
    ways = [Bound(record, ())]
    for name, index in instance:
        above = ways[-1]
        found = above.entity.get(name) if above.entity is not None else None
        entity = found[index] if isinstance(found, list) and index is not None else found
        ways.append(Bound(entity, (*above.path, (name, index))))
    return {name: ways[depth] for name, depth in chain.scopes.items()}


def locate(path: Path, scope: Scope) -> RecordPath:
    """Where a path's value is or would be; of a path through lists, where the first list is or would be.

    A view is not stored: the first list it joins stands for it.
    """
    bound = scope[path.scope]
    entity, found = bound.entity, list(bound.path)
    for element in path.elements:
        for name in element.view[0] if element.view else (element.name,):
            found.append((name, None))
            below = entity.get(name) if entity is not None else None
            if isinstance(below, list) or (element.many and below is None):
                return tuple(found)
            entity = below if isinstance(below, dict) else None
    return tuple(found)
