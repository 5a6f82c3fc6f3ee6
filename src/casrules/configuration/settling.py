"""Applies configuration rules to one declaration until nothing changes any more.

- All rules of a round read the declaration as it was when the round began, and all sources are read before any target
  is written: the order of rules in their files says nothing.
- Where several rules write one place, the strongest (the smallest rank) wins. Two of one rank that want different
  values clash: the place stays as it was, and both are named.
- What one rule writes, others may build upon in the next round. A place is written again only by a stronger rule; a
  rule that would write a place again and again clashes with itself.
- So applying the rules to the result changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from casrules.configuration.state import State
from casrules.configuration.wishes import Wish, is_open, wishes
from casrules.declaration import AddEntity, Edit, Record, RecordPath, RemoveEntity, to_pointer
from casrules.dictionary import Dictionary
from casrules.findings import Edit as Proposed
from casrules.findings import Fix, PathWriter
from casrules.packs import PackedConfiguration
from casrules.rules import Failure, RulePlan
from casrules.rules.changes import Changes

ROUNDS = 50
"""Rounds after which rules that still change something are taken for a circle."""
Fields = frozenset[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Clash:
    """Rules that want different values at one place; `values` in the order of `rules`, one rule alone is a circle."""

    path: RecordPath
    rules: tuple[PackedConfiguration, ...]
    values: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Question:
    """A rule that applies to an entity and leaves the decision to a person."""

    rule: PackedConfiguration
    failure: Failure
    fix: Fix


@dataclass(frozen=True, slots=True)
class Settled:
    """What became of a declaration: its record, what wrote each place, what stayed open."""

    state: State
    writers: Mapping[str, Wish]
    questions: tuple[Question, ...] = ()
    clashes: tuple[Clash, ...] = ()

    @property
    def record(self) -> Record:
        """The completed record."""
        return self.state.record

    @property
    def edits(self) -> tuple[Edit, ...]:
        """What leads from the declaration before to the completed one."""
        return tuple(self.state.edits())

    def writer(self, path: RecordPath) -> str:
        """The full id of the rule that wrote the value at a path of the completed record; "" where none did."""
        for length in range(len(path), 0, -1):
            wish = self.writers.get(self.state.name(path[:length]))
            if wish is not None:
                return wish.rule.id
        return ""

    def author(self, edit: Edit) -> str:
        """The full id of the rule that one of `edits` comes from."""
        name = self.state.name_of(edit.values) if isinstance(edit, AddEntity) else to_pointer(edit.path)
        return self.writers[name].rule.id


@dataclass(frozen=True)
class Configuration:
    """The configuration rules for one kind of message on one day; `carries` says whether it can hold an edit."""

    plan: RulePlan
    rules: Mapping[str, PackedConfiguration]
    dictionary: Dictionary
    carries: Callable[[Proposed], bool]
    day: str | None = None


def settle(original: Mapping[str, Any], configuration: Configuration, invalid: Fields = frozenset()) -> Settled:
    """Apply the rules to a declaration; `invalid` are the (entity, element) pairs with an unreadable value."""
    clashes: dict[str, Clash] = {}
    while True:
        attempt = _Attempt(State(original, configuration.dictionary), configuration, invalid, clashes)
        found = attempt.run()
        if not found:
            break
        clashes.update(found)
    return Settled(attempt.state, attempt.writers, tuple(attempt.questions()), tuple(clashes.values()))


@dataclass
class _Attempt:
    """One try from the beginning, the places that rules were found to fight over left alone."""

    state: State
    configuration: Configuration
    invalid: Fields
    blocked: Mapping[str, Clash]
    writers: dict[str, Wish] = field(default_factory=dict)
    applied: tuple[tuple[PackedConfiguration, Failure, Fix], ...] = ()

    def run(self) -> dict[str, Clash]:
        """Round after round until nothing changes; the clashes that came up end the try."""
        for _ in range(ROUNDS):
            self.applied = tuple(self._applying())
            wanted = [
                wish
                for rule, _, fix in self.applied
                if rule.written.head.mode == "apply" and not any(is_open(edit) for edit in fix.edits)
                for wish in wishes(rule, fix, self.state)
                if wish.name not in self.blocked
            ]
            clashes, chosen = self._decided(wanted)
            if clashes or not chosen:
                return clashes
            self.writers.update(chosen)
            self.state.apply({name: wish.edit for name, wish in chosen.items() if wish.edit is not None})
        return {name: Clash(wish.path, (wish.rule,), (wish.value,)) for name, wish in chosen.items()}

    def questions(self) -> Iterator[Question]:
        """What stays for a person once nothing changes any more."""
        for rule, failure, fix in self.applied:
            edits = fix.edits
            if rule.written.head.mode == "apply" and not any(is_open(edit) for edit in edits):
                continue
            if any(wish.edit is not None for wish in wishes(rule, fix, self.state)):
                yield Question(rule, failure, fix)

    def _applying(self) -> Iterator[tuple[PackedConfiguration, Failure, Fix]]:
        """Each rule and entity where a rule applies, with its edits there; what the message cannot hold is left out."""
        configuration, record = self.configuration, self.state.record
        context = configuration.plan.context_on(configuration.day)
        paths = PathWriter(record, configuration.dictionary)
        for failure in configuration.plan.run(record, configuration.day, self.invalid).failures:
            for fix in Changes(failure, record, context, paths).fixes():
                if all(map(configuration.carries, fix.edits)):
                    yield configuration.rules[failure.rule.id], failure, fix

    def _decided(self, wanted: Sequence[Wish]) -> tuple[dict[str, Clash], dict[str, Wish]]:
        """What clashes and what is to be done now."""
        by_name: dict[str, list[Wish]] = {}
        for wish in wanted:
            by_name.setdefault(wish.name, []).append(wish)
        clashes: dict[str, Clash] = {}
        chosen: dict[str, Wish] = {}
        for name, group in by_name.items():
            best = min(wish.rank for wish in group)
            strongest = [wish for wish in group if wish.rank == best]
            earlier = self.writers.get(name)
            if earlier is not None and earlier.rank < best:
                continue
            if earlier is not None and earlier.rank == best:
                strongest = [earlier, *strongest]
            if clash := _clash(strongest):
                clashes[name] = clash
            elif strongest[-1].edit is not None:
                chosen[name] = strongest[-1]
        clashes.update(self._undone(chosen))
        return clashes, chosen

    def _undone(self, chosen: Mapping[str, Wish]) -> Iterator[tuple[str, Clash]]:
        """Removals of what a rule added or wrote: adding and removing would follow each other for ever."""
        for name, wish in chosen.items():
            earlier = self.writers.get(name)
            if isinstance(wish.edit, RemoveEntity) and earlier is not None:
                yield name, Clash(wish.path, (earlier.rule, wish.rule), (earlier.value, None))


def _clash(group: Sequence[Wish]) -> Clash | None:
    """The clash of wishes of one rank; None where all want the same."""
    first = group[0]
    others = [wish for wish in group if wish.value != first.value]
    if not others:
        return None
    seen = {wish.rule.id: wish for wish in (first, *others)}
    ordered = [seen[name] for name in sorted(seen)]
    return Clash(others[0].path, tuple(w.rule for w in ordered), tuple(w.value for w in ordered))
