"""The report: everything the library says about one declaration."""

from __future__ import annotations

import json
from typing import Any, Literal

from casrules.findings.answer import AnswerInfo
from casrules.findings.document import DocumentInfo, ReferenceDate
from casrules.findings.frozen import Frozen
from casrules.findings.reference import PackRef, ReferenceData
from casrules.findings.runs import Change, RuleRun, Stage, SystemFault, Timing
from casrules.findings.summary import html_summary, one_line
from casrules.findings.suppression import UnusedSuppression
from casrules.findings.totals import NO_TOTALS, Totals
from casrules.findings.verdict import Verdict, exit_code
from casrules.findings.violation import Violation

REPORT_VERSION: Literal["1.0"] = "1.0"


class ToolInfo(Frozen):
    """The program that made the report."""

    name: str = "casrules"
    version: str = ""


class RuleOverride(Frozen):
    """What a pack changed in a rule of a pack it extends (severity, status, params, …), and why."""

    rule: str
    pack: str
    change: str
    reason: str


class Report(Frozen):
    """What was checked, how, what was found, and the verdict.

    Violations are in their final order: worst first, each alert followed by what folds under it, suppressed
    ones last. `totals` are exact even where the list is cut off. `answer` is there where the
    document is an answer from outside (`Engine.decode`).
    """

    schema_version: Literal["1.0"] = REPORT_VERSION
    tool: ToolInfo = ToolInfo()
    as_of: ReferenceDate = ReferenceDate()
    packs: tuple[PackRef, ...] = ()
    reference_data: tuple[ReferenceData, ...] = ()
    overrides: tuple[RuleOverride, ...] = ()
    document: DocumentInfo = DocumentInfo()
    answer: AnswerInfo | None = None
    stages: tuple[Stage, ...] = ()
    rule_runs: tuple[RuleRun, ...] | None = None
    violations: tuple[Violation, ...] = ()
    changes: tuple[Change, ...] = ()
    system_errors: tuple[SystemFault, ...] = ()
    unused_suppressions: tuple[UnusedSuppression, ...] = ()
    totals: Totals = NO_TOTALS
    verdict: Verdict
    timings: tuple[Timing, ...] | None = None

    @property
    def accepted(self) -> bool:
        """True where the verdict is accept."""
        return self.verdict.outcome == "accept"

    @property
    def exit_code(self) -> int:
        """0 accept, 1 reject, 3 undetermined."""
        return exit_code(self.verdict.outcome)

    @property
    def errors(self) -> tuple[Violation, ...]:
        """The listed errors that stand, folded ones too."""
        return tuple(v for v in self.violations if v.stands and v.severity == "error")

    @property
    def warnings(self) -> tuple[Violation, ...]:
        """The listed warnings that stand, folded ones too."""
        return tuple(v for v in self.violations if v.stands and v.severity == "warning")

    @property
    def alerts(self) -> tuple[Violation, ...]:
        """The listed root causes that stand."""
        return tuple(v for v in self.violations if v.stands and v.is_root)

    @property
    def suppressed(self) -> tuple[Violation, ...]:
        """The listed violations somebody silenced."""
        return tuple(v for v in self.violations if not v.stands)

    def folded_under(self, alert: Violation) -> tuple[Violation, ...]:
        """The listed violations shown under an alert."""
        return tuple(v for v in self.violations if v.folded_under == alert.fingerprint)

    def by_rule(self) -> dict[str, tuple[Violation, ...]]:
        """The listed violations by rule id, suppressed ones too."""
        found: dict[str, list[Violation]] = {}
        for violation in self.violations:
            found.setdefault(violation.rule, []).append(violation)
        return {rule: tuple(found[rule]) for rule in sorted(found)}

    def to_dict(self, *, timings: bool = False) -> dict[str, Any]:
        """The report as plain data that JSON can hold; measured times only when asked for."""
        return self.model_dump(mode="json", exclude=None if timings else {"timings"})

    def to_json(self, *, indent: int | None = None) -> str:
        """The canonical JSON: sorted keys, ASCII, no times. Equal reports give equal bytes."""
        separators = (",", ":") if indent is None else (",", ": ")
        return json.dumps(
            self.to_dict(),
            sort_keys=True,
            ensure_ascii=True,
            allow_nan=False,
            separators=separators,
            indent=indent,
        )

    @classmethod
    def from_json(cls, text: str | bytes) -> Report:
        """Read what `to_json` wrote."""
        return cls.model_validate_json(text)

    def __str__(self) -> str:
        """One line: verdict, counts, document."""
        return one_line(self)

    def _repr_html_(self) -> str:
        """A small table for notebooks."""
        return html_summary(self)
