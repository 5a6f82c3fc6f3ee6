"""Decision tables: every row becomes a rule, the same as one written by hand, with the row's own line."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from pydantic import ValidationError

from casrules.errors import Place, RuleError
from casrules.packs.decision_cells import Cell, Interval, read_cell
from casrules.packs.decision_cover import overlapping_rows, shadowed_rows
from casrules.packs.model_errors import near, read_model
from casrules.packs.models import DecisionTable, Rule
from casrules.packs.yaml_lines import Lines

TEXT_COLUMNS: Final = (
    "title", "description", "message", "remedy", "severity", "status", "since", "source", "category", "require",
)  # fmt: skip
ROW_COLUMNS: Final = ("id", "from", "to", *TEXT_COLUMNS)
_HEAD: Final = (
    "title", "description", "severity", "status", "since", "source", "category", "scope", "law", "authority",
    "specialises", "params", "let", "for", "after", "message", "remedy", "alternatives", "fix", "suggest",
)  # fmt: skip
_NAME = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+")


@dataclass(frozen=True, slots=True)
class Row:
    """One row as written: its cells by column, where it stands."""

    cells: dict[str, str | None]
    place: Place


@dataclass(frozen=True, slots=True)
class RowRule:
    """The rule that a row compiles to; `content` is it as a pack would write it."""

    rule: Rule
    lines: Lines


@dataclass(frozen=True, slots=True)
class Shadowed:
    """A row that nothing reaches, since rows before it match whatever it does."""

    table: str
    row: str
    place: Place
    by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Compiled:
    """What a decision table comes to: its rules in the order of the rows, and the rows nothing reaches."""

    rules: tuple[RowRule, ...]
    shadowed: tuple[Shadowed, ...]


def compile_table(lines: Lines, csv_rows: Sequence[Row] | None) -> Compiled:
    """The rules of a decision table; RuleError with the row's place for whatever is wrong.

    `lines` is the table as written in YAML, `csv_rows` the rows of its CSV file where it names one.
    """
    table = read_model(DecisionTable, lines, kind=RuleError)
    rows = list(csv_rows) if csv_rows is not None else list(_yaml_rows(table, lines))
    _check_columns(table, rows, lines)
    ids = _ids(rows)
    unknown = next((name for name in table.examples if name not in ids), None)
    if unknown is not None:
        raise RuleError(
            f"no row is called {unknown!r}", place=lines.place("examples", unknown), remedy=near(unknown, ids)
        )
    conditions = [[_cell(row, name, path) for name, path in table.conditions.items()] for row in rows]
    shadowed = _cover(table, conditions, rows, ids)
    rules = tuple(
        _rule(table, lines, row, [cell for cell in cells if cell], _tests_of(rows[:position], conditions))
        for position, (row, cells) in enumerate(zip(rows, conditions, strict=True))
    )
    return Compiled(rules, shadowed)


def read_csv_rows(text: str, file: str) -> list[Row]:
    """The rows of a CSV file; RuleError with its line where a row does not fit the header."""
    reader = csv.reader(io.StringIO(text), strict=True)
    found: list[Row] = []
    header: list[str] = []
    try:
        for cells in reader:
            place = Place(file, reader.line_num)
            if not any(cell.strip() for cell in cells):
                continue
            if not header:
                header = [cell.strip() for cell in cells]
                if len(set(header)) < len(header) or "" in header:
                    raise RuleError("two columns have one name, or one has none", place=place, remedy="name each once")
                continue
            if len(cells) != len(header):
                problem = f"{len(cells)} cells under {len(header)} columns"
                raise RuleError(problem, place=place, remedy="quote cells that hold a comma")
            row = {name: cell.strip() or None for name, cell in zip(header, cells, strict=True)}
            found.append(Row(row, place))
    except csv.Error as error:
        place = Place(file, reader.line_num)
        raise RuleError(f"not a CSV file: {error}", place=place, remedy="check the quotes") from None
    if not found:
        raise RuleError("the table has no rows", place=Place(file, 1), remedy="write at least one")
    return found


def _yaml_rows(table: DecisionTable, lines: Lines) -> Iterator[Row]:
    for number, cells in enumerate(table.rows):
        yield Row(dict(cells), lines.place("rows", number))


def _check_columns(table: DecisionTable, rows: Sequence[Row], lines: Lines) -> None:
    for kind, columns in (("conditions", table.conditions), ("results", table.results)):
        for name in columns:
            if name in ROW_COLUMNS or (kind == "results" and name in table.conditions):
                problem = f"the column name {name!r} is taken"
                raise RuleError(problem, place=lines.place(kind, name), remedy="choose another name")
    known = {*ROW_COLUMNS, *table.conditions, *table.results}
    for row in rows:
        for name in row.cells:
            if name not in known:
                raise RuleError(f"unknown column {name!r}", place=row.place, remedy=near(name, known))


def _ids(rows: Sequence[Row]) -> list[str]:
    found: dict[str, Place] = {}
    for row in rows:
        name = row.cells.get("id") or ""
        if not name:
            raise RuleError("a row has no id", place=row.place, remedy="give each row an id that it keeps for ever")
        if name in found:
            raise RuleError(f"the row {name!r} exists twice", place=row.place, remedy=f"first at {found[name]}")
        found[name] = row.place
    return list(found)


def _cell(row: Row, name: str, path: str) -> Cell | None:
    try:
        return read_cell(row.cells.get(name), path if _NAME.fullmatch(path) else f"({path})")
    except ValueError as error:
        raise RuleError(f"column {name}: {error}", place=row.place, remedy="see docs/rule-packs.md") from None


def _in_force(row: Row) -> Cell | None:
    """The row's validity as a test of the reference date."""
    first, last = row.cells.get("from"), row.cells.get("to")
    tests = [f'reference_date {symbol} date("{day}")' for symbol, day in ((">=", first), ("<=", last)) if day]
    return Cell(" and ".join(tests), Interval(first, last)) if tests else None


