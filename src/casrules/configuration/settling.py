"""Applies configuration rules to one declaration until nothing changes any more.

- All rules of a round read the declaration as it was when the round began, and all sources are read before any target
  is written: the order of rules in their files says nothing.
- Where several rules write one place, the strongest (the smallest rank) wins. Two of one rank that want different
  values clash: the place stays as it was, and both are named.
- What one rule writes, others may build upon in the next round. A place is written again only by a stronger rule, or by
  the same one where what it reads has changed; a rule that would go on for ever clashes with itself.
- A value that is there but cannot be read counts as there: `default` leaves it, `set` overrides it, and a rule that
  reads it is not evaluated.
- A rule that breaks down at an entity does nothing there, is named, and keeps no other rule from its work.
- So applying the rules to the result changes nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from casrules.configuration.applying import Application, Broken, Configuration, Fields, applications, reason_of
from casrules.configuration.state import State
from casrules.configuration.wishes import Wish, is_open, wishes
from casrules.declaration import AddEntity, Edit, Record, RecordPath, RemoveEntity, to_pointer
from casrules.packs import PackedConfiguration

FOLLOWED = 5
"""Times that a rule writes one place anew, since what it reads has changed, before it is taken for a circle."""
ROUNDS = 50
"""Rounds after which rules that still change something are taken for a circle."""


@dataclass(frozen=True, slots=True)
class Clash:
    """Rules that want different values at one place; `values` in the order of `rules`, one rule alone is a circle."""

    path: RecordPath
    rules: tuple[PackedConfiguration, ...]
    values: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Settled:
    """What became of a declaration: its record, what wrote each place, what stayed open.

    `questions` are the rules that leave the decision to a person, `broken` those that could not do their work.
    """

    state: State
    writers: Mapping[str, Wish]
    questions: tuple[Application, ...] = ()
    clashes: tuple[Clash, ...] = ()
    broken: tuple[Broken, ...] = ()

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
        if isinstance(edit, AddEntity):
            return self.writers[self.state.name_of(edit.values)].rule.id
        singles = {name.partition("+")[0]: wish for name, wish in self.writers.items() if wish.adds_single}
        for length in range(len(edit.path), 0, -1):
            name = to_pointer(edit.path[:length])
            wish = self.writers.get(name) or singles.get(name)
            if wish is not None:
                return wish.rule.id
        return ""


def settle(original: Mapping[str, Any], configuration: Configuration, invalid: Fields = frozenset()) -> Settled:
    """Apply the rules to a declaration; `invalid` are the (entity, element) pairs with an unreadable value."""
    clashes: dict[str, Clash] = {}
    while True:
        attempt = _Attempt(_state(original, configuration), configuration, invalid, clashes)
        found = attempt.run()
        if not found:
            break
        clashes.update(found)
    questions = tuple(attempt.questions())
    return Settled(attempt.state, attempt.writers, questions, tuple(clashes.values()), tuple(attempt.broken.values()))


def _state(original: Mapping[str, Any], configuration: Configuration) -> State:
    return State(original, configuration.dictionary, configuration.numbered)


@dataclass
class _Attempt:
    """One try from the beginning, the places that rules were found to fight over left alone."""

    state: State
    configuration: Configuration
    invalid: Fields
    blocked: Mapping[str, Clash]
    writers: dict[str, Wish] = field(default_factory=dict)
    followed: Counter[str] = field(default_factory=Counter)
    applied: list[Application] = field(default_factory=list)
    broken: dict[tuple[str, RecordPath], Broken] = field(default_factory=dict)

    def run(self) -> dict[str, Clash]:
        """Round after round until nothing changes; the clashes that came up end the try."""
        for _ in range(ROUNDS):
            self.applied, broken = applications(self.state.record, self.configuration, self.invalid)
            self._note(broken)
            wanted = [wish for found in self.applied if not _is_asked(found) for wish in self._wishes(found)]
            clashes, chosen = self._decided([wish for wish in wanted if wish.name not in self.blocked])
            if clashes or not chosen:
                return clashes
            self.writers.update(chosen)
            self.state.apply({name: wish.edit for name, wish in chosen.items() if wish.edit is not None})
        return {name: Clash(wish.path, (wish.rule,), (wish.value,)) for name, wish in chosen.items()}

    def questions(self) -> Iterator[Application]:
        """What stays for a person once nothing changes any more."""
        for found in self.applied:
            if _is_asked(found) and any(wish.edit is not None for wish in self._wishes(found)):
                yield found

    def _wishes(self, found: Application) -> list[Wish]:
        """What a rule wants at an entity: everything or, where a part of it cannot be, nothing."""
        try:
            return list(wishes(found.rule, found.fix, self.state))
        except Exception as error:  # one rule's break-down is told and must not stop the others
            self._note([Broken(found.rule, found.failure.instance, reason_of(error))])
            return []

    def _note(self, broken: Sequence[Broken]) -> None:
        for one in broken:
            self.broken.setdefault((one.rule.id, one.path), one)

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
            if earlier is not None and earlier.rank == best and not self._follows(earlier, strongest):
                strongest = [earlier, *strongest]
            if clash := _clash(strongest):
                clashes[name] = clash
            elif strongest[-1].edit is not None:
                chosen[name] = strongest[-1]
        clashes.update(self._undone(chosen))
        return clashes, chosen

    def _follows(self, earlier: Wish, group: Sequence[Wish]) -> bool:
        """Whether a rule merely follows what it reads, which another rule has changed; not for ever, though."""
        if any(wish.rule.id != earlier.rule.id for wish in group) or earlier.value == group[0].value:
            return False
        self.followed[earlier.name] += 1
        return self.followed[earlier.name] <= FOLLOWED

    def _undone(self, chosen: Mapping[str, Wish]) -> Iterator[tuple[str, Clash]]:
        """Removals of what a rule added or wrote, and what was added and is not there any more: adding and undoing it
        would follow each other for ever.
        """
        for name, wish in chosen.items():
            earlier = self.writers.get(name)
            if isinstance(wish.edit, RemoveEntity) and earlier is not None:
                yield name, Clash(wish.path, (earlier.rule, wish.rule), (earlier.value, None))
            elif isinstance(wish.edit, AddEntity) and earlier is not None:
                yield name, Clash(wish.path, (wish.rule,), (wish.value,))


def _clash(group: Sequence[Wish]) -> Clash | None:
    """The clash of wishes of one rank; None where all want the same."""
    first = group[0]
    others = [wish for wish in group if wish.value != first.value]
    if not others:
        return None
    seen = {wish.rule.id: wish for wish in (first, *others)}
    ordered = [seen[name] for name in sorted(seen)]
    return Clash(others[0].path, tuple(w.rule for w in ordered), tuple(w.value for w in ordered))


def _is_asked(found: Application) -> bool:
    """Whether a person decides: the rule asks, or a value of it is still to be given."""
    return found.rule.written.head.mode == "ask" or any(is_open(edit) for edit in found.fix.edits)
