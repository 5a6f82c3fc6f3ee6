"""Rows to dictionary codes: every value a small number, rows in order of time, time in equal bins."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import numpy as np
import polars as pl

from casrules.errors import UsageError
from casrules.improve.arrays import Codes, Mask, Rows
from casrules.improve.schema import FieldSpec
from casrules.improve.source import History, Table

BINS = 48
"""Equal time bins of a history."""
ALWAYS = 1_000_000
"""A day number after every history: the end of a rule that has none."""
_LODGED = ("accepted", "amended")


@dataclass(frozen=True, slots=True)
class CodedField:
    """A coded field before and after, in one vocabulary: code 0 is empty, code i the value `values[i - 1]`."""

    spec: FieldSpec
    values: tuple[str, ...]
    before: Codes
    after: Codes

    def code(self, value: str | None) -> int:
        """The code of a value; -1 for one that never occurs."""
        return self.values.index(value) + 1 if value in self.values else -1

    def allowed(self, test: Callable[[str], bool]) -> Mask:
        """Which codes hold a value that passes, as a mask over codes (0 never passes)."""
        return np.array([False, *(test(value) for value in self.values)])


@dataclass(frozen=True, slots=True)
class Entries:
    """The entries of a list field on one side: the row of each, its key's code, its reference."""

    rows: Rows
    keys: Codes
    references: pl.Series

    def of(self, key: int) -> Rows:
        """Rows with an entry of this key, ascending; a row may come twice."""
        found: Rows = self.rows[self.keys == key]
        return found


@dataclass(frozen=True, slots=True)
class CodedList:
    """A list field: entries before and after, with keys in one vocabulary (codes from 1)."""

    spec: FieldSpec
    values: tuple[str, ...]
    before: Entries
    after: Entries
    height: int

    def code(self, value: str | None) -> int:
        """The code of a key; -1 for one that never occurs."""
        return self.values.index(value) + 1 if value in self.values else -1

    def has(self, key: int, *, after: bool = False) -> Mask:
        """Which rows have an entry of this key."""
        mask = np.zeros(self.height, bool)
        mask[(self.after if after else self.before).of(key)] = True
        return mask


@dataclass(frozen=True, slots=True)
class Alerts:
    """Violations of the rows: row, code (`CODE@path`) and legal basis of each, as codes of `codes` and `bases`."""

    rows: Rows
    code: Codes
    basis: Codes
    codes: tuple[str, ...]
    bases: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Coded:
    """A whole history as arrays; rows are goods items in order of time."""

    height: int
    start: date
    end: date
    day: Codes
    """Days since `start`."""
    bin: Codes
    """Time bin, 0 to 47."""
    declaration: Codes
    """Number of the declaration."""
    names: pl.Series
    """`decl_id` of each row."""
    items: Codes
    """`item_no` of each row."""
    first: Mask
    """The first item of each declaration: header edits count once a declaration."""
    lodged: Mask
    """Accepted or amended; rejected and cancelled ones show nothing."""
    accepted: Mask
    fields: tuple[CodedField, ...]
    lists: tuple[CodedList, ...]
    alerts: Alerts

    def field(self, name: str) -> CodedField | None:
        """The field of that name."""
        return next((it for it in self.fields if it.spec.name == name), None)

    def list(self, name: str) -> CodedList | None:
        """The list field of that name."""
        return next((it for it in self.lists if it.spec.name == name), None)

    def day_of(self, number: int) -> int:
        """The day on which a time bin begins; 0 for the first, `ALWAYS` after the last."""
        return ALWAYS if number >= BINS else number * (self.end - self.start).days // BINS

    def date_of(self, day: int) -> date:
        """The calendar day of a day number."""
        return self.start + timedelta(days=int(day))


