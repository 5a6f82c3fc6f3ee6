"""What declarations said: the source of values for suggested rules."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from casrules.declaration import Invalid, write_value
from casrules.dictionary import Dictionary, Element
from casrules.errors import DictionaryError
from casrules.language.checked import stored_paths
from casrules.language.visiting import Scope, visited

Values = tuple[str | None, ...]


class Memory(Protocol):
    """Earlier declarations that customs accepted."""

    def remembered(self, target: str, paths: Sequence[str], match: Mapping[str, str]) -> Mapping[Values, int]:
        """Which values entities of the kind `target` (`item`) had at `paths`, and how often, as text.

        Only entities count at which every path of `match` has its value. `paths` lead to values of the entity itself or
        above (`item.country_of_origin`), or to several values of the entries of one list
        (`item.supporting_documents.type`, `….reference`): then each entry counts for itself. None is a missing value.
        """
        ...


@dataclass(frozen=True)
class RecordMemory:
    """A memory of records."""

    records: Sequence[Mapping[str, Any]]
    dictionary: Dictionary

    def remembered(self, target: str, paths: Sequence[str], match: Mapping[str, str]) -> Mapping[Values, int]:
        """See Memory."""
        found: Counter[Values] = Counter()
        for scope in self._entities(target, [*paths, *match]):
            if all(value in self._values(path, scope) for path, value in match.items()):
                found.update(self._entries(paths, scope))
        return found

    def _entities(self, target: str, paths: Sequence[str]) -> Iterator[Scope]:
        named = {path.partition(".")[0] for path in paths}
        for chain in self.dictionary.chains_to(target):
            if named <= set(chain.scopes):
                for record in self.records:
                    yield from (scope for scope, _ in visited(record, chain))

    def _entries(self, paths: Sequence[str], scope: Scope) -> Iterator[Values]:
        """The values at all paths together: of the entity, or of each entry of the list they lead into."""
        holders = {path.rpartition(".")[0] for path in paths}
        holder = holders.pop() if len(holders) == 1 else ""
        if holder:
            for entry in self._below(holder, scope):
                if isinstance(entry, Mapping):
                    values = tuple(_text(entry.get(path.rpartition(".")[2])) for path in paths)
                    if any(value is not None for value in values):
                        yield values
            return
        values = tuple(next(iter(self._values(path, scope)), None) for path in paths)
        if any(value is not None for value in values):
            yield values

    def _values(self, path: str, scope: Scope) -> list[str]:
        return [text for value in self._below(path, scope) if (text := _text(value)) is not None]

    def _below(self, path: str, scope: Scope) -> Iterator[Any]:
        """What is at a path, lists flattened and views followed."""
        name, *rest = path.split(".")
        entity = scope[name].entity
        if entity is None:
            return
        try:
            elements = self._elements(name, rest, scope)
        except DictionaryError:
            return
        for names in stored_paths(elements):
            yield from _along(entity, names)

    def _elements(self, name: str, rest: Sequence[str], scope: Scope) -> tuple[Element, ...]:
        kind = self.dictionary.root
        for step, _ in scope[name].path:
            kind = self.dictionary.element(kind, step).type
        return self.dictionary.resolve(kind, rest) if rest else ()


def _along(found: Any, names: Sequence[str]) -> Iterator[Any]:
    if isinstance(found, list):
        for entry in found:
            yield from _along(entry, names)
    elif not names:
        yield found
    elif isinstance(found, Mapping) and names[0] in found:
        yield from _along(found[names[0]], names[1:])


def _text(value: Any) -> str | None:
    if value is None or isinstance(value, (Mapping, list, Invalid)):
        return None
    return write_value(value)
