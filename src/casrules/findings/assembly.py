"""From the stages' drafts to a report: merge, link, suppress, compare, fold, cut off, judge."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from casrules.findings.baseline import Baseline
from casrules.findings.document import ReferenceDate
from casrules.findings.draft import Draft, merge
from casrules.findings.folding import fold, link
from casrules.findings.report import Report
from casrules.findings.runs import RuleRun, Stage, SystemFault
from casrules.findings.summary import counted
from casrules.findings.suppression import SuppressionEntry, UnusedSuppression, suppress
from casrules.findings.totals import NO_TOTALS, Totals, count, recount
from casrules.findings.verdict import Reason, ReasonCode, Verdict, decide, exit_code
from casrules.findings.violation import Violation
from casrules.limits import DEFAULT_LIMITS, Limits

_NEEDED = ("schema", "rules")
_UNAVAILABLE: dict[str, ReasonCode] = {"schema": "no_schema", "rules": "no_applicable_rule"}


@dataclass(frozen=True, slots=True)
class Findings:
    """The violations in their final order (cut off at the limit), exact totals, suppressions that silenced
    nothing.
    """

    violations: tuple[Violation, ...] = ()
    totals: Totals = NO_TOTALS
    unused_suppressions: tuple[UnusedSuppression, ...] = ()


_NOTHING = Findings()


def assemble(
    drafts: Iterable[Draft],
    *,
    as_of: str | None = None,
    suppressions: Sequence[SuppressionEntry] = (),
    baseline: Baseline | None = None,
    limits: Limits = DEFAULT_LIMITS,
) -> Findings:
    """All drafts of one declaration as its findings; nothing is lost but by the cap, which the totals
    tell.
    """
    merged = merge(drafts)
    if not merged and not suppressions:
        return _NOTHING
    silenced = suppress(link(merged), suppressions, as_of)
    violations = baseline.mark(silenced.violations) if baseline is not None else silenced.violations
    folded = fold(violations)
    totals = count(folded)
    if len(folded) > limits.reported_violations:
        folded = folded[: limits.reported_violations]
        totals = totals.model_copy(update={"shown": len(folded)})
    return Findings(folded, totals, silenced.unused)


def judge(
    totals: Totals,
    stages: Sequence[Stage],
    as_of: ReferenceDate,
    *,
    rule_runs: Iterable[RuleRun] = (),
    faults: Sequence[SystemFault] = (),
) -> Verdict:
    """The verdict on a declaration.

    `rule_runs` need hold only the runs that may block (error-level rules not evaluated or in error). The
    stages `schema` and `rules` must be among `stages`, if only as not requested: a stage that is forgotten
    blocks.
    """
    reasons = _violation_reasons(totals)
    reasons += [
        Reason(code="system_error", stage=fault.stage, rule=fault.rule, text=_fault_text(fault)) for fault in faults
    ]
    reasons += [_stage_reason(stage) for stage in stages if stage.blocks]
    told = {stage.name: stage for stage in stages}
    for name in _NEEDED:
        if name not in told:
            reasons.append(Reason(code="stage_incomplete", stage=name, text=f"the stage {name} did not report"))
    if as_of.date is None and not ("rules" in told and told["rules"].status == "not_requested"):
        reasons.append(
            Reason(
                code="no_reference_date",
                text="no reference date: rules that depend on the date were not applied",
            )
        )
    reasons += [run.as_reason for run in rule_runs if run.blocks]
    return decide(reasons)


def _violation_reasons(totals: Totals) -> list[Reason]:
    if not totals.errors:
        return []
    verb = "stands" if totals.errors == 1 else "stand"
    return [Reason(code="violation", count=totals.errors, text=f"{counted(totals.errors, 'error')} {verb}")]


def _fault_text(fault: SystemFault) -> str:
    where = f" in {fault.rule}" if fault.rule else ""
    return f"{fault.kind}{where}: {fault.detail}" if fault.detail else f"{fault.kind}{where}"


def _stage_reason(stage: Stage) -> Reason:
    code: ReasonCode = "stage_incomplete"
    if stage.status == "unavailable":
        code = _UNAVAILABLE.get(stage.name, code)
    text = f"{stage.name}: {stage.status}"
    return Reason(code=code, stage=stage.name, text=f"{text} ({stage.reason})" if stage.reason else text)


def with_suppressions(report: Report, entries: Sequence[SuppressionEntry]) -> Report:
    """The report with further violations silenced; totals and verdict follow. Unlisted violations keep
    standing.
    """
    silenced = suppress(report.violations, entries, report.as_of.date)
    unused = (*report.unused_suppressions, *silenced.unused)
    return _changed(report, silenced.violations).model_copy(update={"unused_suppressions": unused})


def with_baseline(report: Report, baseline: Baseline) -> Report:
    """The report with each listed violation marked new or unchanged.

    The verdict stays: a known error is still an error to customs. `totals.new_errors` says whether there is
    anything new.
    """
    return _changed(report, baseline.mark(report.violations))


def new_exit_code(report: Report) -> int:
    """The exit code of a report with a baseline: known errors do not count, whatever could not be
    judged does.
    """
    reasons = [reason for reason in report.verdict.reasons if not reason.rejects]
    if report.totals.new_errors:
        reasons += _violation_reasons(report.totals)
    return exit_code(decide(reasons).outcome)


def _changed(report: Report, violations: Sequence[Violation]) -> Report:
    folded = fold(violations)
    totals = recount(report.totals, report.violations, folded)
    others = [reason for reason in report.verdict.reasons if reason.code != "violation"]
    verdict = decide([*_violation_reasons(totals), *others])
    return report.model_copy(update={"violations": folded, "totals": totals, "verdict": verdict})
