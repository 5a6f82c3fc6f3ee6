"""What a declarant reads in the terminal: the document, one block for each root cause, the verdict."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from casrules.findings import Report, Violation
from casrules.findings.summary import counted
from casrules.findings.verdict import Outcome, Reason
from casrules.render.alert_text import alert_lines
from casrules.render.answer_text import answer_lines
from casrules.render.completing_text import change_lines, question_lines
from casrules.render.escaping import visible
from casrules.render.options import RenderOptions
from casrules.render.terminal import Paint, wrapped
from casrules.render.wording import children_of, document_facts, document_name, listed, totals_text

_BLOCKS_A_RULE = 3
_PLACES_A_RULE = 8
_REASONS = 10
_QUESTIONS = 5
_QUESTION_LABEL = 8


def render_text(reports: Iterable[Report], options: RenderOptions) -> Iterator[str]:
    """Blocks of lines, each ending with a line break; a last line counts the documents where there are
    several.
    """
    outcomes: Counter[Outcome] = Counter()
    for report in reports:
        lines = _quiet(report, options) if options.quiet else _report(report, options)
        if outcomes and not options.quiet:
            yield "\n"
        outcomes[report.verdict.outcome] += 1
        for line in lines:
            yield line + "\n"
    total = sum(outcomes.values())
    if total > 1 and not options.quiet:
        paint = Paint(options.color)
        words: tuple[Outcome, ...] = ("accept", "reject", "undetermined")
        parts = ", ".join(f"{outcomes[word]} {paint(word, word)}" for word in words if outcomes[word])
        yield f"\n{counted(total, 'document')}: {parts}\n"


def _quiet(report: Report, options: RenderOptions) -> Iterator[str]:
    if report.verdict.outcome != "accept":
        yield f"{_painted(report, options)} {visible(document_name(report))}: {totals_text(report)}"


def _painted(report: Report, options: RenderOptions) -> str:
    outcome = report.verdict.outcome
    return Paint(options.color)(outcome, outcome)


def _report(report: Report, options: RenderOptions) -> Iterator[str]:
    paint = Paint(options.color)
    yield paint("bold", document_name(report))
    for line in wrapped(" · ".join(document_facts(report)), options.width, 0):
        yield paint("dim", line)
    if report.answer is not None:
        for label, text in answer_lines(report.answer):
            yield from _item(label, text, options, paint)
    if report.totals.capped:
        yield paint("error", report.totals.banner)
    yield from _alerts(report, options, paint)
    yield from _questions(report, options, paint)
    yield ""
    yield f"{_painted(report, options)}  {totals_text(report)}"
    yield from _foot(report, options, paint)


def _alerts(report: Report, options: RenderOptions, paint: Paint) -> Iterator[str]:
    children = children_of(report)
    shown: Counter[tuple[str, str]] = Counter()
    held: dict[tuple[str, str], list[Violation]] = {}
    for alert in report.alerts:
        if alert.is_question:
            continue
        key = (alert.rule, alert.branch)
        shown[key] += 1
        if shown[key] > _BLOCKS_A_RULE and not options.show_all:
            held.setdefault(key, []).append(alert)
            continue
        yield ""
        yield from alert_lines(alert, children.get(alert.fingerprint, ()), options)
    for (rule, _), alerts in held.items():
        yield ""
        yield from _same_rule(rule, alerts, options, paint)


def _questions(report: Report, options: RenderOptions, paint: Paint) -> Iterator[str]:
    """What configuration rules leave to a person, told apart from what is wrong."""
    questions = [alert for alert in report.alerts if alert.is_question]
    if not questions:
        return
    shown = questions if options.show_all else questions[:_QUESTIONS]
    yield ""
    yield paint("info", f"to be confirmed ({len(questions)})")
    for number, question in enumerate(shown):
        if number:
            yield ""
        for label, text in question_lines(question):
            for line, part in enumerate(wrapped(text, options.width, _QUESTION_LABEL + 2)) if text else ():
                yield f"  {paint('dim', label.ljust(_QUESTION_LABEL)) if not line else ' ' * _QUESTION_LABEL}{part}"
    if len(shown) < len(questions):
        yield f"  {paint('dim', f'and {len(questions) - len(shown)} more (--all shows them)')}"


def _same_rule(rule: str, alerts: list[Violation], options: RenderOptions, paint: Paint) -> Iterator[str]:
    """A rule that failed in very many places is told in full a few times, then by its places only."""
    places = [alert.primary.path for alert in alerts if alert.primary]
    folded = sum(alert.folded for alert in alerts)
    follow = f", with {folded} that follow" if folded else ""
    yield f"{paint('bold', rule)} failed at {counted(len(alerts), 'more place')}{follow} (--all shows them):"
    for line in wrapped(listed(places, _PLACES_A_RULE), options.width, 2):
        yield f"  {line}"


def _foot(report: Report, options: RenderOptions, paint: Paint) -> Iterator[str]:
    """What could not be judged, what is fixable, which suppressions did nothing."""
    open_reasons = [reason for reason in report.verdict.reasons if not reason.rejects]
    unjudged = _unjudged(report, open_reasons)
    for reason in unjudged[:_REASONS]:
        yield from _item("not judged", reason, options, paint)
    if len(unjudged) > _REASONS:
        yield from _item("not judged", f"{len(unjudged) - _REASONS} more", options, paint)
    for stage in report.stages:
        if stage.reason and stage.status in ("partial", "not_requested"):
            yield from _item("note", f"{stage.name}: {stage.reason}", options, paint)
    if report.rule_runs:
        ended = Counter(run.status.replace("_", " ") for run in report.rule_runs)
        told = ", ".join(f"{number} {status}" for status, number in sorted(ended.items()))
        yield from _item(counted(len(report.rule_runs), "rule"), told, options, paint)
    fixable = sum(any(fix.applicability == "safe" for fix in v.fixes) for v in report.violations if v.stands)
    if fixable:
        yield from _item("fixable", f"{counted(fixable, 'violation')} by casrules fix", options, paint)
    for label, text in change_lines(report, show_all=options.show_all):
        yield from _item(label, text, options, paint)
    for unused in report.unused_suppressions:
        target = unused.entry.fingerprint or " ".join(p for p in (unused.entry.rule, unused.entry.path) if p)
        why = {"no_match": "matches nothing", "expired": f"expired on {unused.entry.until}"}
        text = f"of {target} {why.get(unused.why, 'cannot hold without a reference date')}"
        yield from _item("suppression", text, options, paint)


def _unjudged(report: Report, reasons: Iterable[Reason]) -> list[str]:
    """The reasons' texts; stages that were not judged for one and the same cause are told together."""
    causes: dict[str, str] = {stage.name: stage.reason for stage in report.stages if stage.blocks}
    together: dict[str, list[str]] = {}
    for reason in reasons:
        cause = causes.get(reason.stage, "")
        together.setdefault(cause or reason.text, []).append(reason.stage if cause else "")
    return [f"{', '.join(stages)}: {text}" if stages[0] else text for text, stages in together.items()]


def _item(label: str, text: str, options: RenderOptions, paint: Paint) -> Iterator[str]:
    indent = len(label) + 4
    for number, line in enumerate(wrapped(text, options.width, indent)):
        yield f"  {paint('dim', label + ':')} {line}" if number == 0 else " " * indent + line
