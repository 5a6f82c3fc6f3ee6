"""Reads a history of one declaration a line into the table of one row a goods item."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import polars as pl

from casrules.errors import UsageError, place_of
from casrules.improve.schema import FieldSpec, Schema

_TYPES = {"number": pl.Float64(), "list": pl.List(pl.String())}
_FIXED: dict[str, Any] = {
    "decl_id": pl.String(),
    "item_no": pl.Int32(),
    "time": pl.Datetime(),
    "outcome": pl.String(),
    "violations": pl.List(pl.String()),
}
_BATCH = 20_000


def read_json_lines(path: Path, schema: Schema) -> pl.DataFrame:
    """The rows of `path`: per line `decl_id`, `time`, `outcome`, `violations` and, in `before` and `after`,
    `header` and `items`. Items are aligned by their position. Raises UsageError with the line.
    """
    types = dict(_FIXED)
    for it in schema.fields:
        types[f"b_{it.name}"] = types[f"a_{it.name}"] = _TYPES.get(it.kind, pl.String())
    frames: list[pl.DataFrame] = []
    rows: list[dict[str, Any]] = []
    with path.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            try:
                rows.extend(_rows(json.loads(line), schema))
            except (ValueError, KeyError, TypeError, AttributeError) as error:
                raise UsageError(f"no declaration: {error!r}", place=place_of(path, number)) from None
            if len(rows) >= _BATCH:
                frames.append(pl.DataFrame(rows, schema=types, strict=False))
                rows = []
    return pl.concat([*frames, pl.DataFrame(rows, schema=types, strict=False)])


def _rows(declaration: dict[str, Any], schema: Schema) -> Iterator[dict[str, Any]]:
    before, after = declaration["before"], declaration["after"]
    fixed = {
        "decl_id": declaration["decl_id"],
        "time": datetime.fromisoformat(declaration["time"]),
        "outcome": declaration["outcome"],
    }
    found: dict[int, list[str]] = {}
    for it in declaration.get("violations") or []:
        text = f"{it['code']}@{it.get('path') or ''}#{it.get('legal_basis') or ''}"
        found.setdefault(it.get("item") or 1, []).append(text)
    for place in range(max(len(before["items"]), len(after["items"]))):
        row = {**fixed, "item_no": place + 1, "violations": found.get(place + 1, [])}
        for it in schema.fields:
            row[f"b_{it.name}"] = _value(before, it, place)
            row[f"a_{it.name}"] = _value(after, it, place)
        yield row


def _value(message: dict[str, Any], field: FieldSpec, place: int) -> Any:
    if field.level == "header":
        return message["header"].get(field.name)
    items = message["items"]
    return items[place].get(field.name) if place < len(items) else None