def encode(history: History) -> Coded:
    """Read a history column by column. Raises UsageError where a column is missing or of the wrong type."""
    table, schema = history.table, history.schema
    order = _order(table)
    read = _reader(table, order)
    moment = read("time").cast(pl.Datetime("us"))
    start = schema.history_start or _day_of(moment.min())
    end = schema.history_end or _day_of(moment.max()) + timedelta(days=1)
    since = (moment - datetime.combine(start, time())).dt.total_seconds().to_numpy()
    length = max(1, (end - start).days) * 86_400
    names, items = read("decl_id"), read("item_no").cast(pl.Int32).to_numpy()
    outcome = read("outcome")
    declaration = names.rank("dense").cast(pl.Int32).to_numpy() - 1
    return Coded(
        height=len(names),
        start=start,
        end=end,
        day=np.floor(since / 86_400).astype(np.int32),
        bin=np.clip(since * BINS // length, 0, BINS - 1).astype(np.int32),
        declaration=declaration,
        names=names,
        items=items,
        first=_first(declaration),
        lodged=outcome.is_in(_LODGED).to_numpy(),
        accepted=(outcome == _LODGED[0]).to_numpy(),
        fields=tuple(_field(read, it) for it in schema.codes),
        lists=tuple(_list(read, it, len(names)) for it in schema.lists),
        alerts=_alerts(read("violations")),
    )


def _order(table: Table) -> pl.Series:
    keys = pl.DataFrame({name: table.column(name) for name in ("time", "decl_id", "item_no")})
    if keys.is_empty():
        raise UsageError("the history is empty")
    return keys.select(pl.arg_sort_by("time", "decl_id", "item_no")).to_series()


def _reader(table: Table, order: pl.Series) -> Callable[[str], pl.Series]:
    """Columns in the order of time; already ordered tables are not copied."""
    ordered = bool((order == pl.arange(0, len(order), eager=True)).all())
    return lambda name: table.column(name) if ordered else table.column(name).gather(order)


def _day_of(moment: object) -> date:
    assert isinstance(moment, datetime)
    return moment.date()


def _first(declaration: Codes) -> Mask:
    mask = np.zeros(len(declaration), bool)
    mask[np.unique(declaration, return_index=True)[1]] = True
    return mask


def _field(read: Callable[[str], pl.Series], spec: FieldSpec) -> CodedField:
    sides = [_text(read(f"{side}_{spec.name}")) for side in "ba"]
    values = pl.concat([it.unique() for it in sides]).unique().drop_nulls().sort()
    before, after = (_codes(it, values) for it in sides)
    return CodedField(spec, tuple(values.to_list()), before, after)


def _text(column: pl.Series) -> pl.Series:
    text = column.cast(pl.String)
    return text.replace("", None) if (text == "").any() else text


def _codes(column: pl.Series, values: pl.Series) -> Codes:
    if not len(values):
        return np.zeros(len(column), np.int32)
    coded = column.cast(pl.Enum(values)).to_physical().cast(pl.Int32) + 1
    return coded.fill_null(0).to_numpy()


def _list(read: Callable[[str], pl.Series], spec: FieldSpec, height: int) -> CodedList:
    sides = [_exploded(read(f"{side}_{spec.name}"), spec.referenced) for side in "ba"]
    values = pl.concat([it["key"].unique() for it in sides]).unique().sort()
    before, after = (Entries(it["row"].to_numpy(), _codes(it["key"], values), it["reference"]) for it in sides)
    return CodedList(spec, tuple(values.to_list()), before, after, height)


def _exploded(column: pl.Series, referenced: bool) -> pl.DataFrame:
    frame = pl.DataFrame({"entry": column.cast(pl.List(pl.String))}).with_row_index("row")
    frame = frame.with_columns(pl.col("row").cast(pl.Int32)).explode("entry").drop_nulls()
    if not referenced:
        return frame.select("row", pl.col("entry").alias("key"), pl.lit("").alias("reference"))
    parts = pl.col("entry").str.splitn("|", 2)
    return frame.select(
        "row",
        parts.struct.field("field_0").alias("key"),
        parts.struct.field("field_1").fill_null("").alias("reference"),
    )


def _alerts(column: pl.Series) -> Alerts:
    frame = pl.DataFrame({"text": column.cast(pl.List(pl.String))}).with_row_index("row")
    parts = pl.col("text").str.splitn("#", 2)
    frame = (
        frame.explode("text")
        .drop_nulls()
        .select(
            pl.col("row").cast(pl.Int32),
            parts.struct.field("field_0").alias("code"),
            parts.struct.field("field_1").alias("basis").replace("", None),
        )
    )
    codes, bases = (frame[name].unique().drop_nulls().sort() for name in ("code", "basis"))
    return Alerts(
        frame["row"].to_numpy(),
        _codes(frame["code"], codes),
        _codes(frame["basis"], bases),
        tuple(codes.to_list()),
        tuple(bases.to_list()),
    )
