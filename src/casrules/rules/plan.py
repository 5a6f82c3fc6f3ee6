"""The rules that apply to a kind of message in a period, ready to run."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from casrules.language import EvaluationContext
from casrules.rules.ruleset import PackRule
from casrules.rules.running import Run, run_rules


@dataclass(frozen=True)
class RulePlan:
    """Rules and what they may use besides the record; immutable, shared between threads."""

    rules: tuple[PackRule, ...]
    context: EvaluationContext

    def context_on(self, day: str | None) -> EvaluationContext:
        """What the rules may use on a day (YYYY-MM-DD; None: unknown) of the period."""
        return replace(self.context, reference_date=day)

    def run(self, record: Mapping[str, Any], day: str | None, invalid: frozenset[tuple[str, str]]) -> Run:
        """Run the rules over one record; `invalid` are the (entity, element) pairs with an unreadable value."""
        return run_rules(self.rules, record, self.context_on(day))


def plan_rules(rules: Iterable[PackRule], context: EvaluationContext) -> RulePlan:
    """Make the rules ready to run with the code lists and tables of `context`."""
    return RulePlan(tuple(rules), context)
