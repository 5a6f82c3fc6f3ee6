"""The compiled plan: runs many rules over a record, with the reference evaluator behind it for what is rare."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import getcontext, setcontext
from functools import cached_property
from typing import Any, NamedTuple

from casrules.collecting import collector_paused
from casrules.dictionary import Invalid
from casrules.language.carrying import restrict
from casrules.language.checked import Carried, CheckedRule, Read, Record, RecordPath
from casrules.language.compiled.function import Generated, build_function
from casrules.language.compiled.units import COUNTS, EVALUATED, FAILURES, Unit
from casrules.language.numbers import EXACT
from casrules.language.outcomes import (
    ERROR,
    FAILED,
    INCONCLUSIVE,
    NOT_APPLICABLE,
    NOT_EVALUATED,
    PASSED,
    STATUSES,
    EvaluationContext,
    Outcome,
    Table,
)
from casrules.language.reference import evaluate

Names = tuple[str, ...]


class Failure(NamedTuple):
    """A violated branch: positions of rule, branch and way in the plan, and of the entity in the lists on the way."""

    rule: int
    branch: int
    chain: int
    positions: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Counts:
    """How many visited entities (times branches) a rule had each outcome for."""

    passed: int = 0
    failed: int = 0
    not_applicable: int = 0
    inconclusive: int = 0
    not_evaluated: int = 0
    error: int = 0

    @property
    def status(self) -> str:
        """The rule's status: the gravest that occurs; not applicable where no entity was visited."""
        return next((status for status in STATUSES if getattr(self, status)), NOT_APPLICABLE)


class Tally(NamedTuple):
    """Raw counts: failed, passed, inconclusive, visited for each unit of a function; and what is counted apart."""

    units: list[Unit]
    counted: list[tuple[int, int, int, int]]
    apart: Mapping[int, Counts]
    rules: int

    @property
    def any_evaluated(self) -> bool:
        """At least one branch passed or failed."""
        return any(
            (failed or passed) and unit.rule not in self.apart
            for unit, (failed, passed, _, _) in zip(self.units, self.counted, strict=True)
        ) or any(counts.passed or counts.failed for counts in self.apart.values())

    def counts(self) -> tuple[Counts, ...]:
        """The counts of each rule."""
        sums = [dict.fromkeys((FAILED, PASSED, INCONCLUSIVE, NOT_APPLICABLE), 0) for _ in range(self.rules)]
        for unit, (failed, passed, unsure, visited) in zip(self.units, self.counted, strict=True):
            tally = sums[unit.rule]
            tally[FAILED] += failed
            tally[PASSED] += passed
            tally[INCONCLUSIVE] += unsure
            tally[NOT_APPLICABLE] += visited - failed - passed - unsure
        return tuple(
            self.apart[number] if number in self.apart else Counts(**tally) for number, tally in enumerate(sums)
        )


@dataclass(frozen=True)
class Run:
    """What a plan found in one record.

    `failures` are in the order of rules, branches, ways and entities. `unsettled` are the outcomes not_evaluated and
    error, each with the position of its rule. `evaluated` is true when at least one branch passed or failed somewhere.
    `fell_back` says that the generated function failed on this record and the reference evaluator judged every rule.
    """

    failures: tuple[Failure, ...]
    unsettled: tuple[tuple[int, Outcome], ...]
    evaluated: bool
    tally: Tally | None = field(default=None, repr=False, compare=False)
    fell_back: bool = False

    @cached_property
    def counts(self) -> tuple[Counts, ...] | None:
        """One for each rule, where they were asked for."""
        return self.tally.counts() if self.tally is not None else None


_CLEAN = Run((), (), True)
_SILENT = Run((), (), False)
_tuple = tuple.__new__


def _failed(failures: tuple[Failure, ...]) -> Run:
    """`Run(failures, (), True)`; a frozen dataclass sets its fields one by one, which costs as much as ten rules."""
    run = object.__new__(Run)
    run.__dict__.update(failures=failures, unsettled=(), evaluated=True)
    return run


class NotGeneratedError(RuntimeError):
    """The generated function of a plan could not be made: a defect of the library."""


