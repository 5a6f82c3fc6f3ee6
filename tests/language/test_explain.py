"""Explanations: the values read, the failing part, the witnesses, the places."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from casrules.dictionary import Invalid
from casrules.language import EvaluationContext, Explanation, arguments, evaluate, explain, render

CONTEXT = EvaluationContext("2025-06-01")
ITEM = (("consignment", None), ("houses", 0), ("items", 0))
RECORD: dict[str, Any] = {
    "consignment": {
        "gross_mass": Decimal("12"),
        "houses": [
            {
                "items": [
                    {
                        "number": 7,
                        "net_mass": Decimal("3.500"),
                        "gross_mass": Decimal("2"),
                        "packages": [{"type": "BX", "count": 2}, {"type": "CT", "count": 0}, {"count": 5}],
                        "supporting_documents": [{"type": "N380", "reference": "a"}],
                        "previous_documents": [{"type": "N380", "reference": "a"}, {"type": "N830"}],
                    }
                ]
            }
        ],
    }
}


def explained(check: Any, target: str, require: str, **more: Any) -> Explanation:
    rule = check(target, require, **more)
    (outcome,) = evaluate(rule, RECORD, CONTEXT)
    return explain(rule, RECORD, CONTEXT, instance=outcome.instance, branch=outcome.branch, chain=outcome.chain)


def at(*steps: Any) -> tuple[Any, ...]:
    return (*ITEM, *((step if isinstance(step, tuple) else (step, None)) for step in steps))


def test_a_comparison_is_where_both_sides_are(check: Any) -> None:
    found = explained(check, "item", "present(item.number) and item.net_mass <= item.gross_mass")
    assert found.status == "failed"
    assert found.locations == (at("net_mass"), at("gross_mass"))
    assert found.related == (at("number"),)
    assert [(part.text, part.value) for part in found.failing] == [("item.net_mass <= item.gross_mass", False)]
    assert {read.path: read.value for read in found.reads}[at("net_mass")] == Decimal("3.5")


def test_the_witness_of_a_failed_all_is_the_element(check: Any) -> None:
    found = explained(check, "item", "all(p.count > 0 for p in item.packages)")
    assert found.witnesses == (at(("packages", 1)),)
    assert found.locations == (at(("packages", 1), "count"),)
    denied = explained(check, "item", "not any(p.count == 5 or p.type == 'CT' for p in item.packages)")
    assert denied.witnesses == (at(("packages", 1)), at(("packages", 2)))
    assert denied.locations == (at(("packages", 1), "type"), at(("packages", 2), "count"))
    none = explained(check, "item", "none(p.count == 5 for p in item.packages)")
    assert none.witnesses == (at(("packages", 2)),)


def test_what_is_not_found_is_missed_where_it_would_be(check: Any) -> None:
    found = explained(check, "item", "any(d.type == 'C644' for d in item.documents)")
    assert found.witnesses == ()
    assert found.locations == (at("supporting_documents"),)
    assert at(("previous_documents", 1), "type") in found.related
    assert explained(check, "item", "present(item.consignee.address.city)").locations == (
        at("consignee", "address", "city"),
    )


def test_what_is_too_much_is_the_first_entry_that_is(check: Any) -> None:
    two = explained(check, "item", "count(item.packages) <= 2", at=("item.packages",))
    assert two.locations == two.witnesses == (at(("packages", 2)),)
    assert explained(check, "item", "count(item.packages) == 0").locations == (at(("packages", 0)),)
    assert explained(check, "item", "missing(item.documents)").locations == (at(("supporting_documents", 0)),)
    field = explained(check, "item", "1 > count(p for p in item.packages if p.count > 0)", at=("item.packages.count",))
    assert field.locations == (at(("packages", 0), "count"),)
    denied = explained(check, "item", "not count(item.packages) >= 2")
    assert denied.locations == (at(("packages", 1)),)
    few = explained(check, "item", "count(item.packages) >= 4", at=("item.packages",))
    assert few.locations == (at("packages"),)
    wrong = explained(check, "item", "count(item.packages) == item.net_mass - 3.5", at=("item.packages",))
    assert wrong.locations == (at(("packages", 0)),)


def test_doubles_are_all_named(check: Any) -> None:
    found = explained(check, "item", "unique((d.type, d.reference) for d in item.documents)")
    assert found.witnesses == (at(("supporting_documents", 0)), at(("previous_documents", 0)))
    order = explained(check, "item", "consecutive(p.count for p in item.packages)")
    assert order.locations == (at(("packages", 0), "count"),)
    same = explained(check, "item", "same(p.count for p in item.packages)")
    assert same.witnesses == (at(("packages", 1)), at(("packages", 2)))


def test_a_sum_is_where_it_is_compared(check: Any) -> None:
    found = explained(
        check,
        "declaration",
        "within(declaration.consignment.gross_mass, sum(i.gross_mass for i in declaration.items), 0.01)",
    )
    assert found.locations == ((("consignment", None), ("gross_mass", None)),)
    assert at("gross_mass") in found.related


def test_at_takes_the_place_of_what_was_read(check: Any) -> None:
    found = explained(check, "item", "item.net_mass <= item.gross_mass", at=("item.gross_mass", "item.procedure"))
    assert found.locations == (at("gross_mass"), at("procedure"))
    assert found.related == (at("net_mass"),)
    lists = explained(check, "item", "all(p.count > 0 for p in item.packages)", at=("item.packages.type",))
    assert lists.locations == (at(("packages", 1), "type"),)
    apart = explained(check, "item", "item.number == 8", at=("item.packages.type",))
    assert apart.locations == (at("packages"),)


def test_what_did_not_fail_has_reads_and_no_failing_part(check: Any) -> None:
    found = explained(check, "item", "item.number == 7")
    assert (found.status, found.failing, found.locations) == ("passed", (), (ITEM,))
    assert [read.value for read in found.reads] == [7]


def test_messages_print_what_was_read(check: Any) -> None:
    message = (
        "{item.number}: {item.net_mass:mass}, {item.net_mass:amount}, {item.packages.type:list}, {item.ucr} {limit}"
    )
    rule = check("item", "item.net_mass <= limit", message=message, params={"limit": "1"})
    template = rule.branches[0].message
    values = arguments(rule, RECORD, CONTEXT, instance=ITEM)
    assert render(template, values) == "7: 3.5 kg, 3.50, BX, CT, not given 1"
    dated = check("declaration", "false", message="{declaration.submission_datetime:date}").branches[0].message
    assert render(dated, ["2025-02-01T10:00:00Z"]) == "2025-02-01"
    assert render(dated, [Invalid("31.12.")]) == "31.12."
    assert render(dated, [None]) == "not given"
    assert render(template, [True, Decimal("1E+50"), None, [], Decimal("100"), 0]) == (
        "yes: 1E+50, not given, not given, 100 0"
    )
