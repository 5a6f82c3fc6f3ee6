"""From a candidate to a rule: further values of a list, the prefix as deep as the evidence reaches, days for bins."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from casrules.improve.coding import ALWAYS
from casrules.improve.problem import Candidate, Problem
from casrules.improve.rule import MinedRule
from casrules.improve.selection import dated
from casrules.improve.settings import Settings
from casrules.improve.sharpening import sharpened
from casrules.improve.statistics import split_gain

_NO_WORSE = 2.0
"""Nats up to which a further value is no worse than the rule."""


def finished(problem: Problem, candidate: Candidate, settings: Settings) -> MinedRule:
    """The rule of a selected candidate."""
    candidate = dated(problem, deepened(problem, candidate, settings))
    terms = _with_list(problem, candidate, settings)
    since = candidate.start if candidate.start > 0 else None
    until = candidate.stop - 1 if candidate.stop < ALWAYS else None
    rule = MinedRule(problem.edit, terms, candidate.exceptions, since, until)
    return sharpened(problem.coded, problem.table, rule, settings)


def deepened(problem: Problem, candidate: Candidate, settings: Settings) -> Candidate:
    """Go down to the one child of a prefix that holds nearly all fixes: unseen siblings are not claimed."""
    table = problem.table
    for _ in range(len(table.parent)):
        rows = problem.covered(candidate)
        counts = table.counts(rows[problem.right[rows]])
        for literal in candidate.literals:
            children = np.flatnonzero(table.parent == literal)
            if not literal or not len(children):
                continue
            child = int(children[np.argmax(counts[children])])
            if counts[child] >= settings.one_child * max(1, counts[literal]):
                rest = (it for it in candidate.literals if it != literal)
                candidate = replace(candidate, literals=tuple(sorted((*rest, child))))
                break
        else:
            return candidate
    return candidate


def _with_list(problem: Problem, candidate: Candidate, settings: Settings) -> tuple[tuple[int, ...], ...]:
    """The literals as terms; the one that gains most fixes by further values becomes a list of them."""
    best: tuple[int, tuple[int, ...]] = (0, ())
    best_fixes = 0
    for literal in candidate.literals if len(candidate.literals) > 1 else ():
        more, fixes = _further(problem, candidate, literal, settings)
        if fixes > best_fixes:
            best, best_fixes = (literal, more), fixes
    return tuple(tuple(sorted((it, *best[1]))) if it == best[0] else (it,) for it in candidate.literals)


def _further(problem: Problem, candidate: Candidate, literal: int, settings: Settings) -> tuple[tuple[int, ...], int]:
    """Other values of a literal's field for which the rest of the rule holds on its own, and their fixes."""
    table = problem.table
    own = table.literals[literal]
    if own is None or own.op != "eq":
        return (), 0
    rest = tuple(it for it in candidate.literals if it != literal)
    rows = problem.covered(replace(candidate, literals=rest))
    right = problem.right[rows]
    rights, totals = table.counts(rows[right]), table.counts(rows)
    good = (table.group == table.group[literal]) & (rights >= settings.list_fixes)
    no_worse = split_gain(*problem.count(candidate), rights, totals) < _NO_WORSE
    good &= (rights >= settings.precision * totals) | (no_worse & (rights >= settings.near_miss * totals))
    good[literal] = False
    more = [it for it in np.flatnonzero(good).tolist() if getattr(table.literals[it], "op", "") == "eq"]
    return tuple(more), int(rights[more].sum())
