"""Exceptions: where the failures of a rule concentrate in one value, the rule holds for all but that."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from casrules.improve.arrays import Mask, Rows
from casrules.improve.coding import ALWAYS
from casrules.improve.floors import is_good
from casrules.improve.nodes import Node
from casrules.improve.problem import Candidate, Problem
from casrules.improve.settings import Settings
from casrules.improve.statistics import gain

_OF_FAILURES, _FIXES_INSIDE = 0.25, 0.15


def with_exceptions(
    problem: Problem, node: Node, period: tuple[int, int], settings: Settings
) -> Iterator[tuple[Candidate, float]]:
    """Candidates that except one value, then another, of a node in a period, with their scores."""
    right, wrong = (_within(problem, rows, period) for rows in (node.right, node.wrong))
    exceptions: tuple[int, ...] = ()
    for _ in range(settings.max_exceptions):
        literal = _worst(problem, node, right, wrong, settings)
        if literal is None:
            return
        exceptions = tuple(sorted((*exceptions, literal)))
        right, wrong = (rows[~problem.table.holds(literal, rows)] for rows in (right, wrong))
        k = len(right) * node.right_weight
        n = k + len(wrong) * node.weight
        candidate = Candidate(node.literals, exceptions, *period)
        if is_good(k, n, settings):
            yield candidate, round(float(gain(k, n, problem.base)) - problem.cost(candidate), 6)


def _within(problem: Problem, rows: Rows, period: tuple[int, int]) -> Rows:
    if period == (0, ALWAYS):
        return rows
    days = problem.coded.day[rows]
    return rows[(days >= period[0]) & (days < period[1])]


def _worst(problem: Problem, node: Node, right: Rows, wrong: Rows, settings: Settings) -> int | None:
    """The value that holds most failures, at least a quarter of them, and hardly any fixes."""
    if not len(wrong):
        return None
    table = problem.table
    wrongs = table.counts(wrong) * node.weight
    rights = table.counts(right) * node.right_weight
    failing = wrongs >= max(settings.list_fixes, _OF_FAILURES * len(wrong) * node.weight)
    failing &= rights <= _FIXES_INSIDE * (rights + wrongs)
    failing &= problem.usable & ~_implied(problem, node)
    places = np.flatnonzero(failing)
    return int(places[np.argmax((wrongs - rights)[places])]) if len(places) else None


def _implied(problem: Problem, node: Node) -> Mask:
    """Literals that hold in all rows of the node cannot be excepted."""
    implied = np.zeros(len(problem.table), bool)
    implied[list(node.literals)] = True
    return implied
