"""Bringing a history in: events as JSON Lines, or a table of before and after with the schema that describes it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from casrules.errors import UsageError, place_of
from casrules.findings import document_key
from casrules.history.editing import edits_between
from casrules.history.events import (
    AnyEvent,
    Correction,
    Event,
    Found,
    Outcome,
    Submission,
    Values,
    Violations,
)
from casrules.history.fields import ITEMS
from casrules.history.libraries import require_frames
from casrules.history.store import Store
from casrules.history.vocabularies import Vocabulary

_CHUNK = 20_000
_SOURCES = "a file of events (.jsonl), or a folder with schema.json and history.parquet or history.jsonl"
_EVENTS: TypeAdapter[Event] = TypeAdapter(AnyEvent)


def import_history(store: Store, source: str | Path, *, vocabulary: str | None = None) -> int:
    """Append what a file or folder holds; how many events were not there before. Safe to repeat.

    A `.jsonl` file holds one event a line, as `export_events` writes it. A folder holds a table of one row a goods
    item with the schema of its fields; its declarations are kept under the names of that schema, which the history
    remembers as `vocabulary` (default: the folder's name). Raises UsageError with file and line.
    """
    path = Path(source)
    if path.is_dir():
        return _import_folder(store, path, vocabulary if vocabulary is not None else path.resolve().name)
    if path.is_file():
        return store.append_many(_events(path))
    raise UsageError(f"{path.as_posix()}: no such file or folder", remedy=_SOURCES)


def export_events(store: Store, path: str | Path) -> int:
    """Write all events, one a line, so that `import_history` makes the same history of them; how many."""
    count = 0
    with Path(path).open("w", encoding="utf-8", newline="\n") as lines:
        for declared in store.declarations():
            for event in declared.events:
                lines.write(event.model_dump_json() + "\n")
                count += 1
    return count


def _events(path: Path) -> Iterator[Event]:
    with path.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            try:
                yield _EVENTS.validate_json(line)
            except ValidationError as error:
                first = error.errors(include_url=False, include_input=False)[0]
                problem = f"{'.'.join(map(str, first['loc']))}: {first['msg']}"
                raise UsageError(f"no event: {problem}", place=place_of(path, number), remedy=_SOURCES) from None


def _import_folder(store: Store, folder: Path, name: str) -> int:
    if not name:
        raise UsageError("a vocabulary needs a name", remedy="the empty name is the dictionary's")
    vocabulary = Vocabulary(
        name=name,
        table=_json(folder / "schema.json", dict),
        existing_rules=tuple(_optional(folder / "existing_rules.json")),
        legal_bases=tuple(_optional(folder / "legal_bases.json")),
    )
    rows = _table(folder, vocabulary)
    store.keep_vocabulary(vocabulary)
    declarations = groupby(rows, key=lambda row: row["decl_id"])
    levels = {str(it["name"]): str(it["level"]) for it in vocabulary.fields}
    return store.append_many(event for _, them in declarations for event in _told(list(them), levels, name))


def _json(path: Path, shape: type) -> Any:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise UsageError(error.strerror or str(error), place=place_of(path), remedy=_SOURCES) from None
    except ValueError as error:
        raise UsageError(f"no JSON: {error}", place=place_of(path)) from None
    if not isinstance(found, shape):
        raise UsageError("the file holds something else", place=place_of(path), remedy=_SOURCES)
    return found


def _optional(path: Path) -> Any:
    return _json(path, list) if path.is_file() else []


def _table(folder: Path, vocabulary: Vocabulary) -> Iterator[dict[str, Any]]:
    for it in vocabulary.fields:
        if not {"name", "level", "kind"} <= set(it):
            raise UsageError("a field needs name, level and kind", place=place_of(folder / "schema.json"))
    if (folder / "history.parquet").is_file():
        return _parquet_rows(folder / "history.parquet")
    if (folder / "history.jsonl").is_file():
        return _line_rows(folder / "history.jsonl", vocabulary)
    raise UsageError(f"no history in {folder.as_posix()}", remedy=_SOURCES)


def _parquet_rows(path: Path) -> Iterator[dict[str, Any]]:
    """Rows declaration by declaration, whatever their order in the file, some thousand declarations at a time."""
    require_frames()
    import polars as pl

    try:
        table = pl.scan_parquet(path)
        names = table.select("decl_id").unique().collect()["decl_id"].sort()
        for start in range(0, len(names), _CHUNK):
            chosen = pl.col("decl_id").is_between(
                pl.lit(names[start]), pl.lit(names[min(start + _CHUNK, len(names)) - 1])
            )
            yield from table.filter(chosen).sort("decl_id", "item_no").collect().iter_rows(named=True)
    except pl.exceptions.PolarsError as error:
        problem = str(error).splitlines()[0]
        raise UsageError(f"the table cannot be read: {problem}", place=place_of(path)) from None


def _line_rows(path: Path, vocabulary: Vocabulary) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            try:
                yield from _rows_of_line(json.loads(line), vocabulary)
            except (ValueError, KeyError, TypeError, AttributeError) as error:
                raise UsageError(f"no declaration: {error!r}", place=place_of(path, number)) from None


def _rows_of_line(declaration: dict[str, Any], vocabulary: Vocabulary) -> Iterator[dict[str, Any]]:
    fixed = {
        "decl_id": declaration["decl_id"],
        "time": datetime.fromisoformat(declaration["time"]),
        "outcome": declaration["outcome"],
    }
    sides = {"b": declaration["before"], "a": declaration["after"]}
    found: dict[int, list[str]] = {}
    for it in declaration.get("violations") or []:
        text = f"{it['code']}@{it.get('path') or ''}#{it.get('legal_basis') or ''}"
        found.setdefault(it.get("item") or 1, []).append(text)
    for place in range(max(len(side["items"]) for side in sides.values())):
        row = {**fixed, "item_no": place + 1, "violations": found.get(place + 1, [])}
        for mark, side in sides.items():
            item = side["items"][place] if place < len(side["items"]) else {}
            for field in vocabulary.fields:
                cells = side["header"] if field["level"] == "header" else item
                row[f"{mark}_{field['name']}"] = cells.get(field["name"])
        yield row


def _told(rows: list[dict[str, Any]], levels: dict[str, str], name: str) -> Iterator[Event]:
    """The events of one declaration."""
    first = rows[0]
    moment: datetime = first["time"]
    common: dict[str, Any] = {
        "document": document_key(given=f"{name}:{first['decl_id']}"),
        "at": moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment,
    }
    ids = f"{name}:{first['decl_id']}"
    before, after = (_values(rows, mark, levels) for mark in "ba")
    yield Submission(**common, id=f"{ids}:submission", vocabulary=name, lrn=str(first["decl_id"]), values=before)
    found = tuple(it for place, row in enumerate(rows) for it in _found(row["violations"] or (), place, levels))
    yield Violations(**common, id=f"{ids}:violations", found=found)
    if after != before:
        edits = edits_between(before, after)
        yield Correction(**common, id=f"{ids}:correction", vocabulary=name, edits=edits, values=after)
    yield Outcome(**common, id=f"{ids}:outcome", outcome=first["outcome"])


def _values(rows: list[dict[str, Any]], mark: str, levels: dict[str, str]) -> Values:
    found: Values = {}
    for name, level in levels.items():
        field, key = f"{mark}_{name}", f"/{_escaped(name)}"
        for place, row in enumerate(rows[:1] if level == "header" else rows):
            value = row[field]
            if value is None or value == "":
                continue
            pointer = key if level == "header" else f"/{ITEMS}/{place}{key}"
            if isinstance(value, list):
                for number, entry in enumerate(value):
                    found[f"{pointer}/{number}"] = str(entry)
            else:
                found[pointer] = value if isinstance(value, str) else str(value)
    return found


def _found(texts: Iterable[str], place: int, levels: dict[str, str]) -> Iterator[Found]:
    for text in texts:
        rule, _, rest = text.partition("@")
        path, _, basis = rest.partition("#")
        item = "" if levels.get(path) == "header" else f"/{ITEMS}/{place}"
        record = f"{item}/{_escaped(path)}" if path else item
        yield Found(rule=rule, path=path, record=record, law=(basis,) if basis else ())


def _escaped(name: str) -> str:
    return name.replace("~", "~0").replace("/", "~1")
