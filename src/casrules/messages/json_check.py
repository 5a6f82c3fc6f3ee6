"""Checks the form of a JSON declaration against its message: what is mandatory, how often, in which format.

The record is written as the XML that the message would be, and checked against the same schema as any XML. Faults of
what the JSON form cannot carry are left out: whoever makes the XML fills that in.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from lxml import etree

from casrules.findings.pointers import RecordPath, to_pointer
from casrules.limits import Limits
from casrules.messages.absence import absent_at
from casrules.messages.binder.runtime import XmlElement
from casrules.messages.composing import Composed, compose
from casrules.messages.detection import Detection
from casrules.messages.family import Family, Known, Message, SchemaSet
from casrules.messages.faults import FaultTexts, Spot, TechnicalFault, shipped_texts
from casrules.messages.json_form import JsonFault
from casrules.messages.message_mapping import MessageMapping
from casrules.messages.paths import parse_path
from casrules.messages.reading import Intake
from casrules.messages.schema_sets import Schemas
from casrules.messages.shapes import mapping_path
from casrules.messages.validation import validate

LACKING = frozenset({"missing_element", "missing_choice", "missing_attribute"})
Names = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RecordFault:
    """A fault of the form at a record path; where something is missing, the path is that of what is missing."""

    fault: TechnicalFault
    path: RecordPath
    is_missing: bool = False


@dataclass(frozen=True, slots=True)
class JsonCheck:
    """What is wrong with the form. `reason` says why it could not be judged in full; empty where it was."""

    faults: tuple[RecordFault, ...] = ()
    unwritten: tuple[JsonFault, ...] = ()
    reason: str = ""


def check_form(
    record: Mapping[str, Any], known: Known, mapping: MessageMapping, schemas: Schemas, limits: Limits
) -> JsonCheck:
    """Check a record as the message `known` of a family, under the schema set of `mapping`."""
    family, message = known
    chosen = next(found for found in family.sets if found.id == mapping.tables.tables.id)
    composed = compose(record, mapping, message.roots[0])
    unwritten = tuple(_unwritten(composed, message))
    text = etree.tostring(composed.tree)
    intake = Intake(text, text, "utf-8", composed.tree, elements=text.count(b"<") // 2 + 1, limits=limits)
    detection = Detection(
        root=message.roots[0], family=family.model_copy(update={"sets": (chosen,)}), message=message,
        schema_set=chosen, phase=chosen.phase, detected_by="format", start=message.start,
    )  # fmt: skip
    places = intake.places(detection.prefixes)
    result = validate(intake, detection, schemas, mapping.label, places=places)
    if result.valid is None:
        return JsonCheck((), unwritten, "there is no schema for this message")
    texts = shipped_texts()
    told: list[RecordFault] = []
    for fault in result.faults:
        element = places.find(fault.xpath) if fault.xpath else None
        if fault.kind in LACKING and element is not None:
            told += _lacking(fault, element, composed, texts)
        else:
            told.append(RecordFault(replace(fault, xpath="", line=None), _path_of(fault, element, composed)))
    is_cut = result.explanation == "partial" and not any(one.fault.severity == "error" for one in told)
    return JsonCheck(tuple(told), unwritten, "too long to check in full" if is_cut else "")


def declared_set(record: Mapping[str, Any], family: Family, mapping: MessageMapping) -> SchemaSet | None:
    """The schema set of the version that a record states where its message states one; None where it states none."""
    if not family.version_attribute:
        return None
    names = parse_path(mapping_path(family.version_attribute)).names
    entities = [(mapping.top, record)]
    for place, values in entities:
        for value in place.values:
            if any(path.names == names for path in value.paths):
                stated = values.get(value.element.name)
                return next((found for found in family.sets if stated in found.declared), None)
        for below in place.below:
            nested = values.get(below.names[-1])
            if isinstance(nested, dict) and (below.path.is_self or below.path.absolute):
                entities.append((below, nested))
    return None


def _unwritten(composed: Composed, message: Message) -> Iterator[JsonFault]:
    """What has no place in the message, each element of the dictionary once; and what cannot be written there."""
    counted: dict[Names, int] = {}
    first: dict[Names, RecordPath] = {}
    for found in composed.unwritten:
        if found.problem:
            yield JsonFault(to_pointer(found.path), f"this cannot be written in {message.id}: {found.problem}")
            continue
        names = tuple(name for name, _ in found.path)
        counted[names] = counted.get(names, 0) + 1
        first.setdefault(names, found.path)
    for names, path in first.items():
        often = f" ({counted[names]:,} times)" if counted[names] > 1 else ""
        problem = f"{message.id} has no place for {names[-1]}: it would not be sent{often}"
        yield JsonFault(to_pointer(path), problem, "leave it out, or choose another message", "warning")


def _path_of(fault: TechnicalFault, element: XmlElement | None, composed: Composed) -> RecordPath:
    """What of the record is at a fault: the value there, else the nearest entity above."""
    values = composed.values.get(element, ())
    if values:
        return values[0]
    while element is not None:
        held = composed.entities.get(element)
        if held:
            return held[-1].path if fault.kind != "too_many" else held[0].path
        element = element.getparent()
    return ()


def _lacking(
    fault: TechnicalFault, element: XmlElement, composed: Composed, texts: FaultTexts
) -> Iterator[RecordFault]:
    """A fault about something missing, for each element of the dictionary that would mend it; none if none would."""
    names = dict(fault.arguments).get("elements", fault.element).split(", ")
    absent = [found for name in names for found in absent_at(element, name, composed)]
    if fault.kind == "missing_choice":
        if absent:
            yield RecordFault(replace(fault, xpath="", line=None), absent[0].path, is_missing=True)
        return
    for found in absent:
        spot = Spot(element=found.path[-1][0], label=found.label, context=fault.context)
        yield RecordFault(texts.fault("missing_element", spot, severity=fault.severity), found.path, is_missing=True)
