"""SARIF 2.1.0: one run, fingerprints, suppressions, baseline states; what follows from a root cause is inside
it.

Fixes and suggestions are typed edits of a declaration, not replacements of characters in a file; they are in
the result's property bag.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from casrules.findings import Location, Report, Violation
from casrules.render.escaping import for_sarif
from casrules.render.options import RenderOptions
from casrules.render.wording import children_of, document_name, place_text

RESULTS_SHOWN = 5_000
"""Results that a code-scanning host shows of one run."""
_LOCATIONS = 100
_LEVELS = {"error": "error", "warning": "warning", "info": "note"}
_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"

Plain = dict[str, Any]


@dataclass(slots=True)
class _Run:
    """The results of one run up to the cap, and how many there were."""

    results: list[Plain] = field(default_factory=list)
    rules: dict[str, Plain] = field(default_factory=dict)
    numbers: dict[str, int] = field(default_factory=dict)
    artifacts: dict[str, Plain] = field(default_factory=dict)
    notes: list[Plain] = field(default_factory=list)
    total: int = 0
    version: str = ""
    base: str = ""

    def add(self, report: Report) -> None:
        """Take in one report: its alerts, its suppressed violations, what could not be judged."""
        name = document_name(report)
        artifact = self.artifacts.setdefault(name, {"location": {"uri": _uri(name, self.base)}})
        if report.document.sha256:
            artifact["hashes"] = {"sha-256": report.document.sha256}
        self.version = self.version or report.tool.version
        children = children_of(report)
        for violation in report.violations:
            if violation.is_root:
                self._add(violation, children.get(violation.fingerprint, ()), _uri(name, self.base))
        if report.totals.capped:
            self.notes.append(_note(f"{name}: {report.totals.banner}"))
        for reason in report.verdict.reasons:
            if not reason.rejects:
                self.notes.append(_note(f"{name}: not judged: {reason.text}"))

    def _add(self, violation: Violation, children: Sequence[Violation], uri: str) -> None:
        self.total += 1
        if len(self.results) >= RESULTS_SHOWN:
            return
        number = self.numbers.setdefault(violation.rule, len(self.numbers))
        self.rules.setdefault(violation.rule, _rule(violation))
        self.results.append(_result(violation, children, uri) | {"ruleIndex": number})

    def log(self) -> Plain:
        """The SARIF log."""
        notes = list(self.notes)
        if self.total > len(self.results):
            text = f"LIST CUT OFF: {len(self.results)} of {self.total} results are listed"
            notes.insert(0, _note(text))
        driver = {"name": "casrules", "rules": list(self.rules.values())}
        if self.version:
            driver["version"] = self.version
        run = {
            "tool": {"driver": driver},
            "columnKind": "unicodeCodePoints",
            "artifacts": list(self.artifacts.values()),
            "invocations": [{"executionSuccessful": True, "toolExecutionNotifications": notes}],
            "results": self.results,
            "properties": {"resultsFound": self.total, "resultsListed": len(self.results)},
        }
        return {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}


def render_sarif(reports: Iterable[Report], options: RenderOptions) -> Iterator[str]:
    """One SARIF log of all reports; at most `RESULTS_SHOWN` results, which the log says."""
    run = _Run(base=options.base)
    for report in reports:
        run.add(report)
    yield json.dumps(run.log(), sort_keys=True, ensure_ascii=True, indent=options.indent) + "\n"


def _rule(violation: Violation) -> Plain:
    rule: Plain = {"id": violation.rule, "defaultConfiguration": {"level": _LEVELS[violation.severity]}}
    if violation.title:
        rule["shortDescription"] = {"text": for_sarif(violation.title)}
    if violation.rendered_rule:
        rule["fullDescription"] = {"text": for_sarif(violation.rendered_rule)}
    if violation.remedy:
        rule["help"] = {"text": for_sarif(violation.remedy)}
    return rule


def _result(violation: Violation, children: Sequence[Violation], uri: str) -> Plain:
    result: Plain = {
        "ruleId": violation.rule,
        "level": _LEVELS[violation.alert_severity or violation.severity],
        "message": {"text": for_sarif(violation.message.text)},
        "partialFingerprints": {"casrules/v1": violation.fingerprint},
        "locations": [_place(violation.primary, uri)] if violation.primary else [{"physicalLocation": _file(uri)}],
        "suppressions": _suppressions(violation),
        "properties": _properties(violation, children),
    }
    related = [place for place in violation.locations if place is not violation.primary]
    if related:
        result["relatedLocations"] = [
            _place(place, uri) | {"message": {"text": for_sarif(place_text(place))}} for place in related[:_LOCATIONS]
        ]
    if violation.baseline is not None:
        result["baselineState"] = violation.baseline
    return result


def _properties(violation: Violation, children: Sequence[Violation]) -> Plain:
    folded = [
        {"ruleId": child.rule, "fingerprint": child.fingerprint, "message": for_sarif(child.message.text)}
        for child in children
    ]
    bag: Plain = {
        "source": violation.source,
        "category": violation.category,
        "authority": [str(authority) for authority in violation.authority],
        "law": [str(reference) for reference in violation.law],
        "remedy": for_sarif(violation.remedy),
        "fixes": [fix.model_dump(mode="json") for fix in violation.fixes],
        "suggestions": [suggestion.model_dump(mode="json") for suggestion in violation.suggestions],
        "folded": folded,
        "locationsFound": len(violation.locations),
    }
    return {name: value for name, value in bag.items() if value}


def _suppressions(violation: Violation) -> list[Plain]:
    mark = violation.suppression
    if mark is None:
        return []
    text = f"{mark.reason} (by {mark.by}, until {mark.until}, {mark.origin})"
    return [{"kind": "external", "status": "accepted", "justification": for_sarif(text)}]


def _place(place: Location, uri: str) -> Plain:
    physical = _file(uri)
    if place.line is not None:
        physical["region"] = {"startLine": place.line}
    elif place.offset is not None:
        physical["region"] = {"byteOffset": place.offset, "byteLength": 0}
    logical: Plain = {"fullyQualifiedName": for_sarif(place.path), "kind": "element"}
    if place.label:
        logical["name"] = for_sarif(place.label)
    return {"physicalLocation": physical, "logicalLocations": [logical]}


def _file(uri: str) -> Plain:
    return {"artifactLocation": {"uri": uri}}


def _uri(name: str, base: str) -> str:
    """The name as a URI reference: from `base` where it is below it, a `file:` URI for other absolute paths."""
    if base and name.startswith(f"{base.rstrip('/')}/"):
        name = name[len(base.rstrip("/")) + 1 :]
    elif name.startswith("/"):
        name = f"file://{name}"
    return quote(name.encode("utf-8", "replace"), safe="/.-_~:")


def _note(text: str) -> Plain:
    return {"level": "warning", "message": {"text": for_sarif(text)}}
