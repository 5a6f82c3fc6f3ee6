"""What runs for a kind of message: which rules, on which fields; made once for each message, schema set and period."""

from __future__ import annotations

import threading
from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeVar

from casrules.collecting import collector_paused
from casrules.dictionary.elements import SERVED
from casrules.engine.catalog import Catalog
from casrules.language import EvaluationContext
from casrules.messages.binding import Binder, binder_for
from casrules.messages.family import Family, Message, SchemaSet
from casrules.messages.message_mapping import MessageMapping
from casrules.packs import CodeLists
from casrules.rules import Choice, MessageKind, RulePlan, RuleSet, plan_rules
from casrules.tariff import TariffMeasures, carried_with
from casrules.tariff.measures import Direction
from casrules.tariff.serving import asked, direction_of

Made = TypeVar("Made")
TRADED = ("item", "house", "consignment", "declaration")
IDENTITY = ("lrn", "mrn", "declarant.id", "holder.id")


@dataclass(frozen=True)
class MessagePlan:
    """One kind of message under one schema set: its mapping, and the binders and rules for it."""

    kind: MessageKind
    family: Family
    message: Message
    mapping: MessageMapping
    engine: Plans
    schema_set: SchemaSet
    start: str | None = None
    _kept: dict[Any, Any] = field(default_factory=dict, repr=False, compare=False)

    def rules_on(self, day: str | None) -> RulePlan:
        """The rules that apply on a day (YYYY-MM-DD; None: the undated ones), compiled."""
        period = None if day is None else bisect_right(self.engine.dates, day[:10])
        return self.engine.once(self._kept, ("rules", period), lambda: self._plan(day))

    @property
    def direction(self) -> Direction | None:
        """Import or export, where a tariff can be asked about the items."""
        return direction_of(self.kind.flow) if self.kind.role != "answer" else None

    @cached_property
    def carried(self) -> frozenset[str]:
        """What a record of the message can hold: what it carries, and what a given tariff says of its items."""
        served = self.engine.tariff is not None and self.direction is not None
        return carried_with(self.mapping.carried, self.engine.catalog.dictionary) if served else self.mapping.carried

    @cached_property
    def wants_tariff(self) -> bool:
        """Whether some rule, in any period, would ask a tariff about the items of this message."""
        return self.direction is not None and any(("item", name) in self._reads for name in SERVED)

    def _plan(self, day: str | None) -> RulePlan:
        lists, ruleset, carried = self.engine.code_lists, self.engine.ruleset, self.carried
        context = EvaluationContext(day, lambda name: lists.get(name, day), ruleset.tables.get)
        rules = ruleset.applicable(self.kind, day, self.engine.choice)
        return plan_rules(rules, context, lambda names: ".".join(names) in carried)

    @cached_property
    def whole(self) -> Binder:
        """The binder of every field: for findings, fixes and people."""
        return binder_for(self.mapping)

    @cached_property
    def narrow(self) -> Binder:
        """The binder of the fields that rules read in any period, and of those that identify the declaration."""
        mapping, reads = self.mapping, self._reads | self._asked
        needed = {*IDENTITY, *(path.removeprefix("declaration.") for path in self.reference_dates)}
        for place in mapping.top.walk():
            above = ".".join(place.names)
            if place.owner is not None and (place.owner.entity, place.owner.name) in reads:
                needed.add(above)
            for name in {value.element.name for value in place.values} | set(place.constants):
                if (place.entity, name) in reads:
                    needed.add(f"{above}.{name}" if above else name)
        return binder_for(mapping, {path for path in needed if path in mapping.carried})

    @cached_property
    def _reads(self) -> frozenset[tuple[str, str]]:
        days = (None, *self.engine.ruleset.dates, "0001-01-01")
        rules = {
            rule.id: rule for day in days for rule in self.engine.ruleset.applicable(self.kind, day, self.engine.choice)
        }
        return frozenset().union(*(rule.checked.reads for rule in rules.values()))

    @cached_property
    def _asked(self) -> frozenset[tuple[str, str]]:
        """What a given tariff is asked with, at an item and above it."""
        if self.engine.tariff is None or self.direction is None:
            return frozenset()
        return frozenset((entity, name) for entity in TRADED for name in asked().names)

    @property
    def reference_dates(self) -> tuple[str, ...]:
        """Dictionary paths of the reference date, the first that is present wins."""
        return self.family.reference_dates(self.message)


@dataclass(frozen=True)
class Plans:
    """All message plans of one engine. Safe to share between threads: each is made once, under a lock."""

    catalog: Catalog
    ruleset: RuleSet
    code_lists: CodeLists
    choice: Choice
    tariff: TariffMeasures | None = None
    _kept: dict[Any, Any] = field(default_factory=dict, repr=False, compare=False)
    _lock: threading.RLock = field(default_factory=threading.RLock, repr=False, compare=False)

    def plan(
        self, family: Family, message: Message, schema_set: SchemaSet | None = None, start: str | None = None
    ) -> MessagePlan:
        """The plan for messages of a kind under a schema set; by default, or where it lacks them, the preferred one.

        `start` is where the declaration begins, where that is not the manifest's place.
        """
        having = self.once(self._kept, ("sets", family.id, message.id), lambda: self.catalog.sets_of(family, message))
        chosen = schema_set if schema_set in having else having[0]
        key = (family.id, message.id, chosen.id, start or message.start)
        return self.once(self._kept, key, lambda: self._make(family, message, chosen, start))

    def _make(self, family: Family, message: Message, schema_set: SchemaSet, start: str | None) -> MessagePlan:
        kind = MessageKind(
            family=family.id,
            message=f"{family.id}.{message.id}",
            phase=schema_set.phase,
            jurisdiction=family.jurisdiction,
            flow=message.flow or family.flow,
            role=message.role,
            complete=message.complete,
        )
        mapping = self.catalog.mapping(family, message, schema_set.id, start)
        return MessagePlan(kind, family, message, mapping, self, schema_set, start)

    @cached_property
    def dates(self) -> tuple[str, ...]:
        """The days between which neither rules nor code lists change."""
        return tuple(sorted({*self.ruleset.dates, *self.code_lists.dates()}))

    def once(self, kept: dict[Any, Any], key: Any, make: Callable[[], Made]) -> Made:
        """What `kept` holds under `key`, made at the first call."""
        found: Made | None = kept.get(key)
        if found is None:
            with self._lock:
                found = kept.get(key)
                if found is None:
                    with collector_paused():
                        found = kept[key] = make()
        return found
