"""The lines of plain data, kept as one number for each value in reading order; looked up only when a place is asked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
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
    numbers: tuple[int, ...]

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

    def below(self, *path: str | int) -> Lines:
        """The lines of the value at `path`, which must exist."""
        content = self.content
        for step in path:
            content = content[step]
        first = next(number for number, found in enumerate(_paths(self.content, ())) if found == path)
        return Lines(self.file, content, self.numbers[first : first + sum(1 for _ in _paths(content, ()))])


def _paths(value: Any, at: ValuePath) -> Iterator[ValuePath]:
    yield at
    if isinstance(value, dict):
        for key, child in value.items():
            yield from _paths(child, (*at, key))
    elif isinstance(value, list):
        for index, child in enumerate(value):
            yield from _paths(child, (*at, index))
