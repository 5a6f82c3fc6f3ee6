"""The best period in bins and in days against trying all of them."""

from __future__ import annotations

from math import log

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casrules.improve.coding import BINS
from casrules.improve.dates import first_day, last_day
from casrules.improve.intervals import best_periods
from casrules.improve.statistics import gain, log_likelihood

line = st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), min_size=BINS, max_size=BINS)


@settings(max_examples=80, deadline=None)
@given(st.lists(line, min_size=1, max_size=4), st.floats(0.01, 0.6))
def test_no_period_gains_more(lines: list[list[tuple[int, int]]], base: float) -> None:
    right = np.array([[k for k, _ in it] for it in lines])
    total = right + np.array([[w for _, w in it] for it in lines])
    found = best_periods(right, total, base, 10)
    for number in range(len(lines)):
        k, n = right[number], total[number]
        start, stop = int(found.start[number]), int(found.stop[number])
        assert (found.right[number], found.total[number]) == (k[start:stop].sum(), n[start:stop].sum())
        best = float(gain(k.sum(), n.sum(), base))
        for cut in range(1, BINS):
            for part in (slice(cut, BINS), slice(0, cut)):
                if k[part].sum() >= 10:
                    best = max(best, float(gain(k[part].sum(), n[part].sum(), base)) - log(BINS))
        if k.sum() >= 10:
            assert float(found.gain[number]) == pytest.approx(best, abs=1e-9)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 30), st.booleans()), max_size=40))
def test_no_day_is_more_likely(rows: list[tuple[int, bool]]) -> None:
    rows.sort()
    days, right = np.array([day for day, _ in rows], np.int32), np.array([fix for _, fix in rows], bool)
    for rising, found in ((True, first_day(days, right)), (False, last_day(days, right))):
        likely = {}
        for day in sorted(set(days.tolist()))[1:]:
            late = days >= day
            k1, n1, k2, n2 = right[~late].sum(), (~late).sum(), right[late].sum(), late.sum()
            if (k2 * n1 > k1 * n2) == rising:
                likely[day] = float(log_likelihood(k1, n1) + log_likelihood(k2, n2))
        if not likely:
            assert found is None
            continue
        best = {day for day, value in likely.items() if value >= max(likely.values()) - 1e-9}
        if rising:
            assert found == max(best)
        else:
            assert found == max(day for day in days.tolist() if day < min(best))


def test_a_clean_change_is_dated_to_the_day() -> None:
    days = np.arange(100, dtype=np.int32)
    assert first_day(days, days >= 40) == 40
    assert last_day(days, days < 40) == 39
    assert first_day(days, days < 40) is None
