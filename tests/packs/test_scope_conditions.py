from __future__ import annotations

from typing import Any

import pytest

from casrules.errors import RuleError
from casrules.language import EvaluationContext, evaluate
from casrules.packs import load_pack, shipped_code_lists
from casrules.packs.codelists import load_code_lists
from casrules.packs.lint import lint
from casrules.packs.scope_conditions import shipped_scope_conditions
from casrules.resources import schemas_folder
from casrules.rules import PackRule, RuleSet
from casrules.testing import check, load_suite

from .conftest import WritePack, ruleset_of

RULE = """\
rules:
  - id: A1
    title: The net mass is given
    law: [{act: "2015/2446", place: "Annex B"}]
    scope: {SCOPE}
    for: TARGET
    WHEN
    require: REQUIRE
    message: MESSAGE
    remedy: Weigh the goods.
"""


def rule(write_pack: WritePack, scope: str, target: str = "item", when: str = "", require: str = "") -> RuleSet:
    require = require or ("present(item.net_mass)" if target == "item" else "present(declaration.lrn)")
    text = RULE.replace("SCOPE", scope).replace("TARGET", target).replace("REQUIRE", require)
    text = text.replace("    WHEN\n", f"    when: {when}\n" if when else "")
    return ruleset_of(load_pack(write_pack(topic=text.replace("MESSAGE", '"Here."'))))


def only(ruleset: RuleSet) -> PackRule:
    return ruleset.rules["made.up.A1"]


def statuses(ruleset: RuleSet, record: dict[str, Any]) -> list[str]:
    context = EvaluationContext("2025-06-01", lambda _: frozenset(), ruleset.tables.get)
    return [found.status for found in evaluate(only(ruleset).checked, record, context)]


def goods(*procedures: str | None, **declared: Any) -> dict[str, Any]:
    items = [{"procedure": code} if code else {"number": 1} for code in procedures]
    return {**declared, "consignment": {"houses": [{"items": items}]}}


def test_a_procedure_is_that_of_the_item_the_rule_visits(write_pack: WritePack) -> None:
    found = rule(write_pack, "procedure: [40, 51]")
    assert statuses(found, goods("4000", "5100", "7100", None)) == [
        "failed", "failed", "not_applicable", "not_applicable",
    ]  # fmt: skip


def test_a_procedure_is_that_of_any_item_where_the_rule_visits_none(write_pack: WritePack) -> None:
    found = rule(write_pack, "procedure: 51", "declaration")
    assert statuses(found, goods("4000", "5100")) == ["failed"]
    assert statuses(found, goods("4000", "7100")) == ["not_applicable"]
    assert statuses(found, goods("4000", None)) == ["not_applicable"], "what is not known does not apply"


def test_below_an_item_and_where_one_is_named_the_items_own_counts(write_pack: WritePack) -> None:
    boxes = {"items": [{"procedure": "4000", "packages": [{}]}, {"procedure": "5100", "packages": [{}]}]}
    below = rule(write_pack, "procedure: 51", "package", require="present(package.type)")
    assert statuses(below, {"consignment": {"houses": [boxes]}}) == ["not_applicable", "failed"]
    documents = {"items": [{"procedure": code, "supporting_documents": [{}]} for code in ("4000", "5100")]}
    named = rule(write_pack, "procedure: 51", "supporting_document", "missing(item.ucr)", "present(item.net_mass)")
    assert statuses(named, {"consignment": {"houses": [documents]}}) == ["not_applicable", "failed"]


