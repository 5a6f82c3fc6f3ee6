"""Baselines: what was known before, so that what is new stands out."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from casrules.errors import UsageError
from casrules.findings.frozen import Frozen
from casrules.findings.report import Report
from casrules.findings.violation import Violation

BASELINE_VERSION: Literal["1.0"] = "1.0"


class KnownFinding(Frozen):
    """One known finding; rule and path are for the reader, the fingerprint alone decides."""

    fingerprint: str
    rule: str
    path: str = ""


class Baseline(Frozen):
    """The findings known at one time. The document is part of each fingerprint, so nothing leaks between
    documents.
    """

    schema_version: Literal["1.0"] = BASELINE_VERSION
    findings: tuple[KnownFinding, ...] = ()

    @classmethod
    def of(cls, reports: Iterable[Report]) -> Baseline:
        """The baseline of all violations of the reports, suppressed ones too.

        Raises UsageError for a report whose list was cut off: what it does not list would come up as new.
        """
        known: dict[str, KnownFinding] = {}
        for report in reports:
            if report.totals.capped:
                raise UsageError(
                    "a baseline needs every violation, and this report's list was cut off",
                    remedy="raise Limits.reported_violations",
                )
            for violation in report.violations:
                path = violation.primary.path if violation.primary else ""
                known[violation.fingerprint] = KnownFinding(
                    fingerprint=violation.fingerprint, rule=violation.rule, path=path
                )
        return cls(findings=tuple(known[key] for key in sorted(known)))

    def mark(self, violations: Iterable[Violation]) -> tuple[Violation, ...]:
        """The violations, each marked new or unchanged."""
        known = {finding.fingerprint for finding in self.findings}
        return tuple(
            violation.model_copy(update={"baseline": "unchanged" if violation.fingerprint in known else "new"})
            for violation in violations
        )
