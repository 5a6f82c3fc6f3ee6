"""The type check: what fits, and the words for what does not."""

from __future__ import annotations

from typing import Any

import pytest

from casrules.dictionary import Dictionary
from casrules.errors import Place, RuleError
from casrules.language import BranchSource, RuleSource, Text, check_rule

FAULTS = [
    ("item", "item.gros_mass > 1", "did you mean gross_mass"),
    ("itm", "true", "did you mean item"),
    ("item", "itme.number > 1", "did you mean item"),
    ("declaration", "consignment.gross_mass > 1", "did you mean declaration.consignment"),
    ("item", "item.procedure == 4000", "quote them"),
    ("item", "item.net_mass == '1'", "number is compared with text"),
    ("item", "item.procedure > '40'", "no order"),
    ("item", "item.packages.count > 0", "packages is a list"),
    ("item", "item.packages", "condition is wanted"),
    ("item", "item.net_mass", "condition is wanted"),
    ("item", "item.packages == 1", "one value is wanted"),
    ("item", "any(item.packages)", "comprehension"),
    ("item", "any(x.y > 1 for x in item.net_mass)", "a list is wanted"),
    ("item", "any(x.y > 1 for x in item.consignee)", "a list is wanted"),
    ("item", "sum(p.type for p in item.packages) > 1", "wants numbers"),
    ("item", "count(p.count > 1 for p in item.packages) > 1", "after `if`"),
    ("item", "all(item.number > 1 for item in declaration.items)", "already taken"),
    ("item", "all(all(p.count > 1 for p in item.packages) for p in item.packages)", "already taken"),
    ("item", "listed(item.procedure, 'CL2')", "nobody has the code list"),
    ("item", "listed(item.procedure, item.ucr)", "written out"),
    ("item", "lookup('T', item.procedure, 'nme') == 'x'", "did you mean name"),
    ("item", "lookup('S', item.procedure, 'name') == 'x'", "nobody has the table"),
    ("item", "lookup('T', item.procedure, 'rate') == 'x'", "number is compared with text"),
    ("item", "matches(item.procedure, '(')", "does not compile"),
    ("item", "matches(item.procedure, '(?=a)')", "does not compile"),
    ("item", "matches(item.procedure, item.ucr)", "written out"),
    ("item", "present(1)", "can be present"),
    ("item", "item.acceptance_date > '2025-01-01'", 'date\\("2025-01-21"\\)'),
    ("item", "item.acceptance_date > declaration.submission_datetime", "date\\(x\\)"),
    ("item", "item.acceptance_date > date('2025-02-30')", "no date"),
    ("item", "item.net_mass + item.procedure > 1", "wants number"),
    ("item", "round(item.net_mass, 1.5) > 1", "whole number"),
    ("item", "valid_mrn(item.ucr, 'NTCS')", "did you mean NCTS"),
    ("item", "prsent(item.ucr)", "did you mean present"),
    ("item", "present(item.ucr, item.ucr)", "1 argument"),
    ("item", "within(item.net_mass, 1)", "write within"),
    ("item", "item.procedure in item.packages", "a set is wanted"),
    ("item", "item.procedure in ()", "empty"),
    ("item", "item.procedure in {1}", "text is compared with number"),
    ("item", "(item.procedure, 1) == (item.procedure, 'x')", "number is compared with text"),
    ("item", "(item.procedure, 1) == ('x',)", "compared"),
    ("item", "present", "is a function"),
    ("item", "item.procedure.length > 1", "has no element"),
    ("item", "min(o.arrival_datetime for o in declaration.offices_of_transit) > reference_date", "numbers or dates"),
    ("item", "unique(o.arrival_datetime for o in declaration.offices_of_transit)", "cannot compare times"),
    ("document", "document.type == 'x' and package.count > 1", "unknown name 'package'"),
]  # fmt: skip


@pytest.mark.parametrize(("target", "require", "words"), FAULTS, ids=[f"{t}: {r}" for t, r, _ in FAULTS])
def test_faults_are_named_with_a_remedy(check: Any, target: str, require: str, words: str) -> None:
    place = Place("pack.yaml", 3)
    with pytest.raises(RuleError, match=words) as refused:
        check(Text(target, place), Text(require, place))
    assert refused.value.place == place


GOOD = [
    "item.net_mass <= item.gross_mass * 1.5 - 1 / 3",
    "item.procedure[:2] in {'40', '42'} and item.procedure not in ['4071']",
    "(item.procedure, item.number) in {('4000', 1), ('4200', 2)}",
    "0 < item.net_mass <= 5",
    "consignment.container_indicator or consignment.container_indicator == true",
    "present(item.consignee) and missing(item.consignee.address.country)",
    "any(d.type == 'N830' for d in declaration.items.documents if d.item_number == item.number)",
    "sum(p.count for p in consignment.houses.items.packages) == count(declaration.items)",
    "unique((d.type, d.reference) for d in item.documents) and same(p.type for p in item.packages)",
    "max(i.acceptance_date for i in declaration.items) <= reference_date",
    "days_between(item.acceptance_date, date(declaration.submission_datetime)) < 30",
    "lookup('T', item.procedure, 'rate') > 1 or present(lookup('T', item.procedure, 'name'))",
    "all(all(p.count > 0 for p in i.packages) for i in house.items)",
    "message.sender == declaration.declarant.id",
    "count(item.packages) == length(upper(item.description)) or abs(item.net_mass) > round(item.gross_mass, 2)",
]


