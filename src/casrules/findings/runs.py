"""What happened while a declaration was checked: stages, rule runs, configuration changes, faults of
our own.
"""

from __future__ import annotations

from typing import Literal

from casrules.findings.frozen import Frozen, SourceText
from casrules.findings.verdict import Reason
from casrules.findings.violation import Severity

StageName = Literal["detect", "parse", "schema", "bind", "configuration", "tariff", "rules", "decode"]
StageStatus = Literal["completed", "partial", "failed", "unavailable", "skipped", "not_requested"]
RunStatus = Literal["error", "not_evaluated", "failed", "passed", "inconclusive", "not_applicable"]


class Stage(Frozen):
    """One stage of the check.

    `completed`: ran to its end, whatever it found. `partial`: its findings may be incomplete in detail, its
    judgement is not. `failed`: broke down. `unavailable`: there was nothing to run (no schema, no applicable
    rule). `skipped`: an earlier stage made it impossible. `not_requested`: nobody asked for it; does not
    block.
    """

    name: StageName
    status: StageStatus
    reason: str = ""

    @property
    def blocks(self) -> bool:
        """True where the declaration cannot be accepted because this stage did not judge it."""
        return self.status in ("failed", "unavailable", "skipped")


class RunCounts(Frozen):
    """How often a rule ended in which way."""

    passed: int = 0
    failed: int = 0
    not_applicable: int = 0
    inconclusive: int = 0
    not_evaluated: int = 0
    error: int = 0


class RuleRun(Frozen):
    """One rule's run over one declaration; its status is the first that occurred of the order of
    `RunStatus`.
    """

    rule: str
    status: RunStatus
    severity: Severity = "error"
    reason: SourceText = ""
    counts: RunCounts = RunCounts()

    @property
    def blocks(self) -> bool:
        """True where an error-level rule that applies gave no answer."""
        return self.severity == "error" and self.status in ("error", "not_evaluated")

    @property
    def as_reason(self) -> Reason:
        """This run as a reason against an accept."""
        code: Literal["rule_error", "rule_not_evaluated"] = (
            "rule_error" if self.status == "error" else "rule_not_evaluated"
        )
        count = self.counts.error if self.status == "error" else self.counts.not_evaluated
        text = f"{self.rule} {'broke down' if self.status == 'error' else 'was not evaluated'}"
        return Reason(
            code=code,
            rule=self.rule,
            count=max(count, 1),
            text=f"{text}: {self.reason}" if self.reason else text,
        )


class Change(Frozen):
    """What a configuration rule did: the field, its value before and after (None: nothing there)."""

    rule: str
    path: SourceText
    record: str = ""
    before: SourceText | None = None
    after: SourceText | None = None


class SystemFault(Frozen):
    """A fault of the library or its installation, not of the declaration; `kind` is the exception's name."""

    stage: StageName
    kind: str
    detail: SourceText = ""
    rule: str = ""


class Timing(Frozen):
    """Measured time of one stage, in seconds; never part of the canonical report."""

    stage: str
    seconds: float
