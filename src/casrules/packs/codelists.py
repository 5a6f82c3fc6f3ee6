"""Code lists: which codes a list has on a day, from folders of `index.yaml` and CSV files.

`index.yaml` names the lists; a list may stand there several times, once for each period (`valid_from`,
`valid_to`), and may be marked `partial`: a code that is not in such a list is neither known nor unknown. A file has
the column `code`, and may have `name`, `from` and `to` (the first and the last day of a code). Without dates a list, or
a code, holds on every day.
"""

from __future__ import annotations

import csv
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Annotated

from pydantic import BeforeValidator, Field, ValidationError

from casrules.errors import PackError, Place, place_of
from casrules.language.outcomes import PartialCodes
from casrules.limits import DEFAULT_LIMITS, Limits
from casrules.packs.models import PackModel
from casrules.packs.yaml_text import read_yaml
from casrules.resources import schemas_folder

INDEX = "index.yaml"
COLUMNS = frozenset({"code", "name", "from", "to"})
_EVER = ""

Day = Annotated[date | None, BeforeValidator(lambda value: value or None)]


class ListEntry(PackModel):
    """One list, or one period of it, as the index describes it. `file` is `<id>.csv` unless it is given.

    `as_of` is the day the codes were taken from their source; it does not limit when they hold. Of a `partial` list
    nobody can say that a code is not in it.
    """

    id: str = Field(min_length=1)
    title: str = Field(min_length=1)
    source: str = Field(min_length=1)
    as_of: Day = None
    valid_from: Day = None
    valid_to: Day = None
    file: str = ""
    partial: bool = False

    @property
    def file_name(self) -> str:
        """The CSV file of the list, beside the index."""
        return self.file or f"{self.id}.csv"


class _Index(PackModel):
    lists: tuple[ListEntry, ...]


@dataclass(frozen=True, slots=True)
class CodeList:
    """One list over time: its codes change on `starts` only; None = no period covers the days.

    The codes of a `partial` list are `PartialCodes`. `as_of` (YYYY-MM-DD or empty) is the day they were taken.
    """

    id: str
    title: str
    source: str
    starts: tuple[str, ...]
    codes: tuple[frozenset[str] | None, ...]
    labels: Mapping[str, str]
    as_of: str = ""
    partial: bool = False

    def on(self, day: str | None) -> frozenset[str] | None:
        """The codes on `day`; with None, the newest codes the list has."""
        if day is None:
            return next((found for found in reversed(self.codes) if found is not None), None)
        at = bisect_right(self.starts, day[:10]) - 1
        return self.codes[at]

    def completed(self) -> CodeList:
        """The list as if it were complete."""
        codes = tuple(None if found is None else frozenset(found) for found in self.codes)
        return replace(self, codes=codes, partial=False) if self.partial else self


@dataclass(frozen=True, slots=True)
class CodeLists:
    """All code lists by id. Immutable; share it freely between threads."""

    lists: Mapping[str, CodeList]

    def names(self) -> frozenset[str]:
        """The ids of all lists."""
        return frozenset(self.lists)

    def get(self, list_id: str, on: str | None = None) -> frozenset[str] | None:
        """The codes of a list on a day (YYYY-MM-DD, a time behind it is ignored; None: the newest).

        None if nobody has the list, or nobody has it for that day: a rule that needs it cannot be evaluated.
        """
        found = self.lists.get(list_id)
        return found.on(on) if found else None

    def name_of(self, list_id: str, code: str) -> str | None:
        """The short name of a code, the newest where it changed; None for an unknown list, code, or name."""
        found = self.lists.get(list_id)
        return found.labels.get(code) if found else None

    def dates(self) -> tuple[str, ...]:
        """The days on which the codes of some list change, sorted: between two of them nothing changes."""
        return tuple(sorted({start for found in self.lists.values() for start in found.starts} - {_EVER}))

    def extend(self, folder: Path) -> CodeLists:
        """These lists and those of `folder`, which takes precedence where both have a list.

        Raises PackError with file and line for a folder that cannot be read.
        """
        return self.extended(load_code_lists(folder))

    def extended(self, more: CodeLists) -> CodeLists:
        """These lists and `more`, which take precedence."""
        return CodeLists({**self.lists, **more.lists})

    def completed(self) -> CodeLists:
        """These lists, partial ones as if they were complete: for examples, which must be able to fail."""
        return CodeLists({name: found.completed() for name, found in self.lists.items()})


def shipped_code_lists() -> CodeLists:
    """The code lists that come with the library."""
    return cached_code_lists(schemas_folder() / "codelists")


@cache
def cached_code_lists(folder: Path) -> CodeLists:
    """Like load_code_lists, read once per process."""
    return load_code_lists(folder)


