"""A history as a folder that `casrules.improve` mines: `schema.json` and `history.parquet`, in little memory."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import polars as pl

from casrules.errors import UsageError
from casrules.history.fields import DictionaryReader, SchemaReader
from casrules.history.naming import dictionary_naming
from casrules.history.store import Store
from casrules.history.table_rows import Cells, rows_of
from casrules.history.vocabularies import Vocabulary

_BATCH = 2_000
_TOLD = ("submission", "violations", "correction", "outcome")
"""The kinds of events that a table is made of."""
_FIXED: dict[str, Any] = {
    "decl_id": pl.String(),
    "item_no": pl.Int32(),
    "time": pl.Datetime("us"),
    "outcome": pl.String(),
    "violations": pl.List(pl.String()),
}
_TYPES = {"number": pl.Float64(), "list": pl.List(pl.String())}


def export_table(store: Store, folder: str | Path, *, vocabulary: str | None = None) -> Path:
    """Write the declarations that have ended, one row a goods item, and the schema that describes the columns.

    Columns carry the names that rules use (`item.commodity_code`, `declaration.importer.id`,
    `item.supporting_documents`), or those of `vocabulary` where the values came with a schema of their own; without a
    vocabulary the only one is taken. Raises UsageError where there is none, or several.
    """
    target = Path(folder)
    target.mkdir(parents=True, exist_ok=True)
    name = vocabulary if vocabulary is not None else _only(store.vocabularies_used())
    known = store.vocabularies().get(name)
    if name and known is None:
        raise UsageError(f"the history knows no fields called {name!r}", remedy=_names(store.vocabularies_used()))
    by_dictionary = DictionaryReader(dictionary_naming())
    reader = SchemaReader() if known else by_dictionary
    with TemporaryDirectory(dir=target) as scratch:
        chosen = (
            it
            for it in store.declarations(kinds=_TOLD, content=False)
            if it.submissions and it.submissions[0].vocabulary == name
        )
        rows = (row for declared in chosen for row in rows_of(declared, reader))
        parts = _parts(rows, Path(scratch))
        if not parts:
            raise UsageError("no declaration of the history has ended: there is nothing to learn from")
        table = pl.concat([pl.scan_parquet(it) for it in parts], how="diagonal_relaxed")
        schema = _given(known) if known else _derived(by_dictionary, table)
        _finished(table, schema["fields"]).sink_parquet(target / "history.parquet")
    _write(target / "schema.json", schema)
    for file, content in (
        (("existing_rules", known.existing_rules), ("legal_bases", known.legal_bases)) if known else ()
    ):
        if content:
            _write(target / f"{file}.json", list(content))
    return target


def _only(names: tuple[str, ...]) -> str:
    if len(names) == 1:
        return names[0]
    if not names:
        raise UsageError("the history is empty")
    raise UsageError("the history holds declarations of several vocabularies", remedy=_names(names))


def _names(names: Iterable[str]) -> str:
    return "name one of " + ", ".join(it or "'' (the dictionary)" for it in names)


def _parts(rows: Iterator[Cells], scratch: Path) -> list[Path]:
    parts: list[Path] = []
    while batch := list(islice(rows, _BATCH)):
        names = dict.fromkeys(name for row in batch for name in row)
        columns = {name: [row.get(name) for row in batch] for name in names}
        types = {name: _FIXED.get(name) or _type_of(column) for name, column in columns.items()}
        parts.append(scratch / f"{len(parts):06}.parquet")
        pl.DataFrame(columns, schema=types).write_parquet(parts[-1], compression="lz4")
    return parts


def _type_of(column: list[Any]) -> Any:
    return pl.List(pl.String()) if any(isinstance(value, list) for value in column) else pl.String()


def _given(vocabulary: Vocabulary) -> dict[str, Any]:
    return {**vocabulary.table, "fields": vocabulary.fields}


def _derived(reader: DictionaryReader, table: pl.LazyFrame) -> dict[str, Any]:
    """The schema of what the dictionary names; its period ends the day after the last declaration."""
    there = table.collect_schema()
    texts = sorted({name[2:] for name, kind in there.items() if name.startswith("b_") and kind == pl.String()})
    # what is said once a declaration is counted once, or it would seem to repeat on every item
    cells = {
        name: column if reader.of_items(name) else column.filter(pl.col("item_no") == 1)
        for name, column in ((name, pl.col(f"b_{name}")) for name in texts)
    }
    counts = [column.n_unique().alias(f"n_{name}") for name, column in cells.items()]
    filled = [column.count().alias(f"c_{name}") for name, column in cells.items()]
    period = [pl.col("time").min().alias("first"), pl.col("time").max().alias("last")]
    found = table.select(*counts, *filled, *period).collect(engine="streaming").row(0, named=True)
    repeated = {name: 2 * found[f"n_{name}"] <= found[f"c_{name}"] for name in texts}
    start: date = found["first"].date()
    end: date = found["last"].date() + timedelta(days=1)
    return {
        "history_start": start.isoformat(),
        "history_end": end.isoformat(),
        "fields": reader.fields(repeated),
    }


def _finished(table: pl.LazyFrame, fields: list[dict[str, Any]]) -> pl.LazyFrame:
    there = table.collect_schema()
    columns = [pl.col(name) for name in _FIXED]
    for field in fields:
        kind = _TYPES.get(field["kind"], pl.String())
        for name in (f"b_{field['name']}", f"a_{field['name']}"):
            source = pl.col(name) if name in there else pl.lit(None)
            if isinstance(kind, pl.List) and name in there:
                source = source.fill_null([])
            columns.append(source.cast(kind, strict=False).alias(name))
    return table.select(columns)


def _write(path: Path, content: Any) -> None:
    path.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
