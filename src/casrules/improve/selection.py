"""Selection: every condition, exception and date must pay, else it goes; what then misses the floor goes whole.

This step, not the search, decides what is suggested. It kills slices of a habit that is right 70 times in 100.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from casrules.improve.coding import BINS
from casrules.improve.floors import is_good
from casrules.improve.problem import Candidate, Problem
from casrules.improve.settings import Settings
from casrules.improve.statistics import split_gain


def generalised(problem: Problem, candidate: Candidate, settings: Settings, seen: set[Candidate]) -> Candidate | None:
    """Take away what does not pay, the weakest first; None where the rest misses the floor or was `seen` before."""
    while True:
        if candidate in seen:
            return None
        seen.add(candidate)
        counts = problem.count(candidate)
        weakest: tuple[float, Candidate] | None = None
        for wider, price in _wider(problem, candidate):
            surplus = _pays(problem, counts, wider) - price - settings.margin
            if surplus < 0 and (weakest is None or (surplus, wider) < weakest):
                weakest = (surplus, wider)
        if weakest is None:
            return candidate if candidate.literals and is_good(*counts, settings) else None
        candidate = weakest[1]


def _pays(problem: Problem, counts: tuple[int, int], wider: Candidate) -> float:
    """Nats by which the rows that `wider` adds are worse than those of the rule."""
    right, total = problem.count(wider)
    return float(split_gain(*counts, right - counts[0], total - counts[1]))


def _wider(problem: Problem, candidate: Candidate) -> Iterator[tuple[Candidate, float]]:
    """Each rule with one thing less, and the description cost of that thing."""
    table, date_cost = problem.table, float(np.log(BINS))
    if candidate.start > 0:
        yield replace(candidate, start=0), date_cost
    if candidate.stop < BINS:
        yield replace(candidate, stop=BINS), date_cost
    for literal in candidate.exceptions:
        rest = tuple(it for it in candidate.exceptions if it != literal)
        yield replace(candidate, exceptions=rest), float(table.cost[literal]) + 1
    for literal in candidate.literals:
        rest = tuple(it for it in candidate.literals if it != literal)
        yield replace(candidate, literals=rest), float(table.cost[literal])
        if parent := int(table.parent[literal]):
            shorter = tuple(sorted((*rest, parent)))
            yield replace(candidate, literals=shorter), float(table.cost[literal] - table.cost[parent])