@dataclass(frozen=True)
class Plan:
    """Many rules compiled for one kind of message and one reference period. Immutable; share it between threads."""

    rules: tuple[CheckedRule, ...]
    carried: Carried | None
    code_lists: Callable[[str], frozenset[str] | None]
    tables: Callable[[str], Table | None]

    @cached_property
    def reads(self) -> frozenset[Read]:
        """The (entity, element) pairs the rules read, with everything on the way to them."""
        return frozenset[Read]().union(*(self._rule_reads(rule) for rule in self.rules))

    def _rule_reads(self, rule: CheckedRule) -> frozenset[Read]:
        running = {number for branch in rule.branches for number in branch.chains}
        if not running:
            return frozenset()
        way = {(step.element.entity, step.name) for number in running for step in rule.chains[number].steps}
        return frozenset(way).union(*(branch.reads for branch in rule.branches if branch.chains))

    @cached_property
    def hindered(self) -> frozenset[int]:
        """The rules for which a code list or a table is not available: the reference evaluator judges them."""
        return frozenset(
            number
            for number, rule in enumerate(self.rules)
            if any(self.code_lists(name) is None for name in rule.code_lists)
            or any(self.tables(name) is None for name in rule.tables)
        )

    @cached_property
    def _failures(self) -> Generated:
        return self._build(FAILURES)

    @cached_property
    def _counts(self) -> Generated:
        return self._build(COUNTS)

    @cached_property
    def _evaluated(self) -> Generated:
        return self._build(EVALUATED)

    @collector_paused()
    def _build(self, mode: str) -> Generated:
        running = [pair for pair in enumerate(self.rules) if pair[0] not in self.hindered]
        try:
            return build_function(running, mode, carried=self.carried, code_lists=self.code_lists, tables=self.tables)
        except Exception as error:
            raise NotGeneratedError(f"no function for {len(running)} rules: {error}") from error

    def run(
        self,
        record: Record,
        reference_date: str | None = None,
        *,
        invalid: Iterable[Read] = (),
        counts: bool = False,
    ) -> Run:
        """Run all rules. `invalid` are the (entity, element) pairs that hold an Invalid value anywhere in the record.

        Never raises for data: where the generated function fails, every rule is judged alone by the reference
        evaluator, and only those that fail there too have the outcome `error`. A function that cannot even be
        generated is a defect of the library, which judging slowly would hide: NotGeneratedError.
        """
        if not (invalid or counts or self.hindered):
            return self._quick(record, reference_date)
        touched = frozenset(invalid)
        slow = self.hindered
        if touched:
            slow |= {number for number, rule in enumerate(self.rules) if touched & rule.reads}
        try:
            return self._fast(record, reference_date, slow, clean=not touched, counts=counts)
        except NotGeneratedError:
            raise
        except Exception:  # some rule broke down: judged one by one, only that one is an error
            return self._alone(record, reference_date, counts=counts)

    def _quick(self, record: Record, reference_date: str | None) -> Run:
        """The common case on a short way: every value readable, every list there, no counts asked for."""
        found: list[Any] = []
        before = getcontext()
        setcontext(EXACT)
        try:
            self._failures.run(record, reference_date, found.append)
            if not found:
                return _CLEAN if self._evaluated.run(record, reference_date, None) else _SILENT
        except NotGeneratedError:
            raise
        except Exception:  # as in `run`
            setcontext(before)
            return self._alone(record, reference_date, counts=False)
        finally:
            setcontext(before)
        found.sort()
        for number, one in enumerate(found):  # in place: what is replaced makes room for what comes
            found[number] = _tuple(Failure, one)
        return _failed(tuple(found))

    def _alone(self, record: Record, reference_date: str | None, *, counts: bool) -> Run:
        """Every rule judged alone by the reference evaluator."""
        run = self._slow(record, reference_date, range(len(self.rules)))
        return replace(run, tally=run.tally if counts else None, fell_back=True)

    def _fast(
        self, record: Record, reference_date: str | None, slow: frozenset[int], *, clean: bool, counts: bool
    ) -> Run:
        found: list[Any] = []
        # where some rules are judged apart, only counts tell whether one of the others was evaluated
        counting = counts or len(slow) > len(self.hindered)
        plain = record if clean else _without_invalid(record)
        before = getcontext()
        setcontext(EXACT)
        try:
            if not counting:
                self._failures.run(plain, reference_date, found.append)
                evaluated = bool(found) or self._evaluated.run(plain, reference_date, None)
            else:
                counted = self._counts.run(plain, reference_date, found.append)
        finally:
            setcontext(before)
        rest = self._slow(record, reference_date, sorted(slow))
        failures = tuple(sorted([*(Failure._make(one) for one in found if one[0] not in slow), *rest.failures]))
        if not counting:
            return Run(failures, rest.unsettled, evaluated or rest.evaluated)
        apart = {number: (rest.counts or ())[number] for number in slow}
        tally = Tally(self._counts.units, counted, apart, len(self.rules))
        return Run(failures, rest.unsettled, tally.any_evaluated, tally if counts else None)

    def _slow(self, record: Record, reference_date: str | None, numbers: Iterable[int]) -> Run:
        context = EvaluationContext(reference_date, self.code_lists, self.tables)
        failures: list[Failure] = []
        unsettled: list[tuple[int, Outcome]] = []
        sums = {number: dict.fromkeys(STATUSES, 0) for number in numbers}
        for number, found in sums.items():
            for outcome in evaluate(self.rules[number], record, context):
                found[outcome.status] += 1
                if outcome.status == FAILED:
                    failures.append(Failure(number, outcome.branch, outcome.chain, positions(outcome.instance)))
                elif outcome.status in {NOT_EVALUATED, ERROR}:
                    unsettled.append((number, outcome))
        tally = Tally([], [], {number: Counts(**found) for number, found in sums.items()}, len(self.rules))
        return Run(tuple(sorted(failures)), tuple(unsettled), tally.any_evaluated, tally)

    def instance(self, failure: Failure) -> RecordPath:
        """The record path of the entity that a failure is about."""
        following = iter(failure.positions)
        steps = self.rules[failure.rule].chains[failure.chain].steps
        return tuple((step.name, next(following) if step.element.many else None) for step in steps)


def build_plan(
    rules: Iterable[CheckedRule],
    *,
    carried: Carried | None = None,
    code_lists: Callable[[str], frozenset[str] | None],
    tables: Callable[[str], Table | None] = lambda _name: None,
) -> Plan:
    """A plan for `rules`, which its results name by position.

    `carried` says whether the message can carry the stored element at these names from the declaration (None: all of
    them); branches that this settles are not applicable. `code_lists` and `tables` are asked once, so they must be
    those of the plan's reference period; None from them means not available.
    """
    checked = tuple(rules)
    if carried is not None:
        checked = tuple(restrict(rule, carried) for rule in checked)
    return Plan(checked, carried, code_lists, tables)


def positions(instance: RecordPath) -> tuple[int, ...]:
    """The positions in lists along a record path."""
    return tuple(index for _, index in instance if index is not None)


def _without_invalid(entity: Any) -> Any:
    """A copy of the record without its Invalid values, for the rules that do not read them."""
    if isinstance(entity, list):
        return [_without_invalid(element) for element in entity]
    if isinstance(entity, dict):
        return {name: _without_invalid(value) for name, value in entity.items() if not isinstance(value, Invalid)}
    return entity
