"""How the time of every shipped rule grows with the declaration: t(9,999 items) / t(1,000 items)."""

from __future__ import annotations

import gc
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from itertools import islice
from math import inf
from multiprocessing import get_context
from time import process_time
from typing import Any

from casrules import Engine
from casrules.dictionary import Dictionary, Element
from casrules.language import CheckedRule, Plan, build_plan
from casrules.language.tree import Listed, Literal, Lookup, Node

FEW, MANY = 1_000, 9_999
HOUSE = 999
ENOUGH = 0.002
"""Seconds that a sample takes at least."""
SAMPLES, TRIES, AGAIN, MOST = 3, 2, 5, 1024
WANTED = 12
"""A ratio below which nothing is measured again."""
HEADER, SHORT = 10, 2
"""Items for an entry of a list in the header; entries of a list within a list."""
LARGE = 1_000_000
"""Numbers that no rule names begin here; each stands twice."""
DAY = "2025-06-01"
_engine: Engine | None = None
DATES = ("2025-01-31", "2025-05-31", "2025-06-30")


@dataclass(frozen=True, slots=True)
class Slope:
    """A rule, its milliseconds for the shorter declaration, how much longer the longer one takes."""

    rule: str
    milliseconds: float
    ratio: float


def slopes(engine: Engine) -> Iterator[Slope]:
    """Every rule of the engine's packs alone, on records that have all it reads, of 1,000 and 9,999 items.

    Each in a process of its own: what was there before scatters the memory, and then the longer record waits for it.
    A rule that looks steep gets more processes: what disturbs only adds, so the least ratio counts.
    """
    pool = get_context("fork").Pool(1, partial(_settle, engine), maxtasksperchild=1)
    with pool:
        names = sorted(engine._tools.plans.ruleset.rules)
        found = {name: slope for name in names for slope in [pool.apply(_slope, [name])] if slope is not None}
        for _ in range(AGAIN):
            for name in [name for name, slope in found.items() if slope.ratio >= WANTED]:
                found[name] = min(found[name], pool.apply(_slope, [name]) or found[name], key=lambda it: it.ratio)
    yield from found.values()


def _settle(engine: Engine) -> None:
    global _engine  # noqa: PLW0603 - the way to hand something to a forked process without copying it
    _engine = engine
    gc.freeze()
    gc.disable()


def _slope(name: str) -> Slope | None:
    """The slope of a rule; None where its code lists or tables are not there."""
    assert _engine is not None
    plans = _engine._tools.plans
    rule = plans.ruleset.rules[name].checked
    plan = build_plan([rule], code_lists=lambda one: plans.code_lists.get(one, DAY), tables=plans.ruleset.tables.get)
    if plan.hindered:
        return None
    maker = Maker(rule, plan, plans.catalog.dictionary)
    # several short ones, so that the processor's caches hold neither them nor the long one
    short = [maker.record(FEW) for _ in range(MANY // FEW)]
    long = [maker.record(MANY)]
    ratio, few = inf, inf
    for _ in range(TRIES):
        few, many = min(few, _seconds(plan, short)), _seconds(plan, long)
        ratio = min(ratio, many / few)
        if ratio < WANTED:
            break
    return Slope(name, 1000 * few, ratio)


def _seconds(plan: Plan, records: Sequence[Mapping[str, Any]]) -> float:
    """The least CPU time of some samples for a record, each long enough for the clock: what disturbs only adds."""
    if any(plan.run(record, DAY).fell_back for record in records):
        raise AssertionError(f"{plan.rules[0].id} fell back to the reference evaluator")
    times, found = 1, []
    while len(found) < SAMPLES:
        start = process_time()
        for _ in range(times):
            for record in records:
                plan.run(record, DAY)
        seconds = process_time() - start
        if seconds < ENOUGH and times < MOST:
            times *= 4
        else:
            found.append(seconds / times / len(records))
    return min(found)


class Maker:
    """Makes records with values for everything a rule reads, taken from what it compares them with."""

    def __init__(self, rule: CheckedRule, plan: Plan, dictionary: Dictionary) -> None:
        self.dictionary = dictionary
        self.reads = {(entity, name) for entity, name in rule.reads}
        nodes = [node for branch in rule.branches for part in (branch.when, branch.require) if part
                 for node in part.walk()]  # fmt: skip
        self.texts = sorted({*_literals(nodes, str), *_listed(nodes, plan)})
        self.numbers = sorted({*_literals(nodes, int), *_literals(nodes, Decimal)})
        self.drawn: Counter[str] = Counter()

    def record(self, items: int) -> dict[str, Any]:
        """A record of so many items; lists of the header have a tenth of that, lists within lists are short."""
        self.drawn.clear()
        return self._entity("declaration", items, frozenset())

    def _entity(self, entity: str, items: int, above: frozenset[str]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for element in self.dictionary.entities[entity].elements.values():
            if element.view or (entity, element.name) not in self.reads or element.type in above:
                continue
            value = self._value(element, items, above | {entity})
            # within lists every third value is missing: rules pass, fail and are inconclusive
            if not (element.is_scalar and "item" in (*above, entity) and self.drawn[_place(element)] % 3 == 0):
                found[element.name] = value
        return found

    def _value(self, element: Element, items: int, above: frozenset[str]) -> Any:
        if element.is_scalar:
            return self._scalar(element)
        if not element.many:
            return self._entity(element.type, items, above)
        if element.type == "house":
            sizes = [*([HOUSE] * (items // HOUSE)), *([items % HOUSE] if items % HOUSE else [])]
            return [self._entity("house", size, above) for size in sizes]
        within = "item" in above or (element.type != "item" and "house" in above)
        length = SHORT if within else items if element.type == "item" else max(SHORT, items // HEADER)
        return [self._entity(element.type, SHORT, above) for _ in range(length)]

    def _scalar(self, element: Element) -> Any:
        place = _place(element)
        self.drawn[place] += 1  # each field by itself, so that the header is the same however long the lists are
        number = self.drawn[place]
        match element.type:
            case "integer" | "decimal":
                written = (
                    self.numbers[number % len(self.numbers)] if self.numbers and number % 2 else LARGE + number // 2
                )
                return Decimal(written) if element.type == "decimal" else int(written)
            case "flag":
                return number % 2 == 0
            case "date":
                return DATES[number % 3]
            case "datetime":
                return f"{DATES[number % 3]}T10:00:00"
        return self.texts[number % len(self.texts)] if self.texts and number % 2 else f"X{number:07}"


def _place(element: Element) -> str:
    return f"{element.entity}.{element.name}"


def _literals(nodes: Sequence[Node], kind: type[Any]) -> set[Any]:
    return {node.value for node in nodes if isinstance(node, Literal) and type(node.value) is kind}


def _listed(nodes: Sequence[Node], plan: Plan) -> set[str]:
    """Some codes of each list and some keys of each table the rule asks."""
    found: set[str] = set()
    for node in nodes:
        if isinstance(node, Listed):
            found.update(islice(sorted(plan.code_lists(node.name) or ()), 5))
        if isinstance(node, Lookup):
            found.update(islice(sorted(plan.tables(node.table) or {}), 5))
    return found
