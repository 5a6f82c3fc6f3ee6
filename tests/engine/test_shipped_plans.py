"""Every kind of message in every period: its shipped rules become one function, none is left to the slow evaluator."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from casrules import Engine
from casrules.engine.planning import MessagePlan

PLANS = Engine()._tools.plans
DAYS = (None, "0001-01-01", *PLANS.dates)


def kinds() -> Iterator[MessagePlan]:
    for family in PLANS.catalog.families:
        for message in family.messages:
            for schema_set in PLANS.catalog.sets_of(family, message):
                yield PLANS.plan(family, message, schema_set)


def different() -> Iterator[tuple[MessagePlan, str | None]]:
    """One of those that have the same rules and can carry the same."""
    seen = set()
    for plan in kinds():
        for day in DAYS:
            rules = tuple(rule.id for rule in PLANS.ruleset.applicable(plan.kind, day, PLANS.choice))
            if rules and (rules, plan.carried) not in seen:
                seen.add((rules, plan.carried))
                yield plan, day


DIFFERENT = list(different())


@pytest.mark.parametrize(
    ("plan", "day"),
    DIFFERENT,
    ids=[f"{plan.kind.message}-{plan.schema_set.id}-{day or 'undated'}" for plan, day in DIFFERENT],
)
def test_the_shipped_rules_of_a_message_become_one_function(plan: MessagePlan, day: str | None) -> None:
    found = plan.rules_on(day)
    run = found.compiled.run({}, day)
    assert not run.fell_back
    assert found.rules
    assert not [outcome for _, outcome in run.unsettled if outcome.status == "error"]
