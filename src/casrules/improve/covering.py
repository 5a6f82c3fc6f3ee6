"""Sequential covering: the best rule of an edit first; what it covers leaves the universe; then the next."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from casrules.improve.arrays import Counts, Mask
from casrules.improve.blame import find_blame
from casrules.improve.coding import Coded
from casrules.improve.edits import Edit, find_edits
from casrules.improve.literals import LiteralTable, tally
from casrules.improve.problem import header_or_item_rows, make_problem
from casrules.improve.rule import MinedRule
from casrules.improve.schema import Action
from casrules.improve.search import best_rule, near_miss
from casrules.improve.settings import Settings
from casrules.improve.universe import acts, satisfied
from casrules.improve.widening import finished

_CONSTANT = 0.98

Progress = Callable[[str, int, int], None]
"""Called with what is being done, how many steps are done and how many there are."""


@dataclass(frozen=True, slots=True)
class World:
    """What all edits of one history share."""

    coded: Coded
    table: LiteralTable
    item_counts: Counts
    header_counts: Counts

    @classmethod
    def of(cls, coded: Coded, table: LiteralTable) -> World:
        """Count the literals once."""
        items = tally(table, np.flatnonzero(coded.lodged).astype(np.int32), coded.bin)
        headers = tally(table, np.flatnonzero(coded.lodged & coded.first).astype(np.int32), coded.bin)
        return cls(coded, table, items, headers)


@dataclass(frozen=True, slots=True)
class Found:
    """A rule, and the rows that speak neither for nor against it."""

    rule: MinedRule
    disputed: Mask


@dataclass(frozen=True, slots=True)
class Covered:
    """The rules of a history and the rules just below the floor, in the order of their edits."""

    rules: list[Found]
    near: list[Found]
    edits: list[Edit]
    disputed: dict[Edit, Mask]
    """Rows that speak neither for nor against each edit."""


def cover(
    world: World, handled: Callable[[Action], Mask], settings: Settings, what: str, progress: Progress
) -> Covered:
    """All rules of all edits. `handled(action)` tells on which rows rules in force already do it."""
    edits = find_edits(world.coded, settings.min_fixes)
    copied: dict[str, Mask] = {}
    blame = find_blame(world.coded, edits)
    found = Covered([], [], edits, {})
    for number, edit in enumerate(edits):
        progress(what, number, len(edits))
        disputed = found.disputed[edit] = blame.elsewhere(world.coded, edit)
        taken = handled(edit.action) | copied.get(edit.target, np.zeros(1, bool))
        of_edit = _rules_of(world, edit, taken, disputed, settings)
        found.rules.extend(of_edit.rules)
        found.near.extend(of_edit.near)
        if edit.action.op == "copy":
            for rule in (it.rule for it in of_edit.rules):
                mask = rule.meets(world.coded, world.table) & rule.in_force(world.coded)
                copied[edit.target] = copied.get(edit.target, np.zeros(1, bool)) | mask
    return found


def _rules_of(world: World, edit: Edit, taken: Mask, disputed: Mask, settings: Settings) -> Covered:
    coded, table = world.coded, world.table
    inside = header_or_item_rows(coded, edit) & acts(coded, edit.action) & ~taken & ~disputed
    right = inside & coded.accepted & satisfied(coded, edit.action)
    counts = world.header_counts if edit.header else world.item_counts
    found = Covered([], [], [], {})
    while len(found.rules) < settings.rounds and np.count_nonzero(right) >= settings.min_fixes:
        problem = make_problem(coded, table, edit, inside, right, all_counts=counts)
        best = best_rule(problem, settings)
        if best.candidate is None:
            nearly = near_miss(problem, best, settings)
            if nearly is not None:
                found.near.append(Found(finished(problem, nearly, settings), disputed))
            break
        rule = finished(problem, best.candidate, settings)
        covered = rule.meets(coded, table) & rule.in_force(coded)
        if not (covered & right).any():
            break
        if edit.action.op != "copy" or _varies(coded, edit, covered & right):
            found.rules.append(Found(rule, disputed))
        inside, right = inside & ~covered, right & ~covered
    return found


def _varies(coded: Coded, edit: Edit, right: Mask) -> bool:
    """A copy of what is always the same value is no copy: a constant says it better."""
    source = coded.field(edit.action.source or "")
    assert source is not None
    often = np.bincount(source.before[right])
    return int(often.max()) < _CONSTANT * int(often.sum())
