"""The technical stage: libxml2's verdict under the schema of the message's version, explained if it is no."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from lxml import etree

from casrules.messages.detection import Detection
from casrules.messages.explanation import Explainer
from casrules.messages.family import SchemaSet
from casrules.messages.faults import FaultTexts, Spot, TechnicalFault, shipped_texts
from casrules.messages.labels import Labeller, Labels
from casrules.messages.locating import Places
from casrules.messages.paths import parse_path
from casrules.messages.reading import Intake, hardened_parser
from casrules.messages.schema_sets import CompiledSchema, Schemas
from casrules.messages.shapes import elements_at, mapping_path

Explanation = Literal["full", "partial", "none"]
TREE_ELEMENTS = 20_000
NARROW_TREE_ELEMENTS = 400_000
WIDE = 2_000
PATH_STEPS = 100_000_000
FEED_BYTES = 65_536
CONTENT_ERROR = "SCHEMAV_ELEMENT_CONTENT"
CHILD_KINDS = frozenset({"unexpected_element", "wrong_order", "too_many", "not_together", "wrong_namespace"})
LACK_KINDS = frozenset({"missing_element", "missing_choice"})
STRUCTURE_KINDS = (
    CHILD_KINDS | LACK_KINDS | {"missing_attribute", "bad_attribute", "text_not_allowed", "no_content_allowed"}
)
"""Faults against names, nesting, order and occurrence; the others are against the format of a value."""


@dataclass(frozen=True, slots=True)
class TechnicalResult:
    """The outcome: `valid` is None if there was no schema to decide by.

    `detection` is the one that was given, with the schema set and phase that validation has settled.
    `schema` is the identifier of the schema that decided.
    """

    valid: bool | None
    faults: tuple[TechnicalFault, ...]
    explanation: Explanation
    detection: Detection
    schema: str = ""


def validate(
    intake: Intake,
    detection: Detection,
    schemas: Schemas,
    label: Labeller | None = None,
    *,
    texts: FaultTexts | None = None,
    places: Places | None = None,
) -> TechnicalResult:
    """Check `intake` against its schema and explain what is wrong.

    `label` gives the dictionary's label of an element: a path of local names below the declaration's element, such as
    `Consignment/grossMass`. Faults of reading and detection come first. Raises SchemaSetError for a broken schema.
    """
    texts = texts or shipped_texts()
    before = (*intake.faults, *detection.faults)
    refused = any(fault.severity == "error" for fault in before)
    candidates = _candidates(intake, detection, schemas)
    if not candidates:
        return TechnicalResult(False if intake.is_refused else None, before, "none", detection)
    verdict = _settle(intake, candidates)
    settled = replace(detection, schema_set=verdict.schema_set, phase=verdict.schema_set.phase)
    told = (*before, *_version_faults(intake, detection, candidates, verdict, texts))
    if verdict.valid:
        return TechnicalResult(not refused, told, "full", settled, verdict.schema.id)
    labels = Labels(label, verdict.schema.labels, _start_names(detection))
    places = places or intake.places(detection.prefixes)
    found, explanation = _explained(intake, verdict, places, labels, texts)
    if verdict.schema_set.schema_status == "reconstructed":
        found = [_unsure(fault) for fault in found]
    return TechnicalResult(False, (*told, *found), explanation, settled, verdict.schema.id)


def _unsure(fault: TechnicalFault) -> TechnicalFault:
    """A fault under a schema that was reconstructed: what rests on its structure alone is a warning, a guess."""
    return replace(fault, severity="warning") if fault.kind in STRUCTURE_KINDS else fault


Candidate = tuple[SchemaSet, CompiledSchema]


def _candidates(intake: Intake, detection: Detection, schemas: Schemas) -> list[Candidate]:
    """The sets that have this root: the declared one first, then the others in the manifest's order."""
    if intake.tree is None or detection.family is None or detection.message is None:
        return []
    root, table = intake.tree.getroot().tag, detection.message.table
    ordered = sorted(detection.family.sets, key=lambda one: one != detection.schema_set)
    found = ((one, schemas.find(one, root, table)) for one in ordered)
    return [(one, schema) for one, schema in found if schema is not None]


@dataclass(frozen=True, slots=True)
class _Settled:
    """libxml2's answer under a schema, and how many errors it counted if the message was checked as a stream."""

    schema_set: SchemaSet
    schema: CompiledSchema
    valid: bool
    error_count: int = 0


def _settle(intake: Intake, candidates: Sequence[Candidate]) -> _Settled:
    """The declared set if the message is valid under it, else the first under which it is, else the declared."""
    first = _verdict(intake, candidates[0])
    if first.valid:
        return first
    others = (_verdict(intake, candidate) for candidate in candidates[1:])
    return next((verdict for verdict in others if verdict.valid), first)


def _verdict(intake: Intake, candidate: Candidate) -> _Settled:
    """Small messages are checked as a tree; large ones as a stream.

    For each error in a tree lxml counts siblings to write a path: with 10^5 bad siblings that takes minutes. A
    stream has no paths, and can be left after enough errors.
    """
    schema_set, schema = candidate
    tree: Any = intake.tree
    if intake.elements <= TREE_ELEMENTS or (intake.elements <= NARROW_TREE_ELEMENTS and not _WIDE(tree)):
        return _Settled(schema_set, schema, bool(schema.verdict.validate(tree)))
    parser = hardened_parser(target=_Nothing(), schema=schema.verdict)
    text = intake.text
    try:
        for start in range(0, len(text), FEED_BYTES):
            parser.feed(text[start : start + FEED_BYTES])
            if _schema_errors(parser) > intake.limits.explained_errors:
                break
        else:
            parser.close()
    except etree.XMLSyntaxError:
        pass
    count = _schema_errors(parser)
    return _Settled(schema_set, schema, count == 0, count)


