"""Which branches run on messages that cannot carry everything a rule reads: never one that is settled there."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from casrules.language import CheckedRule, build_plan, evaluate, restrict
from casrules.language.carrying import FALSE, TRUE, UNKNOWN, Folding, lacking
from casrules.language.outcomes import FAILED, NOT_APPLICABLE

from .test_agreement import CODES, CONTEXT, TABLES, records, rules

QUOTA = ("consignment", "houses", "items", "quota_order_number")
PACKAGES = ("consignment", "houses", "items", "packages")


def without(*names: tuple[str, ...]) -> Any:
    """A message that carries all but `names` and what is below them."""
    return lambda stored: not any(stored[: len(one)] == one for one in names)


def runs(rule: CheckedRule, *lacked: tuple[str, ...]) -> bool:
    return bool(restrict(rule, without(*lacked)).branches[0].chains)


@pytest.mark.parametrize(
    ("require", "is_run"),
    [
        ("present(item.number) or present(item.quota_order_number)", True),  # the other alternative is left
        ("present(item.number) and item.quota_order_number == '1'", True),  # the number can be missing
        ("present(item.quota_order_number)", False),  # nobody can heed it
        ("present(item.number) and present(item.quota_order_number)", False),
        ("missing(item.quota_order_number)", False),  # always true
        ("item.quota_order_number == '1' or item.number == 2", False),  # unknown or true
        ("not (item.quota_order_number == '1' and item.number == 2)", False),  # true or unknown
        ("not (item.quota_order_number == '1' or item.number == 2)", True),  # false where the number is 2
        ("length(item.quota_order_number) > 2 or startswith(item.quota_order_number, '0')", False),
        ("item.quota_order_number in {'1', '2'}", False),
        ("listed(item.quota_order_number, 'CL1')", False),
        ("item.quota_order_number[:2] == '09'", False),
        ("present(lookup('T', item.quota_order_number, 'name'))", False),
        ("any(present(p.type) or present(item.quota_order_number) for p in item.packages)", True),
        ("none(item.quota_order_number == '1' for p in item.packages)", False),
        ("all(p.count > 0 for p in item.packages if item.quota_order_number == '1')", False),
        ("(item.quota_order_number, item.number) == ('1', 2)", True),  # another number settles it
    ],
)
def test_what_cannot_be_carried_is_missing(check: Any, require: str, is_run: bool) -> None:
    assert runs(check("item", require), QUOTA) is is_run
    assert runs(check("item", require))


@pytest.mark.parametrize(
    ("require", "is_run"),
    [
        ("any(p.type == 'BX' for p in item.packages) or present(item.number)", True),
        ("any(p.type == 'BX' for p in item.packages)", False),
        ("all(p.type == 'BX' for p in item.packages) and unique(p.type for p in item.packages)", False),
        ("count(item.packages) > 0", False),
        ("count(item.packages) == item.number", True),
        ("sum(p.count for p in item.packages) == 0", False),
        ("max(p.count for p in item.packages) == item.number", False),
        ("present(item.packages) or item.number == 1", True),
    ],
)
def test_a_list_that_cannot_be_carried_is_empty(check: Any, require: str, is_run: bool) -> None:
    assert runs(check("item", require), PACKAGES) is is_run


def test_a_condition_that_can_never_be_true_leaves_the_branch_out(check: Any) -> None:
    assert not runs(check("item", "item.number == 1", when="present(item.quota_order_number)"), QUOTA)
    assert runs(check("item", "item.number == 1", when="missing(item.quota_order_number)"), QUOTA)
    assert not runs(check("package", "package.count == 1"), PACKAGES)


def test_a_plain_prohibition_stays_one(check: Any) -> None:
    assert runs(check("item", "false", when="item.number == 1"), QUOTA)
    assert runs(check("item", "false and present(item.quota_order_number)", when="item.number == 1"), QUOTA)


def test_what_is_lacking_is_named(check: Any) -> None:
    rule = check("item", "present(item.quota_order_number)", when="any(p.type == 'BX' for p in item.packages)")
    names = lacking(rule.branches[0], rule.chains[0], without(QUOTA, PACKAGES))
    assert names == (".".join(PACKAGES), ".".join(QUOTA))


def _paths(values: dict[str, Any], above: tuple[str, ...] = ()) -> set[tuple[str, ...]]:
    found: set[tuple[str, ...]] = set()
    for name, value in values.items():
        found.add((*above, name))
        for entry in value if isinstance(value, list) else [value] if isinstance(value, dict) else []:
            found |= _paths(entry, (*above, name))
    return found


def _cut(value: Any, carried: Any, above: tuple[str, ...] = ()) -> Any:
    if isinstance(value, list):
        return [_cut(entry, carried, above) for entry in value]
    if not isinstance(value, dict):
        return value
    below = {(*above, name): one for name, one in value.items() if carried((*above, name))}
    return {path[-1]: _cut(one, carried, path) for path, one in below.items()}


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(rules(), records(), st.data())
def test_folding_never_loses_an_answer(rule: CheckedRule, found: dict[str, Any], data: st.DataObject) -> None:
    known = sorted(_paths(found))
    lacked = data.draw(st.lists(st.sampled_from(known), max_size=4)) if known else []
    carried = without(*lacked)
    record = _cut(found, carried)
    narrow = restrict(rule, carried)
    for outcome in evaluate(rule, record, CONTEXT):
        if outcome.chain in narrow.branches[outcome.branch].chains:
            continue
        here = Folding.on(rule.chains[outcome.chain], carried)
        branch = rule.branches[outcome.branch]
        settled = here.truth(branch.require) == FALSE
        assert settled or outcome.status != FAILED
        if branch.when is not None and True not in here.truth(branch.when):
            assert outcome.status == NOT_APPLICABLE
    plan = build_plan([rule], carried=carried, code_lists=CODES.get, tables=TABLES.get)
    expected = {o.instance for o in evaluate(narrow, record, CONTEXT) if o.status == FAILED}
    assert {plan.instance(one) for one in plan.run(record, CONTEXT.reference_date).failures} == expected


def test_constants_are_told_apart(check: Any) -> None:
    for require, expected in (("1 < 2", TRUE), ("2.5 < 1", FALSE), ("item.quota_order_number == 'A'", UNKNOWN)):
        rule = check("item", require)
        assert Folding.on(rule.chains[0], without(QUOTA)).truth(rule.branches[0].require) == expected
