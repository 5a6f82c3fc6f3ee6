from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from casrules import Engine
from casrules.engine.planning import IDENTITY, MessagePlan, Plans

DATED = """
rules:
  - {id: early, title: T, valid: {to: 2024-12-31}, require: present(declaration.lrn), message: M}
  - {id: late, title: T, valid: {from: 2025-01-01}, require: present(declaration.lrn), message: M}
  - {id: always, title: T, require: present(declaration.mrn), message: M}
  - {id: exports, title: T, scope: {flow: export}, require: present(declaration.lrn), message: M}
  - {id: p6, title: T, scope: {phase: P6}, require: present(declaration.lrn), message: M}
  - {id: soon, title: T, status: preview, require: present(declaration.lrn), message: M}
"""


@pytest.fixture
def plans(pack: Callable[..., Path]) -> Plans:
    return Engine([pack(DATED)])._tools.plans


def plan(plans: Plans, name: str = "ncts.CC015C", schema_set: str = "") -> MessagePlan:
    family, message = plans.catalog.families.parse_format(name)
    assert message is not None
    chosen = next((found for found in family.sets if found.id == schema_set), None)
    return plans.plan(family, message, chosen)


def ids(found: MessagePlan, day: str | None) -> list[str]:
    return [rule.id.removeprefix("small.") for rule in found.rules_on(day).rules]


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (None, ["always"]),
        ("0001-01-01", ["always", "early"]),
        ("2024-12-31", ["always", "early"]),
        ("2025-01-01", ["always", "late"]),
        ("2025-01-01T23:59:59Z", ["always", "late"]),
        ("9999-12-31", ["always", "late"]),
    ],
)
def test_the_rules_of_the_day_run(plans: Plans, day: str | None, expected: list[str]) -> None:
    assert ids(plan(plans), day) == expected


def test_days_of_one_period_share_a_plan(plans: Plans) -> None:
    found = plan(plans)
    assert found.rules_on("2025-06-01") is found.rules_on("2025-06-02")
    assert found.rules_on("2024-12-31") is not found.rules_on("2025-01-01")
    assert found.rules_on("2025-06-01").context_on("2025-06-02").reference_date == "2025-06-02"


def test_scopes_choose_by_flow_and_phase(plans: Plans) -> None:
    assert "exports" in ids(plan(plans, "cds.EXPORT"), None)
    assert "p6" in ids(plan(plans, schema_set="ncts-p6"), None)
    assert "p6" not in ids(plan(plans, schema_set="ncts-p5"), None)


def test_a_plan_is_made_once_by_many_threads(plans: Plans) -> None:
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: plan(plans).rules_on("2025-06-01"), range(64)))
    assert len({id(one) for one in found}) == 1


def test_a_set_without_the_message_gives_way_to_one_that_has_it(plans: Plans) -> None:
    family, message = plans.catalog.families.parse_format("ncts.CC015C")
    assert message is not None
    foreign = next(found for other in plans.catalog.families if other.id == "ens" for found in other.sets)
    assert plans.plan(family, message, foreign) is plans.plan(family, message)


def test_the_narrow_binder_has_what_rules_read_and_what_identifies(departure: bytes, engine: Engine) -> None:
    """Every rule gives the same answer on the narrow record as on the whole one."""
    from lxml import etree

    found = plan(engine._tools.plans)
    root = etree.fromstring(departure)
    narrow, whole = found.narrow.bind(root), found.whole.bind(root)
    assert 0 < leaves(narrow.record) < leaves(whole.record)
    for name in IDENTITY:
        assert value(narrow.record, name) == value(whole.record, name)
    for day in (None, "2024-06-03", "2025-06-01"):
        rules = found.rules_on(day)
        one = rules.run(narrow.record, day, narrow.invalid, rule_runs=True)
        assert one == rules.run(whole.record, day, whole.invalid, rule_runs=True)
        assert one.rule_runs


def leaves(found: object) -> int:
    if isinstance(found, dict):
        return sum(leaves(below) for below in found.values())
    return sum(leaves(below) for below in found) if isinstance(found, list) else 1


def value(record: object, path: str) -> object:
    for name in path.split("."):
        record = record.get(name) if isinstance(record, dict) else None
    return record
