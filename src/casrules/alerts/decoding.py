"""From the bytes of an answer to the findings in it. Never raises for what an answer holds."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from casrules.alerts.answers import Answer, Entry
from casrules.alerts.damage import DAMAGED, damage
from casrules.alerts.extracting import clipped, extract
from casrules.alerts.grouping import grouped
from casrules.alerts.knowledge import Knowledge
from casrules.alerts.locating import Locating
from casrules.alerts.nodes import Node
from casrules.alerts.original import Original
from casrules.alerts.reading import Readable, read_answer
from casrules.alerts.recognising import recognise
from casrules.alerts.rule_links import RuleLinks
from casrules.alerts.shape_models import Shape
from casrules.alerts.writing import AlertWriter, other_declaration
from casrules.dictionary import Dictionary
from casrules.findings import (
    AnswerInfo,
    DocumentInfo,
    Draft,
    Location,
    Message,
    PathWriter,
    Stage,
    Violation,
    document_key,
    fingerprint,
)
from casrules.findings.summary import counted
from casrules.findings.violation import Source
from casrules.limits import Limits
from casrules.messages.message_mapping import MessageMapping

RAW_CHARACTERS = 2_000


@dataclass(frozen=True)
class Decoded:
    """What an answer is and says: document and answer information, stages, drafts of its findings.

    `uncounted` are (rule, severity) with the number of entries that were not written, beyond the limits.
    """

    document: DocumentInfo
    answer: AnswerInfo
    stages: tuple[Stage, ...]
    drafts: tuple[Draft, ...]
    uncounted: tuple[tuple[tuple[str, str], int], ...] = ()


@dataclass(frozen=True)
class Decoder:
    """Decodes answers; `mapping` gives the mapping of a message by its full id (`cds.IMPORT`), None where unknown."""

    knowledge: Knowledge
    links: RuleLinks
    dictionary: Dictionary
    mapping: Callable[[str], MessageMapping | None]
    limits: Limits

    def decode(self, content: bytes, document: DocumentInfo, original: Original | None = None) -> Decoded:
        """Decode one answer; `document` has name, size and digest of its bytes."""
        readable = read_answer(content, self.limits)
        for layer in filter(None, (readable.inside, readable)):
            found = self._recognised(layer)
            if found is not None:
                shape, root = found
                known = self._known(shape, root, document.model_copy(update={"format": readable.kind}), original)
                return _with_faults(known, layer, shape.source)
        if readable.tree is None:
            return self._unreadable(readable, document, original)
        return _with_faults(self._unknown(readable, document, original), readable, "transport")

    def _recognised(self, readable: Readable) -> tuple[Shape, Node] | None:
        if readable.tree is None:
            return None
        return recognise(readable.tree, readable.format, self.knowledge, readable.namespaces)

    def _known(self, shape: Shape, root: Node, document: DocumentInfo, original: Original | None) -> Decoded:
        answer = extract(shape, root)
        info = answer.info
        if original is not None:
            info = info.model_copy(update={"original": original.info(answer.lrn, answer.mrn, info.reference)})
        key = _key(answer, original, document)
        document = document.model_copy(
            update={
                "message": shape.id, "title": info.title, "role": "answer", "complete": False, "lrn": answer.lrn,
                "mrn": answer.mrn, "jurisdiction": shape.jurisdiction, "key": key, "detected_by": "shape",
                "family": original.document.family if original else "",
            }
        )  # fmt: skip
        writer = self._writer(shape, original, key)
        written, uncounted = self._within_limits(grouped(answer.entries, shape), shape)
        writer = replace(writer, codes=frozenset(entry.code for entry in answer.entries))
        drafts = [writer.draft(entry) for entry in written]
        if info.original is not None and info.original.matches is False:
            drafts.append(_other(key, answer, info))
        stages = (*_read_stages(), Stage(name="decode", status="completed"))
        return Decoded(document, info, stages, tuple(drafts), tuple(sorted(uncounted.items())))

    def _writer(self, shape: Shape, original: Original | None, key: str) -> AlertWriter:
        known = [] if original and original.mapping else [self.mapping(name) for name in shape.declarations]
        locating = Locating(self.dictionary, self.knowledge.pointers, original, tuple(filter(None, known)))
        family = (
            original.document.family
            if original
            else shape.declarations[0].partition(".")[0]
            if shape.declarations
            else ""
        )
        paths = original.paths if original else PathWriter({}, self.dictionary)
        return AlertWriter(self.knowledge, self.links, locating, paths, key, shape.source, family)

    def _within_limits(self, entries: Sequence[Entry], shape: Shape) -> tuple[list[Entry], Counter[tuple[str, str]]]:
        """The entries to write, and how many of each code are only counted."""
        from casrules.alerts.writing import rule_id

        written: list[Entry] = []
        left: Counter[tuple[str, str]] = Counter()
        of_code: Counter[str] = Counter()
        for entry in entries:
            rule = rule_id(shape.source, entry)
            if of_code[rule] < self.limits.explained_errors and len(written) < self.limits.reported_violations:
                of_code[rule] += 1
                written.append(entry)
            else:
                left[rule, entry.severity] += 1
        return written, left

    def _unknown(self, readable: Readable, document: DocumentInfo, original: Original | None) -> Decoded:
        what = (
            f"It begins with <{readable.tree.name}>." if readable.tree is not None and readable.format == "xml" else ""
        )
        text = f"This kind of answer is not known. {what}".strip()
        stages = (
            Stage(name="parse", status="completed"),
            Stage(name="detect", status="unavailable", reason="the kind of answer is not known"),
        )
        return self._told("decode.unknown_answer", text, readable, (document, original), stages)

    def _unreadable(self, readable: Readable, document: DocumentInfo, original: Original | None) -> Decoded:
        text = f"The answer cannot be read: {readable.problem}"
        stages = (Stage(name="parse", status="failed", reason="the answer cannot be read"),)
        return self._told("decode.unreadable_answer", text, readable, (document, original), stages)

    def _told(
        self,
        rule: str,
        text: str,
        readable: Readable,
        about: tuple[DocumentInfo, Original | None],
        stages: tuple[Stage, ...],
    ) -> Decoded:
        """One finding that says what is the matter; the raw text is kept in the answer's information."""
        document, original = about
        key = document_key(digest=document.sha256)
        violation = Violation(
            rule=rule,
            fingerprint=fingerprint(rule, document=key, entity=(), field=""),
            source="customs",
            category="process",
            severity="warning",
            cause="undecidable",
            title=text.partition(".")[0].partition(":")[0].lower(),
            message=Message(key=rule, text=text),
            locations=(Location(path="document", line=readable.line),),
            remedy="Read the raw text below; what decides nothing here must be looked up by a person.",
        )
        info = AnswerInfo(
            raw=clipped(readable.text, RAW_CHARACTERS),
            raw_characters=len(readable.text),
            original=original.info("", "") if original else None,
        )
        document = document.model_copy(
            update={"format": readable.kind, "role": "answer", "complete": False, "key": key}
        )
        return Decoded(document, info, stages, (Draft(violation),))


