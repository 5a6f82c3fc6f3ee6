"""What came of applying fixes or configuration rules to a document."""

from __future__ import annotations

from casrules.findings.edits import Fix
from casrules.findings.frozen import Frozen
from casrules.findings.report import Report
from casrules.findings.runs import Change


class RefusedFix(Frozen):
    """A fix that was not applied, and why (`unsafe` not asked for, a conflict, nothing to write to)."""

    fix: Fix
    reason: str


class FixResult(Frozen):
    """The document after the fixes, what was applied and what not, and the reports before and after."""

    content: bytes
    applied: tuple[Fix, ...] = ()
    refused: tuple[RefusedFix, ...] = ()
    report_before: Report
    report_after: Report

    @property
    def changed(self) -> bool:
        """True where at least one fix was applied."""
        return bool(self.applied)


class Completion(Frozen):
    """The document as configuration rules completed it, what they changed, and the report about it as it is now."""

    content: bytes
    changes: tuple[Change, ...] = ()
    report: Report

    @property
    def changed(self) -> bool:
        """True where at least one rule changed something."""
        return bool(self.changes)
