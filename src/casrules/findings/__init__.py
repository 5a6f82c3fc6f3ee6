"""Everything the library tells a user, in one shape: report, violation, location, fix, suggestion, verdict.

The stages hand over `Draft`s; `assemble` merges, links, suppresses, folds and orders them; `judge` gives the
verdict.
"""

from casrules.findings.answer import AnswerInfo, AnswerOutcome, OriginalInfo
from casrules.findings.assembly import (
    Findings,
    assemble,
    judge,
    new_exit_code,
    with_baseline,
    with_suppressions,
)
from casrules.findings.baseline import Baseline, KnownFinding
from casrules.findings.document import DocumentInfo, ReferenceDate
from casrules.findings.draft import Draft
from casrules.findings.edits import (
    AddEntity,
    ComputeValue,
    CopyValue,
    DefaultValue,
    Edit,
    Evidence,
    FieldValue,
    Fix,
    Match,
    RemoveEntity,
    SetValue,
    Suggestion,
    Target,
)
from casrules.findings.fingerprint import document_key, fingerprint
from casrules.findings.fix_result import Completion, FixResult, RefusedFix
from casrules.findings.location import Location
from casrules.findings.paths import FieldFacts, PathWriter
from casrules.findings.pointers import RecordPath, from_pointer, to_pointer
from casrules.findings.reference import Authority, LawReference, PackRef, ReferenceData
from casrules.findings.report import Report, RuleOverride, ToolInfo
from casrules.findings.rule_page import RuleExample, RulePage, ScopeItem
from casrules.findings.runs import Change, RuleRun, RunCounts, Stage, SystemFault, Timing
from casrules.findings.suppression import SuppressionEntry, UnusedSuppression
from casrules.findings.totals import RuleTotal, Totals
from casrules.findings.verdict import Reason, Verdict, combined_exit_code, decide, exit_code
from casrules.findings.violation import Argument, Cause, Message, Reported, Suppression, ValueRead, Violation, Why

__all__ = [
    "AddEntity",
    "AnswerInfo",
    "AnswerOutcome",
    "Argument",
    "Authority",
    "Baseline",
    "Cause",
    "Change",
    "Completion",
    "ComputeValue",
    "CopyValue",
    "DefaultValue",
    "DocumentInfo",
    "Draft",
    "Edit",
    "Evidence",
    "FieldFacts",
    "FieldValue",
    "Findings",
    "Fix",
    "FixResult",
    "KnownFinding",
    "LawReference",
    "Location",
    "Match",
    "Message",
    "OriginalInfo",
    "PackRef",
    "PathWriter",
    "Reason",
    "RecordPath",
    "ReferenceData",
    "ReferenceDate",
    "RefusedFix",
    "RemoveEntity",
    "Report",
    "Reported",
    "RuleExample",
    "RuleOverride",
    "RulePage",
    "RuleRun",
    "RuleTotal",
    "RunCounts",
    "ScopeItem",
    "SetValue",
    "Stage",
    "Suggestion",
    "Suppression",
    "SuppressionEntry",
    "SystemFault",
    "Target",
    "Timing",
    "ToolInfo",
    "Totals",
    "UnusedSuppression",
    "ValueRead",
    "Verdict",
    "Violation",
    "Why",
    "assemble",
    "combined_exit_code",
    "decide",
    "document_key",
    "exit_code",
    "fingerprint",
    "from_pointer",
    "judge",
    "new_exit_code",
    "to_pointer",
    "with_baseline",
    "with_suppressions",
]
