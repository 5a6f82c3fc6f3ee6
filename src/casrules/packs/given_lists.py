"""Code lists as the EU and HMRC give them out, read from a path the caller names.

- a folder with `index.yaml`: our own form (see `codelists`);
- CSV with a column `code` or `id`; of the others, `description`, `name` or `en` is the name, `active_from`,
  `valid_from` or `from` the first day, `active_to`, `valid_to` or `to` the last, and rows whose `state` is not
  `valid` are left out;
- JSON of CS/RD2: `messageInformation` and `lists`, each with `listEntries` (`code` or `id`, `description` or `name`,
  `state`, `activeFrom`);
- JSON of HMRC: a list of objects with `code` and `en`, `value` and `display`, or `id` and `description`.

A list is called by its number where its file begins with it (`CL010_…`), else by what
`schemas/official/codelists.yaml` says of the name, else by the name itself.
"""

from __future__ import annotations

import csv
import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any, Final

from casrules.errors import PackError, Place, UsageError, place_of
from casrules.limits import DEFAULT_LIMITS, Limits
from casrules.packs.codelists import INDEX, CodeList, CodeLists, load_code_lists, shipped_code_lists
from casrules.packs.yaml_text import read_text, read_yaml
from casrules.resources import schemas_folder

CODE: Final = ("code", "id", "value")
NAME: Final = ("description", "name", "en", "display")
FIRST: Final = ("active_from", "activeFrom", "valid_from", "from")
LAST: Final = ("active_to", "activeTo", "valid_to", "to")
_NUMBERED = re.compile(r"(CL\d{3})(?=_|$)")
_EVER = ""
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class GivenLists:
    """Lists somebody gave, and the sha256 of the files of each, by the list's id."""

    lists: CodeLists
    digests: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class _Entry:
    code: str
    name: str
    since: str
    after: str


def lists_with(paths: Iterable[str | Path], limits: Limits = DEFAULT_LIMITS) -> CodeLists:
    """The shipped lists, and those of each path in turn in their place: a later one takes precedence."""
    found = shipped_code_lists()
    for path in paths:
        found = found.extended(load_given_lists(Path(path), limits).lists)
    return found


def load_given_lists(path: Path, limits: Limits = DEFAULT_LIMITS) -> GivenLists:
    """Read code lists from a file, or from all CSV and JSON files of a folder.

    A list with dates begins with the first of them: for the days before, nobody has it. Raises PackError, with file
    and line, for a row without a code, a date that is none, a list that stands twice, and a file that is no code list;
    UsageError for a path that is not there.
    """
    if not path.exists():
        raise UsageError("there are no code lists", place=place_of(path), remedy="give a file or folder that exists")
    if path.is_dir() and (path / INDEX).is_file():
        own = load_code_lists(path, limits)
        digest = _digest((path / INDEX, *sorted(path.glob("*.csv"))))
        return GivenLists(own, dict.fromkeys(own.lists, digest))
    files = sorted(f for f in path.iterdir() if f.suffix in (".csv", ".json")) if path.is_dir() else [path]
    if not files:
        raise PackError("no code lists", place=place_of(path), remedy="give CSV or JSON files")
    found: dict[str, CodeList] = {}
    digests: dict[str, str] = {}
    for file in files:
        for code_list in _lists_of(file, limits):
            if code_list.id in found:
                problem = f"the list {code_list.id} stands twice"
                raise PackError(problem, place=place_of(file), remedy="give one file for each list")
            found[code_list.id] = code_list
            digests[code_list.id] = _digest((file,))
    return GivenLists(CodeLists(found), digests)


def _lists_of(file: Path, limits: Limits) -> Iterator[CodeList]:
    # an export is as large as a message may be: all CUS codes are more than a pack
    text = read_text(file, replace(limits, pack_bytes=limits.message_bytes))
    if file.suffix == ".json":
        yield from _from_json(file, text)
        return
    yield _made(_id_of(file.stem, "files"), file.stem, file.name, "", _from_csv(file, text))


def _from_csv(file: Path, text: str) -> list[_Entry]:
    reader = csv.DictReader(text.splitlines(keepends=True), strict=True)
    try:
        columns = set(reader.fieldnames or ())
        if not columns & {"code", "id"}:
            problem = "this is no code list: it has no column code or id"
            raise PackError(problem, place=place_of(file, 1), remedy="give the export of one list")
        rows = [(place_of(file, reader.line_num), row) for row in reader]
    except csv.Error as error:
        problem = f"not a CSV file: {error}"
        raise PackError(problem, place=place_of(file, reader.line_num + 1), remedy="check the quotes") from None
    broken = next((place for place, row in rows if None in row), None)
    if broken is not None:
        raise PackError("more cells than columns", place=broken, remedy="quote a text that holds a comma")
    return [entry for place, row in rows if (entry := _entry(row, place, f"row {place.line}")) is not None]


