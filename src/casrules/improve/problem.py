"""One action to explain: its universe, its right rows, and exact counts of any rule over them."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from casrules.improve.arrays import Counts, Mask, Rows
from casrules.improve.coding import ALWAYS, BINS, Coded
from casrules.improve.edits import Edit
from casrules.improve.literals import LiteralTable, tally
from casrules.improve.statistics import gain


@dataclass(frozen=True, slots=True, order=True)
class Candidate:
    """A rule of literals (all must hold), exceptions (none may hold) and days from `start` up to `stop`."""

    literals: tuple[int, ...]
    exceptions: tuple[int, ...] = ()
    start: int = 0
    stop: int = ALWAYS

    @property
    def dated(self) -> bool:
        """It begins or ends within the history."""
        return self.start > 0 or self.stop < ALWAYS


@dataclass(slots=True)
class Problem:
    """The universe of an edit that earlier rules have left over.

    `inside`: rows the edit would change, not covered yet. `right`: those of them in which people did it.
    """

    coded: Coded
    table: LiteralTable
    edit: Edit
    inside: Mask
    right: Mask
    right_counts: Counts
    total_counts: Counts
    usable: Mask
    """Literals that may be conditions of this edit."""
    base: float
    """Share of right rows in the whole universe."""
    total: int
    fixes: int
    _rows: dict[tuple[int, ...], Rows] = field(default_factory=dict)

    def rows(self, literals: tuple[int, ...]) -> Rows:
        """Rows of the universe in which all literals hold, ascending; all of them for none."""
        found = self._rows.get(literals)
        if found is None:
            if not literals:
                found = np.flatnonzero(self.inside).astype(np.int32)
            else:
                rare = min(literals, key=lambda it: (len(self.table.index[it]), it))
                found = self.table.index[rare]
                found = found[self.inside[found]]
                for literal in literals:
                    if literal != rare:
                        found = found[self.table.holds(literal, found)]
            self._rows[literals] = found
        return found

    def covered(self, candidate: Candidate) -> Rows:
        """Rows of the universe that a candidate covers, ascending."""
        found = self.rows(candidate.literals)
        for literal in candidate.exceptions:
            found = found[~self.table.holds(literal, found)]
        if candidate.dated:
            days = self.coded.day[found]
            found = found[(days >= candidate.start) & (days < candidate.stop)]
        return found

    def count(self, candidate: Candidate) -> tuple[int, int]:
        """Right rows and all rows that a candidate covers, counted in full."""
        if not candidate.literals and not candidate.exceptions and not candidate.dated:
            return self.fixes, self.total
        rows = self.covered(candidate)
        return int(np.count_nonzero(self.right[rows])), len(rows)

    def cost(self, candidate: Candidate) -> float:
        """Description cost in nats."""
        dates = (candidate.start > 0) + (candidate.stop < ALWAYS)
        conditions = float(self.table.cost[list(candidate.literals)].sum())
        exceptions = float((self.table.cost[list(candidate.exceptions)] + 1).sum())
        return conditions + exceptions + dates * float(np.log(BINS))

    def score(self, candidate: Candidate) -> float:
        """Gain over the universe's own rate, less the description, in nats."""
        right, total = self.count(candidate)
        return float(gain(right, total, self.base)) - self.cost(candidate)


def header_or_item_rows(coded: Coded, edit: Edit) -> Mask:
    """Rows on which an edit counts: lodged ones; for a header edit one a declaration."""
    return coded.lodged & coded.first if edit.header else coded.lodged


def make_problem(
    coded: Coded, table: LiteralTable, edit: Edit, inside: Mask, right: Mask, *, all_counts: Counts
) -> Problem:
    """Count the literals of a universe. `all_counts` are those of all rows on which such edits count."""
    counted = header_or_item_rows(coded, edit)
    outside = np.flatnonzero(counted & ~inside).astype(np.int32)
    total = int(np.count_nonzero(inside))
    if len(outside) < total:
        total_counts = all_counts - tally(table, outside, coded.bin)
    else:
        total_counts = tally(table, np.flatnonzero(inside).astype(np.int32), coded.bin)
    right_rows = np.flatnonzero(right).astype(np.int32)
    return Problem(
        coded=coded,
        table=table,
        edit=edit,
        inside=inside,
        right=right,
        right_counts=tally(table, right_rows, coded.bin),
        total_counts=total_counts,
        usable=_usable(table, edit),
        base=len(right_rows) / max(1, total),
        total=total,
        fixes=len(right_rows),
    )


def _usable(table: LiteralTable, edit: Edit) -> Mask:
    usable = np.ones(len(table), bool)
    usable[0] = False
    if edit.header:
        usable &= table.header
    for number, literal in enumerate(table.literals):
        if literal and edit.action.op == "copy" and literal.field == edit.action.source:
            usable[number] = False
    key = edit.action.type or edit.action.code
    for number, literal in enumerate(table.literals):
        if literal and literal.op == "has" and literal.field == edit.action.list and literal.value == key:
            usable[number] = False
    return usable
