"""Every shipped rule over many declarations, whole and damaged: the compiled plan says what the reference says."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

from casrules.dictionary import Dictionary, Invalid, shipped_dictionary
from casrules.language import CheckedRule, EvaluationContext, build_plan, evaluate
from casrules.testing import Suite, load_suite
from casrules.testing.declarations import expand

DAY = "2025-06-01"
RECORDS = 25
"""Declarations for each pack, each judged by all of its rules together."""
SUITE: Suite = load_suite()
Place = tuple[dict[str, Any], str, str]
"""An entity of a record, the name of one of its elements, the entity's own name."""


@pytest.mark.parametrize("pack", SUITE.packs, ids=[pack.id for pack in SUITE.packs])
def test_the_plan_of_a_pack_says_what_the_reference_says(pack: Any) -> None:
    packed = list(SUITE.rules(pack))
    rules = [rule.checked for rule in packed]
    given = [
        example.given
        for rule in packed
        for kind in ("valid", "invalid", "not_applicable")
        for example in getattr(rule.packed.rule.examples, kind)
    ]
    context = SUITE.context(DAY)
    drawn = random.Random(pack.id)
    shuffled = drawn.sample(range(len(rules)), len(rules))
    plans = [
        build_plan([rules[number] for number in order], code_lists=context.code_lists, tables=context.tables)
        for order in (range(len(rules)), shuffled)
    ]
    seen: Counter[str] = Counter()
    for _ in range(RECORDS):
        record = damaged(expand(drawn.choice(given), SUITE.dictionary), drawn, SUITE.dictionary)
        invalid = {(entity, name) for values, name, entity in places(record) if isinstance(values[name], Invalid)}
        expected = judged(rules, record, context)
        seen.update(status for _, _, _, _, status in expected)
        for plan, order in zip(plans, (list(range(len(rules))), shuffled), strict=True):
            run = plan.run(record, DAY, invalid=invalid, counts=True)
            assert not run.fell_back
            failures = [(order[f.rule], f.branch, f.chain, plan.instance(f), "failed") for f in run.failures]
            assert sorted(failures) == sorted(one for one in expected if one[-1] == "failed")
            for position, counts in enumerate(run.counts or ()):
                tally = Counter(one[-1] for one in expected if one[0] == order[position])
                assert tally == Counter({status: getattr(counts, status) for status in tally})
    assert seen["error"] == 0
    assert seen["failed"] and seen["passed"] and seen["not_applicable"]


def judged(rules: list[CheckedRule], record: dict[str, Any], context: EvaluationContext) -> list[Any]:
    return [
        (number, outcome.branch, outcome.chain, outcome.instance, outcome.status)
        for number, rule in enumerate(rules)
        for outcome in evaluate(rule, record, context)
    ]


def damaged(record: dict[str, Any], drawn: random.Random, dictionary: Dictionary) -> dict[str, Any]:
    """The record with entries doubled, values swapped within their type, left out or made unreadable."""
    for _ in range(drawn.randrange(4)):
        found = list(places(record))
        if not found:
            break
        values, name, entity = drawn.choice(found)
        element = dictionary.element(entity, name)
        match drawn.randrange(4):
            case 0:
                del values[name]
            case 1 if isinstance(values[name], list):
                values[name] = [*values[name], *values[name][:1]]
            case 2 if element.type in {"decimal", "integer", "date"}:
                values[name] = Invalid("abc", "a number")
            case _ if element.is_scalar:
                others = [v[n] for v, n, e in found if dictionary.element(e, n).type == element.type]
                values[name] = drawn.choice(others)
    return record


def places(values: dict[str, Any], entity: str = "declaration") -> Iterator[Place]:
    dictionary = shipped_dictionary()
    for name, value in list(values.items()):
        yield values, name, entity
        for below in value if isinstance(value, list) else [value]:
            if isinstance(below, dict):
                yield from places(below, dictionary.element(entity, name).type)
