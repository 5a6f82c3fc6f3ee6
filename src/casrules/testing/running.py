"""Runs one example by both evaluators, and compares what came of it with what the example says."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from casrules.errors import CasrulesError, Place
from casrules.findings import PathWriter
from casrules.language import Plan, build_plan, explain
from casrules.language.checked import RecordPath, stored_paths
from casrules.language.explain import arguments
from casrules.language.outcomes import (
    ERROR,
    FAILED,
    INCONCLUSIVE,
    NOT_APPLICABLE,
    NOT_EVALUATED,
    PASSED,
    STATUSES,
    Outcome,
)
from casrules.language.reference import Evaluator, judge
from casrules.language.templates import render
from casrules.language.tree import Node
from casrules.language.visiting import Scope
from casrules.testing.setting import Setting, UnplayableError, setting_of
from casrules.testing.suite import Case, Suite
from casrules.testing.truth_table import lines, truth_table

EXPECTED: Final = {
    "valid": "expected no violation",
    "invalid": "expected a violation",
    "not_applicable": "expected the rule not to apply",
    "known_gap": "expected no violation, as a known gap",
}
_WORDS: Final = {
    PASSED: "passed",
    FAILED: "was violated",
    NOT_APPLICABLE: "did not apply",
    INCONCLUSIVE: "came to no conclusion (a value it needs is missing)",
    NOT_EVALUATED: "could not be evaluated",
    ERROR: "broke down",
}
_TABLES_SHOWN: Final = 4


@dataclass(frozen=True, slots=True)
class Problem:
    """Why an example, a rule or a pack does not pass: where, what is wrong, and what explains it."""

    place: Place
    subject: str
    text: str
    details: tuple[str, ...] = ()

    def __str__(self) -> str:
        """`file:line: eu.ncts.R0223[invalid-2]: …`, the details below."""
        return "\n".join((f"{self.place}: {self.subject}: {self.text}", *(f"    {line}" for line in self.details)))


class Recording(Evaluator):
    """An evaluator that notes which truth values each node of a condition has had."""

    def __init__(self, context: Any, seen: dict[int, set[bool | None]]) -> None:
        super().__init__(context)
        self.seen = seen

    def truth(self, node: Node, scope: Scope) -> bool | None:
        """True, False, or None for unknown; noted."""
        found = super().truth(node, scope)
        self.seen.setdefault(id(node), set()).add(found)
        return found


@dataclass
class Runner:
    """Runs the examples of one rule; `seen` collects the truth values of its conditions, `fired` the branches."""

    suite: Suite
    seen: dict[int, set[bool | None]] = field(default_factory=dict)
    fired: set[int] = field(default_factory=set)
    _plans: dict[tuple[str, str, str], Plan] = field(default_factory=dict)

    def problem(self, case: Case) -> Problem | None:
        """What is wrong with the example; None where it came out as it says."""
        try:
            setting = setting_of(case, self.suite)
        except UnplayableError as error:
            remedy = f" ({error.remedy})" if error.remedy else ""
            return Problem(case.place, case.id, f"the rule is not reached: {error.problem}{remedy}")
        outcomes = self.outcomes(setting)
        self.fired.update(outcome.branch for outcome in outcomes if outcome.status == FAILED)
        text = _mismatch(setting, outcomes) or self._disagreement(setting, outcomes) or _unwritten(setting, outcomes)
        return Problem(case.place, case.id, text, tuple(_details(setting, outcomes))) if text else None

    def outcomes(self, setting: Setting) -> list[Outcome]:
        """What the reference evaluator says of each visited entity and branch."""
        found: list[Outcome] = []
        for index, chain, scope, instance in setting.visits:
            try:
                status, reason = judge(setting.rule.branches[index], scope, Recording(setting.context, self.seen))
            except Exception as error:
                status, reason = ERROR, f"{type(error).__name__}: {error}"
            found.append(Outcome(index, chain, status, instance, reason))
        return found

    def _disagreement(self, setting: Setting, outcomes: list[Outcome]) -> str:
        """Where the compiled plan says something else than the reference evaluator."""
        kind = setting.carrier.kind
        key = (kind.message, kind.phase, setting.day)
        if key not in self._plans:
            self._plans[key] = build_plan(
                [setting.case.rule.checked],
                carried=setting.carrier.carries,
                code_lists=setting.context.code_lists,
                tables=setting.context.tables,
            )
        plan = self._plans[key]
        run = plan.run(setting.record, setting.day, invalid=setting.invalid, counts=True)
        counted = Counter(outcome.status for outcome in outcomes)
        compiled = {status: getattr((run.counts or ())[0], status) for status in STATUSES}
        reference = {status: counted[status] for status in STATUSES}
        places = sorted((o.branch, o.chain, o.instance) for o in outcomes if o.status == FAILED)
        if compiled == reference and places == sorted((f.branch, f.chain, plan.instance(f)) for f in run.failures):
            return ""
        return f"the evaluators disagree: reference {_counts(reference)}, compiled plan {_counts(compiled)}"


def _mismatch(setting: Setting, outcomes: list[Outcome]) -> str:
    """How the outcomes differ from what the example says; empty where they do not."""
    case = setting.case
    statuses = {outcome.status for outcome in outcomes}
    if not outcomes:
        return f"the rule is not reached: it visits no {case.rule.packed.rule.for_} in the example"
    broken = next((o for o in outcomes if o.status in (ERROR, NOT_EVALUATED)), None)
    if broken is not None:
        return f"{EXPECTED[case.kind]}, but the rule {_WORDS[broken.status]}: {broken.reason}"
    expected = {
        "valid": FAILED not in statuses and bool(statuses & {PASSED, INCONCLUSIVE}),
        "invalid": FAILED in statuses,
        "not_applicable": statuses == {NOT_APPLICABLE},
        "known_gap": FAILED not in statuses,
    }[case.kind]
    if not expected:
        return f"{EXPECTED[case.kind]}, but the rule {_WORDS[_foremost(statuses)]}"
    if case.kind == "valid" and PASSED not in statuses and not case.example.why:
        return "nothing is shown: the rule comes to no conclusion; complete the example, or say `why` it is one"
    return _branch_mismatch(setting, outcomes) or _place_mismatch(setting, outcomes)


def _foremost(statuses: set[str]) -> str:
    return next(status for status in STATUSES if status in statuses)


def _branch_mismatch(setting: Setting, outcomes: list[Outcome]) -> str:
    wanted = setting.case.example.branch
    if wanted is None:
        return ""
    keys = [branch.key for branch in setting.rule.branches]
    if wanted not in keys:
        return f"the rule has no branch {wanted!r}; its branches: {', '.join(filter(None, keys)) or 'none'}"
    failed = sorted({keys[outcome.branch] for outcome in outcomes if outcome.status == FAILED})
    if setting.case.kind == "invalid":
        return "" if failed == [wanted] else f"expected branch {wanted} alone to fail, but {', '.join(failed)} did"
    judged = {outcome.status for outcome in outcomes if keys[outcome.branch] == wanted}
    if setting.case.kind == "valid" and not judged & {PASSED, INCONCLUSIVE}:
        return f"expected branch {wanted} to hold, but it did not apply"
    return ""


def _place_mismatch(setting: Setting, outcomes: list[Outcome]) -> str:
    """The first of `expect_at` is the primary place, the others are among the places."""
    wanted = setting.case.example.expect_at
    failed = [outcome for outcome in outcomes if outcome.status == FAILED]
    if not wanted or not failed:
        return ""
    writer = PathWriter(setting.record, setting.carrier.mapping.dictionary)
    told: list[str] = []
    for outcome in failed:
        found = _explained(setting, outcome).locations
        names = [tuple(name for name, _ in location) for location in found]
        try:
            stored = [_stored(path, setting, outcome.chain) for path in wanted]
        except CasrulesError as error:
            return f"expect_at: {error.problem}{f' ({error.remedy})' if error.remedy else ''}"
        if names[0] in stored[0] and all(any(name in these for name in names) for these in stored):
            return ""
        told.append(", ".join(map(writer.text, found)))
    return f"expected it at {', '.join(wanted)}, but it points at {'; '.join(told)}"


def _stored(path: str, setting: Setting, chain: int) -> tuple[tuple[str, ...], ...]:
    """The names from the declaration that a dotted path of the rule stands for on one way."""
    way = setting.rule.chains[chain]
    scope, *rest = path.split(".")
    if scope not in way.scopes:
        scope, rest = "declaration", [scope, *rest]
    above = way.steps[: way.scopes[scope]]
    entity = above[-1].element.type if above else "declaration"
    elements = setting.carrier.mapping.dictionary.resolve(entity, rest)
    prefix = tuple(step.name for step in above)
    return tuple(prefix + names for names in stored_paths(elements))


def _explained(setting: Setting, outcome: Outcome) -> Any:
    return explain(
        setting.rule, setting.record, setting.context,
        instance=outcome.instance, branch=outcome.branch, chain=outcome.chain,
    )  # fmt: skip


def _unwritten(setting: Setting, outcomes: list[Outcome]) -> str:
    """The message of a violation must be sayable."""
    for outcome in outcomes:
        template = setting.rule.branches[outcome.branch].message
        if outcome.status == FAILED and template is not None:
            values = arguments(
                setting.rule, setting.record, setting.context,
                instance=outcome.instance, branch=outcome.branch, chain=outcome.chain,
            )  # fmt: skip
            if not render(template, values).strip():
                return "the message is empty"
    return ""


def _details(setting: Setting, outcomes: list[Outcome]) -> Iterator[str]:
    """The truth table of the entities the rule visited."""
    writer = PathWriter(setting.record, setting.carrier.mapping.dictionary)
    yield f"message {setting.carrier}, as of {setting.day}"

    def named(path: RecordPath) -> str:
        return writer.text(path)

    for (index, _, scope, instance), outcome in list(zip(setting.visits, outcomes, strict=True))[:_TABLES_SHOWN]:
        branch = setting.rule.branches[index]
        table = truth_table(branch, scope, setting.context)
        key = f" [{branch.key}]" if branch.key else ""
        yield f"{named(instance)}{key}: {_WORDS[outcome.status]}"
        if table.when is not None:
            yield from lines(table.when, named, "when", 1)
        yield from lines(table.require, named, "require", 1)
    if len(outcomes) > _TABLES_SHOWN:
        yield f"… and {len(outcomes) - _TABLES_SHOWN} more"


def _counts(counts: dict[str, int]) -> str:
    return ", ".join(f"{number} {status}" for status, number in counts.items() if number) or "nothing"
