"""HTML: one self-contained page, no scripts, nothing loaded from elsewhere."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from casrules.findings import Report, Violation
from casrules.findings.summary import counted
from casrules.render.completing_text import change_lines, question_lines
from casrules.render.escaping import for_markup
from casrules.render.html_style import STYLE
from casrules.render.options import RenderOptions
from casrules.render.wording import (
    SEVERITY_WORDS,
    children_of,
    demand_text,
    document_facts,
    document_name,
    edit_text,
    place_text,
    suggestion_text,
    totals_text,
    values_text,
)

_APPLICABILITY = {"safe": "safe", "unsafe": "a person decides", "display": "shown only"}
_POLICY = "default-src 'none'; style-src 'unsafe-inline'"


def render_html(reports: Iterable[Report], options: RenderOptions) -> Iterator[str]:
    """The page: a section a document, a card a root cause, what follows from it folded in."""
    yield (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>casrules report</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<main>\n"
        "<h1>casrules report</h1>\n"
    )
    for report in reports:
        yield from _section(report)
    yield "</main>\n</body>\n</html>\n"


def _section(report: Report) -> Iterator[str]:
    outcome = report.verdict.outcome
    yield f'<section class="document">\n<h2>{for_markup(document_name(report))}</h2>\n'
    yield f'<p class="facts">{for_markup(" · ".join(document_facts(report)))}</p>\n'
    yield f'<p class="verdict {outcome}"><strong>{outcome}</strong> {for_markup(totals_text(report))}</p>\n'
    if report.totals.capped:
        yield f'<p class="banner">{for_markup(report.totals.banner)}</p>\n'
    open_reasons = [reason.text for reason in report.verdict.reasons if not reason.rejects]
    if open_reasons:
        items = "".join(f"<li>{for_markup(text)}</li>" for text in open_reasons)
        yield f"<p>Not judged:</p>\n<ul>{items}</ul>\n"
    children = children_of(report)
    for alert in report.alerts:
        if not alert.is_question:
            yield from _card(alert, children.get(alert.fingerprint, ()))
    yield from _completion(report)
    if report.suppressed:
        yield f"<details><summary>{report.totals.suppressed} suppressed</summary>\n<ul>"
        yield from (f"<li>{_line(violation)} {_mark(violation)}</li>" for violation in report.suppressed)
        yield "</ul></details>\n"
    yield from _packs(report)
    yield "</section>\n"


def _completion(report: Report) -> Iterator[str]:
    """What is left to a person, and what configuration rules did by themselves."""
    questions = [alert for alert in report.alerts if alert.is_question]
    if questions:
        yield f"<h3>To be confirmed ({len(questions)})</h3>\n"
    for question in questions:
        yield '<article class="info">\n<dl>\n'
        yield from (
            f"<dt>{label}</dt><dd>{for_markup(text)}</dd>\n" for label, text in question_lines(question) if text
        )
        yield "</dl>\n</article>\n"
    if report.changes:
        yield "<h3>Completed by configuration rules</h3>\n<ul>"
        told = change_lines(report, show_all=True)
        yield from (f"<li>{for_markup(label)}: {for_markup(text)}</li>" for label, text in told)
        yield "</ul>\n"


def _card(alert: Violation, children: Sequence[Violation]) -> Iterator[str]:
    severity = alert.alert_severity or alert.severity
    title = f" {for_markup(alert.title)}" if alert.title else ""
    known = ' <span class="known">known</span>' if alert.baseline == "unchanged" else ""
    yield f'<article class="{severity}">\n<h3><span class="severity">{SEVERITY_WORDS[severity]}</span> '
    yield f"<code>{for_markup(alert.rule)}</code>{title}{known}</h3>\n"
    yield f'<p class="what">{for_markup(alert.message.text)}</p>\n<dl>\n'
    for label, text in _facts(alert):
        if text:
            yield f"<dt>{label}</dt><dd>{for_markup(text)}</dd>\n"
    yield "</dl>\n"
    if children:
        verb = "follows" if len(children) == 1 else "follow"
        yield f"<details><summary>{len(children)} more {verb} from this</summary>\n<ul>"
        yield from (f"<li>{_line(child)}</li>" for child in children)
        yield "</ul></details>\n"
    yield "</article>\n"


def _facts(alert: Violation) -> Iterator[tuple[str, str]]:
    for place in alert.locations:
        yield "where", place_text(place)
        if place.changed_by:
            before = "nothing" if place.declared is None else repr(place.declared)
            yield "changed", f"declared {before}, read as {place.effective!r} by {place.changed_by}"
    yield "read", values_text(alert)
    yield "rule", demand_text(alert)
    yield "remedy", alert.remedy
    for alternative in alert.alternatives:
        yield "or", alternative
    for fix in alert.fixes:
        edits = "; ".join(edit_text(edit) for edit in fix.edits)
        yield "fix", f"{fix.title} ({_APPLICABILITY[fix.applicability]}): {edits}"
    for suggestion in alert.suggestions:
        yield "prevent", suggestion_text(suggestion)
    yield "law", "; ".join(str(reference) for reference in alert.law)
    yield "customs", "; ".join(str(authority) for authority in alert.authority)


def _line(violation: Violation) -> str:
    where = f" at <code>{for_markup(violation.primary.path)}</code>" if violation.primary else ""
    word = SEVERITY_WORDS[violation.severity]
    return f"{word} <code>{for_markup(violation.rule)}</code>{where}: {for_markup(violation.message.text)}"


def _mark(violation: Violation) -> str:
    mark = violation.suppression
    return for_markup(f"({mark.reason}; by {mark.by}, until {mark.until})") if mark else ""


def _packs(report: Report) -> Iterator[str]:
    if not report.packs:
        return
    texts = [f"{pack.id} {pack.version}" + (f" ({pack.digest[:12]})" if pack.digest else "") for pack in report.packs]
    applied = f"{counted(len(texts), 'rule pack')}: {', '.join(texts)}"
    yield f'<p class="facts">{for_markup(applied)}</p>\n'
