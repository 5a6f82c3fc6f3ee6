"""Beam search over conjunctions of literals: which conditions might explain an edit.

The beam follows the gain at any precision; whatever reaches the floor on the way is a candidate. What is kept
here is only proposed: `selection` decides, on exact counts.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from casrules.improve.arrays import Codes, Counts
from casrules.improve.coding import BINS
from casrules.improve.exceptions import with_exceptions
from casrules.improve.floors import reaches_floor
from casrules.improve.intervals import Periods, best_periods
from casrules.improve.problem import Candidate, Node, Problem
from casrules.improve.settings import Settings


@dataclass(frozen=True, slots=True)
class _Children:
    """Extensions of one node: literals, counts by bin, best periods, scores."""

    parent: Node | None
    literals: Codes
    right: Counts
    total: Counts
    periods: Periods
    scores: np.ndarray


@dataclass(frozen=True, slots=True, order=True)
class _Kept:
    """A child in the order of the beam: best score first, then by literals."""

    loss: float
    literals: tuple[int, ...]
    parent: int
    place: int


def search(problem: Problem, settings: Settings) -> list[Candidate]:
    """Candidates that reach the floor, best score first; ties by their literals."""
    found: dict[Candidate, float] = {}
    level = [_root(problem, settings)]
    for depth in range(settings.depth):
        kept = _beam(level, settings)
        _feasible(level, found, settings)
        nodes = [_node(problem, level[it.parent], it, settings) for it in kept]
        _except(problem, level, kept, nodes, found, settings)
        if depth + 1 < settings.depth:
            level = [it for node in nodes for it in _expand(problem, node, settings)]
            if not level:
                break
    return sorted(found, key=lambda it: (-found[it], it))


def _root(problem: Problem, settings: Settings) -> _Children:
    counts = problem.right_counts.sum(axis=1)
    literals = np.flatnonzero((counts >= settings.min_fixes) & problem.usable).astype(np.int32)
    right, total = problem.right_counts[literals], problem.total_counts[literals]
    return _children(problem, None, literals, right, total, settings)


def _children(
    problem: Problem, parent: Node | None, literals: Codes, right: Counts, total: Counts, settings: Settings
) -> _Children:
    periods = best_periods(right, total, problem.base, settings.min_fixes)
    cost = problem.table.cost[literals]
    if parent:
        cost = cost + problem.table.cost[list(parent.literals)].sum()
    return _Children(parent, literals, right, total, periods, periods.gain - cost)


def _expand(problem: Problem, node: Node, settings: Settings) -> Iterator[_Children]:
    table, bins = problem.table, problem.coded.bin
    here = table.matrix[node.right]
    counts = np.bincount(here.ravel(), minlength=len(table))
    usable = (counts >= settings.min_fixes) & problem.usable
    usable[np.isin(table.group, table.group[list(node.literals)])] = False
    literals = np.flatnonzero(usable).astype(np.int32)
    if not len(literals):
        return
    local = np.full(len(table), len(literals), np.int64)
    local[literals] = np.arange(len(literals))
    right = _tally(local[here], bins[node.right], len(literals))
    wrong = _tally(local[table.matrix[node.wrong]], bins[node.wrong], len(literals)) * node.weight
    narrower = wrong.sum(axis=1) < len(node.wrong) * node.weight
    if narrower.any():
        total = right + wrong
        yield _children(problem, node, literals[narrower], right[narrower], total[narrower], settings)


def _tally(local: Counts, bins: Codes, size: int) -> Counts:
    keys = local * BINS + bins[:, None]
    return np.bincount(keys.ravel(), minlength=(size + 1) * BINS)[: size * BINS].reshape(-1, BINS)


def _beam(level: list[_Children], settings: Settings) -> list[_Kept]:
    """The best children of all nodes; of those that cover the same rows the one with the fewest, first literals."""
    kept: list[_Kept] = []
    for parent, children in enumerate(level):
        base = children.parent.literals if children.parent else ()
        best = np.argsort(-children.scores, kind="stable")[: 3 * settings.beam_width]
        for place in best.tolist():
            literals = tuple(sorted((*base, int(children.literals[place]))))
            kept.append(_Kept(-round(float(children.scores[place]), 6), literals, parent, place))
    seen: set[object] = set()
    chosen: list[_Kept] = []
    for it in sorted(kept):
        children = level[it.parent]
        rows = (children.right[it.place].tobytes(), children.total[it.place].tobytes())
        if it.literals in seen or rows in seen:
            continue
        seen.update((it.literals, rows))
        chosen.append(it)
        if len(chosen) == settings.beam_width:
            break
    return chosen


def _feasible(level: list[_Children], found: dict[Candidate, float], settings: Settings) -> None:
    for children in level:
        periods = children.periods
        base = children.parent.literals if children.parent else ()
        good = reaches_floor(periods.right, periods.total, settings)
        for place in np.flatnonzero(good).tolist():
            literals = tuple(sorted((*base, int(children.literals[place]))))
            candidate = Candidate(literals, (), int(periods.start[place]), int(periods.stop[place]))
            found[candidate] = round(float(children.scores[place]), 6)


def _node(problem: Problem, children: _Children, kept: _Kept, settings: Settings) -> Node:
    literal = int(children.literals[kept.place])
    if children.parent:
        node, table = children.parent, problem.table
        right = node.right[table.holds(literal, node.right)]
        return Node(kept.literals, right, node.wrong[table.holds(literal, node.wrong)], node.weight)
    rows = problem.table.index[literal]
    rows = rows[problem.inside[rows]]
    right = problem.right[rows]
    wrong = rows[~right]
    weight = -(-len(wrong) // settings.sample) if len(wrong) > settings.sample else 1
    return Node(kept.literals, rows[right], wrong[::weight], weight)


def _except(
    problem: Problem,
    level: list[_Children],
    kept: list[_Kept],
    nodes: list[Node],
    found: dict[Candidate, float],
    settings: Settings,
) -> None:
    """Look for exceptions at the ten best nodes that are right often enough to be worth it."""
    tried = 0
    for it, node in zip(kept, nodes, strict=True):
        periods = level[it.parent].periods
        if periods.right[it.place] < 0.4 * periods.total[it.place] or tried == 10:
            continue
        tried += 1
        period = (int(periods.start[it.place]), int(periods.stop[it.place]))
        for candidate, score in with_exceptions(problem, node, period, settings):
            found[candidate] = score
