"""All elementary conditions of a history as numbers, and for every row the ones that hold in it."""

from __future__ import annotations

import typing
from dataclasses import dataclass, field

import numpy as np

from casrules.improve.arrays import Codes, Counts, Floats, Mask, Rows
from casrules.improve.coding import BINS

_OFTEN = 100
"""Entries of lists found in more than one row in so many are kept as masks."""

Operator = typing.Literal["eq", "is_null", "prefix", "has"]


@dataclass(frozen=True, slots=True)
class Literal:
    """`field op value`: an elementary condition on the message before."""

    field: str
    op: Operator
    value: str
    level: int = 0
    """Length of the prefix; 0 for other literals."""


@dataclass(frozen=True, slots=True)
class LiteralTable:
    """Literals numbered from 1, ordered by column and value.

    One column a field and prefix level; the entries of a list field stand side by side in as many columns as its
    longest list needs.
    """

    literals: tuple[Literal | None, ...]
    columns: Codes
    """(columns, rows): which literal of the column holds in the row; 0 for none."""
    matrix: Codes
    """The same as (rows, columns): fast for few rows."""
    place: Codes
    """The first column of each literal."""
    width: Codes
    """The number of columns in which it may stand: 1, or all those of its list field."""
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
    masks: dict[int, Mask] = field(default_factory=dict)
    """The same as masks for often found entries of lists, made when they are first asked for."""

    def holds(self, literal: int, rows: Rows) -> Mask:
        """In which of the rows, ascending, a literal holds."""
        if self.width[literal] == 1:
            mask: Mask = self.columns[self.place[literal]][rows] == literal
            return mask
        known = self.index[literal]
        if len(known) * _OFTEN > self.columns.shape[1]:
            return self._mask(literal)[rows]
        where = np.searchsorted(known, rows)
        found: Mask = where < len(known)
        found[found] = known[where[found]] == rows[found]
        return found

    def _mask(self, literal: int) -> Mask:
        mask = self.masks.get(literal)
        if mask is None:
            mask = self.masks[literal] = np.zeros(self.columns.shape[1], bool)
            mask[self.index[literal]] = True
        return mask

    def counts(self, rows: Rows) -> Counts:
        """How often each literal holds among the rows."""
        found = np.bincount(self.matrix[rows].ravel(), minlength=len(self))
        found[0] = 0
        return found

    def __len__(self) -> int:
        return len(self.literals)


def tally(table: LiteralTable, rows: Rows, bins: Codes) -> Counts:
    """How often each literal holds in each time bin among the rows: (literals, bins)."""
    total = np.zeros((len(table), BINS), np.int64)
    when = bins[rows].astype(np.int64)
    for column in table.columns:
        keys = column[rows] * np.int64(BINS) + when
        total += np.bincount(keys, minlength=len(table) * BINS).reshape(-1, BINS)
    return total


def tally_some(table: LiteralTable, literals: Codes, rows: Rows, bins: Codes) -> Counts:
    """The same for some literals only, which saves the columns that have none of them: (literals given, bins)."""
    size = len(literals)
    local = np.full(len(table), size, np.int64)
    local[literals] = np.arange(size)
    local *= BINS
    when = bins[rows]
    needed = {int(start) + it for start, many in {*zip(table.place[literals], table.width[literals], strict=True)}
              for it in range(int(many))}  # fmt: skip
    total = np.zeros((size + 1) * BINS, np.int64)
    for column in sorted(needed):
        keys = local[table.columns[column][rows]]
        keys += when
        total += np.bincount(keys, minlength=len(total))
    return total[: size * BINS].reshape(-1, BINS)