def load_code_lists(folder: Path, limits: Limits = DEFAULT_LIMITS) -> CodeLists:
    """Read `index.yaml` of `folder` and the files it names.

    Raises PackError, with file and line, for an unknown key, a missing file, a code or a period that stands
    twice, a date that is none, and a CSV file that the index does not name.
    """
    path = folder / INDEX
    if not path.is_file():
        remedy = f"a folder of code lists has an {INDEX} that names them"
        raise PackError(f"{folder.name} has no {INDEX}", place=place_of(folder), remedy=remedy)
    document = read_yaml(path, limits)
    try:
        index = _Index.model_validate(document.content)
    except ValidationError as error:
        first = error.errors()[0]
        raise PackError(first["msg"], place=document.place(*first["loc"]), remedy="see the shipped index") from None
    periods: dict[str, list[_Period]] = {}
    for number, entry in enumerate(index.lists):
        place = document.place("lists", number)
        periods.setdefault(entry.id, []).append(_period(folder, entry, place, limits))
    _refuse_strangers(folder, {entry.file_name for entry in index.lists})
    return CodeLists({name: _over_time(name, found) for name, found in periods.items()})


@dataclass(frozen=True, slots=True)
class _Code:
    code: str
    name: str
    since: str
    after: str


@dataclass(frozen=True, slots=True)
class _Period:
    entry: ListEntry
    place: Place
    rows: tuple[_Code, ...]

    @property
    def since(self) -> str:
        return self.entry.valid_from.isoformat() if self.entry.valid_from else _EVER

    @property
    def after(self) -> str:
        """The first day on which it no longer holds; empty = it holds for good."""
        return _next_day(self.entry.valid_to) if self.entry.valid_to else _EVER

    def covers(self, day: str) -> bool:
        return _covers(self.since, self.after, day)


def _period(folder: Path, entry: ListEntry, place: Place, limits: Limits) -> _Period:
    if entry.valid_from and entry.valid_to and entry.valid_to < entry.valid_from:
        raise PackError(f"{entry.id} ends before it begins", place=place, remedy="exchange valid_from and valid_to")
    path = folder / entry.file_name
    if path.parent != folder or not path.is_file():
        remedy = f"put {entry.file_name} beside the index, or correct `file`"
        raise PackError(f"{entry.id} has no file", place=place, remedy=remedy)
    if path.stat().st_size > limits.pack_bytes:
        raise PackError("the file is larger than limits.pack_bytes", place=place_of(path), remedy="raise the limit")
    return _Period(entry, place, tuple(_codes(path)))


def _codes(path: Path) -> Iterator[_Code]:
    line = 1
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            reader = csv.DictReader(stream, strict=True)
            _check_columns(set(reader.fieldnames or ()))
            seen: set[tuple[str, str]] = set()
            for row in reader:
                line = reader.line_num
                found = _code(row)
                if (found.code, found.since) in seen:
                    raise ValueError(f"the code {found.code!r} stands twice")
                seen.add((found.code, found.since))
                yield found
    except (csv.Error, ValueError) as error:
        remedy = "correct the row; save the file as CSV in UTF-8"
        raise PackError(str(error), place=place_of(path, line), remedy=remedy) from None


def _check_columns(columns: set[str]) -> None:
    if "code" not in columns or not columns <= COLUMNS:
        found = ", ".join(sorted(columns))
        raise ValueError(f"the columns are {found}; a list has code, and may have name, from and to")


def _code(row: Mapping[str | None, str | None]) -> _Code:
    code = (row["code"] or "").strip()
    if not code:
        raise ValueError("a row without a code")
    if None in row:
        raise ValueError("more cells than columns (quote a name that holds a comma)")
    first, last = _day(row.get("from")), _day(row.get("to"))
    if first and last and last < first:
        raise ValueError(f"the code {code!r} ends before it begins")
    name = (row.get("name") or "").strip()
    return _Code(code, name, first.isoformat() if first else _EVER, _next_day(last) if last else _EVER)


def _day(written: str | None) -> date | None:
    written = (written or "").strip()
    return date.fromisoformat(written) if written else None


def _next_day(day: date) -> str:
    return (day + timedelta(days=1)).isoformat()


def _covers(since: str, after: str, day: str) -> bool:
    return since <= day and (not after or day < after)


def _over_time(name: str, periods: list[_Period]) -> CodeList:
    turns = {_EVER, *(turn for period in periods for turn in (period.since, period.after))}
    turns.update(turn for period in periods for row in period.rows for turn in (row.since, row.after))
    starts = tuple(sorted(turns))
    codes = tuple(_on(start, periods) for start in starts)
    newest = sorted(periods, key=lambda period: period.since)
    labels = {row.code: row.name for period in newest for row in period.rows if row.name}
    entry = newest[-1].entry
    as_of = entry.as_of.isoformat() if entry.as_of else ""
    return CodeList(name, entry.title, entry.source, starts, codes, labels, as_of, entry.partial)


def _on(day: str, periods: Iterable[_Period]) -> frozenset[str] | None:
    holding = [period for period in periods if period.covers(day)]
    if len(holding) > 1:
        problem = f"two periods of {holding[0].entry.id} cover the same days"
        raise PackError(problem, place=holding[1].place, remedy="let one end before the other begins")
    if not holding:
        return None
    codes = (row.code for row in holding[0].rows if _covers(row.since, row.after, day))
    return PartialCodes(codes) if holding[0].entry.partial else frozenset(codes)


def _refuse_strangers(folder: Path, named: set[str]) -> None:
    for path in sorted(folder.glob("*.csv")):
        if path.name not in named:
            raise PackError(f"nobody loads {path.name}", place=place_of(path), remedy=f"name it in {INDEX}")
