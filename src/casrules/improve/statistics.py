"""The statistics of mining: intervals, gains in nats, tests. All take arrays as well as numbers."""

from __future__ import annotations

from math import comb, sqrt
from typing import Any

import numpy as np

from casrules.improve.arrays import Floats

Z90 = 1.2815515655446004
"""One-sided 90 % quantile of the normal distribution."""


def wilson_lower(right: Any, total: Any, z: float = Z90) -> Any:
    """Lower end of the one-sided Wilson interval of `right / total`; 0 where the total is 0."""
    n = np.maximum(np.asarray(total, np.float64), 1e-12)
    share = np.asarray(right, np.float64) / n
    centre = share + z * z / (2 * n)
    spread = z * np.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    lower = np.where(np.asarray(total) > 0, (centre - spread) / (1 + z * z / n), 0.0)
    return np.clip(lower, 0.0, 1.0)


def wilson_upper(right: Any, total: Any, z: float = Z90) -> Any:
    """Upper end of the one-sided Wilson interval; 1 where the total is 0."""
    return 1.0 - wilson_lower(np.asarray(total) - np.asarray(right), total, z)


def log_likelihood(right: Any, total: Any) -> Floats:
    """Binomial log-likelihood in nats of `right` of `total` at their own rate (without the coefficient); at most 0."""
    k, n = np.asarray(right, np.float64), np.asarray(total, np.float64)
    wrong = n - k
    with np.errstate(divide="ignore", invalid="ignore"):
        found = np.where(k > 0, k * np.log(k / n), 0.0) + np.where(wrong > 0, wrong * np.log(wrong / n), 0.0)
    return np.asarray(found)


def gain(right: Any, total: Any, base: float) -> Floats:
    """Nats won by giving the covered rows their own rate instead of `base`; negative where it is below `base`."""
    k, n = np.asarray(right, np.float64), np.asarray(total, np.float64)
    base = min(max(base, 1e-12), 1 - 1e-12)
    expected = k * np.log(base) + (n - k) * np.log1p(-base)
    won = log_likelihood(k, n) - expected
    signed: Floats = np.where(k >= base * n, won, -won)
    return signed


def split_gain(right: Any, total: Any, more_right: Any, more_total: Any) -> Floats:
    """Nats won by telling covered rows from added ones; negative where the added ones are no worse."""
    k1, n1 = np.asarray(right, np.float64), np.asarray(total, np.float64)
    k2, n2 = np.asarray(more_right, np.float64), np.asarray(more_total, np.float64)
    won = log_likelihood(k1, n1) + log_likelihood(k2, n2) - log_likelihood(k1 + k2, n1 + n2)
    signed: Floats = np.where(k1 * n2 > k2 * n1, won, -won)
    return signed


def binomial_below(right: int, total: int, share: float) -> float:
    """Probability of at most `right` of `total` at `share`: small = the rows contradict that share."""
    if total > 1_000:
        spread = sqrt(total * share * (1 - share))
        return _normal((right + 0.5 - total * share) / spread)
    return sum(comb(total, it) * share**it * (1 - share) ** (total - it) for it in range(right + 1))


def _normal(value: float) -> float:
    from math import erfc

    return 0.5 * erfc(-value / sqrt(2))
