from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from casrules.dictionary import Invalid
from casrules.rules import plan_rules

from .failing import DAY, ITEMS, MASS, plan_of

LISTED = '\n    require: listed(declaration.lrn, "CL018")\n    message: M\n'
WARNING = LISTED + "    severity: warning\n"
NONE = frozenset[tuple[str, str]]()


def statuses(run: Any) -> dict[str, str]:
    return {found.rule: found.status for found in run.rule_runs}


def test_failures_are_in_order_of_rule_and_place(tmp_path: Path) -> None:
    light = "\n    for: item\n    require: item.gross_mass > 100\n    message: M\n"
    run = plan_of(tmp_path, light, MASS).run(ITEMS, DAY, NONE, rule_runs=True)
    assert [(found.rule.id, found.instance[-1]) for found in run.failures] == [
        ("p.R1", ("items", 0)), ("p.R1", ("items", 1)), ("p.R2", ("items", 0)),
    ]  # fmt: skip
    counts = {found.rule: found.counts for found in run.rule_runs or ()}
    assert (counts["p.R2"].failed, counts["p.R2"].passed) == (1, 1)
    assert statuses(run) == {"p.R1": "failed", "p.R2": "failed"}


def test_runs_are_counted_on_request_only(tmp_path: Path) -> None:
    plan = plan_of(tmp_path, MASS)
    silent, counted = plan.run(ITEMS, DAY, NONE), plan.run(ITEMS, DAY, NONE, rule_runs=True)
    assert silent.rule_runs is None
    assert (silent.failures, silent.blocking, silent.evaluated) == (
        counted.failures,
        counted.blocking,
        counted.evaluated,
    )


@pytest.mark.parametrize(("rule", "blocks"), [(LISTED, True), (WARNING, False)])
def test_only_error_rules_without_an_answer_block(tmp_path: Path, rule: str, blocks: bool) -> None:
    plan = plan_of(tmp_path, rule)
    bare = plan_rules(plan.rules, type(plan.context)(DAY))
    run = bare.run(ITEMS, DAY, NONE, rule_runs=True)
    assert statuses(run) == {"p.R1": "not_evaluated"}
    assert bool(run.blocking) is blocks
    assert not run.evaluated
    assert (run.rule_runs or ())[0].reason == "the code list CL018 is not available"


def test_a_value_that_cannot_be_read_leaves_its_entity_open_and_the_others_judged(tmp_path: Path) -> None:
    house = ITEMS["consignment"]["houses"][0]
    items = [{**house["items"][0], "gross_mass": Invalid("9,5", "a number such as 12.5")}, house["items"][1]]
    record = {**ITEMS, "consignment": {"houses": [{"items": items}]}}
    run = plan_of(tmp_path, MASS).run(record, DAY, frozenset({("item", "gross_mass")}), rule_runs=True)
    [found] = run.rule_runs or ()
    assert (found.counts.not_evaluated, found.counts.passed) == (1, 1)
    assert "9,5" in found.reason
    assert [blocking.rule for blocking in run.blocking] == ["p.R1"]


def test_rules_that_the_message_cannot_carry_do_not_run(tmp_path: Path) -> None:
    plan = plan_of(tmp_path, MASS)
    without = plan_rules(plan.rules, plan.context, lambda names: names[-1] != "net_mass")
    run = without.run(ITEMS, DAY, NONE, rule_runs=True)
    assert (run.failures, run.evaluated) == ((), False)


def test_nothing_to_visit_is_not_applicable(tmp_path: Path) -> None:
    run = plan_of(tmp_path, MASS).run({"lrn": "A"}, DAY, NONE, rule_runs=True)
    assert statuses(run) == {"p.R1": "not_applicable"}
    assert not run.evaluated


def test_no_rules_are_no_run(tmp_path: Path) -> None:
    plan = plan_of(tmp_path, MASS)
    run = plan_rules([], plan.context).run(ITEMS, DAY, NONE, rule_runs=True)
    assert (run.failures, run.blocking, run.rule_runs, run.evaluated) == ((), (), (), False)
