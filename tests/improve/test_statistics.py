from __future__ import annotations

from math import comb, log

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from casrules.improve.statistics import (
    Z90,
    binomial_below,
    gain,
    log_likelihood,
    split_gain,
    wilson_lower,
    wilson_upper,
)

counts = st.integers(0, 300).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@given(counts)
def test_the_wilson_bound_is_where_the_share_is_just_z_deviations_away(count: tuple[int, int]) -> None:
    k, n = count
    low, high = float(wilson_lower(k, n)), float(wilson_upper(k, n))
    if n == 0:
        assert (low, high) == (0, 1)
        return
    share = k / n
    assert 0 <= low <= share + 1e-12 and share - 1e-12 <= high <= 1
    for bound in (low, high):
        assert (share - bound) ** 2 == pytest.approx(Z90**2 * bound * (1 - bound) / n, abs=1e-9)


@given(counts, st.integers(1, 50))
def test_more_evidence_of_the_same_share_raises_the_bound(count: tuple[int, int], times: int) -> None:
    k, n = count
    assert float(wilson_lower(k, n)) <= float(wilson_lower(k * times, n * times)) + 1e-12


@given(counts, st.floats(0.001, 0.999))
def test_a_gain_is_the_difference_of_two_likelihoods_with_the_sign_of_the_deviation(
    count: tuple[int, int], base: float
) -> None:
    k, n = count
    own = sum(part * log(part / n) for part in (k, n - k) if part)
    expected = own - k * log(base) - (n - k) * log(1 - base)
    assert float(log_likelihood(k, n)) == pytest.approx(own, abs=1e-9)
    assert abs(float(gain(k, n, base))) == pytest.approx(expected, abs=1e-6)
    if n and abs(k / n - base) > 1e-6:
        assert (float(gain(k, n, base)) > 0) == (k / n > base)


@given(counts, counts)
def test_telling_two_groups_apart_never_loses_and_knows_which_is_better(
    one: tuple[int, int], other: tuple[int, int]
) -> None:
    won = float(split_gain(*one, *other))
    assert won == pytest.approx(-float(split_gain(*other, *one)), abs=1e-9)
    better = one[0] * other[1] > other[0] * one[1]
    assert (won >= -1e-9) == better or abs(won) < 1e-9


@given(st.integers(0, 60).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))), st.floats(0.05, 0.95))
def test_the_tail_of_the_binomial(count: tuple[int, int], share: float) -> None:
    k, n = count
    exact = sum(comb(n, it) * share**it * (1 - share) ** (n - it) for it in range(k + 1))
    assert binomial_below(k, n, share) == pytest.approx(exact)


def test_the_tail_of_many_is_nearly_that_of_few() -> None:
    exact = binomial_below(720, 1_000, 0.75)
    assert binomial_below(721, 1_001, 0.75) == pytest.approx(exact, abs=0.003)


def test_arrays_are_taken_as_well() -> None:
    assert wilson_lower(np.array([9, 0]), np.array([10, 0])).tolist() == [float(wilson_lower(9, 10)), 0.0]
