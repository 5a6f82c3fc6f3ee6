"""What configuration rules did and ask is told apart from what is wrong, in every format people read."""

from __future__ import annotations

from pathlib import Path

import pytest

from casrules import Engine
from casrules.findings import Change, Report
from casrules.render import RenderOptions, render
from casrules.render.completing_text import CHANGES_SHOWN, change_lines

TOPIC = """
configuration:
  - {id: dispatch, title: From Japan, for: item, mode: apply, default: {item.country_of_dispatch: JP}}
  - id: ozone
    title: Confirm the statement on ozone
    for: item
    match: {item.number: = 1}
    message: "Item {item.number}: outside the ozone regulation?"
    add: {item.supporting_documents: {type: Y902}}
  - {id: preference, title: Preference, for: item, match: {item.number: = 2}, set: {item.preference: ask}}
"""


@pytest.fixture
def report(tmp_path: Path, repository: Path) -> Report:
    (tmp_path / "pack.yaml").write_text("id: acme\ntitle: Acme\nversion: 1.0.0\n", encoding="utf-8")
    (tmp_path / "topic.yaml").write_text(TOPIC, encoding="utf-8")
    return Engine(configuration=[tmp_path]).validate(repository / "examples/cds/import-h1.xml")


def test_text(report: Report) -> None:
    told = render([report], "text", RenderOptions(width=200))
    block = told.partition("to be confirmed")[2]
    assert "asked   Item 1: outside the ozone regulation?" in block
    assert "if so   add to items[number=1].supporting_documents: type = Y902" in block
    assert "acme.ozone" not in told.partition("to be confirmed")[0]
    expected = "items[number=1].country_of_dispatch = JP, items[number=2].country_of_dispatch = JP"
    assert f"filled in by acme.dispatch: {expected}" in block
    assert "declared nothing, read as 'JP' by acme.dispatch" in told


def test_html_and_json(report: Report) -> None:
    page = render([report], "html", RenderOptions())
    assert "<h3>To be confirmed (" in page and "Item 1: outside the ozone regulation?" in page
    assert "<li>filled in by acme.dispatch: items[number=1].country_of_dispatch = JP" in page
    again = Report.model_validate_json(render([report], "json", RenderOptions()))
    asked = [violation.rule for violation in again.violations if violation.is_question]
    assert set(asked) >= {"acme.ozone"} and again.changes == report.changes


def test_a_question_is_no_error_and_no_reason_to_reject(report: Report) -> None:
    assert {violation.severity for violation in report.violations if violation.is_question} == {"info"}


@pytest.mark.parametrize(
    ("before", "after", "label", "text"),
    [
        (None, "JP", "filled in by acme.x", "p = JP"),
        ("CN", "JP", "changed by acme.x", "p = JP (was CN)"),
        ("CN", None, "removed by acme.x", "p (was CN)"),
    ],
)
def test_words(report: Report, before: str | None, after: str | None, label: str, text: str) -> None:
    found = report.model_copy(update={"changes": (Change(rule="acme.x", path="p", before=before, after=after),)})
    assert list(change_lines(found)) == [(label, text)]


def test_many_changes_of_one_rule_are_one_line(report: Report) -> None:
    changes = tuple(Change(rule="acme.x", path=f"p{number}", after="JP") for number in range(999))
    found = report.model_copy(update={"changes": changes})
    ((_, text),) = change_lines(found)
    assert text.endswith(f"and {999 - CHANGES_SHOWN} more")
    ((_, text),) = change_lines(found, show_all=True)
    assert "more" not in text and text.count("= JP") == 999
