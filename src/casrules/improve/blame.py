"""Who is to blame for an amended declaration: only the edit that is amended far more often than the others in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from casrules.improve.arrays import Codes, Floats, Mask
from casrules.improve.coding import Coded
from casrules.improve.edits import Edit
from casrules.improve.universe import acts, satisfied

_SUSPECT, _TIMES = 0.15, 3.0
"""Share of amended rows that makes an edit suspect, and how many times that of the edit it relieves."""


@dataclass(frozen=True, slots=True)
class Blame:
    """For each declaration the edit in it that is amended most often, and how often."""

    culprit: Codes
    """Number of the edit among all edits; -1 for none."""
    rate: Floats
    """Share of its rows that were amended afterwards."""
    targets: tuple[str, ...]

    def elsewhere(self, coded: Coded, edit: Edit) -> Mask:
        """Rows whose amendment another edit of the declaration explains: they speak neither for nor against this."""
        rows = made(coded, edit)
        amended = rows & ~coded.accepted
        others = np.array([target != edit.target for target in self.targets] or [False])
        by_other = amended & ((self.culprit >= 0) & others[self.culprit])[coded.declaration]
        own = np.count_nonzero(amended & ~by_other) / max(1, int(np.count_nonzero(rows & ~by_other)))
        found: Mask = by_other & (self.rate >= max(_SUSPECT, _TIMES * own))[coded.declaration]
        return found


def made(coded: Coded, edit: Edit) -> Mask:
    """Lodged rows in which people did the edit."""
    return coded.lodged & acts(coded, edit.action) & satisfied(coded, edit.action)


def find_blame(coded: Coded, edits: Sequence[Edit]) -> Blame:
    """Find the most suspicious edit of each amended declaration."""
    amended = coded.lodged & ~coded.accepted
    size = int(coded.declaration.max()) + 1
    culprit, rate = np.full(size, -1, np.int32), np.zeros(size)
    for number, edit in enumerate(edits):
        rows = made(coded, edit)
        bad = rows & amended
        own = np.count_nonzero(bad) / max(1, int(np.count_nonzero(rows)))
        where = np.unique(coded.declaration[bad])
        where = where[rate[where] < own]
        culprit[where], rate[where] = number, own
    return Blame(culprit, rate, tuple(edit.target for edit in edits))
