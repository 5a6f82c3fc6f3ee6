"""The semantics by examples: three values, quantifiers, exact numbers, dates, what hinders an evaluation."""

from __future__ import annotations

from decimal import Decimal
from itertools import permutations, product
from typing import Any

import pytest

from casrules.dictionary import Invalid
from casrules.language import EvaluationContext, evaluate

D = Decimal
TRUE, FALSE, UNKNOWN = "item.number == 1", "item.number == 2", "item.net_mass == 1"
RESULT = {True: "passed", False: "failed", None: "inconclusive"}


def item(**fields: Any) -> dict[str, Any]:
    return {"consignment": {"houses": [{"items": [{"number": 1, **fields}]}]}}


def kleene_and(parts: tuple[bool | None, ...]) -> bool | None:
    return False if False in parts else None if None in parts else True


def kleene_or(parts: tuple[bool | None, ...]) -> bool | None:
    return True if True in parts else None if None in parts else False


@pytest.mark.parametrize("parts", list(product([True, False, None], repeat=2)))
def test_kleene_tables(judge: Any, parts: tuple[bool | None, ...]) -> None:
    texts = [{True: TRUE, False: FALSE, None: UNKNOWN}[part] for part in parts]
    assert judge(item(), "item", " and ".join(texts)) == [RESULT[kleene_and(parts)]]
    assert judge(item(), "item", " or ".join(texts)) == [RESULT[kleene_or(parts)]]
    denied = None if parts[0] is None else not parts[0]
    assert judge(item(), "item", f"not {texts[0]}") == [RESULT[denied]]


@pytest.mark.parametrize("parts", list(product([TRUE, FALSE, UNKNOWN], repeat=3)))
def test_the_order_of_parts_never_matters(judge: Any, parts: tuple[str, ...]) -> None:
    for join in (" and ", " or "):
        assert len({tuple(judge(item(), "item", join.join(order))) for order in permutations(parts)}) == 1


@pytest.mark.parametrize(
    ("require", "status"),
    [
        ("item.net_mass <= item.gross_mass", "inconclusive"),
        ("present(item.net_mass)", "failed"),
        ("missing(item.net_mass)", "passed"),
        ("present(item.packages)", "failed"),
        ("count(item.packages) == 0", "passed"),
        ("all(p.count > 0 for p in item.packages)", "passed"),
        ("any(p.count > 0 for p in item.packages)", "failed"),
        ("none(p.count > 0 for p in item.packages)", "passed"),
        ("sum(p.count for p in item.packages) == 0", "passed"),
        ("min(p.count for p in item.packages) == 0", "inconclusive"),
        ("unique(p.count for p in item.packages) and same(p.count for p in item.packages)", "passed"),
        ("consecutive(p.count for p in item.packages)", "passed"),
        ("item.net_mass in {1, 2}", "inconclusive"),
        ("item.number in [1, item.net_mass]", "passed"),
        ("item.number in [2, item.net_mass]", "inconclusive"),
        ("item.number not in [2, 3]", "passed"),
        ("(item.number, item.net_mass) == (2, 1)", "failed"),
        ("(item.number, item.net_mass) == (1, 1)", "inconclusive"),
        ("item.number / 0 == 1", "inconclusive"),
        ("1 / 3 * 3 == 1", "failed"),
        ("within(1 / 3 * 3, 1, 0.000001)", "passed"),
        ("0.1 + 0.2 == 0.3", "passed"),
        ("item.number == 1.000", "passed"),
        ("round(2.5, 0) == 3 and round(-2.5, 0) == -3 and round(0.125, 2) == 0.13", "passed"),
        ("abs(-1.5) == 1.5 and -item.number == -1", "passed"),
        ("days_between(date('2025-02-28'), reference_date) == 93", "passed"),
        ("days_between(reference_date, date('2025-05-31')) == -1", "passed"),
        ("days_between(item.acceptance_date, reference_date) == 1", "inconclusive"),
        ("length('abc') == 3 and upper('ab') == 'AB' and 'abcd'[:2] == 'ab' and endswith('abc', 'bc')", "passed"),
        ("matches('25GB', '[0-9]{2}') or matches('x25', '[0-9]{2}')", "failed"),
        ("listed('4000', 'CL1')", "passed"),
        ("listed('4001', 'CL1')", "failed"),
        ("listed(item.procedure, 'CL1')", "inconclusive"),
        ("lookup('T', '4000', 'name') == 'BX'", "passed"),
        ("present(lookup('T', '4001', 'name'))", "failed"),
        ("lookup('T', '4001', 'name') == 'BX'", "inconclusive"),
        ("missing(lookup('T', item.procedure, 'name'))", "passed"),
    ],
)
def test_what_is_missing_and_what_is_computed(judge: Any, require: str, status: str) -> None:
    assert judge(item(), "item", require) == [status]


PACKAGES = [{"type": "BX", "count": 2}, {"type": "BX"}, {"count": 2}]


