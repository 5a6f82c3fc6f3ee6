"""Runs the rules that apply to a message over one record, and writes what failed as drafts of violations."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from casrules.findings import Draft, RuleRun, RunCounts
from casrules.language import EvaluationContext
from casrules.language.outcomes import STATUSES
from casrules.language.reference import evaluate
from casrules.rules.failures import Failure
from casrules.rules.ruleset import PackRule
from casrules.rules.violations import ViolationWriter


@dataclass(frozen=True, slots=True)
class Run:
    """What came of running rules: the failures in order of rule and place, and how each rule ended."""

    failures: tuple[Failure, ...]
    rule_runs: tuple[RuleRun, ...]

    @property
    def evaluated(self) -> int:
        """How many rules were applied."""
        return len(self.rule_runs)

    @property
    def blocking(self) -> tuple[RuleRun, ...]:
        """The runs of error-level rules that gave no answer."""
        return tuple(run for run in self.rule_runs if run.blocks)


def run_rules(rules: Sequence[PackRule], record: Mapping[str, Any], context: EvaluationContext) -> Run:
    """Run `rules` by the reference evaluator."""
    failures: list[Failure] = []
    runs: list[RuleRun] = []
    for rule in rules:
        counts: Counter[str] = Counter()
        reason = ""
        for outcome in evaluate(rule.checked, record, context):
            counts[outcome.status] += 1
            reason = reason or outcome.reason
            if outcome.status == "failed":
                failures.append(Failure(rule, outcome.branch, outcome.chain, outcome.instance))
        runs.append(rule_run(rule, counts, reason))
    return Run(tuple(failures), tuple(runs))


def rule_run(rule: PackRule, counts: Mapping[str, int], reason: str = "") -> RuleRun:
    """How a rule ended over a declaration: the first of the statuses that occurred."""
    status = next((status for status in STATUSES if counts.get(status)), "not_applicable")
    return RuleRun(
        rule=rule.id,
        status=status,
        severity=rule.packed.rule.severity,
        reason=reason,
        counts=RunCounts(**{name: counts.get(name, 0) for name in RunCounts.model_fields}),
    )


def write_drafts(failures: Iterable[Failure], writer: ViolationWriter) -> list[Draft]:
    """The violations of `failures`."""
    return [writer.draft(failure) for failure in failures]