_WIDE = etree.XPath(f"boolean(/descendant::*/*[{WIDE + 1}])")
"""Whether some element has so many children that counting them for each error would take too long."""


class _Nothing:
    """A parser target that keeps nothing: no tree is built while the schema looks on."""

    def close(self) -> None:
        """Called at the end of the message."""


def _schema_errors(parser: Any) -> int:
    return sum(1 for error in parser.feed_error_log if error.domain_name == "SCHEMASV")


def _explained(
    intake: Intake, verdict: _Settled, places: Places, labels: Labels, texts: FaultTexts
) -> tuple[list[TechnicalFault], Explanation]:
    limits = intake.limits
    explainer = Explainer(
        verdict.schema.model, places, labels, texts, limits.explained_elements, limits.explained_errors
    )
    errors = _libxml2_errors(intake, verdict)
    if intake.elements <= limits.explained_elements:
        explainer.explain_all()
    elif errors:
        explainer.is_partial = True
        explainer.explain_below([_failed(element, name) for element, name in errors])
    else:
        explainer.explain_all()
    faults = sorted(explainer.faults, key=lambda fault: fault.line or 0)
    faults += _uncovered(errors, faults, places, labels, texts)
    if not faults:
        root = places.tree.getroot()
        spot = Spot(places.xpath(root), places.line(root), label=etree.QName(root).localname)
        faults.append(texts.fault("unknown", spot))
    return faults[: limits.explained_errors], "partial" if explainer.is_partial else "full"


Error = tuple[etree._Element, str]


def _libxml2_errors(intake: Intake, verdict: _Settled) -> list[Error]:
    """libxml2's errors with their elements, unless there are so many that their paths would take too long."""
    if verdict.error_count * intake.elements > PATH_STEPS:
        return []
    tree: Any = intake.tree
    schema = verdict.schema
    with schema.lock:
        schema.witness.validate(tree)
        log: Any = schema.witness.error_log
        logged = [(error.path, error.type_name) for error in log]
    found: list[Error] = []
    for path, name in logged[: intake.limits.explained_errors]:
        element = _resolved(intake, path)
        if element is not None:
            found.append((element, name))
    return found


def _resolved(intake: Intake, path: str | None) -> etree._Element | None:
    """The element at a path as libxml2 writes it, with the message's own prefixes."""
    if not path or intake.tree is None:
        return None
    prefixes = {prefix: uri for prefix, uri in intake.tree.getroot().nsmap.items() if prefix}
    try:
        found: Any = intake.tree.xpath(path, namespaces=prefixes)
    except etree.XPathError:
        return None
    return found[0] if found else None


def _failed(element: etree._Element, name: str) -> etree._Element:
    """The element whose content is to be explained: for a misplaced child, its parent."""
    parent = element.getparent()
    return parent if name == CONTENT_ERROR and parent is not None else element


def _uncovered(
    errors: Sequence[Error], faults: Sequence[TechnicalFault], places: Places, labels: Labels, texts: FaultTexts
) -> list[TechnicalFault]:
    """General faults for what only libxml2 has seen.

    Of a content model that is broken libxml2 names the first child that it did not expect: any fault told about the
    children of that parent covers it.
    """
    told = {fault.xpath.partition("/@")[0] for fault in faults}
    broken = {_parent(fault.xpath) for fault in faults if fault.kind in CHILD_KINDS}
    broken |= {fault.xpath for fault in faults if fault.kind in LACK_KINDS}
    added: list[TechnicalFault] = []
    for element, name in errors:
        path = places.xpath(element)
        if path in told or path in broken or (name == CONTENT_ERROR and _parent(path) in broken):
            continue
        told.add(path)
        names = [etree.QName(one).localname for one in reversed(list(element.iterancestors()))]
        own = etree.QName(element).localname
        label = labels.label((*names[1:], own))[0]
        added.append(texts.fault("unknown", Spot(path, places.line(element), element=own, label=label)))
    return added


def _parent(path: str) -> str:
    return path.rpartition("/")[0]


def _start_names(detection: Detection) -> tuple[str, ...]:
    return tuple(step.local for step in parse_path(detection.start).steps)


def _version_faults(
    intake: Intake, detection: Detection, candidates: Sequence[Candidate], verdict: _Settled, texts: FaultTexts
) -> list[TechnicalFault]:
    """Warnings where the version that was used is not simply the one that is declared."""
    family = detection.family
    known = {name for one in family.sets for name in one.declared} if family else set()
    if family is None or not known or intake.tree is None:
        return []
    declared = detection.declared_version
    if declared is None:
        if len(candidates) == 1:
            return []
        kind = "version_not_declared"
    elif declared not in known:
        kind = "version_unknown"
    elif declared not in verdict.schema_set.declared:
        kind = "version_differs"
    elif not verdict.valid and len(candidates) > 1:
        kind = "version_unconfirmed"
    else:
        return []
    root = intake.tree.getroot()
    places = intake.places(detection.prefixes)
    path = parse_path(mapping_path(family.version_attribute))
    element = next(elements_at(root, [step.local for step in path.steps]), root)
    xpath = places.xpath(element)
    if declared is not None and path.attribute:
        xpath += f"/@{path.attribute}"
    spot = Spot(xpath, places.line(element), element=path.names, label=path.names)
    return [texts.fault(kind, spot, severity="warning", value=declared, phase=verdict.schema_set.phase)]
