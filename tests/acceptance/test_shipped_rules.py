"""The examples of every shipped rule are its tests: declared verdict, branch and place, by the reference evaluator."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

import pytest

from casrules import Engine
from casrules.dictionary import shipped_dictionary
from casrules.findings import RecordPath
from casrules.language import EvaluationContext
from casrules.language.explain import explain
from casrules.language.outcomes import ERROR, FAILED, INCONCLUSIVE, NOT_APPLICABLE, NOT_EVALUATED, PASSED, Outcome
from casrules.language.reference import evaluate
from casrules.packs import shipped_code_lists
from casrules.packs.models import Example
from casrules.rules import PackRule, RuleSet
from casrules.testing.declarations import expand

DAY = "2025-06-01"
"""The date of an example that has none, for a rule without a first day."""
RULESET: RuleSet = Engine()._ruleset
KINDS = ("valid", "invalid", "not_applicable", "known_gap")
CASES = [
    pytest.param(rule, kind, example, id=f"{rule.id}-{kind}-{number}")
    for rule in RULESET.rules.values()
    for kind in KINDS
    for number, example in enumerate(getattr(rule.packed.rule.examples, kind), 1)
]


COMPLETE = shipped_code_lists().completed()
"""Lists known in part count as whole: an example must be able to fail."""


@dataclass(frozen=True)
class Trial:
    """A rule applied to an example."""

    rule: PackRule
    record: dict[str, Any]
    context: EvaluationContext
    outcomes: list[Outcome]

    @classmethod
    def of(cls, rule: PackRule, example: Example) -> Trial:
        since = rule.packed.rule.valid.since
        day = example.as_of or (since.isoformat() if since else DAY)
        lists = COMPLETE
        context = EvaluationContext(day, lambda name: lists.get(name, day), RULESET.tables.get)
        record = expand(example.given, shipped_dictionary())
        return cls(rule, record, context, list(evaluate(rule.checked, record, context)))

    @property
    def counts(self) -> Counter[str]:
        return Counter(outcome.status for outcome in self.outcomes)

    @property
    def failed(self) -> list[Outcome]:
        return [outcome for outcome in self.outcomes if outcome.status == FAILED]

    @property
    def failed_branches(self) -> set[str]:
        branches = self.rule.packed.rule.all_branches()
        return {branches[outcome.branch].key for outcome in self.failed}

    def places(self, outcome: Outcome) -> tuple[RecordPath, ...]:
        """Where the finding is; the primary place first."""
        return explain(
            self.rule.checked, self.record, self.context,
            instance=outcome.instance, branch=outcome.branch, chain=outcome.chain,
        ).locations  # fmt: skip

    def meant(self, outcome: Outcome, text: str) -> RecordPath:
        """The record path of `item.net_mass` for the entity that failed."""
        scope, *names = text.split(".")
        depth = self.rule.checked.chains[outcome.chain].scopes[scope]
        return (*outcome.instance[:depth], *((name, None) for name in names))


@pytest.mark.parametrize(("rule", "kind", "example"), CASES)
def test_an_example_gives_what_it_says(rule: PackRule, kind: str, example: Example) -> None:
    trial = Trial.of(rule, example)
    counts = trial.counts
    assert not counts[ERROR], [outcome.reason for outcome in trial.outcomes]
    assert not counts[NOT_EVALUATED], [outcome.reason for outcome in trial.outcomes]
    if kind in {"valid", "known_gap"}:
        assert not counts[FAILED], "a valid example fails"
        assert counts[PASSED] or counts[INCONCLUSIVE], "the rule is not applied to a valid example"
    elif kind == "not_applicable":
        assert set(counts) <= {NOT_APPLICABLE}, f"the rule is applied: {dict(counts)}"
    else:
        assert counts[FAILED], f"the rule does not fail: {dict(counts)}"


@pytest.mark.parametrize(("rule", "kind", "example"), [case for case in CASES if case.values[1] == "invalid"])
def test_an_invalid_example_fails_in_its_branch_and_place(rule: PackRule, kind: str, example: Example) -> None:
    trial = Trial.of(rule, example)
    if example.branch is not None:
        assert trial.failed_branches == {example.branch}
    for text in example.expect_at:
        matching = [_is_at(trial.places(outcome)[0], trial.meant(outcome, text)) for outcome in trial.failed]
        assert any(matching), [trial.places(outcome) for outcome in trial.failed]


def _is_at(place: RecordPath, meant: RecordPath) -> bool:
    """A list is meant by any of its entries too: the one that is too many, say."""
    *above, (name, _) = place
    return meant in (place, (*above, (name, None)))


@pytest.mark.parametrize("rule", RULESET.rules.values(), ids=list(RULESET.rules))
def test_a_rule_has_all_kinds_of_examples(rule: PackRule) -> None:
    written = rule.packed.rule
    conditional = written.when is not None or all(branch.when for branch in written.all_branches())
    needed = ["valid", "invalid", *(["not_applicable"] if conditional else [])]
    assert [kind for kind in needed if not getattr(written.examples, kind)] == []


@pytest.mark.parametrize("rule", RULESET.rules.values(), ids=list(RULESET.rules))
def test_every_branch_of_a_rule_fails_in_an_example(rule: PackRule) -> None:
    reached: set[str] = set()
    for example in rule.packed.rule.examples.invalid:
        reached |= Trial.of(rule, example).failed_branches
    assert {branch.key for branch in rule.packed.rule.all_branches()} - reached == set()


def test_no_rule_is_without_a_message_it_runs_on() -> None:
    """A rule that no message can carry dies silently."""
    engine = Engine()
    plans = engine._tools.plans
    applied: set[str] = set()
    days = [None, "0001-01-01", *plans.dates]
    for family in plans.catalog.families.by_id.values():
        for message in family.messages:
            for schema_set in plans.catalog.sets_of(family, message):
                plan = plans.plan(family, message, schema_set)
                applied |= {rule.id for day in days for rule in plan.rules_on(day).rules}
    wanted = {rule.id for rule in RULESET.rules.values() if rule.packed.rule.status in {"stable", "deprecated"}}
    assert wanted - applied == set()
