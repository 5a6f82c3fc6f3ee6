"""One root cause, one alert: what a rule says of an element that the schema refuses folds under the schema's word."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from casrules.findings import Draft, Location, Violation

CONDITION = re.compile(r"\[[^\]]*[^\]\d][^\]]*\]")
BESIDE_THE_POINT = frozenset({
    "technical.unexpected_element", "technical.wrong_order", "technical.too_many", "technical.not_together",
    "technical.wrong_namespace", "technical.bad_attribute", "technical.text_not_allowed", "technical.unknown",
})  # fmt: skip
"""Faults that say nothing about whether the element's value is there and right."""


def caused_by_form(technical: Sequence[Draft], found: Iterable[Draft]) -> list[Draft]:
    """The rules' drafts, each that is about a missing or wrong element caused by the fault of the form at its place.

    Faults that are only warnings cause nothing: under a guess no error may hide.
    """
    causes: dict[str, str] = {}
    for draft in technical:
        fault = draft.violation
        if fault.severity == "error" and fault.rule not in BESIDE_THE_POINT and fault.primary is not None:
            place = place_of(fault.primary)
            if place:
                causes.setdefault(place, fault.fingerprint)
    return [_linked(draft, causes) for draft in found] if causes else list(found)


def _linked(draft: Draft, causes: dict[str, str]) -> Draft:
    violation: Violation = draft.violation
    place = place_of(violation.primary) if violation.primary is not None else ""
    own = violation.primary.xpath if violation.primary is not None and violation.primary.missing else place
    while place:
        # a value that is missing because its element is empty is at that element; else at what is missing above it
        cause = causes.get(place)
        if cause is not None:
            known = tuple(sorted({*violation.caused_by, cause}))
            return replace(draft, violation=violation.model_copy(update={"caused_by": known}))
        if place == own:
            break
        place = place.rpartition("/")[0]
    return draft


def place_of(location: Location) -> str:
    """Where something is or would be, as one text: the XPath with what is missing below it, else the JSON Pointer."""
    if not location.xpath:
        return location.pointer
    missing = CONDITION.sub("", location.missing)
    return f"{location.xpath}/{missing}" if missing else location.xpath
