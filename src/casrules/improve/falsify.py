"""The last part of the history judges: what the first part alone would have suggested, and how that did afterwards."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

import numpy as np

from casrules.improve.coding import Coded
from casrules.improve.conflicts import effect
from casrules.improve.draft import Draft
from casrules.improve.evidence import examples
from casrules.improve.measured import in_period, measure
from casrules.improve.settings import Settings
from casrules.improve.statistics import binomial_below, wilson_lower
from casrules.improve.suggestion import BacktestResult

_EXPECTED, _DOUBT = 0.75, 0.01
_SAME = 0.9


def cut_of(coded: Coded, settings: Settings) -> date:
    """The day on which the kept-apart last part begins."""
    return coded.start + timedelta(days=round((coded.end - coded.start).days * (1 - settings.holdout)))


def before(coded: Coded, cut: date) -> Coded:
    """The history as it was known before a day: what was lodged later shows nothing."""
    early = in_period(coded, None, cut - timedelta(days=1))
    return replace(coded, lodged=coded.lodged & early, accepted=coded.accepted & early)


def falsified(coded: Coded, draft: Draft, cut: date) -> bool:
    """A rule said to hold still, which the last part contradicts: three in four right is hard to believe."""
    if draft.period[1] is not None:
        return False
    late = in_period(coded, cut, None)
    right = int(np.count_nonzero(draft.measured.right & late))
    total = int(np.count_nonzero(draft.measured.changes & ~draft.disputed & late))
    return total > 0 and binomial_below(right, total, _EXPECTED) < _DOUBT


def backtested(
    coded: Coded, draft: Draft, early: Sequence[Draft], cut: date, settings: Settings
) -> BacktestResult | None:
    """What the rule of the same effect and nearly the same rows, mined before `cut`, did from then on.

    None where there was no such rule yet, or where it had ended by then.
    """
    old = _same_rule(draft, early)
    if old is None or (old.period[1] is not None and old.period[1] < cut):
        return None
    late = in_period(coded, cut, None)
    then = measure(coded, old.conditions, old.action, *old.period)
    changes, right = then.changes & late, then.right & late
    missed = draft.measured.right & late & ~then.changes
    k, n = int(np.count_nonzero(right)), int(np.count_nonzero(changes))
    return BacktestResult(
        mined_until=cut,
        right=k,
        wrong=n - k,
        missed=int(np.count_nonzero(missed)),
        declarations=len(np.unique(coded.declaration[changes])),
        confirmed=bool(n and wilson_lower(k, n) >= settings.bound),
        wrong_examples=examples(coded, changes & ~right, settings.examples),
    )


def _same_rule(draft: Draft, early: Sequence[Draft]) -> Draft | None:
    best, alike = None, _SAME
    for old in early:
        if effect(old.action) != effect(draft.action):
            continue
        both = np.count_nonzero(old.measured.meets & draft.measured.meets)
        share = both / max(1, int(np.count_nonzero(old.measured.meets | draft.measured.meets)))
        if share >= alike:
            best, alike = old, share
    return best
