"""Thirty rules in our language against the same rules written by hand, over the same records."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import median
from time import perf_counter, process_time
from typing import Any

import yaml

from casrules.dictionary import shipped_dictionary
from casrules.language import CheckedRule, Plan, RuleSource, build_plan, check_rule

from .by_hand import Complaint, hand_written
from .work import DECLARATIONS, record, shared

RULES = Path(__file__).with_name("thirty_rules.yaml")
DAY = "2026-10-15"
AGAIN = 0.03
"""Seconds of CPU time that one timing of a side takes at least."""


@dataclass(frozen=True, slots=True)
class Work:
    """Declarations of one size as our records, both sides, and what the shared function finds in each."""

    records: list[dict[str, Any]]
    expected: list[set[Complaint]]


def thirty_rules(lists: Mapping[str, frozenset[str]]) -> tuple[CheckedRule, ...]:
    """The thirty rules, checked."""
    content = yaml.safe_load(RULES.read_text("utf-8"))
    sources = [RuleSource(one["id"], one["for"], one["require"], one.get("when")) for one in content["rules"]]
    return tuple(check_rule(source, shipped_dictionary(), code_lists=set(lists)) for source in sources)


def thirty_plan(lists: Mapping[str, frozenset[str]]) -> Plan:
    """The thirty rules, planned."""
    return build_plan(thirty_rules(lists), code_lists=lists.get)


def complaints(plan: Plan, given: Mapping[str, Any]) -> list[Complaint]:
    """What the plan finds in a record, in the words of the work: rule, house from 0, item from 1 (else -1)."""
    found: list[Complaint] = []
    for rule, _, _, at in plan.run(given, DAY).failures:
        name = plan.rules[rule].id
        if name == "I00":  # the rule says it of the house; the work names the items
            items = given["consignment"]["houses"][at[0]]["items"]
            found += [(name, at[0], n) for n, item in enumerate(items, 1) if item.get("number", n) != n]
        else:
            found.append((name, at[0] if at else -1, at[1] + 1 if len(at) > 1 else -1))
    return found


def work(size: int) -> Work:
    """Declarations of `size` items; the shared work must be there."""
    generator, floors = shared("gen"), shared("floors")
    assert generator is not None and floors is not None
    declarations = generator.declarations(DECLARATIONS[size], size, seed=size)
    expected = []
    for declaration in declarations:
        found: list[Complaint] = []
        floors.hand_dict(declaration, found)
        expected.append(set(found))
    return Work([record(declaration) for declaration in declarations], expected)


def code_lists() -> dict[str, frozenset[str]]:
    """The code lists of the shared work."""
    generator = shared("gen")
    assert generator is not None
    return {name: frozenset(codes) for name, codes in generator.LISTS.items()}


@dataclass(frozen=True, slots=True)
class Against:
    """Items of a declaration, microseconds of a declaration by hand, medians of the ratio of ours to it."""

    size: int
    by_hand: float
    ours: float
    ratio: float
    found: int


def compare(rounds: int) -> Iterable[Against]:
    """Both sides over the same records, interleaved; every answer is compared with the shared function's first."""
    lists = code_lists()
    plan, check = thirty_plan(lists), hand_written(lists)
    for size in DECLARATIONS:
        given = work(size)
        for one, expected in zip(given.records, given.expected, strict=True):
            if set(check(one)) != expected or set(complaints(plan, one)) != expected:
                raise AssertionError(f"{size} items: by hand, by plan and by the shared function differ")
        sides = (partial(_by_hand, check, given.records), partial(_by_plan, plan, given.records))
        pairs = list(zip(*interleaved(sides, rounds), strict=True))
        each = 1e6 / len(given.records)
        yield Against(
            size,
            median(hand for hand, _ in pairs) * each,
            median(ours for _, ours in pairs) * each,
            median(ours / hand for hand, ours in pairs),
            sum(map(len, given.expected)),
        )


def _by_hand(check: Callable[[Mapping[str, Any]], Any], records: list[dict[str, Any]]) -> None:
    for one in records:
        check(one)


def _by_plan(plan: Plan, records: list[dict[str, Any]]) -> None:
    for one in records:
        plan.run(one, DAY)


def interleaved(sides: Iterable[Callable[[], Any]], rounds: int) -> list[list[float]]:
    """CPU seconds of each side in each round, one after the other in every round."""
    runs = [(side, _times(side)) for side in sides]
    found: list[list[float]] = [[] for _ in runs]
    for _ in range(rounds):
        gc.collect()
        for seconds, (side, times) in zip(found, runs, strict=True):
            start = process_time()
            for _ in range(times):
                side()
            seconds.append((process_time() - start) / times)
    return found


def _times(side: Callable[[], Any]) -> int:
    side()
    start = perf_counter()
    side()
    return max(1, int(AGAIN / max(perf_counter() - start, 1e-6)))