def _with_faults(known: Decoded, layer: Readable, source: Source) -> Decoded:
    """An answer that is itself broken: its faults are findings, and nothing is accepted on its word."""
    if not layer.faults:
        return known
    drafts = tuple(damage(fault, source, known.document.key) for fault in layer.faults)
    uncounted = dict(known.uncounted)
    if layer.fault_count > len(drafts):
        uncounted[DAMAGED, "warning"] = layer.fault_count - len(drafts)
    reason = f"the answer is damaged ({counted(layer.fault_count, 'fault')})"
    stages = tuple(
        stage.model_copy(update={"status": "failed", "reason": reason}) if stage.name == "parse" else stage
        for stage in known.stages
    )
    return replace(known, drafts=(*known.drafts, *drafts), stages=stages, uncounted=tuple(sorted(uncounted.items())))


def _read_stages() -> tuple[Stage, ...]:
    return (Stage(name="parse", status="completed"), Stage(name="detect", status="completed"))


def _key(answer: Answer, original: Original | None, document: DocumentInfo) -> str:
    """The document key of the message that is answered."""
    if original is not None and original.document.key:
        return original.document.key
    given = json.dumps(["lrn", answer.lrn]) if answer.lrn else None
    return document_key(mrn=answer.mrn or None, given=given, digest=document.sha256)


def _other(key: str, answer: Answer, info: AnswerInfo) -> Draft:
    assert info.original is not None
    if not (info.original.lrn or info.original.mrn):
        told = answer.info.reference or answer.lrn or answer.mrn
        return other_declaration(key, told, "without that reference")
    by_lrn = bool(answer.lrn and info.original.lrn)
    told = f"LRN {answer.lrn}" if by_lrn else f"MRN {answer.mrn}"
    given = f"LRN {info.original.lrn}" if by_lrn else f"MRN {info.original.mrn}"
    return other_declaration(key, told, given)
