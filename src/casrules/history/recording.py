"""Reports as events."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any

from casrules.findings import Report, Violation
from casrules.history.events import (
    Answer,
    AnswerCode,
    Event,
    Found,
    FoundArgument,
    Outcome,
    OutcomeName,
    Submission,
    Values,
    Violations,
)
from casrules.history.naming import Naming

_ENDS: Mapping[str, OutcomeName] = {
    "accepted": "accepted",
    "released": "accepted",
    "rejected": "rejected",
    "invalidated": "cancelled",
}
"""What an answer's outcome says of how the declaration ended; the others decide nothing."""


def submission_of(
    report: Report,
    values: Values,
    sent: Values | None,
    *,
    document: str,
    at: datetime,
    by: str,
    content: bytes | None,
    naming: Naming,
) -> Submission:
    """The submission of a declaration that was checked."""
    about = report.document
    final = values if sent is None else sent
    return Submission(
        document=document,
        at=at,
        by=by,
        message=about.message,
        lrn=about.lrn,
        mrn=about.mrn,
        importer=final.get(naming.importer, ""),
        declarant=final.get(naming.declarant, ""),
        sha256=about.sha256,
        as_of=date.fromisoformat(report.as_of.date) if report.as_of.date else None,
        values=values,
        sent=sent,
        content=content,
    )


def violations_of(report: Report, *, document: str, at: datetime, by: str) -> Violations:
    """What a check found, as far as the report lists it; what somebody silenced is not an alert."""
    found = tuple(_found(it) for it in report.violations if it.stands)
    return Violations(document=document, at=at, by=by, verdict=report.verdict.outcome, found=found)


def answer_of(report: Report, *, document: str, at: datetime, by: str, content: bytes | None) -> Iterator[Event]:
    """A decoded answer, and the outcome where it decides."""
    info = report.answer
    assert info is not None
    yield Answer(
        document=document,
        at=at,
        by=by,
        outcome=info.outcome,
        shape=info.shape,
        function=info.function,
        reference=info.reference,
        issued=info.issued,
        sha256=report.document.sha256,
        codes=tuple(code for it in report.violations for code in _codes(it)),
        content=content,
    )
    if info.outcome in _ENDS:
        yield Outcome(document=document, at=at, by=by, outcome=_ENDS[info.outcome], reason=info.title)


def _found(violation: Violation) -> Found:
    place = violation.primary
    return Found(
        rule=violation.rule,
        fingerprint=violation.fingerprint,
        severity=violation.severity,
        category=violation.category,
        path=place.path if place else "",
        record=place.record if place else "",
        key=violation.message.key,
        arguments=tuple(FoundArgument(name=it.name, value=it.value) for it in violation.message.arguments),
        law=tuple(" ".join(filter(None, (it.act, it.place))) for it in violation.law),
        correlation_key=violation.correlation_key,
    )


def _codes(violation: Violation) -> Iterator[AnswerCode]:
    place = violation.primary
    common: dict[str, Any] = {
        "rule": violation.rule,
        "severity": violation.severity,
        "path": place.path if place else "",
        "record": place.record if place else "",
        "text": violation.reported.text if violation.reported else violation.message.text,
    }
    for it in violation.authority:
        yield AnswerCode(system=it.system, list=it.list, code=it.code, **common)
    if not violation.authority:
        yield AnswerCode(**common)
