"""Opens a declaration in the library's own JSON form, from text or as a mapping."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from casrules.declaration import Invalid
from casrules.dictionary import Dictionary
from casrules.engine.opened import Opened
from casrules.engine.sources import Source
from casrules.engine.technical import json_drafts, record_drafts
from casrules.errors import UsageError
from casrules.findings import DocumentInfo, Draft, PathWriter, Stage
from casrules.findings.pointers import to_pointer
from casrules.messages.json_check import RecordFault, check_form, declared_set
from casrules.messages.json_form import JsonDeclaration, JsonFault, read_json

if TYPE_CHECKING:
    from casrules.engine.checking import Tools
    from casrules.engine.planning import MessagePlan


def is_json(source: Source) -> bool:
    """Whether the source came as a mapping, or begins like a JSON object."""
    return source.mapping is not None or source.content[:64].lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"{"


def open_json(source: Source, format_: str | None, tools: Tools) -> Opened:
    """Open `source` as a JSON declaration; `format_` or its own `format` names the message whose rules apply.

    Raises UsageError for a `format_` that is unknown; one in the document is a finding.
    """
    dictionary = tools.plans.catalog.dictionary
    declaration = _read(source, tools)
    plan, faults = _plan(declaration, format_, tools)
    faults = (*declaration.faults, *faults)
    why = "" if plan else 'the declaration does not say which message it is: add "format"'
    found = _checked(declaration, faults, plan, tools)
    stages = (
        Stage(name="parse", status="completed" if declaration.record else "failed", reason=""),
        found.stage,
        *((Stage(name="rules", status="unavailable", reason=why),) if why else ()),
    )

    def drafts(opened: Opened) -> list[Draft]:
        key = opened.document.key
        told = json_drafts((*faults, *found.unwritten)[: tools.limits.explained_errors], key)
        if plan is None or not found.faults:
            return told
        paths = PathWriter(declaration.record, dictionary)
        return [*told, *record_drafts(found.faults, key, plan.family.system, declaration.record, paths)]

    return Opened(
        document=_document(source, plan),
        stages=stages,
        plan=plan,
        record=declaration.record,
        invalid=_invalid(declaration.record, dictionary.root, dictionary),
        bind_all=lambda: declaration.record,
        drafts=drafts,
    )


@dataclass(frozen=True, slots=True)
class _Form:
    """How the check of the form against the message's schema went, and what it found."""

    stage: Stage
    faults: tuple[RecordFault, ...] = ()
    unwritten: tuple[JsonFault, ...] = ()


def _checked(
    declaration: JsonDeclaration, faults: Sequence[JsonFault], plan: MessagePlan | None, tools: Tools
) -> _Form:
    """Check the form, unless there is no record, no message to check it as, or more faults than can be told."""
    most = tools.limits.explained_errors
    if not declaration.record and declaration.faults:
        return _Form(Stage(name="schema", status="skipped", reason="the document cannot be read"))
    if plan is None:
        return _Form(Stage(name="schema", status="unavailable", reason="it is not known which message this is"))
    if len(faults) > most:
        reason = f"the first {most:,} of {len(faults):,} faults are told"
        return _Form(Stage(name="schema", status="partial", reason=reason))
    found = check_form(declaration.record, (plan.family, plan.message), plan.mapping, tools.schemas, tools.limits)
    if found.reason:
        stage = Stage(name="schema", status="unavailable", reason=found.reason)
    else:
        stage = Stage(name="schema", status="completed")
    known = {fault.pointer for fault in faults}
    unwritten = tuple(fault for fault in found.unwritten if fault.pointer not in known)
    known |= {fault.pointer for fault in unwritten}
    new = tuple(fault for fault in found.faults if to_pointer(fault.path) not in known)
    return _Form(stage, new, unwritten)


def _read(source: Source, tools: Tools) -> JsonDeclaration:
    if source.problem:
        return JsonDeclaration({}, faults=(JsonFault("", f"this is no JSON: {source.problem}"),))
    if len(source.content) > tools.limits.message_bytes:
        fault = JsonFault("", f"the document has more than {tools.limits.message_bytes:,} bytes", "split it")
        return JsonDeclaration({}, faults=(fault,))
    return read_json(source.mapping if source.mapping is not None else source.content, tools.plans.catalog.dictionary)


def _plan(
    declaration: JsonDeclaration, format_: str | None, tools: Tools
) -> tuple[MessagePlan | None, tuple[JsonFault, ...]]:
    families = tools.plans.catalog.families
    if format_:
        family, message = families.parse_format(format_)
    elif declaration.format:
        try:
            family, message = families.parse_format(declaration.format)
        except UsageError as error:
            return None, (JsonFault("/format", error.problem, error.remedy),)
    else:
        return None, ()
    if message is None:
        return None, ()
    plan = tools.plans.plan(family, message)
    stated = declared_set(declaration.record, family, plan.mapping)
    return tools.plans.plan(family, message, stated), ()


def _invalid(values: Mapping[str, Any], entity: str, dictionary: Dictionary) -> frozenset[tuple[str, str]]:
    found: set[tuple[str, str]] = set()
    for name, value in values.items():
        if isinstance(value, Invalid):
            found.add((entity, name))
        elif isinstance(value, dict):
            found |= _invalid(value, dictionary.element(entity, name).type, dictionary)
        elif isinstance(value, list):
            for entry in value:
                found |= _invalid(entry, dictionary.element(entity, name).type, dictionary)
    return frozenset(found)


def _document(source: Source, plan: MessagePlan | None) -> DocumentInfo:
    common: dict[str, Any] = {
        "format": "record" if source.mapping is not None else "json", "sha256": source.digest,
        "bytes": len(source.content), "name": source.name, "detected_by": "format",
    }  # fmt: skip
    if plan is None:
        return DocumentInfo(**common)
    return DocumentInfo(
        **common, family=plan.family.id, message=plan.kind.message, title=plan.message.title, phase=plan.kind.phase,
        role=plan.message.role, complete=plan.message.complete, jurisdiction=plan.kind.jurisdiction,
        flow=plan.kind.flow,
    )  # fmt: skip
