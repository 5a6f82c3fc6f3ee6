"""Suggestions against rules in force: same target, another value, overlapping rows and periods."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import numpy as np

from casrules.improve.arrays import Mask
from casrules.improve.coding import Coded
from casrules.improve.dates import last_day
from casrules.improve.measured import in_period, measure
from casrules.improve.schema import Action, ExistingRule
from casrules.improve.statistics import binomial_below
from casrules.improve.suggestion import ExistingReview, Supersedes
from casrules.improve.universe import matching

_OVERLAP, _REPLACED = 0.05, 0.8


def handled(coded: Coded, existing: Sequence[ExistingRule], action: Action) -> Mask:
    """Rows on which a rule in force already does what the action does."""
    mask = np.zeros(coded.height, bool)
    for rule in existing:
        if effect(rule.action) == effect(action):
            mask |= matching(coded, rule.conditions) & in_period(coded, rule.valid_from, rule.valid_to)
    return mask


def effect(action: Action) -> tuple[str | None, ...]:
    """What an action leaves behind: equal for actions that make the same of a message."""
    if action.op in ("set", "change"):
        return ("set", action.field, action.value if action.op == "set" else action.to)
    if action.op == "copy":
        return ("copy", action.field, action.source)
    return (action.op, action.type or action.code)


def _contradict(one: Action, other: Action) -> bool:
    if one.field is not None:
        return one.field == other.field and effect(one) != effect(other)
    key = (one.type, one.code)
    return key == (other.type, other.code) and other.field is None and one.op != other.op


def conflicts(
    coded: Coded, existing: Sequence[ExistingRule], meets: Mask, action: Action, period: tuple[date | None, date | None]
) -> tuple[tuple[str, ...], tuple[Supersedes, ...]]:
    """Ids of the rules in force that a suggestion contradicts, and those among them that it replaces."""
    found, replaced = [], []
    valid_from, valid_to = period
    here = int(np.count_nonzero(meets))
    for rule in existing:
        if not _contradict(action, rule.action):
            continue
        if (valid_to and rule.valid_from and rule.valid_from > valid_to) or (
            valid_from and rule.valid_to and rule.valid_to < valid_from
        ):
            continue
        other = matching(coded, rule.conditions)
        both, there = int(np.count_nonzero(meets & other)), int(np.count_nonzero(other))
        if both < _OVERLAP * max(1, min(here, there)):
            continue
        found.append(rule.id)
        if both >= _REPLACED * there:
            end = valid_from - timedelta(days=1) if valid_from else None
            replaced.append(Supersedes(id=rule.id, valid_to=end))
    return tuple(found), tuple(replaced)


def review(coded: Coded, existing: Sequence[ExistingRule]) -> tuple[ExistingReview, ...]:
    """Rules in force that the later history contradicts: what they would change, people leave as it is."""
    found = []
    for rule in existing:
        measured = measure(coded, rule.conditions, rule.action, rule.valid_from, rule.valid_to)
        rows = np.flatnonzero(measured.changes)
        right = measured.right[rows]
        split = last_day(coded.day[rows], right)
        since = 0 if split is None else int(np.searchsorted(coded.day[rows], split, side="right"))
        later = right[since:]
        k, n = int(np.count_nonzero(later)), len(later)
        if n and binomial_below(k, n, 0.5) < 0.001:
            day = coded.date_of(coded.day[rows[since]])
            text = f"from {day.isoformat()} on people left {n - k} of {n} messages that it would change: did it end?"
            found.append(ExistingReview(id=rule.id, since=day, right=k, wrong=n - k, text=text))
    return tuple(found)
