"""Homogeneity: where a rule is clearly worse in a part of what it covers, it is kept to the better part."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from casrules.improve.arrays import Counts, Floats, Mask
from casrules.improve.floors import reaches_floor
from casrules.improve.problem import Candidate, Problem
from casrules.improve.selection import generalised
from casrules.improve.settings import Settings
from casrules.improve.statistics import split_gain, wilson_upper

_STEPS = 3


def narrowed(problem: Problem, candidate: Candidate, settings: Settings) -> Candidate:
    """Add conditions or exceptions as long as what they leave out is surely below the floor."""
    for _ in range(_STEPS):
        better = max(_narrower(problem, candidate, settings), default=None)
        if better is None:
            break
        general = generalised(problem, better[1], settings, set())
        if general is None or general == candidate:
            break
        candidate = general
    return candidate


def _narrower(problem: Problem, candidate: Candidate, settings: Settings) -> Iterator[tuple[float, Candidate]]:
    """The best condition and the best exception to add, with the nats they win beyond their price."""
    table = problem.table
    rows = problem.covered(candidate)
    right, total = table.counts(rows[problem.right[rows]]), table.counts(rows)
    k, n = int(np.count_nonzero(problem.right[rows])), len(rows)
    kept = problem.usable & ~np.isin(table.group, table.group[list(candidate.literals)])
    if len(candidate.literals) < settings.depth:
        won = _won(right, total, k - right, n - total, settings) - table.cost
        yield from _best(won, kept, candidate, settings, positive=True)
    if len(candidate.exceptions) < settings.max_exceptions:
        won = _won(k - right, n - total, right, total, settings) - table.cost - 1
        yield from _best(won, problem.usable, candidate, settings, positive=False)


def _won(right: Counts, total: Counts, out_right: Counts, out_total: Counts, settings: Settings) -> Floats:
    """Nats won by leaving rows out; none where the rest misses the floor or what is left out may reach it."""
    good = reaches_floor(right, total, settings)
    bad = (out_total > 0) & (wilson_upper(out_right, out_total) < settings.precision)
    return np.where(good & bad, split_gain(right, total, out_right, out_total), -np.inf)


def _best(
    won: Floats, usable: Mask, candidate: Candidate, settings: Settings, *, positive: bool
) -> Iterator[tuple[float, Candidate]]:
    won = np.where(usable, won, -np.inf)
    literal = int(np.argmax(won))
    if won[literal] < settings.margin:
        return
    if positive:
        found = replace(candidate, literals=tuple(sorted((*candidate.literals, literal))))
    else:
        found = replace(candidate, exceptions=tuple(sorted((*candidate.exceptions, literal))))
    yield round(float(won[literal]), 6), found
