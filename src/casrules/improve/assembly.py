"""From a mined rule to a suggestion: words, dates, reference, evidence, conflicts, tests; or nothing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import numpy as np

from casrules.improve.arrays import Mask
from casrules.improve.coding import Coded
from casrules.improve.conflicts import conflicts
from casrules.improve.covering import Found
from casrules.improve.draft import Draft, Period
from casrules.improve.drawn_tests import draw_tests
from casrules.improve.evidence import basis_of, evidence_of, prevented
from casrules.improve.floors import is_good
from casrules.improve.literals import LiteralTable
from casrules.improve.measured import Measured, in_period, measure
from casrules.improve.policy import Policy
from casrules.improve.references import reference_of
from casrules.improve.rule import MinedRule
from casrules.improve.schema import LegalBasis
from casrules.improve.settings import Settings
from casrules.improve.source import History
from casrules.improve.suggestion import Suggestion
from casrules.improve.text import needs, sentence
from casrules.improve.universe import satisfied
from casrules.improve.wording import worded

_NEAR = timedelta(days=45)
_REVIEW = timedelta(days=365)


def drafted(
    coded: Coded, table: LiteralTable, mined: Found, bases: Sequence[LegalBasis], settings: Settings
) -> Draft | None:
    """Word a rule and count it on the full history; None where it misses the floor there."""
    rule = mined.rule
    covered = rule.meets(coded, table) & rule.in_force(coded)
    found = Measured(covered, covered, covered & coded.accepted & satisfied(coded, rule.edit.action))
    conditions, action = worded(coded, table, rule, _changed(coded, rule, found.right))
    period = tuple(None if day is None else coded.date_of(day) for day in (rule.first_day, rule.last_day))
    measured = measure(coded, conditions, action, *period)
    names = basis_of(coded, measured.right, prevented(coded, measured.right))
    bounded = _bounded(coded, (period[0], period[1]), [it for it in bases if it.id in names])
    if bounded != period:
        measured = measure(coded, conditions, action, *bounded)
    disputed = measured.changes & mined.disputed
    if not is_good(measured.support, int(np.count_nonzero(measured.changes & ~disputed)), settings):
        return None
    if len(np.unique(coded.day[measured.right])) < settings.min_days:
        return None
    return Draft(conditions, action, bounded, names, measured, disputed)


def _changed(coded: Coded, rule: MinedRule, right: Mask) -> Mask:
    field = coded.field(rule.edit.action.field or "")
    return right if field is None else right & (field.before != field.after)


def _bounded(coded: Coded, period: Period, bases: Sequence[LegalBasis]) -> Period:
    """The period of the legal basis counts where it is known and near to the one that was found."""
    since, until = period
    for basis in bases:
        if basis.valid_from and (since is None or abs(basis.valid_from - since) <= _NEAR):
            since = basis.valid_from if since or basis.valid_from > coded.start else since
        if basis.valid_to and (basis.valid_to >= coded.end or (until and abs(basis.valid_to - until) <= _NEAR)):
            until = basis.valid_to
    return since, until


def assembled(coded: Coded, history: History, policy: Policy, draft: Draft, settings: Settings) -> Suggestion:
    """The suggestion of a draft."""
    action, measured = draft.action, draft.measured
    if action.op == "add_doc":
        where = measured.meets & coded.accepted & in_period(coded, *draft.period)
        action = action.model_copy(update={"ref": reference_of(coded, action, where, settings)})
    reason = policy.reason(action, history.schema)
    against, replaced = conflicts(coded, history.existing, measured.meets, action, draft.period)
    ended = draft.period[1] is not None and draft.period[1] < coded.end
    return Suggestion(
        id=draft.id,
        status="ended" if ended else "proposed",
        conditions=draft.conditions,
        action=action,
        mode="ask" if reason else "apply",
        ask_because=reason,
        valid_from=draft.period[0],
        valid_to=draft.period[1],
        review_by=None if draft.period[1] else coded.end + _REVIEW,
        legal_basis=draft.bases,
        text=sentence(draft.conditions, action, *draft.period),
        needs=needs(action),
        evidence=evidence_of(coded, draft, settings),
        conflicts_with=against,
        supersedes=replaced,
        tests=draw_tests(coded, draft.conditions, draft.action, measured, settings),
    )
