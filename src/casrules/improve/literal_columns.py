"""Builds the table of literals of a history."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from math import log

import numpy as np

from casrules.improve.arrays import Codes, Counts, Mask, Rows
from casrules.improve.coding import Coded, CodedField, CodedList
from casrules.improve.edits import distinct
from casrules.improve.literals import Literal, LiteralTable

_SLOTS = 24
"""Entries of one list that the search sees side by side; what is decided on exact counts sees all."""


@dataclass(slots=True)
class _Builder:
    """Literals and columns as they are found; number 0 is no literal."""

    least: int
    literals: list[Literal | None] = field(default_factory=lambda: [None])
    header: list[bool] = field(default_factory=lambda: [False])
    group: list[int] = field(default_factory=lambda: [0])
    cost: list[float] = field(default_factory=lambda: [0.0])
    place: list[int] = field(default_factory=lambda: [0])
    width: list[int] = field(default_factory=lambda: [0])
    columns: list[Codes] = field(default_factory=list)
    exact: dict[int, Rows] = field(default_factory=dict)
    _groups: dict[tuple[str, str], int] = field(default_factory=dict)

    def register(self, found: list[Literal], often: Mask, header: bool, values: int) -> Codes:
        """Number the literals that occur often enough; the result translates codes from 1 to numbers."""
        numbers = np.zeros(len(often) + 1, np.int32)
        for code in np.flatnonzero(often).tolist():
            literal = found[code]
            numbers[code + 1] = len(self.literals)
            self.literals.append(literal)
            self.header.append(header)
            key = (literal.field, literal.value if literal.op == "has" else "")
            self.group.append(self._groups.setdefault(key, len(self._groups) + 1))
            self.cost.append(0.5 * log(max(1, values)) + 2)
            self.place.append(len(self.columns))
            self.width.append(1)
        return numbers

    def add_column(self, codes: Codes, found: list[Literal], header: bool) -> None:
        """A column whose codes from 1 stand for the literals found; codes 0 for none."""
        often = np.bincount(codes, minlength=len(found) + 1)[1:] >= self.least
        self.columns.append(self.register(found, often, header, len(found))[codes])

    def add_list(self, entries: CodedList) -> None:
        """The entries of a list field side by side."""
        size = len(entries.values) + 1
        pairs = distinct(entries.before.rows.astype(np.int64) * size + entries.before.keys)
        rows, keys = np.divmod(pairs, size)
        often = np.bincount(keys, minlength=size)[1:] >= self.least
        found = [Literal(entries.spec.name, "has", value) for value in entries.values]
        first = len(self.literals)
        numbers = self.register(found, often, entries.spec.level == "header", len(found))[keys]
        rows, numbers = rows[numbers > 0], numbers[numbers > 0]
        for number in range(first, len(self.literals)):
            self.exact[number] = rows[numbers == number].astype(np.int32)
        slots = list(_spread(rows, numbers, entries.height))
        self.columns.extend(slots)
        self.width[first:] = [max(2, len(slots))] * (len(self.literals) - first)
        if len(slots) == 1:
            self.columns.append(np.zeros(entries.height, np.int32))

    def table(self, height: int) -> LiteralTable:
        """The finished table."""
        columns = np.stack(self.columns) if self.columns else np.zeros((0, height), np.int32)
        return LiteralTable(
            literals=tuple(self.literals),
            columns=columns,
            matrix=np.ascontiguousarray(columns.T),
            place=np.array(self.place, np.int32),
            width=np.array(self.width, np.int32),
            header=np.array(self.header),
            group=np.array(self.group, np.int32),
            cost=np.array(self.cost),
            parent=_parents(self.literals),
            index=_index(columns, len(self.literals), self.exact),
        )


def literal_table(coded: Coded, least: int) -> LiteralTable:
    """The literals that hold in at least `least` rows: rarer ones cannot carry a rule."""
    builder = _Builder(least)
    for it in coded.fields:
        header = it.spec.level == "header"
        if it.spec.kind == "hierarchy" and it.spec.prefix_levels:
            for level in sorted(it.spec.prefix_levels):
                builder.add_column(*_prefixes(it, level), header)
        else:
            builder.add_column(*_values(it), header)
    for entries in coded.lists:
        builder.add_list(entries)
    return builder.table(coded.height)


def _values(coded: CodedField) -> tuple[Codes, list[Literal]]:
    """Values, and emptiness as the last literal."""
    literals = [Literal(coded.spec.name, "eq", value) for value in coded.values]
    literals.append(Literal(coded.spec.name, "is_null", ""))
    return np.where(coded.before == 0, len(literals), coded.before).astype(np.int32), literals


def _prefixes(coded: CodedField, level: int) -> tuple[Codes, list[Literal]]:
    """Prefixes of one length; values shorter than that have none."""
    known = sorted({value[:level] for value in coded.values if len(value) >= level})
    place = {value: number for number, value in enumerate(known, 1)}
    codes = [0, *(place.get(value[:level], 0) if len(value) >= level else 0 for value in coded.values)]
    return np.array(codes, np.int32)[coded.before], [Literal(coded.spec.name, "prefix", it, level) for it in known]


def _spread(rows: Counts, numbers: Codes, height: int) -> Iterator[Codes]:
    """The first entry of each row in one column, the second in the next."""
    if not len(rows):
        return
    begins = np.concatenate([[True], rows[1:] != rows[:-1]])
    place = np.arange(len(rows)) - np.maximum.accumulate(np.where(begins, np.arange(len(rows)), 0))
    for slot in range(min(_SLOTS, int(place.max()) + 1)):
        column = np.zeros(height, np.int32)
        column[rows[place == slot]] = numbers[place == slot]
        yield column


def _index(columns: Codes, size: int, exact: dict[int, Rows]) -> tuple[Rows, ...]:
    """Row numbers by literal, ascending within each."""
    found = dict(exact)
    small = np.uint16 if size < 65_536 else np.int32
    for column in columns:
        order = np.argsort(column.astype(small), kind="stable").astype(np.int32)
        values, begins = np.unique(column[order], return_index=True)
        for value, rows in zip(values.tolist(), np.split(order, begins[1:]), strict=True):
            if value not in exact:
                found[value] = rows
    found[0] = np.zeros(0, np.int32)
    return tuple(found[number] for number in range(size))


def _parents(literals: list[Literal | None]) -> Codes:
    prefixes = {number: it for number, it in enumerate(literals) if it and it.op == "prefix"}
    known = {(it.field, it.value): number for number, it in prefixes.items()}
    levels: dict[str, set[int]] = {}
    for it in prefixes.values():
        levels.setdefault(it.field, set()).add(it.level)
    parents = np.zeros(len(literals), np.int32)
    for number, it in prefixes.items():
        shorter = [level for level in levels[it.field] if level < it.level]
        parents[number] = known.get((it.field, it.value[: max(shorter)]), 0) if shorter else 0
    return parents
