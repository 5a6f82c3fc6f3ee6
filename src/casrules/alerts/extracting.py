"""Reads an answer by its shape: fields, outcome, entries. Never fails for what the answer holds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TypeVar, cast

import re2

from casrules.alerts.answers import Answer, Entry, PointerPart, RawPointer
from casrules.alerts.examining import examine
from casrules.alerts.nodes import Node, select, texts
from casrules.alerts.shape_models import (
    EntrySpec,
    FieldSpec,
    OutcomeChoice,
    PointerSpec,
    SeverityChoice,
    Shape,
)
from casrules.findings import AnswerInfo, AnswerOutcome
from casrules.findings.violation import Severity

CODE_CHARACTERS = 60
TEXT_CHARACTERS = 2_000
POINTER_CHARACTERS = 1_000
POINTER_PARTS = 60
LARGEST_NUMBER = 1_000_000_000
REMARKS = 50
_MILD: tuple[AnswerOutcome, ...] = ("accepted", "released", "registered")
Chosen = TypeVar("Chosen", OutcomeChoice, SeverityChoice)


def extract(shape: Shape, root: Node) -> Answer:
    """Everything the shape finds in the answer that begins at `root`."""
    document = shape.document
    function = read(document.function, root, root)
    outcome = _outcome(shape, root)
    entries, remarks = _with_remarks(shape, root, list(_entries(shape, root, outcome)))
    info = AnswerInfo(
        shape=shape.id,
        title=shape.titles.get(function, shape.title),
        outcome=outcome,
        function=function,
        reference=read(document.reference, root, root),
        issued=read(document.issued, root, root),
        decided=read(document.decided, root, root),
        version=read(document.version, root, root),
        entries=sum(entry.count for entry in entries),
        remarks=tuple(dict.fromkeys(remarks))[:REMARKS],
    )
    return Answer(info, read(document.lrn, root, root), read(document.mrn, root, root), tuple(entries))


def read(spec: FieldSpec, node: Node, root: Node, most: int = TEXT_CHARACTERS) -> str:
    """The value of a field at a node; empty where there is none."""
    if spec.const:
        return spec.const
    for path in spec.path:
        for text in texts(node, root, path):
            value = _worked(spec, text)
            if value:
                return clipped(value, most)
    return ""


def clipped(text: str, most: int) -> str:
    """`text`, cut with its full length where it is too long."""
    return text if len(text) <= most else f"{text[:most]}… ({len(text)} characters)"


def _worked(spec: FieldSpec, text: str) -> str:
    if spec.match:
        found = re2.search(spec.match, text)
        if found is None:
            return ""
        text = (found.group(1) if found.groups() else found.group(0)) or ""
    for pattern, template in spec.replace.items():
        text = re2.sub(pattern, template, text)
    if spec.patterns:
        text = next((told for pattern, told in spec.patterns.items() if re2.search(pattern, text)), "")
    return spec.values.get(text, text)


def _outcome(shape: Shape, root: Node) -> AnswerOutcome:
    for choice in shape.outcome:
        found = _chosen(choice, root, root)
        if found is not None:
            return cast(AnswerOutcome, found)
    return "unknown"


def _chosen(choice: Chosen, node: Node, root: Node) -> str | None:
    if choice.by.path:
        text = read(choice.by, node, root)
        if text in choice.values:
            return choice.values[text]
        if text:
            for pattern, result in choice.patterns.items():
                if re2.search(pattern, text):
                    return result
    return choice.otherwise


def _entries(shape: Shape, root: Node, outcome: AnswerOutcome) -> Iterator[Entry]:
    usual: Severity = "warning" if outcome in _MILD else "error"
    number = 0
    for spec in shape.entries:
        for around in select(root, root, spec.within):
            for node in select(around, root, spec.path):
                number += 1
                at = _At(node, around, root)
                if spec.examine and not examine(spec.examine, at.read(spec.value)):
                    continue
                yield _entry(spec, at, system=shape.system, number=number, usual=usual)


@dataclass(frozen=True, slots=True)
class _At:
    """Where an entry is read: its node, the node around it, and the root."""

    node: Node
    around: Node
    root: Node

    def read(self, spec: FieldSpec, most: int = TEXT_CHARACTERS) -> str:
        """The value of a field."""
        return read(spec, self.around if spec.around else self.node, self.root, most)


def _entry(spec: EntrySpec, at: _At, *, system: str, number: int, usual: Severity) -> Entry:
    severity = cast(Severity, _chosen(spec.severity, at.node, at.root) or usual)
    return Entry(
        number=number,
        severity=severity,
        system=system,
        list=at.read(spec.list, CODE_CHARACTERS),
        code=at.read(spec.code, CODE_CHARACTERS),
        reason=at.read(spec.reason, CODE_CHARACTERS),
        reasons=spec.reasons,
        code_is_rule=spec.code_is_rule,
        text=at.read(spec.text),
        value=at.read(spec.value) or None,
        line=whole(at.read(spec.line)),
        column=whole(at.read(spec.column)),
        pointers=_all_pointers(spec, at),
    )


def _all_pointers(spec: EntrySpec, at: _At) -> tuple[RawPointer, ...]:
    """The pointers of an entry; words only where nothing else reads what is there."""
    found: list[RawPointer] = []
    for one in spec.pointer:
        if one.scheme != "none" or not found:
            found += _pointers(one, at.around if one.around else at.node, at.root)
    return tuple(found)


def whole(text: str) -> int | None:
    """A whole number from 0 that is not absurd, else None."""
    if not (text.isascii() and text.isdigit() and len(text) <= 12):
        return None
    number = int(text)
    return number if number <= LARGEST_NUMBER else None


def _pointers(spec: PointerSpec, node: Node, root: Node) -> Iterator[RawPointer]:
    item = read(spec.item, node, root, CODE_CHARACTERS)
    if spec.scheme == "segment":
        yield from _segment_pointers(spec, node, root)
        return
    if not spec.section.path:
        taken = FieldSpec(match=spec.match)
        for path in spec.path:
            found = list(filter(None, (_worked(taken, text) for text in texts(node, root, path))))
            for text in found[:POINTER_PARTS]:
                shown = clipped(spec.base + text, POINTER_CHARACTERS)
                yield RawPointer(spec.scheme, shown, table=spec.table, item=item)
            if found:
                return
        return
    parts = tuple(_part(spec, one, root) for path in spec.path for one in select(node, root, path)[: POINTER_PARTS + 1])
    if parts:
        text = "/".join(
            filter(None, (*map(_part_text, parts[:POINTER_PARTS]), "…" if len(parts) > POINTER_PARTS else ""))
        )
        yield RawPointer(spec.scheme, text, parts[:POINTER_PARTS], spec.table, item)


def _segment_pointers(spec: PointerSpec, node: Node, root: Node) -> Iterator[RawPointer]:
    named = {"message": spec.message, "segment": spec.segment, "tag": spec.tag}
    named |= {"element": spec.element, "component": spec.component}
    texts_ = {name: read(field, node, root, CODE_CHARACTERS) for name, field in named.items()}
    parts = [
        PointerPart(name, tag=text) if name in ("message", "tag") else PointerPart(name, whole(text) or LARGEST_NUMBER)
        for name, text in texts_.items()
        if text
    ]
    if any(part.name != "message" for part in parts):
        told = ", ".join(part.tag if part.name == "tag" else f"{part.name} {part.tag or part.number}" for part in parts)
        yield RawPointer(spec.scheme, told, tuple(parts))


def _part(spec: PointerSpec, node: Node, root: Node) -> PointerPart:
    name = read(spec.section, node, root, CODE_CHARACTERS)
    tag = read(spec.tag, node, root, CODE_CHARACTERS)
    written = read(spec.number, node, root, CODE_CHARACTERS)
    number = whole(written)
    return PointerPart(name, LARGEST_NUMBER if written and number is None else number, tag)


def _part_text(part: PointerPart) -> str:
    number = f"[{part.number}]" if part.number is not None else ""
    return "/".join(filter(None, (f"{part.name}{number}", part.tag)))


def _with_remarks(shape: Shape, root: Node, entries: list[Entry]) -> tuple[list[Entry], list[str]]:
    """The entries with what remarks add to them, and the remarks on the whole."""
    remarks: list[str] = []
    added: dict[int, list[str]] = {}
    for spec in shape.remarks:
        for node in select(root, root, spec.path):
            text = read(spec.text, node, root)
            number = whole(read(spec.entry, node, root))
            if text and number is not None and 1 <= number <= len(entries):
                added.setdefault(number, []).append(text)
            elif text:
                remarks.append(text)
    for number, more in added.items():
        entry = entries[number - 1]
        told = [text for text in dict.fromkeys(more[:REMARKS]) if text not in entry.text]
        joined = clipped("; ".join(filter(None, (entry.text, *told))), TEXT_CHARACTERS)
        entries[number - 1] = replace(entry, text=joined)
    return entries, remarks
