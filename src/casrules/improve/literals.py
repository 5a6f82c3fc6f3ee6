"""All elementary conditions of a history as numbers, and for every row the ones that hold in it."""

from __future__ import annotations

import typing
from collections.abc import Iterator
from dataclasses import dataclass
from math import log

import numpy as np

from casrules.improve.arrays import Codes, Counts, Floats, Mask, Rows
from casrules.improve.coding import BINS, Coded, CodedField, CodedList

Operator = typing.Literal["eq", "is_null", "prefix", "has"]


@dataclass(frozen=True, slots=True)
class Literal:
    """`field op value`: op is eq, is_null, prefix or has."""

    field: str
    op: Operator
    value: str
    level: int = 0
    """Length of the prefix; 0 for other literals."""


@dataclass(frozen=True, slots=True)
class LiteralTable:
    """Literals numbered from 1, ordered by column and value; `matrix[row]` holds those of the row, padded with 0.

    One column a field (and prefix level), and as many for a list field as its longest list needs.
    """

    literals: tuple[Literal | None, ...]
    matrix: Codes
    header: Mask
    """Which literals read the header alone."""
    group: Codes
    """Literals of one group exclude each other in a rule: those of one field; entries of lists are on their own."""
    cost: Floats
    """Description cost in nats: half the logarithm of the number of values, and 2."""
    parent: Codes
    """The literal of the next shorter prefix; 0 for none."""
    index: tuple[Rows, ...]
    """The rows in which each literal holds, ascending."""

    def holds(self, literal: int, rows: Rows) -> Mask:
        """In which of the rows a literal holds."""
        mask: Mask = (self.matrix[rows] == literal).any(axis=1)
        return mask

    def number(self, literal: Literal) -> int:
        """The number of a literal; 0 where it is too rare to be one."""
        return self.literals.index(literal) if literal in self.literals else 0

    def __len__(self) -> int:
        return len(self.literals)


@dataclass(frozen=True, slots=True)
class _Column:
    """Codes of one column (0 = nothing) and what codes 1… stand for."""

    codes: Codes
    literals: list[Literal]
    header: bool
    values: int


def literal_table(coded: Coded, least: int) -> LiteralTable:
    """The literals that hold in at least `least` rows: rarer ones cannot carry a rule."""
    literals: list[Literal | None] = [None]
    matrix, header, group, cost = [], [False], [0], [0.0]
    groups: dict[tuple[str, str], int] = {}
    for column in _columns(coded):
        often = np.bincount(column.codes, minlength=len(column.literals) + 1)[1:] >= least
        numbers = np.zeros(len(often) + 1, np.int32)
        numbers[1:][often] = np.arange(len(literals), len(literals) + often.sum())
        matrix.append(numbers[column.codes])
        for literal in (it for it, kept in zip(column.literals, often, strict=True) if kept):
            key = (literal.field, literal.value if literal.op == "has" else "")
            literals.append(literal)
            header.append(column.header)
            group.append(groups.setdefault(key, len(groups) + 1))
            cost.append(0.5 * log(max(1, column.values)) + 2)
    matrix.extend(_slots(coded, literals, header, group, cost, least, groups))
    table = np.ascontiguousarray(np.stack(matrix, axis=1)) if matrix else np.zeros((coded.height, 0), np.int32)
    return LiteralTable(
        tuple(literals),
        table,
        np.array(header),
        np.array(group, np.int32),
        np.array(cost),
        _parents(literals),
        _index(table, len(literals)),
    )


def _columns(coded: Coded) -> Iterator[_Column]:
    for field in coded.fields:
        if field.spec.kind == "hierarchy" and field.spec.prefix_levels:
            for level in sorted(field.spec.prefix_levels):
                yield _prefixes(field, level)
        else:
            name = field.spec.name
            literals = [Literal(name, "eq", value) for value in field.values] + [Literal(name, "is_null", "")]
            codes = np.where(field.before == 0, len(literals), field.before).astype(np.int32)
            yield _Column(codes, literals, field.spec.level == "header", len(literals))


