"""A history to mine: columns of before and after, the schema that describes them, and what is in force.

The seam to other stores: anything with `column(name)` and `height` is a `Table`; `History` takes one.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import polars as pl
from pydantic import TypeAdapter, ValidationError

from casrules.errors import UsageError, place_of
from casrules.improve.schema import ExistingRule, LegalBasis, Schema

_FILES = "a folder with schema.json and history.parquet or history.jsonl"


class Table(Protocol):
    """One row a goods item, in any order.

    Columns: `decl_id` (text), `item_no` (from 1), `time` (datetime), `outcome` (accepted, amended, rejected,
    cancelled), `violations` (list of `CODE@path#legal basis`), and `b_NAME`, `a_NAME` (before, after) for each
    field of the schema; header fields repeat on every item.
    """

    @property
    def height(self) -> int:
        """Number of rows."""
        ...

    def column(self, name: str) -> pl.Series:
        """One column; raises UsageError where there is none of that name."""
        ...


@dataclass(frozen=True, slots=True)
class FrameTable:
    """A table in memory."""

    frame: pl.DataFrame

    @property
    def height(self) -> int:
        """Number of rows."""
        return self.frame.height

    def column(self, name: str) -> pl.Series:
        """One column."""
        try:
            return self.frame[name]
        except pl.exceptions.ColumnNotFoundError:
            raise UsageError(f"the history has no column {name!r}", remedy="see schema.json beside it") from None


@dataclass(frozen=True, slots=True)
class ParquetTable:
    """A Parquet file whose columns are read one by one, so that a large history need not fit at once."""

    path: Path

    @property
    def height(self) -> int:
        """Number of rows."""
        return int(pl.scan_parquet(self.path).select(pl.len()).collect().item())

    def column(self, name: str) -> pl.Series:
        """One column, read now."""
        try:
            return pl.read_parquet(self.path, columns=[name])[name]
        except pl.exceptions.ColumnNotFoundError:
            raise UsageError(f"the history has no column {name!r}", place=place_of(self.path)) from None
        except pl.exceptions.PolarsError as error:
            raise UsageError(f"the history cannot be read: {error}", place=place_of(self.path)) from None


@dataclass(frozen=True, slots=True)
class History:
    """What was sent, what was found, what people made of it, and how it ended."""

    schema: Schema
    table: Table
    existing: tuple[ExistingRule, ...] = ()
    bases: tuple[LegalBasis, ...] = field(default=())

    @classmethod
    def open(cls, folder: str | Path) -> History:
        """Open a folder with `schema.json`, `history.parquet` or `history.jsonl`, and, where there are such,
        `existing_rules.json` and `legal_bases.json`. Raises UsageError with the file that is wrong.
        """
        base = Path(folder)
        schema = _read(base / "schema.json", Schema)
        return cls(
            schema=schema,
            table=_table(base, schema),
            existing=tuple(_optional(base / "existing_rules.json", list[ExistingRule])),
            bases=tuple(_optional(base / "legal_bases.json", list[LegalBasis])),
        )


def _table(base: Path, schema: Schema) -> Table:
    if (base / "history.parquet").is_file():
        return ParquetTable(base / "history.parquet")
    if (base / "history.jsonl").is_file():
        from casrules.improve.json_lines import read_json_lines

        return FrameTable(read_json_lines(base / "history.jsonl", schema))
    raise UsageError(f"no history in {base.as_posix()}", remedy=_FILES)


def _optional(path: Path, shape: Any) -> Any:
    return _read(path, shape) if path.is_file() else []


def _read(path: Path, shape: Any) -> Any:
    try:
        return TypeAdapter(shape).validate_python(json.loads(path.read_text(encoding="utf-8")))
    except OSError as error:
        raise UsageError(error.strerror or str(error), place=place_of(path), remedy=_FILES) from None
    except ValueError as error:
        if isinstance(error, ValidationError):
            first = error.errors()[0]
            problem = f"{'.'.join(map(str, first['loc']))}: {first['msg']}"
        else:
            problem = f"no JSON: {error}"
        raise UsageError(problem, place=place_of(path)) from None
