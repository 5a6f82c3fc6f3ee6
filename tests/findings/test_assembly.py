from __future__ import annotations

import dataclasses

import pytest

from casrules.errors import UsageError
from casrules.findings import (
    Baseline,
    Report,
    RuleRun,
    RunCounts,
    Stage,
    SuppressionEntry,
    SystemFault,
    assemble,
    judge,
    with_baseline,
    with_suppressions,
)
from casrules.findings.document import ReferenceDate
from casrules.findings.totals import NO_TOTALS
from casrules.limits import DEFAULT_LIMITS

DONE = (Stage(name="schema", status="completed"), Stage(name="rules", status="completed"))
DATED = ReferenceDate(date="2025-02-01", origin="argument")
FEW = dataclasses.replace(DEFAULT_LIMITS, reported_violations=3)


def report(drafts, limits=DEFAULT_LIMITS, **fields) -> Report:
    found = assemble(drafts, limits=limits)
    verdict = judge(found.totals, DONE, DATED)
    return Report(as_of=DATED, stages=DONE, violations=found.violations, totals=found.totals, verdict=verdict, **fields)


def test_nothing_found_and_everything_judged_is_accepted() -> None:
    assert judge(NO_TOTALS, DONE, DATED).outcome == "accept"


def test_an_error_rejects_a_warning_does_not(draft) -> None:
    assert report([draft("1")]).verdict.outcome == "reject"
    assert report([draft("1", severity="warning")]).verdict.outcome == "accept"


@pytest.mark.parametrize("status", ["failed", "unavailable", "skipped"])
@pytest.mark.parametrize("name", ["schema", "rules", "bind"])
def test_a_stage_that_did_not_judge_makes_it_undetermined(name, status) -> None:
    stages = [
        *(stage for stage in DONE if stage.name != name),
        Stage(name=name, status=status, reason="why not"),
    ]
    verdict = judge(NO_TOTALS, stages, DATED)
    assert verdict.outcome == "undetermined"
    assert verdict.reasons[0].stage == name and "why not" in verdict.reasons[0].text


def test_a_missing_schema_and_no_applicable_rule_have_reasons_of_their_own() -> None:
    stages = [Stage(name="schema", status="unavailable"), Stage(name="rules", status="unavailable")]
    assert [r.code for r in judge(NO_TOTALS, stages, DATED).reasons] == ["no_schema", "no_applicable_rule"]


@pytest.mark.parametrize("missing", ["schema", "rules"])
def test_a_forgotten_stage_never_accepts(missing) -> None:
    stages = [stage for stage in DONE if stage.name != missing]
    assert judge(NO_TOTALS, stages, DATED).outcome == "undetermined"


def test_a_stage_nobody_asked_for_does_not_block() -> None:
    stages = [Stage(name="schema", status="completed"), Stage(name="rules", status="not_requested")]
    assert judge(NO_TOTALS, stages, ReferenceDate()).outcome == "accept"


def test_no_reference_date_is_undetermined_but_an_error_still_rejects(draft) -> None:
    assert judge(NO_TOTALS, DONE, ReferenceDate()).outcome == "undetermined"
    verdict = judge(assemble([draft("1")]).totals, DONE, ReferenceDate())
    assert verdict.outcome == "reject"
    assert [reason.code for reason in verdict.reasons] == ["violation", "no_reference_date"]


@pytest.mark.parametrize(
    ("status", "severity", "outcome"),
    [("error", "error", "undetermined"), ("not_evaluated", "error", "undetermined"),
     ("error", "warning", "accept"), ("inconclusive", "error", "accept"),
     ("not_applicable", "error", "accept")],
)  # fmt: skip
def test_an_error_level_rule_without_an_answer_is_undetermined(status, severity, outcome) -> None:
    counts = RunCounts(error=2) if status == "error" else RunCounts(not_evaluated=2)
    run = RuleRun(rule="demo.R1", status=status, severity=severity, reason="code list CL1 is not there", counts=counts)
    verdict = judge(NO_TOTALS, DONE, DATED, rule_runs=[run])
    assert verdict.outcome == outcome
    if outcome == "undetermined":
        assert (verdict.reasons[0].rule, verdict.reasons[0].count) == ("demo.R1", 2)
        assert "CL1" in verdict.reasons[0].text


