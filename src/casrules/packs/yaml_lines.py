"""The lines of plain data, kept as one number for each value in reading order; looked up only when a place is asked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate, islice, takewhile
from typing import Any

from casrules.errors import Place

ValuePath = tuple[str | int, ...]


@dataclass(frozen=True)
class Lines:
    """Where the values of `content` stand: `numbers` has the line of each, itself first, children in their order.

    Fewer numbers than values (a single one, say) mean: everything without a number stands where its parent does.
    """

    file: str
    content: Any
    numbers: tuple[int, ...] | Part

    @cached_property
    def by_path(self) -> dict[ValuePath, int]:
        """The line of each path into the content."""
        return dict(zip(_paths(self.content, ()), self.numbers, strict=False))

    def line(self, *path: str | int) -> int | None:
        """The line of the value at `path`, else of the nearest enclosing value that has one."""
        for length in range(len(path), -1, -1):
            found = self.by_path.get(path[:length])
            if found is not None:
                return found
        return None

    def place(self, *path: str | int) -> Place:
        """File and line of the value at `path`, else of the nearest enclosing value."""
        return Place(self.file, self.line(*path))

    def entries(self, key: str) -> list[Lines]:
        """The lines of each entry of the list at `key` of a mapping."""
        starts = Starts(self, key)
        return [Lines(self.file, entry, Part(starts, number)) for number, entry in enumerate(self.content[key])]


@dataclass(frozen=True)
class Starts:
    """Where the numbers of each entry of a list begin among those of the whole; counted when a place is asked."""

    whole: Lines
    key: str

    @cached_property
    def positions(self) -> tuple[int, ...]:
        """The position of each entry, and the one behind the last."""
        above = takewhile(lambda pair: pair[0] != self.key, self.whole.content.items())
        first = 2 + sum(size_of(child) for _, child in above)
        return tuple(accumulate((size_of(entry) for entry in self.whole.content[self.key]), initial=first))


@dataclass(frozen=True, eq=False)
class Part:
    """The numbers of one entry of a list; equal to others that are the same numbers."""

    starts: Starts
    number: int

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Part) and tuple(self) == tuple(other)

    def __hash__(self) -> int:
        return hash(tuple(self))

    def __iter__(self) -> Iterator[int]:
        start, end = self.starts.positions[self.number : self.number + 2]
        return islice(self.starts.whole.numbers, start, end)


def size_of(value: Any) -> int:
    """How many values there are in plain data, itself and every one below counted."""
    if isinstance(value, dict):
        children: Iterable[Any] = value.values()
    elif isinstance(value, list):
        children = value
    else:
        return 1
    total = 1
    for child in children:
        total += size_of(child) if isinstance(child, (dict, list)) else 1
    return total


def _paths(value: Any, at: ValuePath) -> Iterator[ValuePath]:
    yield at
    if isinstance(value, dict):
        for key, child in value.items():
            yield from _paths(child, (*at, key))
    elif isinstance(value, list):
        for index, child in enumerate(value):
            yield from _paths(child, (*at, index))
