"""Nodes of the search: conjunctions with their rows, and all their extensions counted at once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from casrules.improve.arrays import Codes, Counts, Floats, Rows
from casrules.improve.intervals import Periods, best_periods
from casrules.improve.literals import tally_some
from casrules.improve.problem import Candidate, Problem
from casrules.improve.settings import Settings
from casrules.improve.statistics import gain

_CHEAPEST = 2.0
"""No literal is described in fewer nats."""


@dataclass(frozen=True, slots=True)
class Node:
    """A conjunction with its right and wrong rows; where a weight is above 1, they are every so-manieth."""

    literals: tuple[int, ...]
    right: Rows
    wrong: Rows
    right_weight: int
    weight: int
    score: float


@dataclass(frozen=True, slots=True)
class Children:
    """Extensions of one node (of the whole universe for None): literals, counts by bin, best periods, scores."""

    parent: Node | None
    literals: Codes
    right: Counts
    total: Counts
    periods: Periods
    scores: Floats

    def conjunction(self, place: int) -> tuple[int, ...]:
        """All literals of the child at `place`, ascending."""
        base = self.parent.literals if self.parent else ()
        return tuple(sorted((*base, int(self.literals[place]))))

    def candidate(self, problem: Problem, place: int) -> Candidate:
        """The child at `place` in its best period."""
        start, stop = int(self.periods.start[place]), int(self.periods.stop[place])
        return Candidate(self.conjunction(place), (), problem.coded.day_of(start), problem.coded.day_of(stop))


def root(problem: Problem, settings: Settings) -> Children:
    """All single literals with enough right rows."""
    counts = problem.right_counts.sum(axis=1)
    literals = np.flatnonzero((counts >= settings.min_fixes) & problem.usable).astype(np.int32)
    right, total = problem.right_counts[literals], problem.total_counts[literals]
    return _children(problem, None, literals, right, total, settings=settings)


def expand(problem: Problem, node: Node, settings: Settings) -> Iterator[Children]:
    """The extensions of a node that keep enough right rows and lose some wrong ones; nothing where there are none."""
    table, bins = problem.table, problem.coded.bin
    usable = (table.counts(node.right) * node.right_weight >= settings.min_fixes) & problem.usable
    usable[np.isin(table.group, table.group[list(node.literals)])] = False
    literals = np.flatnonzero(usable).astype(np.int32)
    if not len(literals):
        return
    right = tally_some(table, literals, node.right, bins) * node.right_weight
    wrong = tally_some(table, literals, node.wrong, bins) * node.weight
    narrower = wrong.sum(axis=1) < len(node.wrong) * node.weight
    if narrower.any():
        total = right + wrong
        yield _children(problem, node, literals[narrower], right[narrower], total[narrower], settings=settings)


def _children(
    problem: Problem,
    parent: Node | None,
    literals: Codes,
    right: Counts,
    total: Counts,
    *,
    settings: Settings,
) -> Children:
    periods = best_periods(right, total, problem.base, settings.min_fixes)
    cost = problem.table.cost[literals]
    if parent:
        cost = cost + problem.table.cost[list(parent.literals)].sum()
    return Children(parent, literals, right, total, periods, periods.gain - cost)


def node_of(problem: Problem, children: Children, place: int, settings: Settings) -> Node:
    """The child at `place` with its rows; many of a kind are sampled evenly over time."""
    literals, score = children.conjunction(place), float(children.scores[place])
    rows = problem.rows(literals)
    right = problem.right[rows]
    fixed, fixed_weight = _sampled(rows[right], settings.sample // 4)
    wrong, weight = _sampled(rows[~right], settings.sample)
    return Node(literals, fixed, wrong, fixed_weight, weight, score)


def _sampled(rows: Rows, most: int) -> tuple[Rows, int]:
    """Every so-manieth row, so that at most `most` are left, and how many each stands for."""
    weight = max(1, -(-len(rows) // most))
    return (rows[::weight], weight) if weight > 1 else (rows, 1)


def reachable(problem: Problem, node: Node) -> float:
    """No extension of the node can score more: all its right rows, not one wrong, one more literal."""
    fixes = len(node.right) * node.right_weight
    cost = float(problem.table.cost[list(node.literals)].sum()) + _CHEAPEST
    return float(gain(fixes, fixes, problem.base)) - cost
