"""A mined rule while it is being worked on: numbers of literals, days, and what it covers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from casrules.improve.arrays import Mask
from casrules.improve.coding import Coded
from casrules.improve.edits import Edit
from casrules.improve.literals import LiteralTable


@dataclass(frozen=True, slots=True)
class MinedRule:
    """All of `terms` must hold (each one of its literals), no exception may; from day to day, inclusive."""

    edit: Edit
    terms: tuple[tuple[int, ...], ...]
    exceptions: tuple[int, ...] = ()
    first_day: int | None = None
    last_day: int | None = None

    def meets(self, coded: Coded, table: LiteralTable) -> Mask:
        """Rows that meet the conditions, at any time."""
        mask = np.ones(coded.height, bool)
        for term in self.terms:
            mask &= _any(coded, table, term)
        for literal in self.exceptions:
            mask[table.index[literal]] = False
        return mask

    def in_force(self, coded: Coded) -> Mask:
        """Rows within its period."""
        mask = np.ones(coded.height, bool)
        if self.first_day is not None:
            mask &= coded.day >= self.first_day
        if self.last_day is not None:
            mask &= coded.day <= self.last_day
        return mask


def _any(coded: Coded, table: LiteralTable, literals: tuple[int, ...]) -> Mask:
    mask = np.zeros(coded.height, bool)
    for literal in literals:
        mask[table.index[literal]] = True
    return mask
