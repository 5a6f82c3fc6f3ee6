"""Findings about an answer that is itself damaged: cut off, miscounted, in other characters than it says."""

from __future__ import annotations

from casrules.findings import Authority, Draft, Location, Message, Violation, fingerprint
from casrules.findings.violation import Source
from casrules.messages.edifact_segments import InterchangeFault

DAMAGED = "decode.damaged_answer"
SYSTEM, LIST = "EDIFACT", "0085"


def damage(fault: InterchangeFault, source: Source, document: str) -> Draft:
    """The finding for one fault of an answer's interchange; `document` is the key of the message that is answered."""
    place = f"segment {fault.segment}" + (f" ({fault.tag})" if fault.tag else "") if fault.segment else ""
    violation = Violation(
        rule=DAMAGED,
        branch=fault.kind,
        fingerprint=fingerprint(DAMAGED, branch=fault.kind, document=document, entity=(place,), field=""),
        source=source,
        category="technical",
        severity="warning",
        authority=(Authority(system=SYSTEM, list=LIST, code=fault.code),),
        cause="authority",
        title="the answer itself is damaged",
        message=Message(key=DAMAGED, text=f"{fault.text[:1].upper()}{fault.text[1:]}."),
        locations=(Location(path="the answer", segment=place, line=fault.line),),
        remedy="Ask the sender of the answer for it again; until then rely on nothing that could be missing from it.",
    )
    return Draft(violation)
