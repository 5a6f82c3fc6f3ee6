"""Kills mutants: a mutant lives where every example comes out as it does with the true rule."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from casrules.errors import Place
from casrules.language import CheckedBranch
from casrules.language.carrying import runs
from casrules.language.checked import RecordPath
from casrules.language.outcomes import ERROR, FAILED, NOT_APPLICABLE, NOT_EVALUATED
from casrules.language.reference import Evaluator, judge
from casrules.rules import PackRule
from casrules.testing.mutation.mutants import Mutant, mutants_of
from casrules.testing.mutation.siblings import Siblings
from casrules.testing.running import Problem
from casrules.testing.setting import Setting, UnplayableError, setting_of
from casrules.testing.suite import Suite, cases_of

Outcome = tuple[frozenset[tuple[int, RecordPath]], bool]
"""What a user sees of an example: which branches are violated where, and whether the rule applies at all."""
REQUIRED: Final = 95


@dataclass(frozen=True, slots=True)
class Survivor:
    """A mutant that no example notices."""

    place: Place
    rule: str
    name: str

    def __str__(self) -> str:
        """`file:line: eu.ncts.R0223: when: item.gross_mass > 0 -> item.gross_mass >= 0`."""
        return f"{self.place}: {self.rule}: {self.name}"


@dataclass(frozen=True, slots=True)
class RuleScore:
    """The mutants of one rule; those marked `equivalent` count neither as killed nor as survivors."""

    rule: str
    total: int
    killed: int
    equivalent: int
    survivors: tuple[Survivor, ...]
    problems: tuple[Problem, ...]

    @property
    def percent(self) -> int:
        """Killed of those that can be, rounded down."""
        return _percent(self.killed, self.total - self.equivalent)


@dataclass(frozen=True, slots=True)
class MutationResult:
    """The mutants of one pack; `problems` are marks of equivalents that are not (or no longer) true."""

    pack: str
    rules: tuple[RuleScore, ...]

    @property
    def total(self) -> int:
        """All mutants."""
        return sum(rule.total for rule in self.rules)

    @property
    def killed(self) -> int:
        """Those that an example notices."""
        return sum(rule.killed for rule in self.rules)

    @property
    def equivalent(self) -> int:
        """Those that are marked as equivalent."""
        return sum(rule.equivalent for rule in self.rules)

    @property
    def percent(self) -> int:
        """The mutation score, rounded down."""
        return _percent(self.killed, self.total - self.equivalent)

    @property
    def survivors(self) -> tuple[Survivor, ...]:
        """The mutants no example notices, in order of rule."""
        return tuple(survivor for rule in self.rules for survivor in rule.survivors)

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Marks of equivalents that are wrong."""
        return tuple(problem for rule in self.rules for problem in rule.problems)


def mutate(suite: Suite) -> tuple[MutationResult, ...]:
    """Mutate every rule of the packs under test; the reference evaluator judges."""
    return tuple(
        MutationResult(pack.id, tuple(mutate_rule(rule, suite) for rule in suite.rules(pack))) for pack in suite.packs
    )


def mutate_rule(rule: PackRule, suite: Suite) -> RuleScore:
    """Try every mutant of a rule against its examples."""
    settings = list(_settings(rule, suite))
    carriers = list({id(setting.carrier): setting.carrier for setting in settings}.values())
    true = [_outcome(setting, {}) for setting in settings]
    marks = {entry.mutant: number for number, entry in enumerate(rule.packed.rule.equivalent)}
    alive: list[Mutant] = []
    mutants = mutants_of(rule, Siblings(rule.checked, carriers, suite.dictionary))
    for mutant in mutants:
        if all(_outcome(setting, mutant.branches) == was for setting, was in zip(settings, true, strict=True)):
            alive.append(mutant)
    names = {mutant.name for mutant in alive}
    known = {mutant.name for mutant in mutants}
    problems = tuple(
        Problem(rule.packed.place("equivalent", number), rule.id, _unfounded(name, known))
        for name, number in marks.items()
        if name not in names
    )
    survivors = tuple(Survivor(mutant.place, rule.id, mutant.name) for mutant in alive if mutant.name not in marks)
    marked = len(alive) - len(survivors)
    return RuleScore(rule.id, len(mutants), len(mutants) - len(alive), marked, survivors, problems)


def _unfounded(name: str, known: Iterable[str]) -> str:
    if name in known:
        return f"not equivalent, an example tells them apart: {name}"
    return f"the rule has no such mutant: {name}"


def _settings(rule: PackRule, suite: Suite) -> Iterator[Setting]:
    for case in cases_of(rule):
        try:
            yield setting_of(case, suite)
        except UnplayableError:
            continue  # `check` reports it; such an example kills nothing


def _outcome(setting: Setting, changed: dict[int, CheckedBranch]) -> Outcome:
    violated: set[tuple[int, RecordPath]] = set()
    applies = False
    for index, true in enumerate(setting.rule.branches):
        branch = changed.get(index, true)
        chains = true.chains if branch is true else _chains(branch, setting)
        for number, scope, instance in setting.entities:
            if number not in chains:
                continue
            try:
                status, _ = judge(branch, scope, Evaluator(setting.context))
            except Exception:
                status = ERROR
            if status in (FAILED, ERROR, NOT_EVALUATED):
                violated.add((index if status == FAILED else -1, instance))
            applies = applies or status != NOT_APPLICABLE
    return frozenset(violated), applies


def _chains(branch: CheckedBranch, setting: Setting) -> list[int]:
    """The ways on which a changed branch runs: a change can settle it on this message, or free it."""
    chains = setting.rule.chains
    return [number for number, chain in enumerate(chains) if runs(branch, chain, setting.carrier.carries)]


def _percent(killed: int, total: int) -> int:
    return 100 * killed // total if total else 100
