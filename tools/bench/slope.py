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
from multiprocessing import cpu_count, get_context
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
BATCH = 20
"""Rules that one process measures at first."""
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

    A few in one process; a rule that looks steep gets some processes of its own, as what was there before scatters the
    memory, and then the longer record waits for it. What disturbs only adds, so the least ratio counts.
    """
    for rule in engine._tools.plans.ruleset.rules.values():
        _ = rule.checked  # made before the processes begin, which share it then
    start = partial(get_context("fork").Pool, cpu_count(), partial(_settle, engine))
    with start(maxtasksperchild=BATCH) as pool:
        names = sorted(engine._tools.plans.ruleset.rules)
        found = {slope.rule: slope for slope in pool.imap_unordered(_slope, names) if slope is not None}
    with start(maxtasksperchild=1) as pool:
        for _ in range(AGAIN):
            steep = [name for name, slope in found.items() if slope.ratio >= WANTED]
            for slope in filter(None, pool.imap_unordered(_slope, steep)):
                found[slope.rule] = min(found[slope.rule], slope, key=lambda it: it.ratio)
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
        self.read: dict[tuple[str, frozenset[str]], list[tuple[Element, str]]] = {}

    def record(self, items: int) -> dict[str, Any]:
        """A record of so many items; lists of the header have a tenth of that, lists within lists are short."""
        self.drawn.clear()
        return self._entity("declaration", items, frozenset())

    def _entity(self, entity: str, items: int, above: frozenset[str]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        if (entity, above) not in self.read:
            elements = self.dictionary.entities[entity].elements.values()
            self.read[entity, above] = [
                (element, _place(element) if element.is_scalar and "item" in (*above, entity) else "")
                for element in elements
                if not element.view and (entity, element.name) in self.reads and element.type not in above
            ]
        below = above | {entity}
        for element, place in self.read[entity, above]:
            value = self._value(element, items, below)
            # within lists every third value is missing: rules pass, fail and are inconclusive
            if not (place and self.drawn[place] % 3 == 0):
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
