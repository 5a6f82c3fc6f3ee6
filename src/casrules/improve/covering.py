"""Sequential covering: the best rule of an edit first; what it covers leaves the universe; then the next."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from casrules.improve.arrays import Counts, Mask
from casrules.improve.coding import Coded
from casrules.improve.edits import Edit, find_edits
from casrules.improve.literals import LiteralTable, tally
from casrules.improve.problem import header_or_item_rows, make_problem
from casrules.improve.rule import MinedRule
from casrules.improve.schema import Action
from casrules.improve.search import best_rule
from casrules.improve.settings import Settings
from casrules.improve.universe import acts, satisfied
from casrules.improve.widening import finished

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


def cover(
    world: World, handled: Callable[[Action], Mask], settings: Settings, progress: Progress | None = None
) -> list[MinedRule]:
    """All rules of all edits. `handled(action)` tells on which rows rules in force already do it."""
    edits = find_edits(world.coded, settings.min_fixes)
    copied: dict[str, Mask] = {}
    rules: list[MinedRule] = []
    for number, edit in enumerate(edits):
        if progress:
            progress("searching rules", number, len(edits))
        taken = handled(edit.action) | copied.get(edit.target, np.zeros(1, bool))
        for rule in _rules_of(world, edit, taken, settings):
            rules.append(rule)
            if edit.action.op == "copy":
                mask = rule.meets(world.coded, world.table) & rule.in_force(world.coded)
                copied[edit.target] = copied.get(edit.target, np.zeros(1, bool)) | mask
    if progress:
        progress("searching rules", len(edits), len(edits))
    return rules


def _rules_of(world: World, edit: Edit, taken: Mask, settings: Settings) -> Iterator[MinedRule]:
    coded, table = world.coded, world.table
    inside = header_or_item_rows(coded, edit) & acts(coded, edit.action) & ~taken
    right = inside & coded.accepted & satisfied(coded, edit.action)
    counts = world.header_counts if edit.header else world.item_counts
    for _ in range(settings.rounds):
        if np.count_nonzero(right) < settings.min_fixes:
            return
        problem = make_problem(coded, table, edit, inside, right, counts)
        candidate = best_rule(problem, settings)
        if candidate is None:
            return
        rule = finished(problem, candidate, settings)
        covered = rule.meets(coded, table) & rule.in_force(coded)
        if not (covered & right).any():
            return
        yield rule
        inside, right = inside & ~covered, right & ~covered
