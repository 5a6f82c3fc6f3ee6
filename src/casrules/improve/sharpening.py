"""Dates from all messages of a rule: those that had the value from the beginning tell as well when it was wanted."""

from __future__ import annotations

from dataclasses import replace
from math import log

import numpy as np

from casrules.improve.arrays import Codes, Mask
from casrules.improve.coding import BINS, Coded
from casrules.improve.dates import first_day, last_day
from casrules.improve.literals import LiteralTable
from casrules.improve.rule import MinedRule
from casrules.improve.settings import Settings
from casrules.improve.statistics import split_gain
from casrules.improve.universe import satisfied

_NEAR = 60
"""Days by which the date may move."""
_OFF = 0.3
"""Share of messages with the value up to which the rule did not hold."""


def sharpened(coded: Coded, table: LiteralTable, rule: MinedRule, settings: Settings) -> MinedRule:
    """The rule with the days on which the state of its messages changed, not only what people had to mend.

    Where no message tells for a while, the middle of that while is the likeliest day.

    An undated rule gets a date where nearly no message was so before (or after) it, and most were after (or before).
    Removals are left as they are: most messages never had what is removed.
    """
    if rule.edit.action.op.startswith("remove"):
        return rule
    counted = coded.accepted & coded.first if rule.edit.header else coded.accepted
    rows = np.flatnonzero(counted & rule.meets(coded, table))
    days, so = coded.day[rows], satisfied(coded, rule.edit.action)[rows]
    since, until = first_day(days, so), last_day(days, so)
    if rule.first_day is not None:
        day = _moved(rule.first_day, since)
        return replace(rule, first_day=day - _gap(days, day - 1, day))
    if rule.last_day is not None:
        day = _moved(rule.last_day, until)
        return replace(rule, last_day=day + _gap(days, day, day + 1))
    if since is not None and _changed(days < since, so, settings):
        return replace(rule, first_day=since - _gap(days, since - 1, since))
    if until is not None and _changed(days > until, so, settings):
        return replace(rule, last_day=until + _gap(days, until, until + 1))
    return rule


def _gap(days: Codes, before: int, after: int) -> int:
    """Half the days without a message between the last one up to `before` and the first one from `after` on."""
    earlier, later = days[days <= before], days[days >= after]
    if not len(earlier) or not len(later):
        return 0
    return int(later[0] - earlier[-1] - 1) // 2


def _moved(day: int, found: int | None) -> int:
    return day if found is None or abs(found - day) > _NEAR else found


def _changed(off: Mask, so: Mask | Codes, settings: Settings) -> bool:
    """Hardly any message was so while the rule was off, most were so otherwise, and that is no chance."""
    off_so, off_all = int(np.count_nonzero(so[off])), int(np.count_nonzero(off))
    on_so, on_all = int(np.count_nonzero(so[~off])), int(np.count_nonzero(~off))
    if off_so > _OFF * off_all or on_so < settings.precision * on_all:
        return False
    return float(split_gain(on_so, on_all, off_so, off_all)) >= log(BINS) + settings.margin / 2
