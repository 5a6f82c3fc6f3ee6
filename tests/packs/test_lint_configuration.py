"""What lint objects to in configuration rules and tables."""

from __future__ import annotations

from datetime import date

import pytest

from casrules.packs import load_pack
from casrules.packs.lint import LintFinding, lint
from casrules.packs.lint.configuration import Carried
from casrules.packs.models import Scope
from casrules.resources import schemas_folder
from casrules.testing.carriers import Carriers

from .conftest import WritePack, ruleset_of

AS_OF = date(2025, 6, 1)
TRIED = {"conflicting_rules", "value_circle", "target_not_carried", "condition_not_carried", "no_reason",
         "not_yet_in_force"}  # fmt: skip


def rule(name: str, match: str, action: str, more: str = "") -> str:
    return (
        f"  - {{id: {name}, title: Rule {name}, for: item, mode: apply, because: x.y, "
        f"scope: {{message: [cds.IMPORT]}}, match: {{{match}}}, {action}{more}}}\n"
    )


@pytest.fixture
def objections(write_pack: WritePack) -> object:
    def run(topic: str, manifest: str = "", **files: str) -> list[LintFinding]:
        named = {f"decisions/{name}.csv": text for name, text in files.items()}
        pack = load_pack(write_pack(topic=topic, manifest=manifest, files=named))
        ruleset = ruleset_of(pack)
        carriers = Carriers(schemas_folder(), ruleset.dictionary)

        def within(scope: Scope) -> list[Carried]:
            return [carrier.carries for carrier in carriers.within(scope)]

        return list(lint(pack, ruleset, as_of=AS_OF, carriers=within))

    return run


JAPAN, CHINA = "set: {item.country_of_origin: JP}", "set: {item.country_of_origin: CN}"
FILL_CHINA = "default: {item.country_of_origin: CN}"
IT_IS_JAPAN, IT_IS_CHINA = "item.country_of_origin: JP", "item.country_of_origin: CN"


def rules(*found: str) -> str:
    return "configuration:\n" + "".join(found)


def told(found: list[LintFinding]) -> list[tuple[str, str, str]]:
    return [(entry.name, entry.rule, entry.detail) for entry in found]


def test_nobody_objects_to_a_clean_rule(objections) -> None:
    assert objections(rules(rule("a", "item.commodity_code: 8471*", JAPAN))) == []


@pytest.mark.parametrize(
    ("first", "second", "more", "clashes"),
    [
        ("item.commodity_code: 8471*", "item.commodity_code: 847130*", "", True),
        ("item.commodity_code: 8471*", "declaration.importer.id: GB1", "", True),
        ("item.commodity_code: 8471*", "item.commodity_code: 85*", "", False),
        ("item.commodity_code: 8471|85", "item.commodity_code: 86|85", "", True),
        ("item.commodity_code: 8471*", "item.commodity_code: not 8471*", "", False),
        ("item.gross_mass: <= 5", "item.gross_mass: '> 5'", "", False),
        ("item.gross_mass: <= 5", "item.gross_mass: 5..9", "", True),
        ("item.commodity_code: 8471*", "item.commodity_code: 847130*", ", rank: 10", False),
        ("item.commodity_code: 8471*", "item.commodity_code: 847130*", ", valid: {to: 2025-07-01}", True),
        ("item.commodity_code: 8471*", "item.commodity_code: 8471*", ", when: item.gross_mass > 5", False),
        ("item.commodity_code: listed CL010", "item.commodity_code: matches .8471", "", False),
    ],
)
def test_rules_that_can_meet_and_want_different_values(objections, first, second, more, clashes) -> None:
    for action in (CHINA, FILL_CHINA):
        found = told(objections(rules(rule("a", first, JAPAN), rule("b", second, action, more))))
        expected = ("conflicting_rules", "made.up.b", "item.country_of_origin: JP by made.up.a, CN here")
        assert found == ([expected] if clashes else [])


def test_rules_of_other_days_or_messages_never_meet(objections) -> None:
    one = rule("a", "item.number: = 1", JAPAN, ", valid: {to: 2025-12-31}")
    other = rule("b", "item.number: = 1", CHINA, ", valid: {from: 2026-01-01}")
    assert [entry.name for entry in objections(rules(one, other))] == ["not_yet_in_force"]
    other = rule("b", "item.number: = 1", CHINA).replace("cds.IMPORT", "ncts.CC015C")
    assert "conflicting_rules" not in {entry.name for entry in objections(rules(one, other))}


