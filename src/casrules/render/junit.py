"""JUnit XML: one test suite a document, one test case a rule that failed, and one for the verdict."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from casrules.findings import Report, Violation
from casrules.render.escaping import for_markup
from casrules.render.options import RenderOptions
from casrules.render.wording import children_of, document_name, place_text, totals_text


def render_junit(reports: Iterable[Report], options: RenderOptions) -> Iterator[str]:
    """A `testsuites` document.

    A rule with an alert at error level is a failure; warnings and notes are output of a case that passed; a
    rule that failed only where it is suppressed is skipped. The case `verdict` is an error where nobody could
    judge.
    """
    yield '<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="casrules">\n'
    for report in reports:
        yield from _suite(report)
    yield "</testsuites>\n"


def _suite(report: Report) -> Iterator[str]:
    name = for_markup(document_name(report))
    children = children_of(report)
    cases: dict[str, list[Violation]] = {}
    for violation in report.violations:
        if violation.is_root:
            cases.setdefault(violation.rule, []).append(violation)
    failures = sum(any(_fails(v) for v in found) for found in cases.values())
    skipped = sum(not any(v.stands for v in found) for found in cases.values())
    errors = int(report.verdict.outcome == "undetermined")
    counts = f'tests="{len(cases) + 1}" failures="{failures}" errors="{errors}" skipped="{skipped}"'
    yield f'  <testsuite name="{name}" {counts}>\n'
    for rule in sorted(cases):
        yield f'    <testcase classname="{name}" name="{for_markup(rule)}">\n'
        yield from _case(cases[rule], children)
        yield "    </testcase>\n"
    yield from _verdict(report, name)
    yield "  </testsuite>\n"


def _fails(violation: Violation) -> bool:
    return violation.stands and violation.alert_severity == "error"


def _case(found: list[Violation], children: dict[str, list[Violation]]) -> Iterator[str]:
    lines = [line for violation in found if violation.stands for line in _lines(violation, children)]
    text = for_markup_lines(lines)
    failing = next((violation for violation in found if _fails(violation)), None)
    if failing is not None:
        kind = for_markup(failing.category)
        yield f'      <failure type="{kind}" message="{for_markup(failing.message.text)}">{text}</failure>\n'
    elif lines:
        yield f"      <system-out>{text}</system-out>\n"
    else:
        mark = next(violation.suppression for violation in found if violation.suppression)
        reason = f"suppressed by {mark.by} until {mark.until}: {mark.reason}"
        yield f'      <skipped message="{for_markup(reason)}"/>\n'


def _lines(violation: Violation, children: dict[str, list[Violation]]) -> Iterator[str]:
    for each in (violation, *children.get(violation.fingerprint, ())):
        where = place_text(each.primary) if each.primary else ""
        yield f"{each.severity} {each.rule} {where}: {each.message.text}"
        if each.remedy:
            yield f"remedy: {each.remedy}"


def for_markup_lines(lines: list[str]) -> str:
    """Lines of text, each made safe; the line breaks between them stay."""
    return "\n".join(for_markup(line) for line in lines)


def _verdict(report: Report, name: str) -> Iterator[str]:
    outcome = report.verdict.outcome
    notes = [report.totals.banner] if report.totals.capped else []
    notes += [f"not judged: {reason.text}" for reason in report.verdict.reasons if not reason.rejects]
    yield f'    <testcase classname="{name}" name="verdict">\n'
    text = for_markup_lines([f"{outcome}: {totals_text(report)}", *notes])
    if outcome == "undetermined":
        yield f'      <error type="undetermined" message="the document could not be judged">{text}</error>\n'
    else:
        yield f"      <system-out>{text}</system-out>\n"
    yield "    </testcase>\n"
