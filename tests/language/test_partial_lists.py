"""A list known in part: what is in it is known, of the rest nothing; by both evaluators, alone and in quantifiers."""

from typing import Any

import pytest

from casrules.dictionary import shipped_dictionary
from casrules.language import EvaluationContext, RuleSource, build_plan, check_rule
from casrules.language.outcomes import PartialCodes
from casrules.language.reference import evaluate

LISTED = 'listed(item.country_of_origin, "L")'
EACH = 'all(listed(i.country_of_origin, "L") for i in declaration.items)'


def status(require: str, target: str, origin: str | None, codes: frozenset[str] | None) -> str:
    rule = check_rule(RuleSource("t", target, require), shipped_dictionary(), code_lists={"L"})
    item: dict[str, Any] = {"country_of_origin": origin} if origin else {}
    record = {"consignment": {"houses": [{"items": [item]}]}}
    context = EvaluationContext("2025-06-01", lambda _: codes)
    (outcome,) = evaluate(rule, record, context)
    plan = build_plan([rule], code_lists=context.code_lists, tables=context.tables)
    run = plan.run(record, "2025-06-01", invalid=frozenset(), counts=True)
    assert run.counts is not None
    assert run.counts[0].status == outcome.status
    return outcome.status


@pytest.mark.parametrize(("require", "target"), [(LISTED, "item"), (EACH, "declaration")])
def test_only_a_whole_list_says_that_a_code_is_not_in_it(require: str, target: str) -> None:
    partial, whole = PartialCodes({"US"}), frozenset({"US"})
    assert status(require, target, "US", partial) == status(require, target, "US", whole) == "passed"
    assert status(require, target, "FR", whole) == "failed"
    assert status(require, target, "FR", partial) == "inconclusive"
    assert status(require, target, None, partial) == "inconclusive"


def test_the_opposite_is_as_open() -> None:
    assert status(f"not {LISTED}", "item", "US", PartialCodes({"US"})) == "failed"
    assert status(f"not {LISTED}", "item", "FR", PartialCodes({"US"})) == "inconclusive"
    assert status(f"not {LISTED}", "item", "FR", frozenset({"US"})) == "passed"
