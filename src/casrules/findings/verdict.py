"""The verdict on a declaration, and what it means as an exit code."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal

from casrules.findings.frozen import Frozen

Outcome = Literal["accept", "reject", "undetermined"]
ReasonCode = Literal[
    "violation",
    "rule_not_evaluated",
    "rule_error",
    "stage_incomplete",
    "no_schema",
    "no_applicable_rule",
    "no_reference_date",
    "system_error",
    "rejected_by_authority",
    "undecided_answer",
]

ACCEPTED, REJECTED, MISUSED, UNDETERMINED = 0, 1, 2, 3
_EXIT_CODES: dict[Outcome, int] = {"accept": ACCEPTED, "reject": REJECTED, "undetermined": UNDETERMINED}
_WORST_FIRST = (MISUSED, REJECTED, UNDETERMINED, ACCEPTED)


class Reason(Frozen):
    """One reason of a verdict; `rule` or `stage` say what it is about, `count` how often."""

    code: ReasonCode
    text: str
    rule: str = ""
    stage: str = ""
    count: int = 1

    @property
    def rejects(self) -> bool:
        """True where the declaration is wrong, False where it could not be judged."""
        return self.code in ("violation", "rejected_by_authority")


class Verdict(Frozen):
    """accept, reject or undetermined, with every reason (also what could not be judged beside a
    rejection).
    """

    outcome: Outcome
    reasons: tuple[Reason, ...] = ()

    def __str__(self) -> str:
        """The outcome's word."""
        return self.outcome


def decide(reasons: Iterable[Reason]) -> Verdict:
    """Reject if a reason rejects; else undetermined if there is any reason; else accept."""
    found = tuple(reasons)
    if any(reason.rejects for reason in found):
        return Verdict(outcome="reject", reasons=found)
    return Verdict(outcome="undetermined" if found else "accept", reasons=found)


def exit_code(outcome: Outcome) -> int:
    """0 accept, 1 reject, 3 undetermined."""
    return _EXIT_CODES[outcome]


def combined_exit_code(codes: Sequence[int]) -> int:
    """The exit code of many files: 2 before 1 before 3 before 0; 0 for none."""
    return next((code for code in _WORST_FIRST if code in codes), ACCEPTED)
