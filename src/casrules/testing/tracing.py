"""Why a rule fires on a message, why not, and why it does not apply: its truth table for every visited entity."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from casrules.language import CheckedRule, EvaluationContext, restrict
from casrules.language.checked import Carried, RecordPath
from casrules.language.visiting import visited
from casrules.packs.models import CONTENT_SCOPES, Scope
from casrules.rules import MessageKind, PackRule, RuleSet
from casrules.testing.reach import lacking_of
from casrules.testing.truth_table import Table, truth_table


@dataclass(frozen=True, slots=True)
class Visit:
    """One visited entity with what each branch says of it."""

    instance: RecordPath
    tables: tuple[Table, ...]


@dataclass(frozen=True, slots=True)
class Subject:
    """The message a rule is traced on; `day` is the reference date (YYYY-MM-DD), None where it is unknown."""

    kind: MessageKind
    record: Mapping[str, Any]
    day: str | None
    carries: Carried
    context: EvaluationContext


@dataclass(frozen=True, slots=True)
class Trace:
    """What a rule does on a message.

    `obstacles` say why it does not run there at all; its conditions are evaluated all the same where they can be.
    `limits` say what of it does not run, since the message cannot carry what it reads.
    """

    rule: PackRule
    obstacles: tuple[str, ...]
    limits: tuple[str, ...]
    visits: tuple[Visit, ...]

    @property
    def counts(self) -> Counter[str]:
        """How many entities and branches had each outcome."""
        return Counter(table.status for visit in self.visits for table in visit.tables)


def trace(rule: PackRule, subject: Subject, ruleset: RuleSet) -> Trace:
    """Trace `rule` on a message, with the rules that might silence it."""
    runnable = restrict(rule.checked, subject.carries)
    obstacles = [*_outside(rule.packed.scope, subject.kind), *_not_in_force(rule, subject.day)]
    obstacles += _silenced(rule, subject, ruleset)
    if not any(branch.chains for branch in runnable.branches):
        branches, chains = rule.checked.branches, rule.checked.chains
        found = [lacking_of(branch, chains, subject.carries) for branch in branches]
        lacking = ", ".join({name: None for names in found for name in names})
        obstacles.append(f"the message cannot carry what the rule reads: {lacking}")
        return Trace(rule, tuple(obstacles), (), tuple(_visits(rule.checked, subject)))
    limits = [
        f"branch {branch.key or '(the only one)'} runs on {len(branch.chains)} of {len(rule.checked.chains)} ways"
        f" to a {rule.checked.target}; the message cannot carry the others"
        for branch in runnable.branches
        if len(branch.chains) < len(rule.checked.chains)
    ]
    return Trace(rule, tuple(obstacles), tuple(limits), tuple(_visits(runnable, subject)))


def _visits(rule: CheckedRule, subject: Subject) -> Iterator[Visit]:
    for number, chain in enumerate(rule.chains):
        branches = [branch for branch in rule.branches if number in branch.chains]
        if branches:
            for scope, instance in visited(subject.record, chain):
                yield Visit(instance, tuple(truth_table(branch, scope, subject.context) for branch in branches))


def _outside(scope: Scope, kind: MessageKind) -> Iterator[str]:
    for name in type(scope).model_fields.keys() - set(CONTENT_SCOPES):
        wanted, value = getattr(scope, name), getattr(kind, name)
        if wanted and value not in wanted:
            yield f"its scope is {name} {', '.join(wanted)}, and the message has {value or 'none'}"
    if not kind.complete and kind.role not in scope.role and kind.message not in scope.message:
        yield f"the message is partial ({kind.role}), and the rule's scope does not name it"


def _not_in_force(rule: PackRule, day: str | None) -> Iterator[str]:
    written = rule.packed.rule
    if not written.valid.covers(day):
        since = f" from {written.valid.since}" if written.valid.since else ""
        until = f" to {written.valid.until}" if written.valid.until else ""
        yield f"it holds{since}{until}, and the reference date is {day or 'unknown'}"
    if written.status in ("draft", "preview"):
        yield f"its status is {written.status}: it runs only when asked for"


def _silenced(rule: PackRule, subject: Subject, ruleset: RuleSet) -> Iterator[str]:
    for other in ruleset.rules.values():
        released = other.packed.rule.status in ("stable", "deprecated")
        if rule.id in other.packed.rule.specialises and released and subject.kind.within(other.packed.scope):
            yield f"{other.id} stands in its place for such messages"
