from __future__ import annotations

import pytest

from casrules.testing import check


def problems(suite) -> list[str]:
    return [str(problem) for result in check(suite) for problem in result.problems]


def only(suite) -> str:
    (found,) = problems(suite)
    return found


def test_good_examples_pass_and_cover_every_clause(suite_of, rule, examples) -> None:
    (result,) = check(suite_of(rule + examples))
    assert result.problems == () and result.examples == 4
    assert result.coverage.percent == 100 and result.coverage.missing == ()


@pytest.mark.parametrize("kind", ["valid", "invalid", "not_applicable"])
def test_a_rule_needs_every_kind_of_example(suite_of, rule, examples, kind) -> None:
    kept = "\n".join(line for line in examples.splitlines() if not line.strip().startswith(f"{kind}:"))
    assert f"acme.A1: no example is {kind}" in only(suite_of(rule + kept))


def test_a_rule_without_condition_needs_no_inapplicable_example(suite_of, rule, examples) -> None:
    text = (rule + examples).replace("  when: item.gross_mass > 0\n", "")
    kept = "\n".join(line for line in text.splitlines() if "not_applicable" not in line)
    assert problems(suite_of(kept)) == []


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("net_mass: 10}}}", "net_mass: 11}}}", "A1[valid-1]: expected no violation, but the rule was violated"),
        ("gross_mass: 9,", "gross_mass: 90,", "A1[invalid-1]: expected a violation, but the rule passed"),
        ("gross_mass: 9,", "gross_mass: 0,", "A1[invalid-1]: expected a violation, but the rule did not apply"),
        ("{gross_mass: 0, net_mass: 2}", "{gross_mass: 1}", "but the rule came to no conclusion"),
        ("net_mass: 10}}}", "commodity_code: A}}}", "A1[valid-1]: nothing is shown"),
        ("net_mass: 10}}, expect", "net_mass: many}}, expect", "could not be evaluated: item.net_mass is 'many'"),
        ("expect_at: item.net_mass", "expect_at: item.gross_mass", "expected it at item.gross_mass, but it points at"),
        ("expect_at: item.net_mass", "branch: lost", "the rule has no branch 'lost'"),
        ("{given: {item: {gross_mass: 0, net_mass: 2}}}", "{given: {lrn: A}}", "it visits no item in the example"),
        ("{item: {gross_mass: 9,", "{itme: {gross_mass: 9,", "declaration has no element 'itme'"),
        ("{item: {gross_mass: 9,", "{item: {quota_order_number: A, gross_mass: 9,", "cannot carry consignment.houses"),
        ("expect_at: item.net_mass", "message: ncts.CC999C", "there is no message 'ncts.CC999C'"),
        ("expect_at: item.net_mass", "message: aes.CC515C", "aes.CC515C is not within the rule's scope"),
        ("expect_at: item.net_mass", "phase: P9", "P9 is not within the rule's scope"),
        ("expect_at: item.net_mass", "as_of: soon", "as_of 'soon' is not a date"),
    ],
)
def test_what_is_wrong_with_an_example_is_told_with_its_place(suite_of, rule, examples, before, after, said) -> None:
    changed = examples.replace(before, after, 1)
    assert changed != examples
    found = only(suite_of(rule + changed))
    assert said in found
    file, line, _ = found.split(":", 2)
    assert file.endswith("rules.yaml") and int(line) > 3


def test_a_failure_shows_the_conditions_and_the_values_read(suite_of, rule, examples) -> None:
    found = only(suite_of(rule + examples.replace("gross_mass: 9,", "gross_mass: 90,")))
    assert "message ncts.CC015C, phase P5, as of 2025-06-01" in found
    assert "when    true    item.gross_mass > 0  [items[#1].gross_mass = 90]" in found
    assert "require true    item.net_mass <= item.gross_mass" in found


def test_the_day_is_the_first_on_which_the_rule_holds(suite_of, rule, examples) -> None:
    dated = rule.replace("  for: item", "  valid: {from: 2025-01-21}\n  for: item")
    assert problems(suite_of(dated + examples)) == []
    early = examples.replace("expect_at: item.net_mass", "as_of: 2025-01-20")
    assert "the rule is not in force on 2025-01-20" in only(suite_of(dated + early))


def test_a_branch_must_fail_alone(suite_of, rule, examples) -> None:
    branches = """\
  branches:
    - {key: net, when: present(item.net_mass), require: item.net_mass <= item.gross_mass, message: M}
    - {key: big, when: item.gross_mass > 0, require: item.net_mass < 10, message: M}
"""
    kept = [line for line in rule.splitlines() if not line.strip().startswith(("when:", "require:", "message:", "at:"))]
    text = "\n".join(kept) + "\n" + branches
    wanted = """\
  examples:
    valid: [{given: {item: {gross_mass: 9, net_mass: 9}}}]
    invalid:
      - {given: {item: {gross_mass: 9, net_mass: 10}}, branch: net}
      - {given: {item: {gross_mass: 20, net_mass: 10}}, branch: big}
    not_applicable: [{given: {item: {gross_mass: 0}}}]
"""
    assert "expected branch net alone to fail, but big, net did" in only(suite_of(text + wanted))


def test_a_known_gap_must_stay_one(suite_of, rule, examples) -> None:
    gap = "    known_gap: [{given: {item: {gross_mass: 0, net_mass: 2}}, why: goods packed together}]\n"
    assert problems(suite_of(rule + examples + gap)) == []
    closed = gap.replace("gross_mass: 0", "gross_mass: 1")
    assert "expected no violation, as a known gap, but the rule was violated" in only(
        suite_of(rule + examples + closed)
    )


def test_a_branch_that_no_message_can_carry_is_dead(suite_of, rule, examples) -> None:
    either = 'require: item.net_mass <= item.gross_mass or item.quota_order_number != "1"'
    found = problems(suite_of(rule.replace("require: item.net_mass <= item.gross_mass", either) + examples))
    assert "acme.A1: the rule runs on no message of its scope: ncts.CC015C cannot carry" in found[0]
    assert found[0].endswith("items.quota_order_number")


def test_messages_a_rule_cannot_run_on_are_noted(suite_of, rule, examples) -> None:
    (result,) = check(suite_of((rule + examples).replace("[ncts.CC015C]", "[ncts.CC015C, ncts.CC007C]")))
    (gap,) = result.rules[0].unreached
    assert (gap.messages, gap.dead) == (("ncts.CC007C",), False)
    assert result.problems == ()


def test_coverage_names_the_clauses_no_example_shows(suite_of, rule, examples) -> None:
    wider = rule.replace("when: item.gross_mass > 0", "when: item.gross_mass > 0 and present(item.commodity_code)")
    given = examples.replace("{item: {", "{item: {commodity_code: A, ")
    (result,) = check(suite_of(wider + given))
    assert result.problems == ()
    assert result.coverage.missing == ("acme.A1: when: present(item.commodity_code) is never false",)
    assert result.coverage.percent == 85


def test_the_message_of_a_scope_without_messages_is_one_that_can_carry_the_example(suite_of, rule, examples) -> None:
    common = rule.replace("  scope: {message: [ncts.CC015C]}\n", "")
    assert problems(suite_of(common + examples)) == []
    nowhere = examples.replace("{item: {gross_mass: 9,", "{simplified_procedure: 1, item: {gross_mass: 9,")
    assert "cannot carry" in only(suite_of(common + nowhere))
