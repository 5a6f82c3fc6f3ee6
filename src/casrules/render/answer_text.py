"""What a terminal shows of an answer: what it means as a whole, and what an authority said beside our explanation."""

from __future__ import annotations

from collections.abc import Iterator

from casrules.findings import AnswerInfo, Violation
from casrules.findings.summary import counted

_OUTCOMES = {
    "accepted": "accepted",
    "released": "accepted and released",
    "rejected": "rejected",
    "registered": "registered, not yet accepted",
    "pending": "not decided yet",
    "invalidated": "invalidated: it no longer stands",
    "information": "for information",
    "unknown": "not known",
}
_CAUSES = {
    "message": "this message",
    "configuration": "a configuration rule that is missing or wrong",
    "master_data": "master data: a register, a code list, an account or an authorisation",
    "authority": "the authority's side",
    "undecidable": "not decidable from here",
}
_MATCH = {True: "the message it answers", False: "ANOTHER message than the one it answers", None: "not compared"}
_SET_UP = "your own set-up: addresses, certificates, rights or programs"
_COVERING = 3

Line = tuple[str, str]


def answer_lines(answer: AnswerInfo) -> Iterator[Line]:
    """Outcome, times, the original it was read against, remarks, and the raw text of what nobody knows."""
    decided = f", {answer.decided}" if answer.decided else ""
    yield "outcome", f"{_OUTCOMES[answer.outcome]}{decided}"
    if answer.original is not None:
        original = answer.original
        name = original.name or original.message or "given"
        yield "original", f"{name} ({_MATCH[original.matches]})"
    for remark in answer.remarks:
        yield "remark", remark
    if answer.raw:
        yield "raw", " ".join(answer.raw.split())


def reported_lines(alert: Violation) -> Iterator[Line]:
    """What the authority said, where the cause lies, usual causes, what to check, and our rule."""
    reported = alert.reported
    if reported is None:
        return
    if reported.text:
        yield "said", f"“{reported.text}”"
    if reported.value is not None:
        yield "quoted", repr(reported.value)
    if reported.entries > 1:
        yield "", f"told by {counted(reported.entries, 'entry', 'entries')} of the answer"
    if reported.pointer:
        yield "pointer", reported.pointer
    for number, cause in enumerate(reported.causes):
        yield "often" if number == 0 else "", cause
    yield "check", reported.check
    if reported.beside:
        verb = "has" if len(reported.beside) == 1 else "have"
        yield "beside", f"{', '.join(reported.beside)} in this answer often {verb} the same cause"


def blame_lines(alert: Violation) -> Iterator[Line]:
    """Where the cause lies, and the rule that says the same before the message is sent."""
    if alert.cause is not None:
        set_up = alert.cause == "configuration" and alert.source in ("port", "transport")
        yield "cause", _SET_UP if set_up else _CAUSES[alert.cause]
    if alert.reported is None or alert.source == "transport":
        return
    covering = alert.reported.covered_by
    if covering:
        more = f" and {len(covering) - _COVERING} more" if len(covering) > _COVERING else ""
        yield "covered", f"{', '.join(covering[:_COVERING])}{more}: casrules check looks for this before sending"