@pytest.mark.parametrize("require", GOOD)
def test_what_fits_passes(check: Any, require: str) -> None:
    assert check("item", require).chains[0].path == "consignment.houses.items"


def test_only_ways_with_all_named_scopes_are_kept(check: Any) -> None:
    everywhere = check("document", "present(document.type)")
    on_items = check("document", "present(document.type)", message="Item {item.number}")
    assert any(chain.path == "supporting_documents" for chain in everywhere.chains)
    assert {chain.path.split(".")[-2] for chain in on_items.chains} == {"items"}


def test_let_and_params_are_put_in(check: Any) -> None:
    rule = check(
        "item",
        "heavy and item.procedure in allowed and item.procedure != code",
        let={"heavy": "item.net_mass > limit", "unused": "item.number > 1"},
        params={"limit": "10", "allowed": ("4000", "0100"), "code": "0100"},
    )
    assert ("item", "net_mass") in rule.reads
    assert ("item", "number") not in rule.reads


def test_let_circles_and_explosions_are_refused(check: Any) -> None:
    with pytest.raises(RuleError, match="leads back"):
        check("item", "a", let={"a": "b", "b": "a"})
    doubling = {f"n{i}": f"n{i - 1} and n{i - 1}" for i in range(1, 40)}
    with pytest.raises(RuleError, match="nodes"):
        check("item", "n39", let={"n0": "item.number > 1", **doubling})


@pytest.mark.parametrize("value", ["ten", "010x"])
def test_a_parameter_of_the_wrong_type_is_refused(check: Any, value: str) -> None:
    with pytest.raises(RuleError, match="number is wanted"):
        check("item", "item.net_mass > limit", params={"limit": value})


def test_names_are_taken_once(check: Any) -> None:
    for more in ({"let": {"item": "true"}}, {"params": {"present": "1"}}, {"let": {"a": "true"}, "params": {"a": "1"}}):
        with pytest.raises(RuleError, match="already taken"):
            check("item", "item.number > 1", **more)


def test_family_elements_need_that_family(check: Any) -> None:
    families = {"consignee", "ncts"}  # an element that is named like a family
    with pytest.raises(RuleError, match="limit the rule's scope"):
        check("item", "present(item.consignee)", known_families=families)
    assert check("item", "present(item.consignee)", known_families=families, families=frozenset({"consignee"}))


def test_branches_and_templates(dictionary: Dictionary) -> None:
    one = BranchSource("item.number > 1", key="number", when="present(item.number)", message="{item.number}")
    other = BranchSource("item.net_mass > 1", key="mass")
    source = RuleSource("R", "item", when="present(item.ucr)", branches=(one, other), message="{item.net_mass:mass}")
    rule = check_rule(source, dictionary)
    assert [branch.key for branch in rule.branches] == ["number", "mass"]
    assert rule.branches[0].when is not None
    assert len(rule.branches[0].when.children) == 2
    assert rule.branches[1].message is not None
    assert rule.branches[1].message.source == "{item.net_mass:mass}"
    for broken in (RuleSource("R", "item"), RuleSource("R", "item", "true", branches=(one,))):
        with pytest.raises(RuleError, match="either"):
            check_rule(broken, dictionary)
    with pytest.raises(RuleError, match="two branches"):
        check_rule(RuleSource("R", "item", branches=(one, one)), dictionary)


@pytest.mark.parametrize(
    ("message", "words"),
    [
        ("{item.nmber}", "did you mean number"),
        ("{item.number:kg}", "unknown style"),
        ("{item.procedure:mass}", "style mass is for"),
        ("{item.packages.count}", "is a list"),
        ("{item.packages:list}", "values of a list"),
        ("{item.number", "lone {"),
        ("item.number}", "lone }"),
        ("{}", "empty"),
        ("{item.number!r}", "cannot be read"),
        ("{item.packages}", "one value is wanted"),
    ],
)
def test_broken_templates_are_refused(check: Any, message: str, words: str) -> None:
    with pytest.raises(RuleError, match=words):
        check("item", "item.number > 1", message=message)


def test_reads_resolve_views(check: Any) -> None:
    reads = check("item", "any(d.type == 'X' for d in item.documents)", at=("item.number",)).reads
    assert {("item", "supporting_documents"), ("document", "type"), ("item", "number"), ("house", "items")} <= reads
    assert ("item", "documents") not in reads
