"""Configuration rules in the way of a document: applied after it is opened, before the rules see it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from casrules.configuration import ConfigurationSet, Settled, configuration_set, settle, shipped_statements
from casrules.configuration.applying import Configuration, Fields
from casrules.configuration.carrying import Carrying
from casrules.configuration.telling import Alterations, Telling, changes
from casrules.declaration import Record
from casrules.dictionary import shipped_dictionary
from casrules.engine.sharing import LoadedLists, LoadedPacks, shared_plans
from casrules.findings import Change, Draft, PathWriter
from casrules.language import EvaluationContext
from casrules.packs import load_pack, shipped_code_lists
from casrules.rules import Choice, ViolationWriter

if TYPE_CHECKING:
    from casrules.engine.opened import Opened
    from casrules.engine.planning import MessagePlan, Plans

SETS_KEPT = 8


@dataclass(frozen=True)
class Configurer:
    """The configuration rules of one engine, planned for each kind of message."""

    rules: ConfigurationSet
    plans: Plans

    def apply(self, opened: Opened, day: str | None) -> Completed:
        """The document with the rules applied as of `day` (YYYY-MM-DD; None: only undated rules)."""
        assert opened.plan is not None, "a document of no known message is not configured"
        checks = opened.plan
        plan = self.plans.plan(checks.family, checks.message, checks.schema_set, checks.start)
        return Completed(
            opened, self.settle(plan, opened.whole, day, opened.invalid), plan.rules_on(day).context_on(day)
        )

    def settle(self, plan: MessagePlan, record: Record, day: str | None, invalid: Fields = frozenset()) -> Settled:
        """A record of a kind of message with the rules applied; `plan` is one of `plans`."""
        rules, dictionary = self.rules.rules, self.plans.catalog.dictionary
        carrying = Carrying(plan.mapping)
        using = Configuration(plan.rules_on(day), rules, dictionary, carrying.holds, day, carrying.numbered)
        return settle(record, using, invalid)


@dataclass(frozen=True)
class Completed:
    """A document and what configuration rules made of it."""

    before: Opened
    settled: Settled
    context: EvaluationContext

    @property
    def opened(self) -> Opened:
        """The document as the rules see it; what was wrong with its form stays told of the document as it came."""
        before, record = self.before, self.settled.record
        return replace(before, record=record, bind_all=lambda: record, drafts=lambda _: before.drafts(before))

    @property
    def alterations(self) -> Alterations:
        """Where things stood in the document, and which rule changed them."""
        return Alterations(self.settled)

    @property
    def changes(self) -> tuple[Change, ...]:
        """What the rules changed."""
        return changes(self.settled, PathWriter(self.settled.state.original, self.settled.state.dictionary))

    def drafts(self, document: str) -> list[Draft]:
        """The questions to a person, and the rules that contradict each other; `document` is the document's key."""
        writer = ViolationWriter(
            record=self.settled.record,
            dictionary=self.settled.state.dictionary,
            context=self.context,
            document=document,
            system="",
            locator=self.before.locator,
            alterations=self.alterations,
        )
        return Telling(self.settled, writer).drafts()


def configurer(folders: Sequence[Path], lists: LoadedLists | None = None) -> Configurer | None:
    """The configuration rules of the packs in `folders`, with code lists (default: the shipped ones); None for none.

    Raises PackError or RuleError, with file and line, for what is wrong with them.
    """
    if not folders:
        return None
    loaded = LoadedPacks(tuple(load_pack(folder) for folder in folders))
    return _shared(loaded, lists or LoadedLists(shipped_code_lists()))


@lru_cache(SETS_KEPT)
def _shared(loaded: LoadedPacks, lists: LoadedLists) -> Configurer:
    rules = configuration_set(loaded.packs, shipped_dictionary(), shipped_statements())
    return Configurer(rules, shared_plans(LoadedPacks(rules.packs), lists, Choice()))
