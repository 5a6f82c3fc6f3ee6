"""Examples of configuration rules prove something, or fail and say why."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from casrules.testing import check, load_suite
from casrules.testing.summary import TestRun as PackRun

HEAD = """
configuration:
  - id: origin
    title: Goods of this importer come from Japan
    scope: {message: [cds.IMPORT]}
    for: item
    match: {declaration.importer.id: GB1, item.commodity_code: 8471*}
    because: uk.cds.x
"""
RULE = HEAD + "    mode: apply\n    default: {item.country_of_origin: JP}\n"
CHANGED = "{given: {importer: {id: GB1}, item: {commodity_code: 8471300000}}, expect: {item.country_of_origin: JP}}"
LEFT = "{given: {importer: {id: GB2}, item: {commodity_code: 8471300000}}}"


def written(changes: str = CHANGED, untouched: str = LEFT, rule: str = RULE) -> str:
    return f"{rule}    examples:\n      changes: [{changes}]\n      untouched: [{untouched}]\n"


@pytest.fixture
def problems(tmp_path: Path) -> Callable[[str], list[str]]:
    def run(topic: str) -> list[str]:
        (tmp_path / "pack.yaml").write_text("id: acme\ntitle: Acme\nversion: 1.0.0\n", encoding="utf-8")
        (tmp_path / "topic.yaml").write_text(topic, encoding="utf-8")
        return [str(problem) for result in check(load_suite([tmp_path])) for problem in result.problems]

    return run


Problems = Callable[[str], list[str]]


def test_good_examples_pass_and_are_counted(problems: Problems, tmp_path: Path) -> None:
    assert problems(written()) == []
    (result,) = check(load_suite([tmp_path]))
    assert result.examples == 2 and PackRun((result,)).passed
    assert list(PackRun((result,)).lines()) == [
        "acme: 1 rule, 2 examples, 0 failures, branch coverage 100 %",
    ]


@pytest.mark.parametrize(
    ("changes", "untouched", "told"),
    [
        ("", LEFT, "no example under changes"),
        (CHANGED, "", "no example under untouched"),
        ("", "", "no example under changes and none under untouched"),
        (LEFT, LEFT, "acme.origin[changes-1]: expected a change or a question, but nothing came of it"),
        (CHANGED, CHANGED, "but the rule changes items[#1].country_of_origin"),
        (CHANGED.replace("JP}", "CN}"), LEFT, "expected item.country_of_origin to be CN, but there is JP"),
        (CHANGED.replace("origin: JP", "dispatch: JP"), LEFT, "to be JP, but there is nothing"),
        (CHANGED, "{given: {importer: {id: GB1}}}", "the rule is not reached: it visits no item"),
        (CHANGED, "{given: {itm: {}}}", "the rule is not reached: declaration has no element 'itm'"),
        (CHANGED, "{given: {item: {}}, message: ncts.CC015C}", "no message is within the rule's scope"),
        (CHANGED, "{given: {item: {number: 1}}, message: cds.NONE}", "there is no message 'cds.NONE'"),
        (CHANGED, "{given: {item: {number: 1}}, as_of: tomorrow}", "as_of 'tomorrow' is not a date"),
        (CHANGED, LEFT.replace("}}}", "}}, expect: {item.commodity_code: 85}}"), "to be 85, but there is 8471300000"),
    ],
)
def test_what_proves_nothing_fails(problems: Problems, changes: str, untouched: str, told: str) -> None:
    found = problems(written(changes, untouched))
    assert len(found) == 1 and told in found[0], found


def test_a_failure_shows_which_condition_kept_the_rule_away(problems: Problems) -> None:
    (found,) = problems(written(changes=LEFT))
    assert "items[#1]: the rule does not apply" in found and 'importer.id = "GB2"' in found
    assert "topic.yaml:" in found.splitlines()[0] and "message cds.IMPORT" in found


ASKING = HEAD + "    add: {item.supporting_documents: {type: Y923}}\n"


def test_a_question_counts_and_is_expected_as_if_confirmed(problems: Problems) -> None:
    changed = CHANGED.replace("item.country_of_origin: JP", "item.supporting_documents.type: Y923")
    assert problems(written(changed, rule=ASKING)) == []
    asked = "{given: {importer: {id: GB1}, item: {commodity_code: 8471300000}}}"
    assert "asks about items[#1]" in problems(written(changed, asked, rule=ASKING))[0]


def test_a_value_that_is_asked_for_is_expected_as_ask(problems: Problems) -> None:
    rule = HEAD + "    default: {item.preference: ask}\n"
    changed = CHANGED.replace("country_of_origin: JP", "preference: ask")
    assert problems(written(changed, rule=rule)) == []
    told = problems(written(changed.replace("ask", "'100'"), rule=rule))
    assert "expected item.preference to be 100, but there is nothing" in told[0]


def test_the_day_of_an_example_is_within_the_rules_days(problems: Problems) -> None:
    rule = RULE + "    valid: {from: 2024-01-01, to: 2024-12-31}\n"
    assert problems(written(rule=rule)) == []
    later = CHANGED.replace("}, expect", "}, as_of: 2025-01-01, expect")
    assert "not in force on 2025-01-01" in problems(written(later, rule=rule))[0]
    past = CHANGED.replace(", expect: {item.country_of_origin: JP}", ", as_of: 2025-01-01")
    assert "not in force on 2025-01-01" in problems(written(untouched=past, rule=rule))[0]


def test_an_unreadable_value_is_there(problems: Problems) -> None:
    rule = RULE.replace("item.country_of_origin: JP", "item.gross_mass: '5'")
    changed = "{given: {importer: {id: GB1}, item: {commodity_code: 8471}}, expect: {item.gross_mass: '5'}}"
    unreadable = "{given: {importer: {id: GB1}, item: {commodity_code: 8471, gross_mass: 1;5}}}"
    assert problems(written(changed, unreadable, rule=rule)) == []


def test_rows_of_a_table_need_no_examples_of_their_own(problems: Problems, tmp_path: Path) -> None:
    table = """
configuration_tables:
  - id: origins
    title: Origins
    for: item
    mode: apply
    conditions: {commodity: item.commodity_code}
    rows: [{id: a, commodity: 8471*, origin: JP}]
    default: {item.country_of_origin: "{origin}"}
"""
    assert problems(table) == []
    assert PackRun(check(load_suite([tmp_path]))).passed
