"""Short texts that several outputs share."""

from __future__ import annotations

from collections.abc import Sequence

from casrules.findings import Edit, Location, Report, Suggestion, Violation
from casrules.findings.summary import counted

SEVERITY_WORDS = {"error": "error", "warning": "warning", "info": "note"}


def document_name(report: Report) -> str:
    """The caller's name for the document, else what identifies it."""
    document = report.document
    return document.name or document.mrn or document.lrn or document.message or "declaration"


def document_facts(report: Report) -> list[str]:
    """Message, phase, references and reference date, as far as they are known."""
    document, as_of = report.document, report.as_of
    origin = {"argument": "as given", "declaration": as_of.path or "from the declaration", "unknown": ""}[as_of.origin]
    title = " ".join(part for part in (document.message, document.title) if part)
    return [
        fact
        for fact in (
            title or "not recognised",
            f"phase {document.phase}" if document.phase else "",
            f"LRN {document.lrn}" if document.lrn else "",
            f"MRN {document.mrn}" if document.mrn else "",
            _rules_of(as_of.date, origin, is_answer=report.answer is not None),
        )
        if fact
    ]


def _rules_of(day: str | None, origin: str, *, is_answer: bool) -> str:
    """The day whose rules were applied; an answer has none."""
    if is_answer:
        return ""
    return f"rules of {day} ({origin})" if day else "no reference date"


def place_text(place: Location) -> str:
    """Path, what is missing there, label, numbers and the place in the source."""
    is_parent = bool(place.missing) and not _is_missing(place)
    label = ", ".join(
        part for part in (place.label, place.number) if part and not (is_parent and part == place.missing)
    )
    parts = [f"perhaps {place.path}" if place.role == "candidate" else place.path]
    if is_parent:
        parts.append(f"lacks {place.missing}")
    elif place.missing:
        parts.append("is missing")
    if label:
        parts.append(f"({label})")
    text = " ".join(parts)
    return f"{text}, {_source_text(place)}" if place.source_place else text


def _source_text(place: Location) -> str:
    """`line 12`, or `line 12 lacks numberOfPackages` where XML lacks an element that the path names otherwise."""
    in_xml = _is_missing(place) and place.line is not None
    return f"{place.source_place} lacks {place.missing}" if in_xml else place.source_place


def _is_missing(place: Location) -> bool:
    """Whether the path names what is missing; otherwise it names the parent: an XPath, or an entry of a list."""
    return bool(place.missing) and place.path != place.xpath and not place.path.endswith("]")


def values_text(violation: Violation) -> str:
    """The values the rule read: `item.net_mass = 10 kg, item.gross_mass not given`."""
    if violation.why is None:
        return ""
    return ", ".join(
        f"{value.name} not given"
        if value.value is None
        else f"{value.name} = {value.value}{f' {value.unit}' if value.unit else ''}"
        for value in violation.why.values
    )


def demand_text(violation: Violation) -> str:
    """What the rule demands, in prose where there is some, with what was expected and tolerated."""
    why = violation.why
    parts = [violation.rendered_rule or (why.condition if why else "")]
    if why is not None:
        parts += [
            f"expected {why.expected}" if why.expected else "",
            f"tolerance {why.tolerance}" if why.tolerance else "",
        ]
    return "; ".join(part for part in parts if part)


def edit_text(edit: Edit) -> str:
    """One edit in words."""
    target = edit.target.path
    if edit.kind == "set":
        return f"{target} = {edit.value}"
    if edit.kind == "default":
        return f"{target} = {edit.value} where nothing is given"
    if edit.kind == "copy":
        return f"{target} = the value of {edit.source.path}"
    if edit.kind == "compute":
        return f"{target} = {edit.expression}"
    if edit.kind == "add":
        fields = ", ".join(f"{field.name} = {field.value}" for field in edit.fields)
        return f"add to {target}: {fields}" if fields else f"add {target}"
    return f"remove {target}"


def suggestion_text(suggestion: Suggestion) -> str:
    """A suggestion, what it would apply to, and what a person must give."""
    conditions = ", ".join(
        f"{match.field} = {match.value}" if match.value is not None else f"{match.field} not given"
        for match in suggestion.match
    )
    text = f"{suggestion.title} (where {conditions})" if conditions else suggestion.title
    if suggestion.ask:
        text += f"; to be given: {', '.join(suggestion.ask)}"
    if suggestion.evidence is not None:
        evidence = suggestion.evidence
        text += f"; seen {evidence.support} times, {evidence.against} against"
    return text


def children_of(report: Report) -> dict[str, list[Violation]]:
    """Alert's fingerprint → the listed violations folded under it."""
    found: dict[str, list[Violation]] = {}
    for violation in report.violations:
        if violation.folded_under is not None:
            found.setdefault(violation.folded_under, []).append(violation)
    return found


def totals_text(report: Report) -> str:
    """`2 errors, 1 warning in 2 alerts; 1 suppressed`."""
    totals = report.totals
    pairs = ((totals.errors, "error"), (totals.warnings, "warning"), (totals.infos, "note"))
    found = ", ".join(counted(number, word) for number, word in pairs if number)
    text = found or "no violations"
    if totals.folded:
        text += f" from {counted(totals.alerts, 'root cause')}"
    if totals.suppressed:
        text += f"; {totals.suppressed} suppressed"
    if totals.unchanged:
        text += f"; {totals.unchanged} known from the baseline"
    return text


def listed(texts: Sequence[str], most: int) -> str:
    """The first texts, and how many more there are."""
    rest = len(texts) - most
    return ", ".join(texts[:most]) + (f" and {rest} more" if rest > 0 else "")
