"""The evidence of a rule: counts, bound, prevented alerts, months, examples, and why each condition is needed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from math import sqrt

import numpy as np

from casrules.improve.arrays import Mask
from casrules.improve.coding import Coded
from casrules.improve.draft import Draft
from casrules.improve.measured import Measured, in_period, measure
from casrules.improve.schema import Condition
from casrules.improve.settings import Settings
from casrules.improve.statistics import gain, wilson_lower
from casrules.improve.suggestion import ConditionReason, Evidence, MonthCount, PreventedAlert
from casrules.improve.text import phrase
from casrules.improve.universe import acts, satisfied

MONTH = 30.4375
"""Days of a month."""


def evidence_of(coded: Coded, draft: Draft, settings: Settings) -> Evidence:
    """Everything that speaks for and against a rule."""
    measured, action = draft.measured, draft.action
    support, wrong, disputed = measured.support, measured.wrong, int(np.count_nonzero(draft.disputed))
    total = support + wrong - disputed
    rows = np.flatnonzero(measured.right)
    universe = coded.lodged & acts(coded, action)
    base = np.count_nonzero(universe & coded.accepted & satisfied(coded, action)) / max(
        1, int(np.count_nonzero(universe))
    )
    return Evidence(
        support=support,
        wrong=wrong,
        disputed=disputed,
        precision=round(support / max(1, total), 4),
        confidence_lower=round(float(wilson_lower(support, total)), 4),
        declarations=len(np.unique(coded.declaration[rows])),
        days=len(np.unique(coded.day[rows])),
        first_seen=coded.date_of(coded.day[rows[0]]) if len(rows) else None,
        last_seen=coded.date_of(coded.day[rows[-1]]) if len(rows) else None,
        expected_per_month=expected_per_month(coded, measured.right, draft.period, settings),
        prevented=prevented(coded, measured.right),
        wrong_examples=examples(coded, measured.changes & ~measured.right & ~draft.disputed, settings.examples),
        by_month=_by_month(coded, measured),
        reasons=tuple(_reason(coded, draft, it) for it in draft.conditions),
        gain=round(float(gain(support, total, float(base))), 2),
    )


def expected_per_month(coded: Coded, right: Mask, period: tuple[date | None, date | None], settings: Settings) -> float:
    """Fixes a month for as long as the rule held, or over its last months where those were clearly different.

    0 for a rule that ended within the history.
    """
    valid_from, valid_to = period
    if valid_to is not None and valid_to < coded.end:
        return 0.0
    start = max(coded.start, valid_from or coded.start)
    since = max(start, coded.end - timedelta(days=round(settings.months * MONTH)))
    late, early = max(0.25, (coded.end - since).days / MONTH), (since - start).days / MONTH
    late_fixes = int(np.count_nonzero(right & in_period(coded, since, None)))
    early_fixes = int(np.count_nonzero(right & in_period(coded, start, since - timedelta(days=1))))
    expected = (late_fixes + early_fixes) * late / (late + early)
    if abs(late_fixes - expected) <= 2 * sqrt(expected):
        return round((late_fixes + early_fixes) / (late + early), 2)
    return round(late_fixes / late, 2)


def prevented(coded: Coded, right: Mask) -> tuple[PreventedAlert, ...]:
    """Alerts that go with the fixes: on a good part of them, and far more often than on other rows."""
    alerts = coded.alerts
    fixes = max(1, int(np.count_nonzero(right)))
    everywhere = np.bincount(alerts.code[coded.lodged[alerts.rows]], minlength=len(alerts.codes) + 1)
    here = np.bincount(alerts.code[right[alerts.rows]], minlength=len(alerts.codes) + 1)
    usual = everywhere / max(1, int(np.count_nonzero(coded.lodged)))
    chosen = np.flatnonzero((here >= 0.3 * fixes) & (here >= 3 * usual * fixes))
    return tuple(PreventedAlert(code=alerts.codes[it - 1], count=int(here[it])) for it in chosen if it)


def basis_of(coded: Coded, right: Mask, alerts: Sequence[PreventedAlert]) -> tuple[str, ...]:
    """The legal basis that at least four in five of the prevented alerts which have one rest on."""
    codes = [coded.alerts.codes.index(it.code) + 1 for it in alerts]
    chosen = np.isin(coded.alerts.code, codes) & right[coded.alerts.rows]
    often = np.bincount(coded.alerts.basis[chosen], minlength=len(coded.alerts.bases) + 1)
    total, named = int(often.sum()), int(often[1:].sum())
    if not named or named < 0.5 * total:
        return ()
    top = int(often[1:].argmax()) + 1
    return (coded.alerts.bases[top - 1],) if often[top] >= 0.8 * named else ()


def examples(coded: Coded, where: Mask, many: int) -> tuple[str, ...]:
    """`declaration/item` of the latest rows, latest first."""
    rows = np.flatnonzero(where)[::-1][:many]
    return tuple(f"{coded.names[int(row)]}/{coded.items[row]}" for row in rows)


def _by_month(coded: Coded, measured: Measured) -> tuple[MonthCount, ...]:
    start = np.datetime64(coded.start)
    months = (start + np.arange(int(coded.day.max()) + 1)).astype("datetime64[M]")
    names, places = np.unique(months, return_inverse=True)
    where = places[np.clip(coded.day, 0, None)]
    right = np.bincount(where[measured.right], minlength=len(names))
    total = np.bincount(where[measured.changes], minlength=len(names))
    return tuple(
        MonthCount(month=str(name), right=int(k), wrong=int(n - k))
        for name, k, n in zip(names, right, total, strict=True)
        if n
    )


def _reason(coded: Coded, draft: Draft, condition: Condition) -> ConditionReason:
    support, wrong = draft.measured.support, draft.measured.wrong
    rest = [it for it in draft.conditions if it is not condition]
    wider = measure(coded, rest, draft.action, *draft.period)
    more, right = wider.support + wider.wrong - support - wrong, wider.support - support
    return ConditionReason(
        condition=phrase(condition),
        inside=round(support / max(1, support + wrong), 4),
        outside=round(right / more, 4) if more > 0 else None,
        outside_rows=max(0, more),
    )
