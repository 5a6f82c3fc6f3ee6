"""Which configuration rules apply where in a declaration, and what they would edit there."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from casrules.declaration import Record, RecordPath
from casrules.dictionary import Dictionary
from casrules.errors import CasrulesError
from casrules.findings import Edit as Proposed
from casrules.findings import Fix, PathWriter
from casrules.language import Outcome
from casrules.language.outcomes import ERROR
from casrules.packs import PackedConfiguration
from casrules.rules import Failure, RulePlan
from casrules.rules.changes import Changes

Fields = frozenset[tuple[str, str]]
REASON_CHARACTERS = 200


@dataclass(frozen=True)
class Configuration:
    """The configuration rules for one kind of message on one day.

    `carries` says whether the message can hold an edit, `numbered` are the dotted names of the lists whose entries it
    wants numbered.
    """

    plan: RulePlan
    rules: Mapping[str, PackedConfiguration]
    dictionary: Dictionary
    carries: Callable[[Proposed], bool]
    day: str | None = None
    numbered: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Application:
    """A rule applies to an entity, with its edits there."""

    rule: PackedConfiguration
    failure: Failure
    fix: Fix


@dataclass(frozen=True, slots=True)
class Broken:
    """A rule that could not do its work at one entity: nothing of it was applied there."""

    rule: PackedConfiguration
    path: RecordPath
    reason: str


def applications(
    record: Record, configuration: Configuration, invalid: Fields
) -> tuple[list[Application], list[Broken]]:
    """Where rules apply as the record is now; what the message cannot hold is left out.

    Of the rows of a table that one entity matches, the first stands; the rows behind one that could not be evaluated
    there do not stand in for it.
    """
    run = configuration.plan.compiled.run(record, configuration.day, invalid=invalid)
    rules = configuration.plan.rules
    failures = [
        Failure(rules[found.rule], found.branch, found.chain, configuration.plan.compiled.instance(found))
        for found in run.failures
    ]
    unsettled = [(configuration.rules[rules[number].id], outcome) for number, outcome in run.unsettled]
    context = configuration.plan.context_on(configuration.day)
    paths = PathWriter(record, configuration.dictionary)
    applied: list[Application] = []
    broken = list(_broken_down(unsettled))
    for rule, failure in _first_rows([(configuration.rules[one.rule.id], one) for one in failures], unsettled):
        try:
            for fix in Changes(failure, record, context, paths).fixes():
                if all(map(configuration.carries, fix.edits)):
                    applied.append(Application(rule, failure, fix))
        except Exception as error:  # one rule's break-down is told and must not stop the others
            broken.append(Broken(rule, failure.instance, reason_of(error)))
    return applied, broken


def reason_of(error: Exception) -> str:
    """Why a rule broke down, short."""
    told = error.problem if isinstance(error, CasrulesError) else f"{type(error).__name__}: {error}"
    return told[:REASON_CHARACTERS]


def _broken_down(unsettled: Iterable[tuple[PackedConfiguration, Outcome]]) -> Iterator[Broken]:
    for rule, outcome in unsettled:
        if outcome.status == ERROR:
            yield Broken(rule, outcome.instance, outcome.reason[:REASON_CHARACTERS])


def _first_rows(
    found: Sequence[tuple[PackedConfiguration, Failure]], unsettled: Iterable[tuple[PackedConfiguration, Outcome]]
) -> Iterator[tuple[PackedConfiguration, Failure]]:
    """All but the rows of a table that a row before them keeps from an entity."""
    first: dict[Any, int] = {}
    met: list[tuple[PackedConfiguration, RecordPath]] = [(rule, one.instance) for rule, one in found]
    met += [(rule, one.instance) for rule, one in unsettled]
    for rule, instance in met:
        if rule.written.first_only:
            key = (rule.packed.pack, rule.packed.table, instance)
            first[key] = min(first.get(key, rule.written.row), rule.written.row)
    for rule, failure in found:
        key = (rule.packed.pack, rule.packed.table, failure.instance)
        if not rule.written.first_only or first[key] == rule.written.row:
            yield rule, failure
