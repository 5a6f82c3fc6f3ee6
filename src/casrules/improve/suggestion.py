"""Suggestions: proposed configuration rules with their evidence. Frozen, and the same in JSON."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import Field

from casrules.findings.frozen import Frozen
from casrules.improve.schema import Action, Condition


class MonthCount(Frozen):
    """Right and wrong changes of one calendar month (`YYYY-MM`)."""

    month: str
    right: int
    wrong: int


class PreventedAlert(Frozen):
    """A kind of alert (`CODE@path`) and how many of them the rule would have prevented."""

    code: str
    count: int


class ConditionReason(Frozen):
    """Why a condition is needed: share of right changes with it, and among the rows that it keeps away."""

    condition: str
    inside: float
    outside: float | None
    outside_rows: int


class Evidence(Frozen):
    """What the history says of a rule; counts are goods items, for header fields declarations."""

    support: int
    """Accepted messages in which people did just this."""
    wrong: int
    """Messages the rule would have changed although people did not, or which were amended afterwards."""
    disputed: int = 0
    """Of `wrong`: messages in which people did just this, and whose amendment another edit explains."""
    precision: float
    """`support / (support + wrong - disputed)`."""
    confidence_lower: float
    """One-sided 90 % Wilson lower bound of `precision`."""
    declarations: int
    """Different declarations among the support."""
    days: int
    """Different days among the support."""
    first_seen: date | None = None
    last_seen: date | None = None
    expected_per_month: float
    """Alerts the rule is expected to save in a month: those of the last months of its validity."""
    prevented: tuple[PreventedAlert, ...] = ()
    wrong_examples: tuple[str, ...] = ()
    """`declaration/item` of messages it would have changed wrongly, latest first."""
    by_month: tuple[MonthCount, ...] = ()
    reasons: tuple[ConditionReason, ...] = ()
    gain: float = 0.0
    """Nats by which the rule explains the history better than the overall rate of its edit."""


class BacktestResult(Frozen):
    """How the rule mined before `mined_until` did after that day; None of it was used for mining."""

    mined_until: date
    right: int
    wrong: int
    missed: int
    """Later fixes of this kind that the rule of today covers and the rule of then did not."""
    declarations: int
    """Different declarations changed."""
    confirmed: bool
    """The lower bound of the later share of right changes reaches the floor by itself."""
    wrong_examples: tuple[str, ...] = ()

    @property
    def precision(self) -> float | None:
        """Share of right changes."""
        total = self.right + self.wrong
        return self.right / total if total else None


class HistoryTest(Frozen):
    """A message drawn from the history: `fixes` = the rule changes it just so, `leaves_alone` = it must not.

    `before` and `after` hold the fields that were filled; `after` only what the rule may change.
    """

    kind: Literal["fixes", "leaves_alone"]
    declaration: str
    item: int
    date: date
    before: dict[str, str | tuple[str, ...]]
    after: dict[str, str | tuple[str, ...] | None]


class Supersedes(Frozen):
    """An existing rule that the suggestion replaces, and the last day on which that one should hold."""

    id: str
    valid_to: date | None


class Suggestion(Frozen):
    """One proposed configuration rule."""

    id: str
    version: int = 1
    status: Literal["proposed", "ended"] = "proposed"
    """`ended`: the rule stopped holding within the history; shown as a change of practice or law."""
    conditions: tuple[Condition, ...]
    action: Action
    mode: Literal["apply", "ask"]
    """`ask`: a person must confirm; always so for what the declarant states."""
    ask_because: str = ""
    safe: bool = False
    """The backtest changed messages rightly and none wrongly."""
    valid_from: date | None = None
    valid_to: date | None = None
    review_by: date | None = None
    """Where no legal basis bounds the rule: the day on which somebody should look at it again."""
    legal_basis: tuple[str, ...] = ()
    text: str
    needs: str = ""
    """What a person must give."""
    evidence: Evidence
    backtest: BacktestResult | None = None
    conflicts_with: tuple[str, ...] = ()
    supersedes: tuple[Supersedes, ...] = ()
    tests: tuple[HistoryTest, ...] = ()


class NearMiss(Frozen):
    """A rule just below the floor: often a real rule and inconsistent people, which is a finding of its own."""

    conditions: tuple[Condition, ...]
    action: Action
    text: str
    support: int
    wrong: int
    precision: float
    confidence_lower: float


class ExistingReview(Frozen):
    """An existing rule that the history contradicts from `since` on."""

    id: str
    since: date
    right: int
    wrong: int
    text: str


class Provenance(Frozen):
    """What the suggestions were mined from."""

    history: str
    """SHA-256 over the coded rows."""
    start: date
    end: date
    rows: int
    declarations: int
    settings: str
    miner: str = Field(default="1")
