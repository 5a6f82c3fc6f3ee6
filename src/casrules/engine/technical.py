"""Faults of a document's form as drafts of violations: the same shape as every other finding."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from casrules.declaration import value_at
from casrules.findings import Argument, Authority, Draft, Location, Message, PathWriter, Violation, fingerprint
from casrules.messages.faults import TechnicalFault
from casrules.messages.json_check import RecordFault
from casrules.messages.json_form import JsonFault
from casrules.messages.origins import Origins

XML_ERROR_CODES = "CL030"
UNCONFIRMED = "technical.version_unconfirmed"


@dataclass(frozen=True)
class FaultPlaces:
    """Finds the place of a fault in the dictionary's terms, where the message is known."""

    origins: Origins | None = None
    paths: PathWriter | None = None

    def location(self, fault: TechnicalFault) -> Location:
        """Where the fault is: record path, XPath and line, label, the value as written."""
        missing = fault.element if fault.kind == "missing_element" else ""
        common: dict[str, Any] = {
            "xpath": fault.xpath, "line": fault.line, "label": fault.label, "missing": missing, "declared": fault.value,
        }  # fmt: skip
        if self.origins is None or self.paths is None or not fault.xpath:
            return Location(path=fault.xpath or "document", **common)
        path, exact = self.origins.path_to(fault.xpath)
        facts = self.paths.facts(path)
        if not exact or missing:
            return Location(path=facts.path, record=facts.record, **common)
        numbers = {"number": facts.number, "old_number": facts.old_number}
        return Location(path=facts.path, record=facts.record, **numbers, **common)


def technical_drafts(faults: Iterable[TechnicalFault], document: str, system: str, places: FaultPlaces) -> list[Draft]:
    """One draft for each fault; `system` is the customs system whose code list gives the code."""
    found = [Draft(_violation(fault, document, system, places.location(fault))) for fault in faults]
    cause = next((draft.violation.fingerprint for draft in found if draft.violation.severity == "error"), None)
    return [_beside(draft, cause) if cause is not None else draft for draft in found]


def _beside(draft: Draft, cause: str) -> Draft:
    """That no version confirms a message follows from what is wrong with it: no alert of its own."""
    if draft.violation.rule != UNCONFIRMED:
        return draft
    return replace(draft, violation=draft.violation.model_copy(update={"caused_by": (cause,)}))


def json_drafts(faults: Sequence[JsonFault], document: str) -> list[Draft]:
    """One draft for each fault of a JSON declaration."""
    return [Draft(_json_violation(fault, document)) for fault in faults]


def record_drafts(
    faults: Iterable[RecordFault], document: str, system: str, record: Mapping[str, Any], paths: PathWriter
) -> list[Draft]:
    """One draft for each fault that the message's schema finds in a record; places are JSON Pointers."""
    return [Draft(_violation(one.fault, document, system, _record_location(one, record, paths))) for one in faults]


def _record_location(found: RecordFault, record: Mapping[str, Any], paths: PathWriter) -> Location:
    facts = paths.facts(found.path)
    value = value_at(record, found.path)
    declared = None if found.is_missing or value is None or isinstance(value, dict | list) else found.fault.value
    return Location(
        path=facts.path, record=facts.record, pointer=facts.record, number=facts.number, old_number=facts.old_number,
        label=found.fault.label, missing=found.path[-1][0] if found.is_missing else "", declared=declared,
    )  # fmt: skip


def _violation(fault: TechnicalFault, document: str, system: str, location: Location) -> Violation:
    rule = f"technical.{fault.kind}"
    return Violation(
        rule=rule,
        fingerprint=fingerprint(rule, document=document, entity=(location.path, fault.facet), field=fault.element),
        source="technical",
        category="technical",
        severity=fault.severity,
        authority=(Authority(system=system, list=XML_ERROR_CODES, code=fault.code),) if fault.code else (),
        title=fault.label,
        message=Message(
            key=rule,
            text=_ended(fault.text),
            arguments=tuple(Argument(name=name, value=value) for name, value in fault.arguments),
        ),
        locations=(location,),
        alternatives=fault.allowed,
    )


def _ended(text: str) -> str:
    """A sentence with its full stop."""
    return text if text.endswith((".", "!", "?")) else f"{text}."


def _json_violation(fault: JsonFault, document: str) -> Violation:
    rule = "technical.json"
    text = _ended(fault.problem[:1].upper() + fault.problem[1:])
    return Violation(
        rule=rule,
        fingerprint=fingerprint(rule, document=document, entity=(fault.pointer,), field=""),
        source="technical",
        category="technical",
        severity=fault.severity,
        message=Message(key=rule, text=text),
        locations=(Location(path=fault.pointer or "document", record=fault.pointer, pointer=fault.pointer),),
        remedy=fault.remedy[:1].upper() + fault.remedy[1:],
    )