def test_a_circle_names_its_rules(objections) -> None:
    found = objections(rules(rule("a", IT_IS_JAPAN, CHINA), rule("b", IT_IS_CHINA, JAPAN)))
    assert told(found) == [("value_circle", "made.up.a", "made.up.a → made.up.b → made.up.a")]
    assert found[0].place.line == 2 and found[0].level == "error"


def test_a_circle_through_two_fields(objections) -> None:
    currency = "item.invoice_currency"
    found = objections(
        rules(
            rule("a", IT_IS_JAPAN, f"set: {{{currency}: EUR}}"),
            rule("b", f"{currency}: EUR", CHINA),
            rule("c", IT_IS_CHINA, f"set: {{{currency}: USD}}"),
            rule("d", f"{currency}: USD", JAPAN),
        )
    )
    assert told(found) == [
        ("value_circle", "made.up.a", "made.up.a → made.up.b → made.up.c → made.up.d → made.up.a"),
    ]


@pytest.mark.parametrize(
    "second",
    [
        rule("b", IT_IS_CHINA, JAPAN, ", rank: 5"),
        rule("b", IT_IS_CHINA, "default: {item.country_of_origin: JP}"),
        rule("b", "item.country_of_origin: FR", JAPAN),
    ],
)
def test_what_comes_to_rest_is_no_circle(objections, second: str) -> None:
    assert objections(rules(rule("a", IT_IS_JAPAN, CHINA), second)) == []


@pytest.mark.parametrize(
    ("written", "name", "line"),
    [
        (rule("a", "item.number: = 1", "set: {item.country_of_destination: JP}").replace("cds.IMPORT", "ncts.CC007C"),
         "target_not_carried", 2),
        (rule("a", "declaration.holder.id: A", "set: {item.country_of_origin: JP}"), "condition_not_carried", 2),
        (rule("a", "item.number: = 1", JAPAN).replace("because: x.y, ", ""), "no_reason", 2),
        (rule("a", "item.number: = 1", JAPAN, ", valid: {from: 2025-06-02}"), "not_yet_in_force", 2),
        (rule("a", "item.number: = 1", JAPAN, ", valid: {to: 2025-05-31}"), "expired", 2),
    ],
)  # fmt: skip
def test_single_objections(objections, written: str, name: str, line: int) -> None:
    found = objections(rules(written))
    assert name in {entry.name for entry in found}
    assert all(entry.place.line == line and entry.rule == "made.up.a" for entry in found)
    assert name in TRIED | {"expired"}


def test_a_test_for_what_is_missing_may_be_of_what_cannot_be_there(objections) -> None:
    assert objections(rules(rule("a", "declaration.holder.id: missing", JAPAN))) == []


def test_a_rule_after_its_packs_days_is_never_in_force(objections) -> None:
    written = rules(rule("a", "item.number: = 1", JAPAN, ", valid: {from: 2026-01-01}"))
    names = [entry.name for entry in objections(written, manifest="valid: {to: 2025-12-31}\n")]
    assert "never_in_force" in names


TABLE = """
configuration_tables:
  - id: origins
    title: Origins
    because: x.y
    for: item
    mode: apply
    hit: HIT
    scope: {message: [cds.IMPORT]}
    conditions: {commodity: item.commodity_code}
    file: o.csv
    default: {item.country_of_origin: "{origin}"}
"""
ROWS = "id,commodity,origin,from,to\na,84*,JP,,\nb,8471*,CN,,\nc,85*,CN,,2025-01-01\nd,86*,CN,2025-07-01,\n"


def test_rows_are_objected_to_one_by_one(objections) -> None:
    found = objections(TABLE.replace("HIT", "first"), o=ROWS)
    assert [(entry.name, entry.rule, entry.place.line) for entry in found] == [
        ("shadowed_row", "made.up.origins.b", 3),
        ("expired", "made.up.origins.c", 4),
        ("not_yet_in_force", "made.up.origins.d", 5),
    ]
    found = objections(TABLE.replace("HIT", "all"), o=ROWS)
    assert ("conflicting_rules", "made.up.origins.b") in [(entry.name, entry.rule) for entry in found]
