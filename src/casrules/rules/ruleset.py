"""All rules of the loaded packs, checked; and the choice of those that apply to a message on a day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cached_property
from typing import Protocol

from casrules.dictionary import Dictionary
from casrules.findings import RuleOverride
from casrules.language import CheckedRule
from casrules.packs import Foreign, Pack, PackedRule, RuleIds
from casrules.packs.tables import Table
from casrules.rules.choosing import Choice, MessageKind
from casrules.rules.translating import RuleWording, rule_wordings


class Checks(Protocol):
    """What checking a rule gave: now, or when a compiled file was made."""

    @property
    def checked(self) -> CheckedRule:
        """The checked rule."""
        ...

    @property
    def computations(self) -> Mapping[str, CheckedRule]:
        """The checked expressions of its fixes."""
        ...


@dataclass(frozen=True)
class Checked:
    """What checking a rule has just given."""

    checked: CheckedRule
    computations: Mapping[str, CheckedRule]


@dataclass(frozen=True)
class PackRule:
    """A rule of a pack beside its checked form.

    Two are equal where they were written the same: to compare what checking gave would make all that is kept.
    """

    packed: PackedRule
    checks: Checks = field(compare=False)

    @property
    def checked(self) -> CheckedRule:
        """The checked rule."""
        return self.checks.checked

    @property
    def computations(self) -> Mapping[str, CheckedRule]:
        """The checked expressions of its fixes."""
        return self.checks.computations

    @cached_property
    def wordings(self) -> Mapping[str, RuleWording]:
        """Its texts in other languages; RuleError for one that does not fit the English text."""
        return rule_wordings(self.packed, self.checked)

    @property
    def id(self) -> str:
        """The full id, `<pack>.<rule>`."""
        return self.packed.id


@dataclass(frozen=True)
class RuleSet:
    """Every rule of the packs; immutable, shared between threads.

    `ids` knows all ids, former ones too; `overrides` are what reports record; `foreign` are references into packs that
    are not loaded.
    """

    packs: tuple[Pack, ...]
    rules: Mapping[str, PackRule]
    tables: Mapping[str, Table]
    dictionary: Dictionary
    ids: RuleIds
    overrides: tuple[RuleOverride, ...] = ()
    foreign: tuple[Foreign, ...] = ()

    @cached_property
    def dates(self) -> tuple[str, ...]:
        """The days on which some rule begins to hold or has just ceased to, sorted; between two nothing changes."""
        found: set[str] = set()
        for rule in self.rules.values():
            valid = rule.packed.rule.valid
            if valid.since is not None:
                found.add(valid.since.isoformat())
            if valid.until is not None:
                found.add((valid.until + timedelta(days=1)).isoformat())
        return tuple(sorted(found))

    def applicable(self, kind: MessageKind, day: str | None, choice: Choice) -> list[PackRule]:
        """The rules for messages of `kind` on `day` (YYYY-MM-DD or None), in order of id.

        A rule that `specialises` another silences it wherever it is in scope, also on days when it does not hold: what
        an authority does not check in a transition is no error of the general rule either.
        """
        found = {
            rule.id: rule
            for rule in self.rules.values()
            if choice.takes(rule.packed) and kind.within(rule.packed.scope)
        }
        silenced = {general for rule in found.values() for general in rule.packed.rule.specialises}
        return [
            found[name] for name in sorted(found) if name not in silenced and found[name].packed.rule.valid.covers(day)
        ]
