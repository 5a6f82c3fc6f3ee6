"""The typed edits that make one declaration out of another."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from casrules.declaration import from_pointer, to_pointer
from casrules.dictionary import Dictionary, shipped_dictionary
from casrules.findings.pointers import RecordPath
from casrules.history.events import EditKind, HistoryEdit, Values

_Tree = dict[Any, Any]


def edits_between(
    before: Mapping[str, str], after: Mapping[str, str], dictionary: Dictionary | None = None
) -> tuple[HistoryEdit, ...]:
    """What was edited, in the order of the declaration.

    Entries of lists are the same where their business keys are, then in their order: a document with another reference
    is changed, not removed and added.
    """
    used = dictionary or shipped_dictionary()
    return tuple(_entity(_tree(before), _tree(after), _Place((), (), used.root), used))


def _tree(values: Mapping[str, str]) -> _Tree:
    """Nested dicts; a list is a dict of positions."""
    root: _Tree = {}
    for pointer, value in values.items():
        at = root
        steps: list[str | int] = [part for step in from_pointer(pointer) for part in step if part is not None]
        for step in steps[:-1]:
            below = at.get(step)
            at[step] = at = below if isinstance(below, dict) else {}
        at[steps[-1]] = value
    return root


@dataclass(frozen=True, slots=True)
class _Place:
    """One entity or list, by its path before and after, and its type in the dictionary."""

    was: RecordPath
    is_now: RecordPath
    entity: str

    def below(self, name: str, entity: str) -> _Place:
        """What is called `name` in this entity."""
        return _Place((*self.was, (name, None)), (*self.is_now, (name, None)), entity)

    def entry(self, old: int | None, new: int | None) -> _Place:
        """An entry of this list."""
        was, is_now = (
            (*path[:-1], (path[-1][0], index)) for path, index in ((self.was, old), (self.is_now, new))
        )  # fmt: skip
        return _Place(was, is_now, self.entity)


def _entity(before: _Tree, after: _Tree, place: _Place, dictionary: Dictionary) -> Iterator[HistoryEdit]:
    for name in [*before, *(name for name in after if name not in before)]:
        old, new = before.get(name), after.get(name)
        element = dictionary.find(place.entity, name)
        below = place.below(name, element.type if element else "")
        if _is_list(old) or _is_list(new):
            yield from _list(_entity_of(old), _entity_of(new), below, dictionary)
        elif isinstance(old, dict) or isinstance(new, dict):
            yield from _entity(_entity_of(old), _entity_of(new), below, dictionary)
        elif old != new:
            yield _value(old, new, below)


def _is_list(value: Any) -> bool:
    return isinstance(value, dict) and any(isinstance(key, int) for key in value)


def _entity_of(value: Any) -> _Tree:
    return value if isinstance(value, dict) else {}


def _value(old: str | None, new: str | None, place: _Place) -> HistoryEdit:
    kind: EditKind = "set" if old is None else "clear" if new is None else "change"
    was, is_now = to_pointer(place.was), to_pointer(place.is_now)
    return HistoryEdit(
        kind=kind,
        record=was if new is None else is_now,
        before={} if old is None else {was: old},
        after={} if new is None else {is_now: new},
    )


def _list(before: _Tree, after: _Tree, place: _Place, dictionary: Dictionary) -> Iterator[HistoryEdit]:
    for left, right in _aligned(before, after, _keys(place.entity, dictionary)):
        entry = place.entry(left, right)
        old, new = before.get(left), after.get(right)
        if old is None:
            at = to_pointer(entry.is_now)
            yield HistoryEdit(kind="add", record=at, after=_flat(new, at))
        elif new is None:
            at = to_pointer(entry.was)
            yield HistoryEdit(kind="remove", record=at, before=_flat(old, at))
        elif isinstance(old, dict) and isinstance(new, dict):
            yield from _entity(old, new, entry, dictionary)
        elif old != new:
            yield _value(old, new, entry)


def _keys(entity: str, dictionary: Dictionary) -> tuple[str, ...]:
    known = dictionary.entities.get(entity)
    return tuple(name for name in known.keys if name not in ("kind", "sequence_number")) if known else ()


def _aligned(before: _Tree, after: _Tree, keys: Sequence[str]) -> list[tuple[int | None, int | None]]:
    """Positions before and after that are one entry: equal ones, then equal keys, ever fewer of them, then the rest
    in order where the entries have no keys.
    """
    old, new = dict(sorted(before.items())), dict(sorted(after.items()))
    pairs: list[tuple[int | None, int | None]] = []
    for count in (None, *range(len(keys), -1, -1)):
        free: dict[Any, list[int]] = {}
        for right in reversed(new):
            free.setdefault(_mark(new[right], keys, count), []).append(right)
        for left in list(old):
            mark = _mark(old[left], keys, count)
            if mark is not None and free.get(mark):
                right = free[mark].pop()
                pairs.append((left, right))
                del old[left], new[right]
    pairs += [(left, None) for left in old]
    pairs += [(None, right) for right in new]
    return sorted(pairs, key=lambda pair: (pair[0] if pair[0] is not None else pair[1], pair[0] is None))


def _mark(entry: Any, keys: Sequence[str], count: int | None) -> Any:
    """What two entries must have in common; None for an entry without any of it."""
    if count is None:
        return json.dumps(entry, sort_keys=True) if isinstance(entry, dict) else entry
    told = tuple(entry.get(name) for name in keys) if isinstance(entry, dict) else ()
    if not any(isinstance(value, str) for value in told):
        return () if count == 0 else None
    return told[:count] if count and isinstance(told[0], str) else None


def _flat(entry: Any, pointer: str) -> Values:
    if not isinstance(entry, dict):
        return {pointer: entry}
    return {key: value for name, below in entry.items() for key, value in _flat(below, f"{pointer}/{name}").items()}
