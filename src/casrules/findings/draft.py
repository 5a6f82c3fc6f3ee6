"""Violations as the stages hand them over, before they know of each other."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from casrules.findings.fingerprint import of_occurrence
from casrules.findings.ordering import highest, place_key
from casrules.findings.pointers import RecordPath
from casrules.findings.violation import Violation


@dataclass(frozen=True, slots=True)
class Draft:
    """A violation, the entity its rule visited, and the full ids of the rules whose violations would explain
    it.
    """

    violation: Violation
    entity: RecordPath = ()
    after: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Merged:
    """A violation that stands for all drafts that said the same."""

    violation: Violation
    entities: tuple[RecordPath, ...]
    after: tuple[str, ...]


def merge(drafts: Iterable[Draft]) -> list[Merged]:
    """One violation for each finding: what has one fingerprint and one message becomes one with all
    locations.

    Different messages under one fingerprint stay apart: the second and later ones get a fingerprint of their
    own. The result does not depend on the order of the drafts.
    """
    groups: dict[str, list[Draft]] = {}
    for draft in drafts:
        groups.setdefault(draft.violation.fingerprint, []).append(draft)
    merged: list[Merged] = []
    for identity, group in groups.items():
        if len(group) == 1:
            merged.append(Merged(group[0].violation, (group[0].entity,), group[0].after))
            continue
        ordered = sorted(group, key=_tie_key)
        for occurrence, (_, same) in enumerate(groupby(ordered, key=_said), 1):
            merged.append(_one(list(same), of_occurrence(identity, occurrence)))
    return merged


def _said(draft: Draft) -> tuple[object, ...]:
    """What makes two drafts of one fingerprint the same finding."""
    violation = draft.violation
    arguments = tuple((argument.name, argument.value or "") for argument in violation.message.arguments)
    return (
        violation.rule,
        violation.branch,
        violation.source,
        violation.message.key,
        arguments,
        violation.message.text,
    )


def _tie_key(draft: Draft) -> tuple[object, ...]:
    body = draft.violation.model_dump_json()
    return (_said(draft), place_key(draft.violation.primary), body, repr(draft.entity), draft.after)


def _one(same: list[Draft], identity: str) -> Merged:
    first = same[0].violation
    entities = tuple(dict.fromkeys(draft.entity for draft in same))
    after = tuple(dict.fromkeys(rule for draft in same for rule in draft.after))
    if len(same) == 1 and identity == first.fingerprint:
        return Merged(first, entities, after)
    violations = [draft.violation for draft in same]
    update = {
        "fingerprint": identity,
        "severity": highest(*(violation.severity for violation in violations)),
        "locations": tuple(dict.fromkeys(place for violation in violations for place in violation.locations)),
        "fixes": tuple(dict.fromkeys(fix for violation in violations for fix in violation.fixes)),
        "suggestions": tuple(dict.fromkeys(s for violation in violations for s in violation.suggestions)),
        "authority": tuple(dict.fromkeys(a for violation in violations for a in violation.authority)),
        "caused_by": tuple(dict.fromkeys(cause for violation in violations for cause in violation.caused_by)),
    }
    return Merged(first.model_copy(update=update), entities, after)
