"""What a worded rule does to a history: the rows it changes, rightly or wrongly, counted in full."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from casrules.improve.arrays import Mask
from casrules.improve.coding import Coded
from casrules.improve.schema import Action, Condition
from casrules.improve.universe import acts, matching, satisfied


@dataclass(frozen=True, slots=True)
class Measured:
    """Masks over rows. Header rules count at the first item of a declaration."""

    meets: Mask
    """The conditions hold, at any time, in messages of any outcome."""
    changes: Mask
    """The rule would have changed this lodged message, within its period."""
    right: Mask
    """… and people did just that, and it was accepted."""

    @property
    def support(self) -> int:
        """Number of right changes."""
        return int(np.count_nonzero(self.right))

    @property
    def wrong(self) -> int:
        """Number of wrong changes."""
        return int(np.count_nonzero(self.changes)) - self.support


def measure(
    coded: Coded,
    conditions: Sequence[Condition],
    action: Action,
    valid_from: date | None = None,
    valid_to: date | None = None,
) -> Measured:
    """Apply a rule to a whole history."""
    meets = matching(coded, conditions)
    changes = meets & acts(coded, action) & coded.lodged & in_period(coded, valid_from, valid_to)
    if counts_once(coded, action):
        changes &= coded.first
    return Measured(meets, changes, changes & coded.accepted & satisfied(coded, action))


def in_period(coded: Coded, valid_from: date | None, valid_to: date | None) -> Mask:
    """Rows of days from `valid_from` to `valid_to`, inclusive; `None` = open."""
    mask = np.ones(coded.height, bool)
    if valid_from is not None:
        mask &= coded.day >= (valid_from - coded.start).days
    if valid_to is not None:
        mask &= coded.day <= (valid_to - coded.start).days
    return mask


def counts_once(coded: Coded, action: Action) -> bool:
    """The action changes the header: it counts once a declaration."""
    name = action.field or action.list or ""
    found = coded.field(name) or coded.list(name)
    return found is not None and found.spec.level == "header"
