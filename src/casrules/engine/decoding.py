"""Decodes an answer from outside, beside the message it answers where that is given."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from casrules.alerts import Decoded, Decoder, Original, RuleLinks, shipped_knowledge, verdict_of
from casrules.engine.breakdowns import Breakdowns
from casrules.engine.checking import TOOL, Tools
from casrules.engine.json_route import is_json, open_json
from casrules.engine.opened import Opened
from casrules.engine.sources import Source
from casrules.engine.xml_route import open_xml
from casrules.errors import UsageError
from casrules.findings import AnswerInfo, DocumentInfo, Report, Stage, assemble, document_key
from casrules.findings.totals import add_uncounted
from casrules.messages.detection import detect
from casrules.messages.edifact import is_interchange, read_interchange
from casrules.messages.message_mapping import MessageMapping
from casrules.messages.origins import Origins
from casrules.messages.reading import read


@dataclass(frozen=True)
class AnswerDecoder:
    """The decoder of one engine; what it needs is read at the first answer and kept. Safe to share between threads."""

    tools: Tools
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False, compare=False)

    def decode(self, answer: Source, original: Source | None = None, format_: str | None = None) -> Report:
        """The report on an answer; `format_` is the original's message. Bad data never raises."""
        breakdowns = Breakdowns()
        document = DocumentInfo(role="answer", sha256=answer.digest, bytes=len(answer.content), name=answer.name)
        decoded: Decoded | None = None
        with breakdowns.caught("decode"):
            about = self._original(original, format_) if original is not None else None
            decoded = self._decoder.decode(answer.content, document, about)
            if not decoded.answer.shape and decoded.document.format == "xml":
                decoded = self._told_apart(decoded, answer.content)
        if decoded is None:
            stages = (Stage(name="decode", status="failed", reason="the library broke down"),)
            decoded = Decoded(document, AnswerInfo(), stages, ())
        found = assemble(decoded.drafts, limits=self.tools.limits)
        totals = add_uncounted(found.totals, dict(decoded.uncounted))
        return Report(
            tool=TOOL,
            packs=self.tools.packs,
            document=decoded.document,
            answer=decoded.answer,
            stages=decoded.stages,
            violations=found.violations,
            totals=totals,
            system_errors=tuple(breakdowns.faults),
            verdict=verdict_of(decoded.answer, totals, decoded.stages, breakdowns.faults),
        )

    def _told_apart(self, decoded: Decoded, content: bytes) -> Decoded:
        """What nobody knows as an answer may be a message that is sent: then the stage says so."""
        detection = detect(read(content, self.tools.limits), self.tools.plans.catalog.families)
        message = detection.message
        if message is None or message.role == "answer":
            return decoded
        sent = f"{detection.format} ({message.title.lower()}) is a message that is sent"
        reason = f"{sent}: casrules check checks it; to decode its answer, give it as the original"
        stages = tuple(
            stage.model_copy(update={"reason": reason}) if stage.name == "detect" else stage for stage in decoded.stages
        )
        return replace(decoded, stages=stages)

    @cached_property
    def _decoder(self) -> Decoder:
        with self._lock:
            plans = self.tools.plans
            links = RuleLinks(plans.ruleset)
            return Decoder(shipped_knowledge(), links, plans.catalog.dictionary, self._mapping, self.tools.limits)

    def _mapping(self, message: str) -> MessageMapping | None:
        family, found = self.tools.plans.catalog.families.parse_format(message)
        return self.tools.plans.plan(family, found).mapping if found is not None else None

    def _original(self, source: Source, format_: str | None) -> Original:
        if is_interchange(source.content):
            return self._interchange(source)
        opened = (open_json if is_json(source) else open_xml)(source, format_, self.tools)
        if opened.plan is not None and opened.plan.kind.role == "answer":
            what = f"the original is itself an answer ({opened.plan.kind.message})"
            raise UsageError(what, remedy="give the message that was sent")
        mapping = opened.plan.mapping if opened.plan else None
        origins = opened.locator if isinstance(opened.locator, Origins) else None
        record = opened.whole if opened.plan else {}
        document = _identified(opened)
        return Original(document, self.tools.plans.catalog.dictionary, record, mapping, origins)

    def _interchange(self, source: Source) -> Original:
        document = DocumentInfo(
            format="edifact", sha256=source.digest, bytes=len(source.content), name=source.name,
            key=document_key(digest=source.digest),
        )  # fmt: skip
        read = read_interchange(source.content, self.tools.limits)
        return Original(document, self.tools.plans.catalog.dictionary, interchange=read)


def _identified(opened: Opened) -> DocumentInfo:
    """The original with LRN, MRN and the key of its fingerprints, as a check of it would have them."""
    document = opened.document
    lrn, mrn = _text(opened, "lrn"), _text(opened, "mrn")
    declarant = _text(opened, "declarant.id") or _text(opened, "holder.id")
    key = document_key(declarant=declarant, lrn=lrn, mrn=mrn, digest=document.sha256)
    return document.model_copy(update={"lrn": lrn or "", "mrn": mrn or "", "key": key})


def _text(opened: Opened, path: str) -> str | None:
    found: Any = opened.record
    for name in path.split("."):
        found = found.get(name) if isinstance(found, Mapping) else None
    return found if isinstance(found, str) else None
