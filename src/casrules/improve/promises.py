"""Whether approved rules keep what their evidence promised, on the days since their approval."""

from __future__ import annotations

from datetime import date
from typing import Literal

from casrules.findings.frozen import Frozen
from casrules.improve.backtesting import backtest
from casrules.improve.ledger import Decision, Ledger
from casrules.improve.settings import Settings
from casrules.improve.source import History
from casrules.improve.statistics import wilson_lower

FEW = 5
"""Changes below which nothing is said of a rule."""
DAYS_A_MONTH = 365.25 / 12


class Promise(Frozen):
    """An approved rule since its approval.

    `promised` and `prevented_per_month` are alerts a month; `right` and `wrong` count goods items, for header fields
    declarations. The messages are those before any configuration: what the rule would have changed, and what people
    or the rule made of it.
    """

    rule: str
    suggestion: str
    text: str
    since: date
    until: date
    right: int
    wrong: int
    promised: float
    prevented_per_month: float
    verdict: Literal["kept", "broken", "too few"]


def promises(ledger: Ledger, history: History, settings: Settings | None = None) -> tuple[Promise, ...]:
    """Every approved rule against the days of `history` after its approval, in the order of approval.

    A promise is broken where the share of right changes since then is significantly below the floor, or where the
    rule changed messages and none rightly.
    """
    settings = settings or Settings()
    approved = [it for it in ledger.last.values() if it.decision == "approved"]
    return tuple(_held(it, history, settings) for it in approved)


def _held(decision: Decision, history: History, settings: Settings) -> Promise:
    found = backtest([decision.proposed], history, since=decision.on, settings=settings)
    (rule,) = found.rules
    days = max((found.until - decision.on).days, 1)
    changed = rule.right + rule.wrong
    # what is surely wrong is wrong_lower; the rule is broken where even the upper bound of right misses the floor
    surely_right = 1 - float(wilson_lower(rule.wrong, changed)) if changed else 0.0
    broken = changed >= FEW and surely_right < settings.precision
    return Promise(
        rule=decision.rule,
        suggestion=decision.suggestion,
        text=decision.proposed.text,
        since=decision.on,
        until=found.until,
        right=rule.right,
        wrong=rule.wrong,
        promised=decision.expected_per_month,
        prevented_per_month=round(sum(it.count for it in rule.prevented) * DAYS_A_MONTH / days, 2),
        verdict="too few" if changed < FEW else "broken" if broken else "kept",
    )
