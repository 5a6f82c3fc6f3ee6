"""Change points: the day on which a rule began or ceased to hold, by maximum likelihood."""

from __future__ import annotations

import numpy as np

from casrules.improve.arrays import Codes, Mask
from casrules.improve.statistics import log_likelihood


def first_day(days: Codes, right: Mask) -> int | None:
    """The day from which the rule holds: of equally likely days the latest, that of the first fix.

    `days` ascending, one a row of the rule without its date; `right` tells in which of them people did it.
    None where no day splits better rows from worse ones before them.
    """
    split = _best_split(days, right, rising=True)
    return None if split is None else int(days[split])


def last_day(days: Codes, right: Mask) -> int | None:
    """The last day on which the rule holds; None where no day splits good rows from worse ones after them."""
    split = _best_split(days, right, rising=False)
    return None if split is None else int(days[split - 1])


def _best_split(days: Codes, right: Mask, *, rising: bool) -> int | None:
    """The row at which the rate changes most likely; days are never torn apart."""
    if len(days) < 2:
        return None
    places = np.flatnonzero(days[1:] > days[:-1]) + 1
    if not len(places):
        return None
    before = np.cumsum(right)[places - 1]
    all_right, total = int(np.count_nonzero(right)), len(days)
    after, before_total, after_total = all_right - before, places, total - places
    likely = log_likelihood(before, before_total) + log_likelihood(after, after_total)
    better = after * before_total > before * after_total
    likely = np.where(better == rising, likely, -np.inf)
    if np.isinf(likely).all():
        return None
    best = np.flatnonzero(likely >= likely.max() - 1e-9)
    return int(places[best[-1] if rising else best[0]])
