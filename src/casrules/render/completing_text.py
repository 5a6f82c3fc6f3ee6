"""What configuration rules did to a declaration, and what they leave to a person, in words."""

from __future__ import annotations

from collections.abc import Iterator

from casrules.findings import Change, Report, Violation
from casrules.render.wording import edit_text, listed

Line = tuple[str, str]
CHANGES_SHOWN = 5
"""How many changes of one rule are told one by one."""


def change_lines(report: Report, *, show_all: bool = False) -> Iterator[Line]:
    """For each rule what it filled in, changed and removed: ("filled in by acme.origin", "items[1].… = JP")."""
    told: dict[str, list[str]] = {}
    for change in report.changes:
        verb, text = _said(change)
        told.setdefault(f"{verb} by {change.rule}", []).append(text)
    for label, texts in told.items():
        yield label, listed(texts, len(texts) if show_all else CHANGES_SHOWN)


def _said(change: Change) -> Line:
    if change.after is None:
        return "removed", f"{change.path} (was {change.before})"
    if change.before is None:
        return "filled in", f"{change.path} = {change.after}"
    return "changed", f"{change.path} = {change.after} (was {change.before})"


def question_lines(question: Violation) -> Iterator[Line]:
    """What a person is asked, where, and what a yes would do."""
    yield "asked", question.message.text
    yield "where", question.primary.path if question.primary else ""
    for fix in question.fixes:
        for edit in fix.edits:
            yield "if so", edit_text(edit)
    yield "do", question.remedy
    yield "rule", question.rule
