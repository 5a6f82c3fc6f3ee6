"""The one tree of exceptions: raised for misuse and for broken packs, dictionaries or mappings.

Bad *data* never raises: a declaration that cannot be read becomes a report with findings.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Place:
    """Where in a file something is wrong; `line` and `column` count from 1."""

    file: str
    line: int | None = None
    column: int | None = None

    def __str__(self) -> str:
        """`file:line:column`, as editors and terminals understand it."""
        parts = [self.file, *(str(part) for part in (self.line, self.column) if part is not None)]
        return ":".join(parts)


class CasrulesError(Exception):
    """Root of all errors of this library: what is wrong, where, and how to mend it."""

    def __init__(self, problem: str, *, place: Place | None = None, remedy: str = "") -> None:
        super().__init__(problem, place, remedy)
        self.problem = problem
        self.place = place
        self.remedy = remedy

    def __reduce__(self) -> tuple[object, ...]:
        """Survive pickling between worker processes."""
        return (_rebuild, (type(self), self.problem, self.place, self.remedy))

    def __str__(self) -> str:
        """One line: place, problem, remedy."""
        where = f"{self.place}: " if self.place else ""
        how = f" ({self.remedy})" if self.remedy else ""
        return f"{where}{self.problem}{how}"


def _rebuild(kind: type[CasrulesError], problem: str, place: Place | None, remedy: str) -> CasrulesError:
    return kind(problem, place=place, remedy=remedy)


class UsageError(CasrulesError):
    """The library or the command line was called in a way that cannot work."""


class DictionaryError(CasrulesError):
    """A row of the data dictionary is broken, or a name is not in it."""


class MappingError(CasrulesError):
    """A message family's mapping or manifest is broken."""


class SchemaSetError(CasrulesError):
    """A schema set cannot be compiled."""


class PackError(CasrulesError):
    """A rule pack cannot be loaded."""


class RuleError(PackError):
    """One rule of a pack is broken: syntax, types, unknown names, limits."""


class HistoryError(CasrulesError):
    """The database of a history cannot be opened, read or written; what was acknowledged before is kept."""


def place_of(path: Path | str, line: int | None = None, column: int | None = None) -> Place:
    """A place for `path`, written with forward slashes."""
    return Place(Path(path).as_posix(), line, column)
