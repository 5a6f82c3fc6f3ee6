"""Configuration rules in a pack: what a customer's own rules fill in or correct in a declaration before it is checked.

A configuration rule is an ordinary rule turned round: wherever its condition holds, its edits are due. It is therefore
kept as a rule that fails wherever it applies, with the edits as its fix.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Annotated, Any, Final, Literal

from pydantic import Field, model_validator

from casrules.errors import RuleError
from casrules.packs.cell_sets import meet, shadowed_by_one
from casrules.packs.decision_cells import Cell, Interval, Test, read_cell
from casrules.packs.decisions import ROW_COLUMNS, Row, Shadowed, compile_table
from casrules.packs.model_errors import near, read_model
from casrules.packs.models import (
    RULE_ID,
    Example,
    FixPlan,
    Laws,
    PackModel,
    Rule,
    Scope,
    Status,
    Texts,
    Validity,
)
from casrules.packs.yaml_lines import Lines

ASKED: Final = "ask"
"""A value that a person must give."""
RANK: Final = 100
"""The rank of a rule that names none; smaller is stronger."""
APPLIES: Final = "false"
"""What a configuration rule requires as a rule: it fails wherever it applies."""
ACTIONS: Final = ("set", "default", "copy", "compute", "add", "remove")
PLANNED: Final = ("set", "default", "copy_", "compute", "add", "remove")
Mode = Literal["apply", "ask"]
Rank = Annotated[int, Field(ge=1, le=9999)]


class Approval(PackModel):
    """Who let the rule into the pack, on which day, and why."""

    by: str = Field(min_length=1)
    reason: str = Field(min_length=1)
    on: str = ""


class ConfigurationExample(Example):
    """A declaration in short form, and the values (paths to texts) that the rule leaves in it."""

    expect: dict[str, str] = Field(default_factory=dict)


class ConfigurationExamples(PackModel):
    """The tests of a configuration rule: declarations it changes, and those it must leave alone."""

    changes: tuple[ConfigurationExample, ...] = ()
    untouched: tuple[ConfigurationExample, ...] = ()


class ConfigurationHead(PackModel):
    """What a configuration rule and a table of them have in common.

    `set` overrides what is there, `default` fills only what is missing, `copy` takes the value of another field,
    `compute` that of an expression, `add` adds an entity unless one with these values is there, `remove` takes a value
    or the visited entity away. `match` tests fields with the cells of decision tables (`8471*`, `A|B`, `>= 5`).
    A value of `ask`, and mode `ask` as a whole, leaves the decision to a person. `because` names the rules whose
    violations it prevents.
    """

    title: str = Field(min_length=1)
    description: str = ""
    status: Status = "stable"
    since: str = "0.1"
    valid: Validity = Validity()
    scope: Scope = Scope()
    law: Laws = ()
    params: dict[str, str] = Field(default_factory=dict)
    let: dict[str, str] = Field(default_factory=dict)
    for_: str = Field(default="declaration", alias="for")
    match: dict[str, str] = Field(default_factory=dict)
    when: str | None = None
    mode: Mode = "ask"
    rank: Rank = RANK
    message: str | None = None
    set: dict[str, str] = Field(default_factory=dict)
    default: dict[str, str] = Field(default_factory=dict)
    copy_: dict[str, str] = Field(default_factory=dict, alias="copy")
    compute: dict[str, str] = Field(default_factory=dict)
    add: dict[str, dict[str, str]] = Field(default_factory=dict)
    remove: Texts = ()
    because: Texts = ()
    approved: Approval | None = None
    evidence: dict[str, str] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _does_something(self) -> ConfigurationHead:
        if not any((self.set, self.default, self.copy_, self.compute, self.add, self.remove)):
            raise ValueError(f"a configuration rule does something: write one of {', '.join(ACTIONS)}")
        return self

    @property
    def targets(self) -> tuple[str, ...]:
        """The paths of what it writes, in order, each once."""
        written = (*self.set, *self.default, *self.copy_, *self.compute, *self.add, *self.remove)
        return tuple(dict.fromkeys(written))


class ConfigurationRule(ConfigurationHead):
    """One configuration rule as written in a pack."""

    id: str = Field(pattern=RULE_ID)
    examples: ConfigurationExamples = ConfigurationExamples()


class ConfigurationTable(ConfigurationHead):
    """Configuration rules written as the rows of a table: each row is one rule, `<table id>.<row id>`.

    `conditions` name the columns to test and the path each is about; `{column}` as a value of an edit stands for the
    cell of that column, and an edit whose cell is empty is left out. `rows` are written here, or stand in the CSV file
    `decisions/<file>`.
    """

    id: str = Field(pattern=RULE_ID)
    hit: Literal["first", "unique", "all"] = "first"
    conditions: dict[str, str] = Field(min_length=1)
    rows: tuple[dict[str, str | None], ...] = ()
    file: str = Field(default="", pattern=r"^([A-Za-z0-9_\-.]+\.csv)?$")

    @model_validator(mode="after")
    def _has_rows(self) -> ConfigurationTable:
        if bool(self.rows) == bool(self.file):
            raise ValueError("a table of configuration rules has either `rows` or the `file` that holds them")
        return self


NO_EXAMPLES: Final = ConfigurationExamples()


@dataclass(frozen=True, slots=True)
class ConfiguredTable:
    """The rules of a table, and the rows nothing reaches."""

    rules: tuple[Configured, ...]
    shadowed: tuple[Shadowed, ...]


@dataclass(frozen=True, slots=True)
class Configured:
    """A configuration rule as read: what was written, and the rule it is kept as; `table` is "" for a single one.

    `tests` are its conditions by path as far as they are cells. Of the rows of a table with `hit: first`, `first_only`,
    the one with the lowest `row` that matches an entity applies to it.
    """

    head: ConfigurationHead
    rule: Rule
    lines: Lines
    table: str = ""
    examples: ConfigurationExamples = NO_EXAMPLES
    tests: Mapping[str, Test] = field(default_factory=dict)
    row: int = 0
    first_only: bool = False


def read_rule(lines: Lines) -> Configured:
    """A single configuration rule; RuleError with file and line for whatever is wrong."""
    head = read_model(ConfigurationRule, lines, kind=RuleError)
    matched = _matched(head, lines)
    rule = _rule(head, head.id, _condition(head, matched), _plan(head, None))
    return Configured(head, rule, lines, examples=head.examples, tests=_tests(matched))


def read_table(lines: Lines, rows_of: Callable[[str, Lines], Sequence[Row]]) -> ConfiguredTable:
    """The configuration rules of a table; `rows_of` gives the rows of its CSV file.

    Raises RuleError with the row's place for whatever is wrong.
    """
    table = read_model(ConfigurationTable, lines, kind=RuleError)
    rows: Sequence[Row] = [Row(dict(cells), lines.place("rows", n)) for n, cells in enumerate(table.rows)]
    if table.file:
        rows = rows_of(table.file, lines)
    columns = _columns(table)
    _check_columns(columns, table, rows, lines)
    matched = _matched(table, lines)
    decisions = _as_decisions(table, matched, lines)
    compiled = compile_table(decisions, [_tests_only(row, columns) for row in rows])
    made: list[Configured] = []
    conditions: list[list[Cell | None]] = []
    for position, (row, found) in enumerate(zip(rows, compiled.rules, strict=True)):
        cells = {path: read_cell(row.cells.get(name), path) for name, path in table.conditions.items()}
        conditions.append([*cells.values(), _in_force(found.rule.valid)])
        rule = _rule(table, found.rule.id, found.rule.when, _plan(table, row), found.rule.valid)
        if not any(getattr(rule.fix[0], action) for action in PLANNED):
            raise RuleError(f"the row {row.cells['id']!r} does nothing", place=row.place, remedy="fill in a value")
        made.append(
            Configured(
                table, rule, replace(found.lines, content={}), table.id, tests=_tests({**matched, **cells}),
                row=position, first_only=table.hit == "first",
            )
        )  # fmt: skip
    return ConfiguredTable(tuple(made), _cover(table, conditions, rows))


def _check_columns(columns: set[str], table: ConfigurationTable, rows: Sequence[Row], lines: Lines) -> None:
    """Columns of values exist, and are no columns of conditions."""
    for row in rows:
        unknown = columns - set(row.cells)
        if unknown and table.file:
            name = min(unknown)
            raise RuleError(f"there is no column {name!r}", place=row.place, remedy=near(name, row.cells))
        if not table.file:
            known = {*columns, *table.conditions, *ROW_COLUMNS}
            strange = next((name for name in row.cells if name not in known), None)
            if strange is not None:
                raise RuleError(f"unknown column {strange!r}", place=row.place, remedy=near(strange, known))


def _cover(
    table: ConfigurationTable, conditions: Sequence[Sequence[Cell | None]], rows: Sequence[Row]
) -> tuple[Shadowed, ...]:
    """The rows nothing reaches; of a table where one row at most may match, rows that match together are an error."""
    ids = [row.cells["id"] or "" for row in rows]
    if table.hit == "unique":
        for first, second in _meeting(conditions):
            raise RuleError(
                f"{table.id}: the rows {ids[first]!r} and {ids[second]!r} match the same declarations",
                place=rows[second].place,
                remedy="narrow one of them, or write hit: first",
            )
    if table.hit != "first":
        return ()
    return tuple(
        Shadowed(table.id, ids[position], rows[position].place, (ids[by],))
        for position, by in shadowed_by_one(conditions)
    )


def _meeting(conditions: Sequence[Sequence[Cell | None]]) -> Iterator[tuple[int, int]]:
    tests = [[cell.test if cell is not None else None for cell in row] for row in conditions]
    for second, row in enumerate(tests):
        for first in range(second):
            if all(meet(a, b) for a, b in zip(tests[first], row, strict=True)):
                yield first, second


def _in_force(valid: Validity) -> Cell | None:
    """The days of a row as a test like those of its cells."""
    first, last = valid.since, valid.until
    if first is None and last is None:
        return None
    return Cell("", Interval(first.isoformat() if first else None, last.isoformat() if last else None))


def _matched(head: ConfigurationHead, lines: Lines) -> dict[str, Cell | None]:
    """The cells of `match` by path."""
    found: dict[str, Cell | None] = {}
    for path, cell in head.match.items():
        try:
            found[path] = read_cell(cell, path)
        except ValueError as error:
            raise RuleError(f"match {path}: {error}", place=lines.place("match", path)) from None
    return found


def _tests(cells: Mapping[str, Cell | None]) -> dict[str, Test]:
    return {path: cell.test for path, cell in cells.items() if cell is not None}


def _rule(head: ConfigurationHead, name: str, when: str | None, plan: FixPlan, valid: Validity | None = None) -> Rule:
    content: dict[str, Any] = {
        "id": name, "title": head.title, "description": head.description, "severity": "info", "status": head.status,
        "since": head.since, "category": "policy", "valid": valid or head.valid, "scope": head.scope, "law": head.law,
        "params": head.params, "let": head.let, "for": head.for_, "when": when, "require": APPLIES,
        "at": [path for path in head.targets if "." in path], "message": head.message or head.title, "fix": [plan],
    }  # fmt: skip
    return Rule.model_validate(content)


def _condition(head: ConfigurationHead, matched: Mapping[str, Cell | None]) -> str | None:
    parts = [cell.expression for cell in matched.values() if cell is not None]
    if head.when:
        parts.append(f"({head.when})" if parts else head.when)
    return " and ".join(parts) or None


def _plan(head: ConfigurationHead, row: Row | None) -> FixPlan:
    """The edits, the cells of `row` in the places that name a column."""

    def filled(values: dict[str, str]) -> dict[str, str]:
        found = {name: _cell(value, row) for name, value in values.items()}
        return {name: value for name, value in found.items() if value}

    return FixPlan(
        applicability="unsafe",
        title=head.title,
        set=filled(head.set),
        default=filled(head.default),
        copy=filled(head.copy_),
        compute=filled(head.compute),
        add={path: filled(values) for path, values in head.add.items()},
        remove=head.remove,
    )


def _cell(value: str, row: Row | None) -> str:
    column = _column(value)
    return value if row is None or column is None else row.cells.get(column) or ""


def _column(value: str) -> str | None:
    return value[1:-1] if value[:1] == "{" and value[-1:] == "}" else None


def _columns(table: ConfigurationTable) -> set[str]:
    """The columns whose cells are values of edits."""
    values = [
        *table.set.values(), *table.default.values(), *table.copy_.values(), *table.compute.values(),
        *(value for fields in table.add.values() for value in fields.values()),
    ]  # fmt: skip
    return {column for value in values if (column := _column(value)) is not None}


def _as_decisions(table: ConfigurationTable, matched: Mapping[str, Cell | None], lines: Lines) -> Lines:
    """The tests of the table as a decision table in which every row stands for itself."""
    kept = ("id", "title", "for", "let", "params", "valid", "conditions")
    content = {key: lines.content[key] for key in kept if key in lines.content}
    content.update(hit="all", file=table.file or "rows.csv", message=table.title)
    when = _condition(table, matched)
    if when:
        content["when"] = when
    return Lines(lines.file, content, tuple(lines.numbers)[:1])


def _tests_only(row: Row, columns: set[str]) -> Row:
    cells = {name: cell for name, cell in row.cells.items() if name not in columns}
    return Row({**cells, "require": APPLIES}, row.place)