@pytest.mark.parametrize(
    ("require", "status"),
    [
        ("any(p.count == 2 for p in item.packages)", "passed"),
        ("any(p.count == 3 for p in item.packages)", "inconclusive"),
        ("all(p.count == 2 for p in item.packages)", "inconclusive"),
        ("all(p.count == 3 for p in item.packages)", "failed"),
        ("all(p.count == 2 for p in item.packages if p.type == 'CT')", "passed"),
        ("all(p.count == 3 for p in item.packages if p.type == 'CT')", "inconclusive"),
        ("none(p.count == 2 for p in item.packages if p.type == 'BX')", "failed"),
        ("sum(p.count for p in item.packages) > 0", "inconclusive"),
        ("sum(p.count for p in item.packages if present(p.count)) == 4", "passed"),
        ("count(item.packages) == 3 and count(p for p in item.packages if present(p.type)) == 2", "passed"),
        ("count(p for p in item.packages if p.type == 'BX') == 2", "inconclusive"),
        ("count(p.count for p in item.packages) == 3", "inconclusive"),
        ("min(p.count for p in item.packages if present(p.count)) == 2", "passed"),
        ("unique(p.count for p in item.packages)", "failed"),
        ("unique((p.type, p.count) for p in item.packages)", "inconclusive"),
        ("same(p.count for p in item.packages)", "inconclusive"),
        ("same(p.type for p in item.packages if present(p.type))", "passed"),
        ("consecutive(p.count for p in item.packages)", "failed"),
        ("consecutive(p.count for p in item.packages if p.type == 'BX')", "inconclusive"),
    ],
)
def test_quantifiers_over_partly_known_elements(judge: Any, require: str, status: str) -> None:
    assert judge(item(packages=PACKAGES), "item", require) == [status]


def test_when_decides_first(judge: Any) -> None:
    assert judge(item(), "item", FALSE, FALSE) == ["not_applicable"]
    assert judge(item(), "item", FALSE, UNKNOWN) == ["not_applicable"]
    assert judge(item(), "item", FALSE, TRUE) == ["failed"]


@pytest.mark.parametrize(
    ("left", "right", "status"),
    [
        ("2025-03-01T00:00:00", "2025-02-28T23:59:59", "passed"),
        ("2025-03-01T00:30:00+01:00", "2025-02-28T23:00:00Z", "passed"),
        ("2025-03-01T00:30:00+01:00", "2025-02-28T23:30:00Z", "failed"),
        ("2025-03-01T00:00:00", "2025-02-28T23:59:59Z", "inconclusive"),
        ("2025-03-01T00:00:00", "2025-02-30T00:00:00", "inconclusive"),
    ],
)
def test_times_are_compared_by_the_clock(judge: Any, left: str, right: str, status: str) -> None:
    record = {"submission_datetime": left, "acceptance_datetime": right}
    assert judge(record, "declaration", "declaration.submission_datetime > declaration.acceptance_datetime") == [status]


def test_an_unreadable_value_is_never_guessed(judge: Any) -> None:
    record = item(net_mass=Invalid("abc", "a number"), gross_mass=D(5))
    assert judge(record, "item", "item.net_mass <= item.gross_mass") == ["not_evaluated"]
    assert judge(record, "item", "item.gross_mass > 0", "item.net_mass > 1") == ["not_evaluated"]
    assert judge(record, "item", "item.gross_mass > 0 or item.net_mass > 1") == ["not_evaluated"]
    assert judge(record, "item", "item.gross_mass > 9 and item.net_mass > 1") == ["failed"]
    assert judge(record, "item", "item.net_mass > 1", "item.gross_mass > 9") == ["not_applicable"]
    assert judge(record, "item", "present(item.net_mass)") == ["passed"]


def test_a_missing_code_list_or_table_never_passes(check: Any) -> None:
    context = EvaluationContext("2025-06-01")
    for require in ("listed(item.procedure, 'GONE') or item.number == 1", "missing(lookup('T', 'x', 'name'))"):
        (outcome,) = evaluate(check("item", require), item(), context)
        assert (outcome.status, "not available" in outcome.reason) == ("not_evaluated", True)


def test_without_a_reference_date_dated_conditions_are_unknown(check: Any) -> None:
    (outcome,) = evaluate(check("declaration", "reference_date > date('2020-01-01')"), {}, EvaluationContext())
    assert outcome.status == "inconclusive"


def test_every_entity_is_visited_with_its_path(check: Any) -> None:
    record = {
        "supporting_documents": [{"type": "A"}],
        "consignment": {"houses": [{"items": [{"previous_documents": [{"type": "B"}, {}]}]}]},
    }
    outcomes = list(evaluate(check("document", "document.type == 'A'"), record, EvaluationContext()))
    assert [(outcome.status, outcome.instance[-1]) for outcome in outcomes] == [
        ("passed", ("supporting_documents", 0)),
        ("failed", ("previous_documents", 0)),
        ("inconclusive", ("previous_documents", 1)),
    ]
    assert outcomes[1].instance[:3] == (("consignment", None), ("houses", 0), ("items", 0))
    parties = evaluate(
        check("party", "present(party.id)"), {"declarant": {}, "exporter": {"id": "X"}}, EvaluationContext()
    )
    assert {(outcome.instance, outcome.status) for outcome in parties} == {
        ((("declarant", None),), "failed"),
        ((("exporter", None),), "passed"),
    }


def test_a_record_that_breaks_the_contract_is_an_error_of_that_rule_only(check: Any) -> None:
    record = item(net_mass="five", gross_mass=D(1))
    (outcome,) = evaluate(check("item", "item.net_mass > 1"), record, EvaluationContext())
    assert outcome.status == "error"
    assert "TypeError" in outcome.reason
    (outcome,) = evaluate(check("item", "item.gross_mass == 1"), record, EvaluationContext())
    assert outcome.status == "passed"
