"""Measures how well rules foresee answers: each declaration's findings beside what the authority said of it.

A prediction is an error of our rules or of the technical stage. It is shared where the answer tells the same place with
the same official code (or with a code that the rule covers), or exactly the same place. Places are the same where one
is the other or lies below it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from casrules.findings import Location, Report, Violation
from casrules.findings.escapes import Escape, EscapeReport, RuleScore, Unshared

_PREFIX = re.compile(r"(?<=/)[\w.-]+:")
_DECIDED = {"accepted": "accepted", "released": "accepted", "registered": "accepted", "rejected": "rejected"}


@dataclass(frozen=True, slots=True)
class AnsweredPair:
    """One declaration with the answer to it: our report on it, and the report on the answer, decoded beside it."""

    name: str
    predicted: Report
    answered: Report


@dataclass
class _Counts:
    """What was counted so far."""

    totals: Counter[str] = field(default_factory=Counter)
    scores: Counter[tuple[str, str]] = field(default_factory=Counter)
    escapes: list[Escape] = field(default_factory=list)
    unshared: list[Unshared] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)


def measure_escapes(pairs: Iterable[AnsweredPair], left_out: Iterable[str] = ()) -> EscapeReport:
    """The measure over all pairs, one at a time; a pair whose answer decides nothing is left out."""
    counts = _Counts(left_out=list(left_out))
    for pair in pairs:
        outcome = _DECIDED.get(pair.answered.answer.outcome if pair.answered.answer else "")
        if outcome is None:
            counts.left_out.append(f"{pair.name}: the answer decides nothing")
            continue
        counts.totals["pairs"] += 1
        counts.totals[outcome] += 1
        _count(pair, counts, accepted=outcome == "accepted")
    rules = sorted({rule for rule, _ in counts.scores})
    return EscapeReport(
        **counts.totals,
        escapes=tuple(counts.escapes),
        unshared=tuple(counts.unshared),
        rules=tuple(_score(rule, counts.scores) for rule in rules),
        left_out=tuple(counts.left_out),
    )


def _score(rule: str, scores: Counter[tuple[str, str]]) -> RuleScore:
    return RuleScore(
        rule=rule,
        shared=scores[rule, "shared"],
        unshared=scores[rule, "unshared"],
        foreseen=scores[rule, "foreseen"],
        missed=scores[rule, "missed"],
    )


def _count(pair: AnsweredPair, counts: _Counts, *, accepted: bool) -> None:
    predictions = [found for found in pair.predicted.violations if found.stands]
    errors = [found for found in pair.answered.violations if found.severity == "error" and found.source == "customs"]
    shared: set[str] = set()
    for error in errors:
        matching = [one for one in predictions if _same(one, error)]
        told = [one for one in matching if one.severity == "error"]
        shared.update(one.fingerprint for one in told)
        counts.totals["errors"] += 1
        counts.totals["predicted"] += bool(told)
        foreseen = {one.rule for one in told}
        for rule in _covering(error) | foreseen:
            counts.scores[rule, "foreseen" if rule in foreseen else "missed"] += 1
        if not told:
            counts.escapes.append(_escape(pair.name, error, matching))
    for one in predictions:
        if one.severity != "error":
            continue
        is_shared = one.fingerprint in shared
        counts.scores[one.rule, "shared" if is_shared else "unshared"] += 1
        if not is_shared:
            path = one.primary.path if one.primary else ""
            counts.unshared.append(Unshared(pair=pair.name, rule=one.rule, path=path, accepted=accepted))


def _covering(error: Violation) -> set[str]:
    return set(error.reported.covered_by) if error.reported else set()


def _escape(pair: str, error: Violation, matching: Iterable[Violation]) -> Escape:
    return Escape(
        pair=pair,
        code=error.authority[0].code if error.authority else error.rule,
        title=error.title,
        path=error.primary.path if error.primary else "",
        pointer=error.reported.pointer if error.reported else "",
        covered_by=tuple(sorted(_covering(error))),
        warned_by=tuple(sorted({one.rule for one in matching})),
    )


def _same(prediction: Violation, error: Violation) -> bool:
    """Whether a prediction says what the answer says."""
    ours, theirs = set(_places(prediction)), set(_places(error))
    if ours & theirs:
        return True
    codes = {(code.system, code.code) for code in prediction.authority if code.code}
    same_code = bool(codes & {(code.system, code.code) for code in error.authority})
    if not same_code and prediction.rule not in _covering(error):
        return False
    return not theirs or any(_within(one, other) or _within(other, one) for one in ours for other in theirs)


def _within(one: str, other: str) -> bool:
    return one.startswith(f"{other}/")


def _places(violation: Violation) -> Iterator[str]:
    for place in violation.locations:
        written = _written(place)
        if written and (place.role != "related" or violation.source == "customs"):
            yield written


def _written(place: Location) -> str:
    """The place as a path of local names with positions, what is missing at its end; else the path in the record."""
    if not place.xpath:
        return place.record
    above = _PREFIX.sub("", place.xpath)
    return f"{above}/{place.missing}" if place.missing else above
