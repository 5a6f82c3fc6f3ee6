"""When a rule ended, what came after it under the same conditions: a value that the law or practice changed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

import numpy as np

from casrules.improve.arrays import Mask
from casrules.improve.covering import Covered, Found, World
from casrules.improve.edits import Edit
from casrules.improve.floors import is_good
from casrules.improve.problem import header_or_item_rows
from casrules.improve.rule import MinedRule
from casrules.improve.settings import Settings
from casrules.improve.sharpening import sharpened
from casrules.improve.statistics import split_gain
from casrules.improve.universe import acts, satisfied

_NEAR = 45
"""Days within which a rule that begins succeeds one that ended."""
_INSIDE = 0.8
_NO_WORSE = 2.0
"""Nats up to which what the old conditions add is no worse than the rule found on its own."""


def with_successors(world: World, covered: Covered, handled: Callable[[Edit], Mask], settings: Settings) -> Covered:
    """Add the rules that took over from ended ones, and give rules that did so the conditions of the old ones.

    A late change leaves few fixes, too few to find the conditions anew; the conditions of the rule that ended are one
    hypothesis, which few fixes can carry.
    """
    rules = list(covered.rules)
    for old in [it.rule for it in covered.rules if it.rule.last_day is not None]:
        for edit in covered.edits:
            if _alike(old.edit, edit):
                _succeed(world, rules, old, edit, (covered.disputed[edit], handled(edit)), settings=settings)
    return replace(covered, rules=rules)


def _alike(one: Edit, other: Edit) -> bool:
    """Edits that change the same thing into something else."""
    same = (one.action.op, one.action.field, one.action.list) == (
        other.action.op,
        other.action.field,
        other.action.list,
    )
    return same and one.action != other.action and one.action.op != "copy"


def _succeed(
    world: World, rules: list[Found], old: MinedRule, edit: Edit, aside: tuple[Mask, Mask], *, settings: Settings
) -> None:
    coded, day = world.coded, old.last_day
    assert day is not None
    disputed, handled = aside
    new = sharpened(coded, world.table, MinedRule(edit, old.terms, old.exceptions, first_day=day + 1), settings)
    inside = header_or_item_rows(coded, edit) & acts(coded, edit.action) & ~disputed & ~handled
    right = inside & coded.accepted & satisfied(coded, edit.action)
    here = new.meets(coded, world.table) & new.in_force(coded)
    fixes, total = _count(right & here), _count(inside & here)
    if fixes < settings.min_fixes or not is_good(fixes, total, settings):
        return
    own = [it for it in rules if it.rule.edit == edit]
    known = np.zeros(coded.height, bool)
    for it in own:
        known |= it.rule.meets(coded, world.table) & it.rule.in_force(coded)
    narrower = list(_narrower(world, own, here, right, day))
    if _count(right & here & ~known) >= settings.min_fixes and not narrower:
        rules.append(Found(new, disputed))
    elif len(narrower) == 1 and narrower[0].rule.terms != old.terms:
        found = narrower[0].rule.meets(coded, world.table) & narrower[0].rule.in_force(coded)
        added = here & ~found
        worse = split_gain(_count(right & found), _count(inside & found), _count(right & added), _count(inside & added))
        if _count(right & added) and worse < _NO_WORSE:
            rules[rules.index(narrower[0])] = Found(replace(new, first_day=narrower[0].rule.first_day), disputed)


def _narrower(world: World, own: Sequence[Found], here: Mask, right: Mask, day: int) -> Iterator[Found]:
    """Rules that begin about then and lie within the old conditions."""
    for it in own:
        if it.rule.first_day is None or abs(it.rule.first_day - day) > _NEAR:
            continue
        mask = right & it.rule.meets(world.coded, world.table) & it.rule.in_force(world.coded)
        if _count(mask & here) >= _INSIDE * max(1, _count(mask)):
            yield it


def _count(mask: Mask) -> int:
    return int(np.count_nonzero(mask))