def _prefixes(field: CodedField, level: int) -> _Column:
    """Prefixes of one length; values shorter than that are none."""
    known = sorted({value[:level] for value in field.values if len(value) >= level})
    place = {value: number for number, value in enumerate(known, 1)}
    codes = np.array([0, *(place.get(value[:level], 0) if len(value) >= level else 0 for value in field.values)])
    literals = [Literal(field.spec.name, "prefix", value, level) for value in known]
    return _Column(codes.astype(np.int32)[field.before], literals, field.spec.level == "header", len(known))


def _slots(
    coded: Coded,
    literals: list[Literal | None],
    header: list[bool],
    group: list[int],
    cost: list[float],
    least: int,
    groups: dict[tuple[str, str], int],
) -> Iterator[Codes]:
    for entries in coded.lists:
        pairs = np.unique(entries.before.rows.astype(np.int64) * (len(entries.values) + 1) + entries.before.keys)
        rows, keys = np.divmod(pairs, len(entries.values) + 1)
        often = np.bincount(keys, minlength=len(entries.values) + 1) >= least
        often[0] = False
        numbers = np.zeros(len(often), np.int32)
        numbers[often] = np.arange(len(literals), len(literals) + often.sum())
        for key in np.flatnonzero(often):
            value = entries.values[key - 1]
            literals.append(Literal(entries.spec.name, "has", value))
            header.append(entries.spec.level == "header")
            group.append(groups.setdefault((entries.spec.name, value), len(groups) + 1))
            cost.append(0.5 * log(len(entries.values)) + 2)
        yield from _spread(entries, rows[often[keys]], numbers[keys[often[keys]]])


def _spread(entries: CodedList, rows: Counts, numbers: Codes) -> Iterator[Codes]:
    """Entries side by side: the first of each row in one column, the second in the next."""
    if not len(rows):
        return
    begins = np.concatenate([[True], rows[1:] != rows[:-1]])
    place = np.arange(len(rows)) - np.maximum.accumulate(np.where(begins, np.arange(len(rows)), 0))
    for slot in range(int(place.max()) + 1):
        column = np.zeros(entries.height, np.int32)
        column[rows[place == slot]] = numbers[place == slot]
        yield column


def _index(matrix: Codes, size: int) -> tuple[Rows, ...]:
    """Row numbers by literal, ascending within each; the columns of a list field share literals."""
    found: dict[int, list[Rows]] = {}
    small = np.uint16 if size < 65_536 else np.int32
    for column in matrix.T:
        order = np.argsort(column.astype(small), kind="stable").astype(np.int32)
        values, begins = np.unique(column[order], return_index=True)
        for value, rows in zip(values.tolist(), np.split(order, begins[1:]), strict=True):
            found.setdefault(value, []).append(rows)
    none = np.zeros(0, np.int32)
    parts = (found.get(number, []) if number else [] for number in range(size))
    return tuple(none if not it else it[0] if len(it) == 1 else np.sort(np.concatenate(it)) for it in parts)


def _parents(literals: list[Literal | None]) -> Codes:
    known = {(it.field, it.value): number for number, it in enumerate(literals) if it and it.op == "prefix"}
    levels: dict[str, list[int]] = {}
    for it in literals:
        if it and it.op == "prefix" and it.level not in levels.setdefault(it.field, []):
            levels[it.field].append(it.level)
    parents = np.zeros(len(literals), np.int32)
    for number, it in enumerate(literals):
        if it and it.op == "prefix":
            shorter = [level for level in levels[it.field] if level < it.level]
            parents[number] = known.get((it.field, it.value[: max(shorter)]), 0) if shorter else 0
    return parents


def tally(table: LiteralTable, rows: Rows, bins: Codes) -> Counts:
    """How often each literal holds in each time bin among the rows: (literals, bins)."""
    keys = table.matrix[rows].astype(np.int64) * BINS + bins[rows, None]
    return np.bincount(keys.ravel(), minlength=len(table) * BINS).reshape(-1, BINS)