def _tests_of(rows: Sequence[Row], conditions: Sequence[Sequence[Cell | None]]) -> list[str]:
    """For each row, the expression that says that it matches."""
    found = []
    for row, cells in zip(rows, conditions, strict=False):
        tests = [cell.expression for cell in (*cells, _in_force(row)) if cell is not None]
        found.append(" and ".join(tests) or "true")
    return found


def _cover(
    table: DecisionTable, conditions: Sequence[Sequence[Cell | None]], rows: Sequence[Row], ids: Sequence[str]
) -> tuple[Shadowed, ...]:
    """The rows nothing reaches; of a table where one row at most may match, overlapping rows are an error."""
    if table.hit == "all":
        return ()
    conditions = [(*cells, _in_force(row)) for cells, row in zip(conditions, rows, strict=True)]
    if table.hit == "unique":
        for first, second in overlapping_rows(conditions):
            raise RuleError(
                f"{table.id}: the rows {ids[first]!r} and {ids[second]!r} match the same declarations",
                place=rows[second].place,
                remedy=f"the other is at {rows[first].place}; narrow one of them, or write `hit: first`",
            )
    return tuple(
        Shadowed(table.id, ids[position], rows[position].place, tuple(ids[other] for other in by))
        for position, by in shadowed_rows(conditions)
    )


def _rule(table: DecisionTable, lines: Lines, row: Row, cells: Sequence[Cell], before: Sequence[str]) -> RowRule:
    results = [(path, _cell(row, name, path)) for name, path in table.results.items()]
    tested = [(path, cell.expression) for path, cell in results if cell is not None]
    own = row.cells.get("require")
    require = " and ".join([expression for _, expression in tested] + ([_grouped(own)] if own and tested else []))
    content: dict[str, Any] = {key: lines.content[key] for key in _HEAD if key in lines.content}
    content.update({key: row.cells[key] for key in TEXT_COLUMNS if row.cells.get(key)})
    content["id"] = f"{table.id}.{row.cells['id']}"
    content["require"] = require or own
    content["valid"] = _validity(lines.content.get("valid") or {}, row)
    when = _when(table, cells, before)
    if when:
        content["when"] = when
    at = lines.content.get("at") or [path for path, _ in tested if _NAME.fullmatch(path)]
    if at:
        content["at"] = at
    if row.cells["id"] in table.examples:
        content["examples"] = lines.content["examples"][row.cells["id"]]
    if not content["require"]:
        raise RuleError(
            f"the row {row.cells['id']!r} demands nothing", place=row.place, remedy="fill a result column, or `require`"
        )
    where = Lines(row.place.file, content, (row.place.line or 1,))
    try:
        return RowRule(Rule.model_validate(content), where)
    except ValidationError:
        return RowRule(read_model(Rule, where, kind=RuleError), where)


def _when(table: DecisionTable, cells: Sequence[Cell], before: Sequence[str]) -> str:
    """The table's condition, the row's, and for `hit: first` that no row before it matches."""
    parts = [cell.expression for cell in cells]
    if table.hit == "first":
        parts += [f"not ({test})" for test in before]
    if table.when:
        parts.insert(0, _grouped(table.when) if parts else table.when)
    return " and ".join(parts)


def _grouped(expression: str | None) -> str:
    return f"({expression})"


def _validity(table: dict[str, Any], row: Row) -> dict[str, Any]:
    own = {key: row.cells[key] for key in ("from", "to") if row.cells.get(key)}
    return {**table, **own}
