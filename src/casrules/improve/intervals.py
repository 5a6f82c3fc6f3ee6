"""The best period of a rule: always, from a bin on, or until a bin."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from casrules.improve.arrays import Counts, Floats
from casrules.improve.coding import BINS
from casrules.improve.statistics import gain


@dataclass(frozen=True, slots=True)
class Periods:
    """For each literal its best period: bins from `start` up to `stop`, the counts in it, gain less date cost."""

    start: Counts
    stop: Counts
    right: Counts
    total: Counts
    gain: Floats


def best_periods(right: Counts, total: Counts, base: float, least: int) -> Periods:
    """The best period of each line of two (literals, bins) tables of counts.

    A period needs `least` right rows (where there are as many at all); a date costs the logarithm of the number of
    bins. At equal gain the whole history wins, then the earlier start, then the later end.
    """
    up_right, up_total = right.cumsum(axis=1), total.cumsum(axis=1)
    all_right, all_total = up_right[:, -1:], up_total[:, -1:]
    inner_right, inner_total = up_right[:, :-1], up_total[:, :-1]
    k = np.concatenate([all_right, all_right - inner_right, inner_right[:, ::-1]], axis=1)
    n = np.concatenate([all_total, all_total - inner_total, inner_total[:, ::-1]], axis=1)
    won = gain(k, n, base)
    won[:, 1:] -= np.log(BINS)
    won[k < least] = -np.inf
    won[:, 0] = np.where(np.isinf(won[:, 0]), gain(all_right, all_total, base)[:, 0], won[:, 0])
    best = won.argmax(axis=1)
    lines = np.arange(len(k))
    return Periods(
        start=np.where((best > 0) & (best < BINS), best, 0),
        stop=np.where(best >= BINS, 2 * BINS - 1 - best, BINS),
        right=k[lines, best],
        total=n[lines, best],
        gain=won[lines, best],
    )
