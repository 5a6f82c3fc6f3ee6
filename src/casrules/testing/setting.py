"""Where an example plays: which message under which phase, on which day, with which record."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from casrules.declaration import Invalid, Record
from casrules.dictionary import Dictionary
from casrules.errors import CasrulesError
from casrules.language import CheckedRule, EvaluationContext, restrict
from casrules.language.checked import RecordPath
from casrules.language.visiting import Scope, visited
from casrules.testing.carriers import Carrier, Names
from casrules.testing.declarations import expand
from casrules.testing.suite import Case, Suite

DEFAULT_DAY = "2025-06-01"


class UnplayableError(CasrulesError):
    """An example cannot be run as it is written: `problem` says why, `remedy` what to change."""


@dataclass(frozen=True)
class Setting:
    """An example ready to run: its record, and the rule as it runs on that message."""

    case: Case
    carrier: Carrier
    day: str
    record: Record
    rule: CheckedRule
    context: EvaluationContext
    invalid: frozenset[tuple[str, str]]

    @cached_property
    def entities(self) -> tuple[tuple[int, Scope, RecordPath], ...]:
        """Each entity at the end of a way: chain, scope names, record path."""
        return tuple(
            (number, scope, instance)
            for number, chain in enumerate(self.rule.chains)
            for scope, instance in visited(self.record, chain)
        )

    @cached_property
    def visits(self) -> tuple[tuple[int, int, Scope, RecordPath], ...]:
        """Each visited entity with each branch that runs there: branch, chain, scope names, record path."""
        return tuple(
            (index, number, scope, instance)
            for number, scope, instance in self.entities
            for index, branch in enumerate(self.rule.branches)
            if number in branch.chains
        )


def setting_of(case: Case, suite: Suite) -> Setting:
    """The message and phase are the example's, else the first of the rule's scope; where it names none, the first
    message that can carry what the example gives. The day is the example's `as_of`, else the rule's `valid.from`, else
    2025-06-01.

    Raises UnplayableError for an example that the rule never reaches as it stands.
    """
    packed, example = case.rule.packed, case.example
    try:
        record = expand(example.given, suite.dictionary)
    except CasrulesError as error:
        raise UnplayableError(error.problem, remedy=error.remedy) from None
    since = packed.rule.valid.since
    day = example.as_of or (since.isoformat() if since else DEFAULT_DAY)
    _check_day(case, day)
    carrier, rule = _carrier(case, record, suite)
    invalid = frozenset(invalid_fields(record, suite.dictionary.root, suite.dictionary))
    return Setting(case, carrier, day, record, rule, suite.context(day, complete=True), invalid)


def _check_day(case: Case, day: str) -> None:
    try:
        covered = case.rule.packed.rule.valid.covers(day)
    except ValueError:
        raise UnplayableError(f"as_of {day!r} is not a date", remedy="write it as YYYY-MM-DD") from None
    if not covered:
        raise UnplayableError(f"the rule is not in force on {day}", remedy="give `as_of` a day within `valid`")


def _carrier(case: Case, record: Record, suite: Suite) -> tuple[Carrier, CheckedRule]:
    example, scope = case.example, case.rule.packed.scope
    if example.message and not suite.carriers.named(example.message):
        near = difflib.get_close_matches(example.message, suite.carriers.names, n=1, cutoff=0.4)
        remedy = f"did you mean {near[0]}?" if near else "write it as family.message"
        raise UnplayableError(f"there is no message {example.message!r}", remedy=remedy)
    written = sorted(set(written_names(record, suite.dictionary.root, suite.dictionary, ())))
    refusal = ""
    for carrier in suite.carriers.within(scope, example.message, example.phase):
        strange = next((names for names in written if not carrier.carries(names)), None)
        rule = restrict(case.rule.checked, carrier.carries)
        if strange is None and any(branch.chains for branch in rule.branches):
            return carrier, rule
        what = f"{'.'.join(strange)}, which the example gives" if strange else "what the rule's `require` reads"
        refusal = refusal or f"{carrier} cannot carry {what}"
        if example.message or scope.message:
            break
    if refusal:
        raise UnplayableError(refusal, remedy="drop it, or name a `message` that can")
    shown = " ".join(filter(None, (example.message, example.phase))) or "no message"
    raise UnplayableError(f"{shown} is not within the rule's scope", remedy="name a message and phase the rule is for")


def written_names(values: Record, entity: str, dictionary: Dictionary, above: Names) -> Iterator[Names]:
    """The names of every value and entity of the record; what merely tells a list's kind is left out."""
    for name, value in values.items():
        element = dictionary.element(entity, name)
        names = (*above, name)
        if element.is_scalar:
            if name not in ("kind", "level"):
                yield names
            continue
        yield names
        for entry in value if isinstance(value, list) else [value]:
            yield from written_names(entry, element.type, dictionary, names)


def invalid_fields(values: Record, entity: str, dictionary: Dictionary) -> Iterator[tuple[str, str]]:
    """The (entity, element) pairs of values that cannot be read."""
    for name, value in values.items():
        if isinstance(value, Invalid):
            yield entity, name
            continue
        element = dictionary.element(entity, name)
        if not element.is_scalar:
            entries: list[Any] = value if isinstance(value, list) else [value]
            for entry in entries:
                yield from invalid_fields(entry, element.type, dictionary)


__all__ = ["DEFAULT_DAY", "Setting", "UnplayableError", "invalid_fields", "setting_of", "written_names"]
