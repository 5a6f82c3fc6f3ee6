"""Suppressions: who silences which violation, why, and until when."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal, Self

from pydantic import model_validator

from casrules.findings.frozen import Frozen
from casrules.findings.path_pattern import matches_path, matches_text
from casrules.findings.violation import Suppression, Violation

Origin = Literal["command_line", "project", "pack"]
_PRECEDENCE: tuple[Origin, ...] = ("command_line", "project", "pack")


class SuppressionEntry(Frozen):
    """Silences one violation by `fingerprint`, or those of `rule` (`*` allowed) at places matching `path`.

    `until` is the last day it holds, compared with the declaration's reference date. Without a path every
    place is meant. The origins' precedence is command line, then project, then pack.
    """

    fingerprint: str = ""
    rule: str = ""
    path: str = ""
    by: str
    reason: str
    until: date
    origin: Origin = "project"

    @model_validator(mode="after")
    def _names_something(self) -> Self:
        if bool(self.fingerprint) == bool(self.rule):
            raise ValueError("give either a fingerprint or a rule")
        if self.fingerprint and self.path:
            raise ValueError("a fingerprint is one finding: leave the path out")
        if not self.by.strip() or not self.reason.strip():
            raise ValueError("say who suppresses (by) and why (reason)")
        return self

    def matches(self, violation: Violation) -> bool:
        """True where this entry is about the violation, whatever the date."""
        if self.fingerprint:
            return self.fingerprint == violation.fingerprint
        if not matches_text(self.rule, violation.rule):
            return False
        return not self.path or any(
            matches_path(self.path, place.path) for place in violation.locations if place.role == "primary"
        )


class UnusedSuppression(Frozen):
    """An entry that silenced nothing, and why: it matched nothing, has expired, or there is no reference
    date.
    """

    entry: SuppressionEntry
    why: Literal["no_match", "expired", "no_reference_date"]


@dataclass(frozen=True, slots=True)
class Suppressed:
    """The violations with their suppressions, and the entries that silenced nothing."""

    violations: tuple[Violation, ...]
    unused: tuple[UnusedSuppression, ...]


def suppress(violations: Iterable[Violation], entries: Sequence[SuppressionEntry], as_of: str | None) -> Suppressed:
    """Mark what the entries silence at the reference date `as_of` (ISO date); nothing is dropped.

    The first matching entry in order of precedence is the one shown; a shadowed one counts as used. A
    violation already suppressed keeps its mark, unless an entry of higher precedence matches. Without a
    reference date no entry holds: nobody can tell whether it has expired.
    """
    ordered = sorted(enumerate(entries), key=lambda pair: (_PRECEDENCE.index(pair[1].origin), pair[0]))
    valid = [pair for pair in ordered if as_of is not None and date.fromisoformat(as_of[:10]) <= pair[1].until]
    used: set[int] = set()
    by_fingerprint: dict[str, list[tuple[int, SuppressionEntry]]] = {}
    for number, entry in valid:
        if entry.fingerprint:
            by_fingerprint.setdefault(entry.fingerprint, []).append((number, entry))
    patterns = [pair for pair in valid if not pair[1].fingerprint]
    marked: list[Violation] = []
    for violation in violations:
        hits = [
            *by_fingerprint.get(violation.fingerprint, ()),
            *(p for p in patterns if p[1].matches(violation)),
        ]
        used.update(number for number, _ in hits)
        marked.append(_marked(violation, [entry for _, entry in hits]))
    live = {number for number, _ in valid}
    unused = [
        UnusedSuppression(entry=entry, why=_why(number in live, as_of))
        for number, entry in enumerate(entries)
        if number not in used
    ]
    return Suppressed(tuple(marked), tuple(unused))


def _marked(violation: Violation, hits: Sequence[SuppressionEntry]) -> Violation:
    if not hits:
        return violation
    winner = min(hits, key=lambda entry: _PRECEDENCE.index(entry.origin))
    present = violation.suppression
    if present is not None and _PRECEDENCE.index(present.origin) <= _PRECEDENCE.index(winner.origin):
        return violation
    mark = Suppression(by=winner.by, reason=winner.reason, until=winner.until.isoformat(), origin=winner.origin)
    return violation.model_copy(update={"suppression": mark})


def _why(valid: bool, as_of: str | None) -> Literal["no_match", "expired", "no_reference_date"]:
    if as_of is None:
        return "no_reference_date"
    return "no_match" if valid else "expired"
