"""The one order of violations: worst first, then as the source stage and the document have them."""

from __future__ import annotations

from typing import Any

from casrules.findings.location import Location
from casrules.findings.violation import SEVERITIES, Severity, Violation

_SOURCES = ("technical", "inconsistency", "customs", "port", "transport", "lifecycle")
_NO_LINE = 1 << 62

OrderKey = tuple[Any, ...]


def severity_rank(severity: Severity) -> int:
    """0 for an error; higher is milder."""
    return SEVERITIES.index(severity)


def highest(*severities: Severity) -> Severity:
    """The gravest of the severities."""
    return min(severities, key=severity_rank)


def order_key(violation: Violation) -> OrderKey:
    """Worst first, then in document order; total over violations of different fingerprints."""
    return (
        severity_rank(violation.severity),
        _SOURCES.index(violation.source),
        place_key(violation.primary),
        violation.rule,
        violation.branch,
        violation.message.key,
        violation.fingerprint,
    )


def place_key(place: Location | None) -> OrderKey:
    """Document order: by line where there is one, then by the record's natural order (entry 2 before entry
    10).
    """
    if place is None:
        return (_NO_LINE, -1, (), "")
    line = _NO_LINE if place.line is None else place.line
    offset = -1 if place.offset is None else place.offset
    return (line, offset, _natural(place.record or place.pointer), place.path)


def _natural(pointer: str) -> tuple[tuple[int, int, str], ...]:
    return tuple(
        (0, int(part), part) if part.isascii() and part.isdigit() else (1, 0, part) for part in pointer.split("/")[1:]
    )
