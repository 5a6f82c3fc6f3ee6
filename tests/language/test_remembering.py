"""What was found among elements of one key is remembered: the answers stay the same, and thousands stay quick."""

from __future__ import annotations

import time
from decimal import Decimal
from typing import Any

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, given, settings

from casrules.dictionary import shipped_dictionary
from casrules.language import EvaluationContext, RuleSource, build_plan, check_rule, evaluate
from casrules.language.compiled import remembering

DICTIONARY = shipped_dictionary()
CONDITIONS = [
    "any(d.reference == item.ucr and d.type != item.procedure for d in declaration.supporting_documents)",
    "none(d.reference == item.ucr and d.item_number != item.number for d in declaration.supporting_documents)",
    "all(d.quantity <= item.net_mass for d in declaration.supporting_documents if d.reference == item.ucr)",
    "count(d for d in declaration.supporting_documents if d.reference == item.ucr) == item.number",
    "count(i for i in declaration.items if i.ucr == item.ucr and i.number == item.number) == 1",
    "sum(d.quantity for d in declaration.supporting_documents if d.reference == item.ucr) >= item.net_mass",
    "max(i.net_mass for i in declaration.items if i.ucr == item.ucr) == item.net_mass",
    "unique(d.type for d in declaration.supporting_documents if d.reference == item.ucr)",
    "same(i.procedure for i in house.items if i.ucr == item.ucr)",
    "consecutive(i.number for i in declaration.items if i.ucr == item.ucr)",
    "any(present(i.packages) and i.ucr == item.ucr and i.number > item.number for i in house.items)",
    "any(d.reference[:1] == item.ucr[:1] and d.quantity > item.number * 2 for d in declaration.supporting_documents)",
    "any(i.ucr == item.ucr and any(p.count > item.number for p in i.packages) for i in declaration.items)",
    "all(present(d.type) or d.issue_date < reference_date for d in item.documents if d.reference == declaration.lrn)",
]
texts, numbers = st.sampled_from(["A", "B", "AB"]), st.integers(0, 2)
documents = st.fixed_dictionaries(
    {}, optional={"reference": texts, "type": texts, "quantity": numbers.map(Decimal), "item_number": numbers}
)
items = st.fixed_dictionaries(
    {},
    optional={
        "ucr": texts, "procedure": texts, "number": numbers, "net_mass": numbers.map(Decimal),
        "packages": st.lists(st.fixed_dictionaries({}, optional={"count": numbers}), max_size=2),
    },
)  # fmt: skip
records = st.builds(
    lambda documents, houses: {"supporting_documents": documents, "consignment": {"houses": houses}},
    st.lists(documents, max_size=6),
    st.lists(st.lists(items, max_size=5).map(lambda found: {"items": found}), max_size=2),
)
RULES = [check_rule(RuleSource(f"R{n}", "item", text), DICTIONARY) for n, text in enumerate(CONDITIONS)]


@pytest.fixture
def from_the_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remembering, "MANY", 0)


@pytest.mark.usefixtures("from_the_first")
@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(records, st.lists(st.sampled_from(RULES), min_size=1, max_size=5, unique_by=lambda rule: rule.id))
def test_what_is_remembered_is_what_would_be_found(record: dict[str, Any], rules: list[Any]) -> None:
    plan = build_plan(rules, code_lists={}.get)
    context = EvaluationContext("2025-06-01")
    for counts in (False, True):
        run = plan.run(record, context.reference_date, counts=counts)
        assert not run.fell_back
        found = {(failure.rule, plan.instance(failure)) for failure in run.failures}
        expected = {
            (number, outcome.instance)
            for number, rule in enumerate(rules)
            for outcome in evaluate(rule, record, context)
            if outcome.status == "failed"
        }
        assert found == expected
    for rule, tally in zip(rules, run.counts or (), strict=True):
        statuses = [outcome.status for outcome in evaluate(rule, record, context)]
        assert (tally.passed, tally.inconclusive) == (statuses.count("passed"), statuses.count("inconclusive"))


def test_the_rules_here_are_remembered() -> None:
    remembering_rules = [rule for rule in RULES if "m1 = {}" in _source(rule) or "x1m" in _source(rule)]
    assert len(remembering_rules) > len(RULES) / 2


def _source(rule: Any) -> str:
    return build_plan([rule], code_lists={}.get)._failures.source


def test_thousands_of_elements_with_one_key_stay_quick() -> None:
    plan = build_plan(RULES, code_lists={}.get)

    def seconds(size: int) -> float:
        found = [{"ucr": "A", "number": 1, "net_mass": Decimal(1), "procedure": "A"} for _ in range(size)]
        many = [{"reference": "A", "type": "A", "quantity": Decimal(1), "item_number": 1} for _ in range(size)]
        record = {"supporting_documents": many, "consignment": {"houses": [{"items": found}]}}
        times = []
        for _ in range(3):
            start = time.process_time()
            assert not plan.run(record, "2025-06-01").fell_back
            times.append(time.process_time() - start)
        return min(times)

    seconds(10)
    assert seconds(6_000) < 16 * seconds(1_000)
