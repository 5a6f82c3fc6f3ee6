"""Selection: every condition, exception and date must pay, else it goes; what then misses the floor goes whole.

This step, not the search, decides what is suggested. It kills slices of a habit that is right 70 times in 100.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations

from casrules.improve.coding import ALWAYS
from casrules.improve.dates import first_day, last_day
from casrules.improve.floors import is_good
from casrules.improve.problem import Candidate, Problem
from casrules.improve.settings import Settings
from casrules.improve.statistics import split_gain


def generalised(problem: Problem, candidate: Candidate, settings: Settings, seen: set[Candidate]) -> Candidate | None:
    """Take away what does not pay, the weakest first; None where the rest misses the floor or was `seen` before."""
    candidate = dated(problem, candidate)
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
            good = candidate.literals and is_good(*counts, settings)
            return candidate if good and _pays_as_a_whole(problem, candidate, counts, settings) else None
        candidate = weakest[1]


def _pays_as_a_whole(problem: Problem, candidate: Candidate, counts: tuple[int, int], settings: Settings) -> bool:
    """Several things together must pay as well: else a slice of a habit passes, each part leaning on the others."""
    parts = _parts(candidate)
    for size in range(2, len(parts)):
        for removed in combinations(parts, size):
            wider = candidate
            for kind, literal in removed:
                wider = _without(wider, kind, literal)
            price = problem.cost(candidate) - problem.cost(wider)
            if _pays(problem, counts, wider) < price + settings.margin:
                return False
    return True


def _parts(candidate: Candidate) -> list[tuple[str, int]]:
    dates = [("start", 0)] * (candidate.start > 0) + [("stop", 0)] * (candidate.stop < ALWAYS)
    conditions = [("literals", it) for it in candidate.literals] + [("exceptions", it) for it in candidate.exceptions]
    return conditions + dates


def _without(candidate: Candidate, kind: str, literal: int) -> Candidate:
    """The candidate with one of its parts less."""
    if kind == "start":
        return replace(candidate, start=0)
    if kind == "stop":
        return replace(candidate, stop=ALWAYS)
    if kind == "literals":
        return replace(candidate, literals=tuple(it for it in candidate.literals if it != literal))
    return replace(candidate, exceptions=tuple(it for it in candidate.exceptions if it != literal))


def dated(problem: Problem, candidate: Candidate) -> Candidate:
    """The same rule with its dates to the day, by maximum likelihood."""
    if not candidate.dated:
        return candidate
    rows = problem.covered(replace(candidate, start=0, stop=ALWAYS))
    days, right = problem.coded.day[rows], problem.right[rows]
    if candidate.start > 0:
        return replace(candidate, start=first_day(days, right) or 0)
    last = last_day(days, right)
    return replace(candidate, stop=ALWAYS if last is None else last + 1)


def _pays(problem: Problem, counts: tuple[int, int], wider: Candidate) -> float:
    """Nats by which the rows that `wider` adds are worse than those of the rule."""
    right, total = problem.count(wider)
    return float(split_gain(*counts, right - counts[0], total - counts[1]))


def _wider(problem: Problem, candidate: Candidate) -> Iterator[tuple[Candidate, float]]:
    """Each rule with one thing less, and the description cost of that thing."""
    table, price = problem.table, problem.cost(candidate)
    for kind, literal in _parts(candidate):
        rest = _without(candidate, kind, literal)
        yield rest, price - problem.cost(rest)
        if kind == "literals" and (parent := int(table.parent[literal])):
            shorter = replace(rest, literals=tuple(sorted((*rest.literals, parent))))
            yield shorter, price - problem.cost(shorter)
