"""Opens an XML document: read, detect, validate, bind."""

from __future__ import annotations

from typing import TYPE_CHECKING

from casrules.declaration import Record
from casrules.engine.opened import Opened
from casrules.engine.planning import IDENTITY
from casrules.engine.sources import Source
from casrules.engine.technical import FaultPlaces, technical_drafts
from casrules.findings import DocumentInfo, Draft, PathWriter, Stage
from casrules.messages.binding import binder_for
from casrules.messages.detection import Detection, detect
from casrules.messages.locating import Places
from casrules.messages.origins import Origins
from casrules.messages.reading import Intake, read
from casrules.messages.validation import TechnicalResult, validate

if TYPE_CHECKING:
    from casrules.engine.checking import Tools
    from casrules.engine.planning import MessagePlan

ANY_SYSTEM = "EU"
"""Whose XML error codes are told where the message, and so the customs system, is not known."""


def open_xml(source: Source, format_: str | None, tools: Tools) -> Opened:
    """Open `source` as XML; whatever is wrong with it is in the result."""
    intake = read(source.content, tools.limits)
    detection = detect(intake, tools.plans.catalog.families, format_)
    if intake.tree is None or detection.family is None or detection.message is None:
        return _unread(source, intake, detection)
    # the labels of a fault come from the dictionary, through the preferred set's mapping
    named = tools.plans.plan(detection.family, detection.message, detection.schema_set, detection.start)
    # one finder for all XPaths, so that a prefix means the same in each of them
    places = intake.places(detection.prefixes)
    result = validate(intake, detection, tools.schemas, named.mapping.label, places=places)
    settled = result.detection
    plan = tools.plans.plan(detection.family, detection.message, settled.schema_set, detection.start)
    stages = (Stage(name="parse", status="completed"), Stage(name="detect", status="completed"), _schema_stage(result))
    if result.explanation == "partial" and intake.elements > tools.limits.explained_elements:
        return _refused(source, places, result, plan, stages)
    return _bound(source, places, result, plan, stages)


def _refused(
    source: Source, places: Places, result: TechnicalResult, plan: MessagePlan, stages: tuple[Stage, ...]
) -> Opened:
    """A very long message that the schema has refused: rules over it would cost much, and change nothing."""
    mapping = plan.mapping
    identity = {path for path in IDENTITY if path in mapping.carried}
    why = "not run: the schema has refused this very long message; mend that first"

    def drafts(opened: Opened) -> list[Draft]:
        return technical_drafts(result.faults, opened.document.key, plan.family.system, FaultPlaces())

    return Opened(
        document=_document(source, result.detection, plan),
        stages=(*stages, Stage(name="rules", status="skipped", reason=why)),
        record=binder_for(mapping, identity).bind(places.tree.getroot()).record,
        drafts=drafts,
        namespaces=places.namespaces,
    )


def _bound(
    source: Source, places: Places, result: TechnicalResult, plan: MessagePlan, stages: tuple[Stage, ...]
) -> Opened:
    root, mapping = places.tree.getroot(), plan.mapping
    stripped = result.detection.detected_by == "local name"
    narrow = binder_for(mapping, any_namespace=True) if stripped else plan.narrow
    whole = narrow if stripped else plan.whole
    bound = narrow.bind(root)

    def bind_all() -> Record:
        return whole.bind(root).record

    origins = Origins(places.tree, mapping, any_namespace=stripped, places=places)

    def drafts(opened: Opened) -> list[Draft]:
        if not result.faults:
            return []
        finder = FaultPlaces(origins, PathWriter(opened.whole, mapping.dictionary))
        return technical_drafts(result.faults, opened.document.key, plan.family.system, finder)

    return Opened(
        document=_document(source, result.detection, plan),
        stages=stages,
        plan=plan,
        record=bound.record,
        invalid=bound.invalid,
        bind_all=bind_all,
        locator=origins,
        drafts=drafts,
        namespaces=places.namespaces,
    )


def _unread(source: Source, intake: Intake, detection: Detection) -> Opened:
    """A document that is no XML, or none of the known messages."""
    system = detection.family.system if detection.family else ANY_SYSTEM
    faults = (*intake.faults, *detection.faults)

    def drafts(opened: Opened) -> list[Draft]:
        return technical_drafts(faults, opened.document.key, system, FaultPlaces())

    document = DocumentInfo(
        format="unknown" if intake.tree is None else "xml",
        title=detection.unsupported,
        sha256=source.digest,
        bytes=len(source.content),
        detected_by=detection.detected_by,
        name=source.name,
    )
    return Opened(document, _unread_stages(intake, detection), drafts=drafts)


def _unread_stages(intake: Intake, detection: Detection) -> tuple[Stage, ...]:
    if intake.tree is None:
        why = "the document cannot be read"
        return (
            Stage(name="parse", status="failed", reason=why),
            Stage(name="schema", status="skipped", reason=why),
            Stage(name="rules", status="skipped", reason=why),
        )
    why = f"not supported: {detection.unsupported}" if detection.unsupported else "the message is not known"
    return (
        Stage(name="parse", status="completed"),
        Stage(name="detect", status="unavailable", reason=why),
        Stage(name="schema", status="unavailable", reason=why),
        Stage(name="rules", status="unavailable", reason=why),
    )


def _schema_stage(result: TechnicalResult) -> Stage:
    if result.valid is None:
        return Stage(name="schema", status="unavailable", reason="there is no schema for this message")
    if result.explanation == "partial":
        return Stage(name="schema", status="partial", reason="too long to explain in full: not every fault is told")
    return Stage(name="schema", status="completed")


def _document(source: Source, detection: Detection, plan: MessagePlan) -> DocumentInfo:
    schema_set = detection.schema_set
    return DocumentInfo(
        format="xml",
        family=plan.family.id,
        message=plan.kind.message,
        title=plan.message.title,
        phase=detection.phase,
        role=plan.message.role,
        complete=plan.message.complete,
        jurisdiction=plan.kind.jurisdiction,
        flow=plan.kind.flow,
        sha256=source.digest,
        bytes=len(source.content),
        detected_by=detection.detected_by,
        schema_set=schema_set.id if schema_set else "",
        schema_status=schema_set.schema_status if schema_set else "",
        name=source.name,
    )
