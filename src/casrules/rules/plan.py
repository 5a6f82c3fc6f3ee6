"""The rules that apply to a kind of message in a period, ready to run, and what came of a run."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from casrules.findings import RuleRun, RunCounts
from casrules.language import Counts, EvaluationContext, Plan, build_plan
from casrules.language.checked import Carried
from casrules.language.outcomes import ERROR, NOT_EVALUATED
from casrules.rules.failures import Failure
from casrules.rules.ruleset import PackRule

Fields = frozenset[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Run:
    """What came of running rules.

    `failures` are in order of rule and place. `blocking` are the error-level rules that gave no answer somewhere;
    `rule_runs`, on request, tells how every rule ended. `evaluated` is true where at least one rule passed or failed.
    """

    failures: tuple[Failure, ...]
    blocking: tuple[RuleRun, ...]
    evaluated: bool
    rule_runs: tuple[RuleRun, ...] | None = None


@dataclass(frozen=True)
class RulePlan:
    """Rules and what they may use besides the record; immutable, shared between threads."""

    rules: tuple[PackRule, ...]
    compiled: Plan
    context: EvaluationContext

    def context_on(self, day: str | None) -> EvaluationContext:
        """What the rules may use on a day (YYYY-MM-DD; None: unknown) of the period."""
        return replace(self.context, reference_date=day)

    def run(self, record: Mapping[str, Any], day: str | None, invalid: Fields, *, rule_runs: bool = False) -> Run:
        """Run the rules over one record; `invalid` are the (entity, element) pairs with an unreadable value."""
        found = self.compiled.run(record, day, invalid=invalid, counts=rule_runs)
        failures = tuple(
            Failure(self.rules[failure.rule], failure.branch, failure.chain, self.compiled.instance(failure))
            for failure in found.failures
        )
        unsettled = self._unsettled(found.unsettled) if found.unsettled else ()
        runs = None
        if found.counts is not None:
            reasons = {run.rule: run.reason for run in unsettled}
            pairs = zip(self.rules, found.counts, strict=True)
            runs = tuple(self._rule_run(rule, counts, reasons.get(rule.id, "")) for rule, counts in pairs)
        return Run(failures, tuple(run for run in unsettled if run.blocks), found.evaluated, runs)

    def _unsettled(self, outcomes: Sequence[tuple[int, Any]]) -> tuple[RuleRun, ...]:
        """One run for each rule that broke down or was not evaluated, with its first reason."""
        tallies: dict[int, dict[str, int]] = {}
        reasons: dict[int, str] = {}
        for number, outcome in outcomes:
            tally = tallies.setdefault(number, {ERROR: 0, NOT_EVALUATED: 0})
            tally[outcome.status] += 1
            reasons.setdefault(number, outcome.reason)
        return tuple(self._rule_run(self.rules[n], Counts(**tally), reasons[n]) for n, tally in sorted(tallies.items()))

    def _rule_run(self, rule: PackRule, counts: Counts, reason: str) -> RuleRun:
        return RuleRun(
            rule=rule.id,
            status=counts.status,
            severity=rule.packed.rule.severity,
            reason=reason,
            counts=RunCounts(**{name: getattr(counts, name) for name in RunCounts.model_fields}),
        )


def plan_rules(rules: Iterable[PackRule], context: EvaluationContext, carried: Carried | None = None) -> RulePlan:
    """Compile the rules with the code lists and tables of `context`; `carried` says what the message can hold.

    Rules that need what the message cannot carry are left out: they are not applicable to it.
    """
    kept = tuple(rules)
    compiled = build_plan(
        [rule.checked for rule in kept], carried=carried, code_lists=context.code_lists, tables=context.tables
    )
    return RulePlan(kept, compiled, context)
