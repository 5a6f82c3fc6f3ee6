"""Nothing is accepted unless every rule that applies gave an answer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from copy import copy
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from casrules import Engine
from casrules.declaration import Invalid
from casrules.dictionary import shipped_dictionary
from casrules.engine import xml_route
from casrules.findings import ReferenceDate, Report, Stage, judge
from casrules.findings.totals import NO_TOTALS
from casrules.findings.verdict import Outcome
from casrules.language import EvaluationContext
from casrules.language.outcomes import ERROR, NOT_EVALUATED
from casrules.language.reference import evaluate
from casrules.packs import CodeLists, shipped_code_lists
from casrules.rules import PackRule, RulePlan, RuleSet, Run, ViolationWriter, plan_rules
from casrules.testing.declarations import expand

from .documents import example_files

DAY = "2025-06-01"
RULESET: RuleSet = Engine()._ruleset
ERROR_RULES = [rule for rule in RULESET.rules.values() if rule.packed.rule.severity == "error"]
STAGES = (Stage(name="schema", status="completed"), Stage(name="rules", status="completed"))


class PlantedError(RuntimeError):
    """What a broken rule raises."""


class Planted:
    """Counts how often a plant went off."""

    count = 0


def crash(*_: Any, **__: Any) -> Any:
    Planted.count += 1
    raise PlantedError("planted")


class CrashingText(str):
    """A text that breaks whoever compares or cuts it."""

    __slots__ = ()
    __eq__ = __ne__ = __lt__ = __le__ = __gt__ = __ge__ = __getitem__ = __hash__ = crash  # type: ignore[assignment]


class CrashingNumber(Decimal):
    """A number that breaks whoever compares it or counts with it."""

    __slots__ = ()
    __eq__ = __ne__ = __lt__ = __le__ = __gt__ = __ge__ = __hash__ = crash  # type: ignore[assignment]
    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = crash  # type: ignore[assignment]


@dataclass(frozen=True)
class Trial:
    """A rule over the record of one of its examples, with lists and tables that may have been taken away."""

    rule: PackRule
    record: dict[str, Any]
    context: EvaluationContext
    plan: RulePlan

    def run(self, invalid: frozenset[tuple[str, str]] = frozenset()) -> Run:
        return self.plan.run(self.record, self.context.reference_date, invalid, rule_runs=True)


@cache
def planned(rule_id: str, day: str, without: str) -> RulePlan:
    """The compiled rule on a day, without one list or table."""
    lists = shipped_code_lists()
    context = EvaluationContext(
        day,
        lambda name: None if name == without else lists.get(name, day),
        lambda name: None if name == without else RULESET.tables.get(name),
    )
    return plan_rules([RULESET.rules[rule_id]], context)


def trials(rule: PackRule, *, without: str = "") -> Iterator[Trial]:
    """The rule over its valid and invalid examples."""
    since = rule.packed.rule.valid.since
    for example in (*rule.packed.rule.examples.valid, *rule.packed.rule.examples.invalid):
        day = example.as_of or (since.isoformat() if since else DAY)
        plan = planned(rule.id, day, without)
        yield Trial(rule, expand(example.given, shipped_dictionary()), plan.context_on(day), plan)


def outcome(run: Run) -> Outcome:
    """The verdict on a declaration with nothing but this run."""
    if run.failures:
        return "reject"
    date = ReferenceDate(date=DAY, origin="argument")
    return judge(NO_TOTALS, STAGES, date, rule_runs=run.blocking).outcome


def answered(run: Run) -> bool:
    """Whether the rule passed or failed somewhere."""
    return any(found.counts.passed or found.counts.failed for found in run.rule_runs or ())


LISTS = [
    pytest.param(rule, name, id=f"{rule.id}-{name}")
    for rule in ERROR_RULES
    for name in sorted(rule.checked.code_lists | rule.checked.tables)
]


@pytest.mark.parametrize(("rule", "name"), LISTS)
def test_a_rule_without_its_list_is_never_an_accept(rule: PackRule, name: str) -> None:
    """Where the rule answered with the list, and reads it, it does not pass without."""
    undetermined = 0
    for before, after in zip(trials(rule), trials(rule, without=name), strict=True):
        if not answered(before.run()):
            continue
        run = after.run()
        statuses = {found.status for found in evaluate(rule.checked, after.record, after.context)}
        if NOT_EVALUATED in statuses:
            assert outcome(run) in {"undetermined", "reject"}
            undetermined += outcome(run) == "undetermined"
    assert undetermined, "the list makes no difference in any example"


@pytest.mark.parametrize("rule", ERROR_RULES, ids=[rule.id for rule in ERROR_RULES])
def test_a_rule_that_breaks_down_is_never_an_accept(rule: PackRule) -> None:
    for trial in trials(rule):
        for path in leaves(trial.record):
            planted = replace(trial, record=with_leaf(trial.record, path, crashing))
            breaks = any(found.status == ERROR for found in evaluate(rule.checked, planted.record, planted.context))
            before = Planted.count
            run = planted.run()
            # the compiled rule may do with less than the reference evaluator reads
            if breaks and Planted.count > before:
                assert outcome(run) != "accept", path


@pytest.mark.parametrize("rule", ERROR_RULES, ids=[rule.id for rule in ERROR_RULES])
def test_a_rule_that_meets_an_unreadable_value_is_never_an_accept(rule: PackRule) -> None:
    dictionary = shipped_dictionary()
    for trial in trials(rule):
        for path in leaves(trial.record):
            planted = replace(trial, record=with_leaf(trial.record, path, lambda _: Invalid("?!", "something else")))
            names = [name for name in path if isinstance(name, str)]
            element = dictionary.resolve(dictionary.root, names)[-1]
            run = planted.run(frozenset({(element.entity, element.name)}))
            statuses = {found.status for found in evaluate(rule.checked, planted.record, planted.context)}
            if NOT_EVALUATED in statuses:
                assert outcome(run) != "accept", path


def test_the_plants_do_break_rules() -> None:
    """The two properties above are not about nothing."""
    broken = unread = 0
    for rule in ERROR_RULES:
        for trial in trials(rule):
            for path in leaves(trial.record):
                before = Planted.count
                replace(trial, record=with_leaf(trial.record, path, crashing)).run()
                broken += Planted.count > before
                garbled = with_leaf(trial.record, path, lambda _: Invalid("?!"))
                unread += any(found.status == NOT_EVALUATED for found in evaluate(rule.checked, garbled, trial.context))
    assert broken > 50
    assert unread > 100


@pytest.fixture(scope="module")
def accepted(repository: Path, engine: Engine) -> list[Path]:
    """The example messages that are accepted."""
    found = [path for path in example_files(repository) if engine.validate(path).accepted]
    assert len(found) >= 5
    return found


class NoSchemas:
    """A set of schemas that has none."""

    def find(self, *_: Any) -> None:
        return None


def changed(engine: Engine, **tools: Any) -> Engine:
    """An engine like another, with some of its tools exchanged."""
    other = copy(engine)
    other._tools = replace(engine._tools, **tools)
    return other


def codes(report: Report) -> set[str]:
    return {reason.code for reason in report.verdict.reasons}


def test_without_schemas_nothing_is_accepted(accepted: list[Path], engine: Engine) -> None:
    bare = changed(engine, schemas=NoSchemas())
    for path in accepted:
        report = bare.validate(path)
        assert (report.verdict.outcome, codes(report)) == ("undetermined", {"no_schema"}), path.name


def test_without_applicable_rules_nothing_is_accepted(accepted: list[Path]) -> None:
    silent = Engine(ignore=["*"])
    for path in accepted:
        report = silent.validate(path)
        assert (report.verdict.outcome, codes(report)) == ("undetermined", {"no_applicable_rule"}), path.name


def test_without_any_code_list_the_rules_that_need_one_are_named(accepted: list[Path], engine: Engine) -> None:
    plans = engine._tools.plans
    bare = changed(engine, plans=replace(plans, code_lists=CodeLists({}), _kept={}))
    named = 0
    for path in accepted:
        before = {run.rule: run for run in engine.validate(path, rule_runs=True).rule_runs or ()}
        report = bare.validate(path, rule_runs=True)
        left = [run for run in report.rule_runs or () if run.blocks]
        named += len(left)
        assert report.accepted == (not left), path.name
        assert all(before[run.rule].status in {"passed", "not_applicable", "inconclusive"} for run in left)
    assert named


@pytest.mark.parametrize("broken", ["validate", "detect", "read"])
def test_a_stage_that_breaks_down_is_told_and_never_an_accept(
    accepted: list[Path], engine: Engine, monkeypatch: pytest.MonkeyPatch, broken: str
) -> None:
    monkeypatch.setattr(xml_route, broken, crash)
    report = engine.validate(accepted[0])
    assert report.verdict.outcome == "undetermined"
    assert [(fault.kind, fault.detail) for fault in report.system_errors] == [("PlantedError", "planted")]
    assert report.document.bytes == accepted[0].stat().st_size


def test_rules_that_break_down_as_a_whole_are_never_an_accept(
    accepted: list[Path], engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(RulePlan, "run", crash)
    for path in accepted:
        report = engine.validate(path)
        assert report.verdict.outcome == "undetermined", path.name
        assert {"system_error", "stage_incomplete"} <= codes(report)


def test_a_violation_that_cannot_be_written_is_not_lost(
    repository: Path, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    slips = repository / "examples/ncts/cc015c-slips.xml"
    failed = {finding.rule for finding in engine.validate(slips).violations}
    monkeypatch.setattr(ViolationWriter, "draft", crash)
    report = engine.validate(slips)
    assert report.verdict.outcome == "undetermined"
    assert {fault.rule for fault in report.system_errors} == failed


def test_a_value_that_cannot_be_read_is_never_an_accept(accepted: list[Path], engine: Engine) -> None:
    for path in accepted:
        content = path.read_bytes()
        garbled = content.replace(b"Mass>", b"Mass>?!", 1)
        if garbled != content:
            assert engine.validate(garbled).verdict.outcome == "reject", path.name


Path_ = tuple[str | int, ...]


def leaves(record: Any, above: Path_ = ()) -> list[Path_]:
    """The ways to all scalar values of a record."""
    if isinstance(record, Mapping):
        return [leaf for name, value in record.items() for leaf in leaves(value, (*above, name))]
    if isinstance(record, list):
        return [leaf for at, value in enumerate(record) for leaf in leaves(value, (*above, at))]
    return [above]


def with_leaf(record: Any, path: Path_, change: Any) -> Any:
    """A copy of the record with one value changed."""
    if not path:
        return change(record)
    first, *rest = path
    if isinstance(record, list):
        return [with_leaf(one, tuple(rest), change) if at == first else one for at, one in enumerate(record)]
    return {name: with_leaf(one, tuple(rest), change) if name == first else one for name, one in record.items()}


def crashing(value: Any) -> Any:
    """The value in a form that breaks whoever uses it; flags stay what they are."""
    if isinstance(value, bool):
        return value
    if isinstance(value, int | Decimal):
        return CrashingNumber(value)
    return CrashingText(value) if isinstance(value, str) else value