def _from_json(file: Path, text: str) -> Iterator[CodeList]:
    try:
        content = json.loads(text)
    except (ValueError, RecursionError) as error:
        line = getattr(error, "lineno", None)
        raise PackError("this is not JSON", place=place_of(file, line), remedy="keep the export as it is") from None
    if isinstance(content, dict) and isinstance(content.get("lists"), dict):
        day = str((content.get("messageInformation") or {}).get("snapshotDate") or "")
        for key, told in sorted(content["lists"].items()):
            name = str(told.get("listName") or key) if isinstance(told, dict) else key
            entries = _entries(told.get("listEntries") if isinstance(told, dict) else None, file, f"lists.{key}")
            yield _made(_id_of(key, "rd2"), name, f"{file.name}, {key}", day, entries)
    else:
        yield _made(_id_of(file.stem, "files"), file.stem, file.name, "", _entries(content, file, ""))


def _entries(rows: Any, file: Path, path: str) -> list[_Entry]:
    place = place_of(file)
    if not isinstance(rows, list):
        problem = f"{path or 'the file'} is no list of entries"
        raise PackError(problem, place=place, remedy="see docs/rule-packs.md, code lists of your own")
    found: list[_Entry] = []
    for number, row in enumerate(rows):
        where = f"{path}[{number}]" if path else f"entry {number + 1}"
        if not isinstance(row, dict):
            raise PackError(f"{where} is no entry of a code list", place=place, remedy="an entry is an object")
        entry = _entry(row, place, where)
        if entry is not None:
            found.append(entry)
    return found


def _entry(row: Row, place: Place, where: str) -> _Entry | None:
    """One code; None where the list says that it is not valid."""
    code = _first(row, CODE)
    if not code:
        raise PackError(f"{where} has no code", place=place, remedy="fill code (or id), or remove the row")
    if str(row.get("state") or "valid").strip().lower() != "valid":
        return None
    first, last = (_day(_first(row, names), place, where) for names in (FIRST, LAST))
    if first and last and last < first:
        raise PackError(f"{where}: {code!r} ends before it begins", place=place, remedy="exchange the dates")
    after = (last + timedelta(days=1)).isoformat() if last else _EVER
    return _Entry(code, _first(row, NAME), first.isoformat() if first else _EVER, after)


def _first(row: Row, names: Sequence[str]) -> str:
    return next((str(row[name]).strip() for name in names if row.get(name) not in (None, "")), "")


def _day(written: str, place: Place, where: str) -> date | None:
    if not written:
        return None
    try:
        return date.fromisoformat(written[:10])
    except ValueError:
        problem = f"{where}: {written!r} is not a date"
        raise PackError(problem, place=place, remedy="write it as YYYY-MM-DD") from None


def _made(list_id: str, title: str, source: str, as_of: str, entries: Sequence[_Entry]) -> CodeList:
    turns = sorted({entry.since for entry in entries} | {entry.after for entry in entries if entry.after})
    starts = tuple(dict.fromkeys((_EVER, *turns)))
    dated = bool(entries) and all(entry.since for entry in entries)
    codes = tuple(None if dated and start == _EVER else _on(start, entries) for start in starts)
    labels = {entry.code: entry.name for entry in entries if entry.name}
    return CodeList(list_id, title, source, starts, codes, labels, as_of)


def _on(day: str, entries: Iterable[_Entry]) -> frozenset[str]:
    return frozenset(e.code for e in entries if e.since <= day and (not e.after or day < e.after))


def _id_of(name: str, kind: str) -> str:
    numbered = _NUMBERED.match(name)
    return numbered[1] if numbered else _official()[kind].get(name, name)


@cache
def _official() -> Mapping[str, Mapping[str, str]]:
    content: Mapping[str, Mapping[str, str]] = read_yaml(schemas_folder() / "official" / "codelists.yaml").content
    return content


def _digest(files: Iterable[Path]) -> str:
    digest = hashlib.sha256()
    for file in files:
        content = file.read_bytes()
        digest.update(f"{file.name}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()
