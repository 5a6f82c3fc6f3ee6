"""A declaration while rules complete it: the record so far, and where each of its entities stood before."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from casrules.declaration import AddEntity, Edit, Record, RecordPath, RemoveEntity, RemoveValue, SetValue, to_pointer
from casrules.declaration.edits import copied, edit_in_place, element_at
from casrules.declaration.numbering import with_number
from casrules.dictionary import Dictionary


class State:
    """The record of a declaration and what has become of it.

    An entity keeps its name through all edits: the JSON Pointer of where it stood before, or, for one that was added,
    that of its list and what it was added with. Entries of the lists `numbered` (dotted names) get a sequence number.
    """

    def __init__(
        self, original: Mapping[str, Any], dictionary: Dictionary, numbered: frozenset[str] = frozenset()
    ) -> None:
        self.original = original
        self.record: Record = copied(original)
        self.dictionary = dictionary
        self._numbered = numbered
        self._origins: dict[int, RecordPath] = {}
        self._names: dict[int, str] = {}
        self._entities: list[Any] = []  # keeps removed entities alive: their identities must not be given again
        for path, entity in _entities(self.record, ()):
            self._keep(entity, path, to_pointer(path))

    def _keep(self, entity: Record, origin: RecordPath | None, name: str) -> None:
        self._entities.append(entity)
        self._names[id(entity)] = name
        if origin is not None:
            self._origins[id(entity)] = origin

    def at(self, path: RecordPath) -> Any:
        """What is at a path of the record as it is now; None where nothing is."""
        found: Any = self.record
        for name, index in path:
            found = found.get(name) if isinstance(found, dict) else None
            if index is not None:
                found = found[index] if isinstance(found, list) and index < len(found) else None
        return found

    def name(self, path: RecordPath) -> str:
        """The lasting name of the value or entity at a path."""
        for length in range(len(path), -1, -1):
            entity = self.at(path[:length])
            if isinstance(entity, dict) and id(entity) in self._names:
                return self._names[id(entity)] + to_pointer(path[length:])
        return to_pointer(path)

    def name_of(self, entity: Mapping[str, Any]) -> str:
        """The lasting name of an entity of the record."""
        return self._names[id(entity)]

    def origin(self, path: RecordPath) -> RecordPath:
        """Where the value or entity at a path of today stood before; for an added one, the list it was added to."""
        for length in range(len(path), -1, -1):
            known = self._origins.get(id(self.at(path[:length])))
            if known is None:
                continue
            rest = path[length:]
            added = rest and rest[0][1] is not None
            return (*known, (rest[0][0], None)) if added else (*known, *rest)
        return path

    def apply(self, edits: Mapping[str, Edit]) -> None:
        """Apply edits, each under the name of what it writes; their paths speak of the record as it is now."""
        removals = [edit for edit in edits.values() if isinstance(edit, RemoveEntity)]
        for name, edit in edits.items():
            if isinstance(edit, RemoveEntity):
                continue
            if not isinstance(edit, AddEntity):
                edit_in_place(self.record, (edit,), self.dictionary)
            else:
                edit_in_place(self.record, (self._as_numbered(edit),), self.dictionary)
                added = self.at(edit.path)
                self._keep(added[-1] if isinstance(added, list) else added, None, name)
        edit_in_place(self.record, removals, self.dictionary)

    def _as_numbered(self, edit: AddEntity) -> AddEntity:
        demanded = ".".join(name for name, _ in edit.path) in self._numbered
        entries, element = self.at(edit.path) or (), element_at(edit.path, self.dictionary)
        values = with_number(edit.values, entries, element, self.dictionary, demanded=demanded)
        return AddEntity(edit.path, values)

    def edits(self) -> Iterator[Edit]:
        """What leads from the declaration before to the record as it is now; paths speak of the one before."""
        yield from self._differences(self.original, self.record, ())

    def _differences(self, before: Mapping[str, Any], after: Record, at: RecordPath) -> Iterator[Edit]:
        for name in dict.fromkeys((*before, *after)):
            old, new = before.get(name), after.get(name)
            if isinstance(old, list) or isinstance(new, list):
                yield from self._in_list(old or [], new or [], at, name)
            elif isinstance(new, dict):
                yield from self._differences(old or {}, new, (*at, (name, None)))
            elif isinstance(old, dict):
                yield RemoveEntity((*at, (name, None)))
            elif new is None:
                yield RemoveValue((*at, (name, None)))
            elif old != new or type(old) is not type(new):
                yield SetValue((*at, (name, None)), new)

    def _in_list(self, old: list[Record], new: list[Record], at: RecordPath, name: str) -> Iterator[Edit]:
        kept = {origin: entry for entry in new if (origin := self._origins.get(id(entry))) is not None}
        for index, before in enumerate(old):
            place = (*at, (name, index))
            if place in kept:
                yield from self._differences(before, kept[place], place)
            else:
                yield RemoveEntity(place)
        for entry in new:
            if id(entry) not in self._origins:
                yield AddEntity((*at, (name, None)), entry)


def _entities(entity: Record, at: RecordPath) -> Iterator[tuple[RecordPath, Record]]:
    yield at, entity
    for name, value in entity.items():
        if isinstance(value, dict):
            yield from _entities(value, (*at, (name, None)))
        elif isinstance(value, list):
            for index, entry in enumerate(value):
                yield from _entities(entry, (*at, (name, index)))
