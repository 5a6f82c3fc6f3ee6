"""All rules of the loaded packs, checked; and the choice of those that apply to a message on a day."""

from __future__ import annotations

import fnmatch
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, partial

from casrules.dictionary import Dictionary
from casrules.language import CheckedRule, RuleSource, Text, check_rule
from casrules.packs import CodeLists, Pack, PackedRule
from casrules.packs.models import Scope
from casrules.packs.tables import Table
from casrules.rules.sources import rule_source


@dataclass(frozen=True, slots=True)
class MessageKind:
    """What a rule's scope is compared with; `message` is the full id (`ncts.CC015C`)."""

    family: str
    message: str
    phase: str = ""
    jurisdiction: str = ""
    flow: str = ""
    role: str = "declaration"
    complete: bool = True

    def within(self, scope: Scope) -> bool:
        """Whether a rule with this scope is for the message; a partial one must be named, by role or by id."""
        if not self.complete and self.role not in scope.role and self.message not in scope.message:
            return False
        pairs = (
            (scope.family, self.family), (scope.message, self.message), (scope.phase, self.phase),
            (scope.jurisdiction, self.jurisdiction), (scope.flow, self.flow), (scope.role, self.role),
        )  # fmt: skip
        return all(not allowed or value in allowed for allowed, value in pairs)


@dataclass(frozen=True, slots=True)
class Choice:
    """What the caller wants to run: statuses, and shell patterns of rule ids to select and to ignore."""

    statuses: frozenset[str] = frozenset({"stable", "deprecated"})
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()

    def takes(self, packed: PackedRule) -> bool:
        """Whether the rule is wanted; ignoring wins over selecting."""
        if any(_matches(packed.id, pattern) for pattern in self.ignore):
            return False
        if self.select:
            return any(_matches(packed.id, pattern) for pattern in self.select)
        return packed.rule.status in self.statuses


@dataclass(frozen=True)
class PackRule:
    """A rule of a pack beside its checked form; `computations` are the checked expressions of its fixes."""

    packed: PackedRule
    checked: CheckedRule
    computations: Mapping[str, CheckedRule] = field(default_factory=dict)

    @property
    def id(self) -> str:
        """The full id, `<pack>.<rule>`."""
        return self.packed.id


@dataclass(frozen=True)
class RuleSet:
    """Every rule of the packs; immutable, shared between threads."""

    packs: tuple[Pack, ...]
    rules: Mapping[str, PackRule]
    tables: Mapping[str, Table]

    @cached_property
    def dates(self) -> tuple[str, ...]:
        """The days on which some rule begins to hold or has just ceased to, sorted: between two of them nothing changes."""
        from datetime import timedelta

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
            found[name]
            for name in sorted(found)
            if name not in silenced and found[name].packed.rule.valid.covers(day)
        ]


def build_ruleset(
    packs: Sequence[Pack],
    dictionary: Dictionary,
    code_lists: CodeLists,
    families_of: Callable[[Scope], frozenset[str]],
    families: frozenset[str],
) -> RuleSet:
    """Check every rule of `packs`; `families_of` gives the message families a scope allows (empty: all `families`).

    Raises RuleError with file and line for a rule that does not pass its check, PackError for ids that do not exist.
    """
    tables = {name: table for pack in packs for name, table in pack.tables.items()}
    rules: dict[str, PackRule] = {}
    for packed in _packed(packs):
        source = rule_source(packed, families_of(packed.scope))
        check = partial(check_rule, dictionary=dictionary, code_lists=code_lists.names(), tables=_columns(tables), families=families)
        rules[packed.id] = PackRule(packed, check(source), _computations(packed, source, check))
    return RuleSet(tuple(packs), rules, tables)


def _computations(
    packed: PackedRule, source: RuleSource, check: Callable[[RuleSource], CheckedRule]
) -> dict[str, CheckedRule]:
    """The expressions that fixes compute, each checked as the one placeholder of a message of the same rule."""
    texts = {
        text: packed.place("fix", number, "compute", path)
        for number, plan in enumerate(packed.rule.fix)
        for path, text in plan.compute.items()
    }
    return {
        text: check(replace(source, message=Text(f"{{{text}}}", place), branches=(), require=f"({text}) == ({text})", when=None, at=()))
        for text, place in texts.items()
    }


def _packed(packs: Iterable[Pack]) -> Iterable[PackedRule]:
    for pack in packs:
        yield from pack.rules.values()


def _columns(tables: Mapping[str, Table]) -> dict[str, dict[str, str]]:
    """The columns of every table; all of them hold text."""
    return {
        name: {column: "text" for row in table.values() for column in row} for name, table in tables.items()
    }


def _matches(rule_id: str, pattern: str) -> bool:
    """A pattern matches a full id, or the part after the pack (`R0223`), with `*` and `?`."""
    return fnmatch.fnmatchcase(rule_id, pattern) or fnmatch.fnmatchcase(rule_id, f"*.{pattern}")