def test_scope_and_condition_must_both_hold(write_pack: WritePack) -> None:
    found = rule(write_pack, "procedure: 40", when="item.number == 2 or item.number == 1")
    items = [{"procedure": code, "number": number} for code, number in (("4000", 1), ("4000", 3), ("5100", 1))]
    assert statuses(found, {"consignment": {"houses": [{"items": items}]}}) == [
        "failed", "not_applicable", "not_applicable",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("dataset", "record"),
    [
        ("H1", goods("4000", additional_declaration_type="A", declaration_type="IM")),
        ("H2", goods("7100", additional_declaration_type="D", declaration_type="IM")),
        ("H3", goods("5300", additional_declaration_type="A", declaration_type="IM")),
        ("H4", goods("5100", additional_declaration_type="A", declaration_type="IM")),
        ("H5", goods("4000", additional_declaration_type="A", declaration_type="CO")),
        ("I1", goods("4000", additional_declaration_type="C", declaration_type="IM")),
        ("B1", goods("1000", additional_declaration_type="A", declaration_type="EX")),
        ("B2", goods("2100", additional_declaration_type="A", declaration_type="EX")),
        ("B3", goods("7600", additional_declaration_type="A", declaration_type="EX")),
        ("B4", goods("1000", additional_declaration_type="A", declaration_type="CO")),
        ("C1", goods("1000", additional_declaration_type="F", declaration_type="EX")),
        ("D1", goods("", reduced_dataset_indicator=False)),
        ("D2", goods("", reduced_dataset_indicator=True)),
    ],
)
def test_each_data_set_is_told_from_the_others(write_pack: WritePack, dataset: str, record: dict[str, Any]) -> None:
    known = shipped_scope_conditions().known(shipped_code_lists())["dataset"]
    assert dataset in known
    told = {
        name for name in known if statuses(rule(write_pack, f"dataset: {name}", "declaration"), record) == ["failed"]
    }
    assert told == {dataset}


def test_several_data_sets_are_an_or(write_pack: WritePack) -> None:
    found = rule(write_pack, "dataset: [H1, H2], procedure: [40, 71]")
    both = goods("4000", "7100", "5300", additional_declaration_type="A", declaration_type="IM")
    assert statuses(found, both) == ["failed", "failed", "not_applicable"]


@pytest.mark.parametrize(
    ("scope", "problem", "remedy"),
    [
        ("dataset: H9", "there is no dataset 'H9'", "did you mean 'H"),
        ("procedure: [40, 4000]", "there is no procedure '4000'", "did you mean '40'?"),
        ("datasets: H1", "unknown key 'datasets'", "did you mean 'dataset'?"),
    ],
)
def test_what_is_no_data_set_or_procedure_is_an_error(
    write_pack: WritePack, scope: str, problem: str, remedy: str
) -> None:
    with pytest.raises(RuleError) as raised:
        rule(write_pack, scope)
    assert problem in raised.value.problem and remedy in raised.value.remedy
    assert raised.value.place is not None and raised.value.place.line == 5


def test_lint_wants_an_example_outside_the_scope(write_pack: WritePack) -> None:
    found = rule(write_pack, "procedure: 40")
    assert "no_not_applicable_example" in {entry.name for entry in lint(found.packs[0], found)}


def test_examples_run_with_the_scope(write_pack: WritePack) -> None:
    examples = """\
    examples:
      valid: [{given: {item: {procedure: "4000", net_mass: 1}}}]
      invalid: [{given: {item: {procedure: "4000"}}}]
      not_applicable: [{given: {item: {procedure: "5100"}}}]
"""
    text = RULE.replace("SCOPE", "procedure: 40").replace("TARGET", "item").replace("    WHEN\n", "")
    text = text.replace("REQUIRE", "present(item.net_mass)").replace("MESSAGE", '"Item {item.number}."')
    (result,) = check(load_suite([write_pack(topic=text + examples)]))
    assert [str(problem) for problem in result.problems] == [] and result.examples == 3


def test_every_value_is_a_code_of_the_lists() -> None:
    lists = load_code_lists(schemas_folder() / "codelists")
    known = shipped_scope_conditions().known(lists)
    assert known["dataset"] < (lists.get("EU.datasets") or frozenset())
    assert {"10", "40", "71"} <= known["procedure"] and all(len(code) == 2 for code in known["procedure"])
