"""One alert as a block of lines for a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from types import MappingProxyType

from casrules.findings import Violation
from casrules.findings.summary import counted
from casrules.render.answer_text import blame_lines, reported_lines
from casrules.render.options import RenderOptions
from casrules.render.terminal import Paint, wrapped
from casrules.render.wording import (
    SEVERITY_WORDS,
    demand_text,
    edit_text,
    place_text,
    suggestion_text,
    values_text,
)

_LABEL = 10
_PLACES = 5
_CHILDREN = 5
_CHILD_INDENT = 4
_APPLICABILITY = {"safe": "safe", "unsafe": "unsafe: a person decides", "display": "shown only"}
_TOLD_BY = MappingProxyType({"port": "port", "transport": "sending"})

Line = tuple[str, str]


def alert_lines(alert: Violation, children: Sequence[Violation], options: RenderOptions) -> Iterator[str]:
    """Severity and rule; then place, what, why, remedy, fix, law, and what follows from it."""
    paint = Paint(options.color)
    yield from _head(alert, options, paint)
    for label, text in _body(alert, options):
        yield from _labelled(label, text, options, paint)
    if children:
        yield from _children(children, options, paint)


def _head(alert: Violation, options: RenderOptions, paint: Paint) -> Iterator[str]:
    """Severity, rule and title; a title that does not fit goes below."""
    severity = alert.alert_severity or alert.severity
    known = f" {paint('dim', '(known)')}" if alert.baseline == "unchanged" else ""
    head = f"{paint(severity, SEVERITY_WORDS[severity])} {paint('bold', alert.rule)}"
    taken = len(f"{SEVERITY_WORDS[severity]} {alert.rule}  ")
    title = wrapped(alert.title, options.width, 2) if alert.title else []
    if len(title) == 1 and taken + len(title[0]) <= options.width:
        yield f"{head}  {paint('bold', title[0])}{known}"
        return
    yield head + known
    for line in title:
        yield f"  {paint('bold', line)}"


def _body(alert: Violation, options: RenderOptions) -> Iterator[Line]:
    places = alert.locations if options.show_all else alert.locations[:_PLACES]
    for number, place in enumerate(places):
        yield ("where" if number == 0 else ""), place_text(place)
    if len(places) < len(alert.locations):
        yield "", f"and {counted(len(alert.locations) - len(places), 'more place')}"
    yield "what", alert.message.text
    yield from reported_lines(alert)
    yield from _values(alert)
    yield "rule", demand_text(alert)
    yield "remedy", alert.remedy
    for alternative in alert.alternatives:
        yield "or", alternative
    for fix in alert.fixes:
        yield "fix", f"{fix.title} [{_APPLICABILITY[fix.applicability]}]"
        for edit in fix.edits:
            yield "", f"  {edit_text(edit)}"
    for suggestion in alert.suggestions:
        yield "prevent", suggestion_text(suggestion)
    yield from blame_lines(alert)
    yield "law", "; ".join(str(reference) for reference in alert.law)
    yield _TOLD_BY.get(alert.source, "customs"), "; ".join(str(authority) for authority in alert.authority)


def _values(alert: Violation) -> Iterator[Line]:
    yield "read", values_text(alert)
    for place in alert.locations[:_PLACES]:
        if place.changed_by:
            before = "nothing" if place.declared is None else repr(place.declared)
            yield (
                "changed",
                f"{place.path}: declared {before}, read as {place.effective!r} by {place.changed_by}",
            )


def _labelled(label: str, text: str, options: RenderOptions, paint: Paint) -> Iterator[str]:
    if not text.strip():
        return
    lead = len(text) - len(text.lstrip(" "))
    for number, line in enumerate(wrapped(text.strip(), options.width, _LABEL + 2 + lead)):
        shown = paint("dim", label.ljust(_LABEL - 2)) if number == 0 else " " * (_LABEL - 2)
        yield f"  {shown}{' ' * (lead + (2 if number and lead else 0))}{line}".rstrip()


def _children(children: Sequence[Violation], options: RenderOptions, paint: Paint) -> Iterator[str]:
    shown = children if options.show_all else children[:_CHILDREN]
    verb = "follows" if len(children) == 1 else "follow"
    yield f"  {paint('dim', f'{len(children)} more {verb} from this:')}"
    for child in shown:
        where = f" at {child.primary.path}" if child.primary else ""
        text = f"{child.rule}{where}: {child.message.text}"
        indent = _CHILD_INDENT + len(SEVERITY_WORDS[child.severity]) + 1
        for number, line in enumerate(wrapped(text, options.width, indent)):
            lead = f"{' ' * _CHILD_INDENT}{paint(child.severity, SEVERITY_WORDS[child.severity])} "
            yield (lead if number == 0 else " " * indent) + line
    if len(shown) < len(children):
        yield f"{' ' * _CHILD_INDENT}{paint('dim', f'and {len(children) - len(shown)} more')}"
