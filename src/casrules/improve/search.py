"""Beam search over conjunctions of literals for the one best rule of a universe.

The beam follows the gain at any precision; whatever reaches the floor on the way is generalised and judged by
`selection` on exact counts. What cannot beat the best rule found so far is not followed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from casrules.improve.exceptions import with_exceptions
from casrules.improve.floors import is_good, reaches_floor, relaxed
from casrules.improve.narrowing import narrowed
from casrules.improve.nodes import Children, Node, expand, node_of, reachable, root
from casrules.improve.problem import Candidate, Problem
from casrules.improve.selection import generalised
from casrules.improve.settings import Settings

_EXCEPTED = 10
"""Nodes of one depth at which exceptions are looked for."""
_RARE = 0.5
"""Share of all rows below which what all fixes share says something."""
_NEAR = 10
"""Candidates below the floor that are looked at."""
_WORTH = 0.2
"""Share of right rows from which exceptions are worth looking for."""

Kept = tuple[float, tuple[int, ...], Children, int]
"""Loss, literals, the children it is one of, and its place among them."""


@dataclass(slots=True)
class Best:
    """The best rule so far and what has been tried."""

    score: float
    candidate: Candidate | None = None
    near: list[tuple[float, Candidate]] = field(default_factory=list)
    """Candidates just below the floor."""
    seen: set[Candidate] = field(default_factory=set)

    def try_all(self, problem: Problem, found: list[tuple[float, Candidate]], settings: Settings) -> None:
        """Generalise the most promising candidates and keep the best."""
        promising = sorted(found, key=lambda it: (-it[0], it[1]))[: settings.candidates]
        for approximate, candidate in promising:
            if approximate <= self.score:
                break  # what it generalises to was among the candidates of a smaller depth
            general = generalised(problem, candidate, settings, self.seen)
            if general is None:
                continue
            score = round(problem.score(general), 6)
            if score > self.score or (score == self.score and self.candidate and general < self.candidate):
                self.score, self.candidate = score, general


def best_rule(problem: Problem, settings: Settings) -> Best:
    """The candidate with the highest score after generalisation; none where nothing pays by the margin."""
    best = Best(settings.margin)
    if is_good(problem.fixes, problem.total, settings):
        best.candidate = _everywhere(problem, settings)
        return best
    level = [root(problem, settings)]
    for depth in range(settings.depth):
        kept = _beam(level, settings)
        nodes = [node_of(problem, children, place, settings) for _, _, children, place in kept]
        found = [*_feasible(problem, level, settings), *_excepted(problem, kept, nodes, settings)]
        best.try_all(problem, found, settings)
        best.near.extend(_feasible(problem, level, relaxed(settings)))
        if depth + 1 == settings.depth:
            break
        promising = [it for it in nodes if it.score > 0 and reachable(problem, it) > best.score]
        level = [children for node in promising for children in expand(problem, node, settings)]
        if not level:
            break
    if best.candidate is not None:
        best.candidate = narrowed(problem, best.candidate, settings)
    return best


def _everywhere(problem: Problem, settings: Settings) -> Candidate:
    """People did it nearly wherever it could be done: no condition is needed, but what all fixes share is kept to."""
    table = problem.table
    shared = (problem.right_counts.sum(axis=1) >= settings.one_child * problem.fixes) & problem.usable
    literals = sorted(np.flatnonzero(shared).tolist(), key=lambda it: (len(table.index[it]), it))
    distinct = [it for it in literals if len(table.index[it]) <= _RARE * problem.coded.height]
    return Candidate(tuple(distinct[:1]))


def near_miss(problem: Problem, best: Best, settings: Settings) -> Candidate | None:
    """The best rule just below the floor of a universe in which no rule reaches it."""
    lower = relaxed(settings)
    nearly = Best(settings.margin)
    nearly.try_all(problem, best.near, lower.model_copy(update={"candidates": _NEAR}))
    return nearly.candidate


def _beam(level: list[Children], settings: Settings) -> list[Kept]:
    """The best children of all nodes; of those that cover the same rows the cheapest to describe."""
    kept: list[Kept] = []
    for children in level:
        best = np.argsort(-children.scores, kind="stable")[: 2 * settings.beam_width]
        scores = children.scores[best].round(6).tolist()
        kept.extend(
            (-score, children.conjunction(place), children, place)
            for score, place in zip(scores, best.tolist(), strict=True)
        )
    kept.sort(key=lambda it: it[:2])
    seen: set[object] = set()
    chosen: list[Kept] = []
    for it in kept:
        _, literals, children, place = it
        rows = (children.right[place].tobytes(), children.total[place].tobytes())
        if literals not in seen and rows not in seen:
            seen.update((literals, rows))
            chosen.append(it)
        if len(chosen) == settings.beam_width:
            break
    return chosen


def _feasible(problem: Problem, level: list[Children], settings: Settings) -> Iterator[tuple[float, Candidate]]:
    for children in level:
        good = reaches_floor(children.periods.right, children.periods.total, settings)
        for place in np.flatnonzero(good).tolist():
            yield round(float(children.scores[place]), 6), children.candidate(problem, place)


def _excepted(
    problem: Problem, kept: list[Kept], nodes: list[Node], settings: Settings
) -> Iterator[tuple[float, Candidate]]:
    """Exceptions at the best nodes that are right often enough to be worth it."""
    worth = [
        (node, children.candidate(problem, place))
        for (_, _, children, place), node in zip(kept, nodes, strict=True)
        if children.periods.right[place] >= _WORTH * children.periods.total[place]
    ]
    for node, candidate in worth[:_EXCEPTED]:
        for excepted, score in with_exceptions(problem, node, (candidate.start, candidate.stop), settings):
            yield score, excepted