def test_a_fault_of_our_own_never_accepts() -> None:
    verdict = judge(NO_TOTALS, DONE, DATED, faults=[SystemFault(stage="rules", kind="ZeroDivisionError")])
    assert verdict.outcome == "undetermined"


def test_totals_are_exact_where_the_list_is_cut_off_and_the_banner_shouts(draft) -> None:
    cut = report([draft(f"{n}", line=n) for n in range(1, 11)], FEW)
    assert (len(cut.violations), cut.totals.shown, cut.totals.violations, cut.totals.errors) == (3, 3, 10, 10)
    assert [v.fingerprint for v in cut.violations] == ["1", "2", "3"]
    assert "CUT OFF" in cut.totals.banner and "7" in cut.totals.banner
    assert report([draft("1")]).totals.banner == ""


def test_silencing_every_listed_error_of_a_cut_off_report_does_not_accept_the_hidden_ones(draft) -> None:
    cut = report([draft(f"{n}", line=n) for n in range(1, 11)], FEW)
    silenced = with_suppressions(cut, [SuppressionEntry(rule="*", by="A", reason="b", until="2026-01-01")])
    assert (silenced.totals.errors, silenced.totals.suppressed, silenced.verdict.outcome) == (7, 3, "reject")


def test_a_suppressed_error_is_accepted_and_counted_and_unused_entries_are_reported(draft) -> None:
    entries = [
        SuppressionEntry(rule="demo.R1", by="A", reason="b", until="2026-01-01"),
        SuppressionEntry(rule="demo.R9", by="A", reason="b", until="2026-01-01"),
    ]
    silenced = with_suppressions(report([draft("1")]), entries)
    assert (silenced.verdict.outcome, silenced.totals.suppressed, len(silenced.suppressed)) == (
        "accept",
        1,
        1,
    )
    assert [unused.entry.rule for unused in silenced.unused_suppressions] == ["demo.R9"]


def test_silencing_a_cause_brings_its_effects_up(draft) -> None:
    whole = report([draft("c", rule="demo.A"), draft("e", rule="demo.B", after=("demo.A",))])
    silenced = with_suppressions(whole, [SuppressionEntry(rule="demo.A", by="A", reason="b", until="2026-01-01")])
    assert [v.rule for v in silenced.alerts] == ["demo.B"]
    assert silenced.verdict.outcome == "reject"


def test_suppressing_while_assembling_or_afterwards_is_the_same(draft) -> None:
    drafts = [
        draft("c", rule="demo.A"),
        draft("e", rule="demo.B", after=("demo.A",)),
        draft("w", severity="warning"),
    ]
    entries = [SuppressionEntry(rule="demo.A", by="A", reason="b", until="2026-01-01")]
    at_once = assemble(drafts, as_of="2025-02-01", suppressions=entries)
    later = with_suppressions(report(drafts), entries)
    assert (later.violations, later.totals) == (at_once.violations, at_once.totals)


def test_a_baseline_marks_what_is_new_and_leaves_the_verdict(draft) -> None:
    known = Baseline.of([report([draft("1"), draft("2")])])
    now = with_baseline(report([draft("2"), draft("3")]), known)
    assert {v.fingerprint: v.baseline for v in now.violations} == {"2": "unchanged", "3": "new"}
    assert (now.totals.unchanged, now.totals.new_errors, now.verdict.outcome) == (1, 1, "reject")
    old = with_baseline(report([draft("1")]), known)
    assert (old.totals.new_errors, old.verdict.outcome) == (0, "reject")


def test_a_baseline_refuses_a_report_that_does_not_list_everything(draft) -> None:
    with pytest.raises(UsageError, match="cut off"):
        Baseline.of([report([draft(f"{n}") for n in range(5)], FEW)])


def test_a_baseline_survives_its_file(draft) -> None:
    known = Baseline.of([report([draft("2"), draft("1")])])
    assert Baseline.model_validate_json(known.model_dump_json()) == known
