from __future__ import annotations

import csv
import io
import json
import re
import unicodedata
from html.parser import HTMLParser
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casrules.findings import (
    DocumentInfo,
    Draft,
    Fix,
    Location,
    Message,
    Reason,
    Report,
    SetValue,
    Suppression,
    Target,
    ValueRead,
    Verdict,
    Violation,
    Why,
    assemble,
)
from casrules.render import FORMATS, RenderOptions, render
from casrules.render.escaping import for_csv, visible

NASTY = st.one_of(
    st.text(max_size=12),
    st.text("\x00\x07\x1b\x7f\x9b\r\n\t\u202e\u2066\u200b\ufeff<>&\"'=+-@|%`[](){}::,\\;", max_size=12),
    st.sampled_from(
        [
            "<script>x</script>",
            "=1+1",
            "\x1b]8;;http://x\x07y",
            "]]>",
            "::error::x",
            "[a](javascript:x)",
            "\t=x",
            "--><",
        ]
    ),
)


def hostile(text: str) -> Report:
    """A report with the text wherever a message, a file name or a pack could put it."""
    place = Location(path=text, line=1, declared=text, effective=text, changed_by=text, label=text, missing=text)
    drafts = [
        Draft(
            Violation(
                rule=text or "r", branch=text, fingerprint=f"{number:064}", title=text, severity=severity,
                message=Message(key="m", text=text), rendered_rule=text, locations=(place, place), remedy=text,
                why=Why(values=(ValueRead(name=text, value=text, unit=text),), expected=text), alternatives=(text,),
                fixes=(Fix(title=text, edits=(SetValue(target=Target(path=text), value=text),)),),
                suppression=Suppression(by=text, reason=text, until="2025-01-01") if number == 2 else None,
                caused_by=("0" * 64,) if number == 1 else (),
            )
        )
        for number, severity in enumerate(("error", "warning", "error"))
    ]  # fmt: skip
    found = assemble(drafts)
    reasons = (Reason(code="violation", text="1 error"), Reason(code="rule_error", text=text, rule=text))
    return Report(
        document=DocumentInfo(name=text, message=text, title=text, lrn=text, mrn=text, phase=text),
        violations=found.violations,
        totals=found.totals,
        verdict=Verdict(outcome="undetermined", reasons=reasons),
    )


@pytest.mark.parametrize("name", FORMATS)
@given(text=NASTY)
@settings(max_examples=60)
def test_no_output_holds_a_control_or_direction_changing_character(name: str, text: str) -> None:
    written = render(hostile(text), name, RenderOptions(color=False))
    written.encode("utf-8")
    allowed = {"\n", "\r"} if name == "csv" else {"\n"}
    bad = {c for c in written if unicodedata.category(c) in ("Cc", "Cf", "Cs", "Zl", "Zp")} - allowed
    assert not {c for c in bad if visible(c) != c} and not {c for c in bad if unicodedata.category(c) == "Cc"}


@given(NASTY)
@settings(max_examples=60)
def test_text_never_gains_a_line_from_a_message(text: str) -> None:
    assert render(hostile(text), "text", RenderOptions(quiet=True)).count("\n") == 1


@given(NASTY)
@settings(max_examples=60)
def test_junit_is_well_formed_and_says_what_was_said(text: str) -> None:
    root = ElementTree.fromstring(render(hostile(text), "junit"))
    failures = root.findall("testsuite/testcase/failure")
    assert [failure.attrib["message"] for failure in failures] == [visible(Message(key="k", text=text).text)]


class Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes.update(name for name, _ in attrs)


@given(NASTY)
@settings(max_examples=60)
def test_html_has_only_the_tags_of_the_page(text: str) -> None:
    parser = Tags()
    written = render(hostile(text), "html")
    parser.feed(written)
    assert parser.tags <= {
        "html", "head", "meta", "title", "style", "body", "main", "h1", "h2", "h3", "section", "article", "p", "strong",
        "span", "code", "dl", "dt", "dd", "details", "summary", "ul", "li",
    }  # fmt: skip
    assert parser.attributes <= {"lang", "charset", "http-equiv", "content", "name", "class"}
    assert "default-src 'none'" in written and "http://" not in re.sub(r"<[^>]*>|[^<]*(?=<)", "", written)


@given(NASTY)
@settings(max_examples=100)
def test_no_csv_cell_is_a_formula_and_rows_keep_their_width(text: str) -> None:
    rows = list(csv.reader(io.StringIO(render(hostile(text), "csv"), newline="")))
    assert len(rows) == 4 and {len(row) for row in rows} == {len(rows[0])}
    for row in rows:
        assert not any(re.match(r"\s*[=+\-@\t\r|%]", cell) for cell in row)


@given(NASTY)
@settings(max_examples=60)
def test_github_commands_are_ours_only(text: str) -> None:
    lines = render(hostile(text), "github").splitlines()
    assert sum(line.startswith("::") for line in lines) <= 3
    for line in lines:
        if line.startswith(("::error", "::warning")):
            assert re.fullmatch(r"::(error|warning) (\w+=[^,:]*)(,\w+=[^,:]*)*::.*", line)


@given(NASTY)
@settings(max_examples=60)
def test_sarif_messages_hold_no_link(text: str) -> None:
    run = json.loads(render(hostile(text), "sarif"))["runs"][0]
    texts = [result["message"]["text"] for result in run["results"]]
    texts += [note["message"]["text"] for note in run["invocations"][0]["toolExecutionNotifications"]]
    assert not any("](" in each for each in texts)


@pytest.mark.parametrize("text", ["::error::x", "##[error]x", " ::stop-commands::x", "a ##[group]x"])
def test_a_documents_name_cannot_be_taken_for_a_command(text: str) -> None:
    lines = render(hostile(text), "github").splitlines()
    assert not any(line.strip().startswith(text.strip()) or "##[" in line for line in lines)


@given(st.text())
def test_visible_text_is_one_line_and_stable(text: str) -> None:
    shown = visible(text)
    assert len(shown.splitlines()) <= 1
    assert visible(shown) == shown


def test_visible_leaves_ordinary_text_alone() -> None:
    assert visible("Gewicht 12,5 kg – Zoll: żółć 漢字 🙂") == "Gewicht 12,5 kg – Zoll: żółć 漢字 🙂"
    assert visible("a\x1b[31m\n\u202eb") == "a\\x1b[31m\\n\\u202eb"


@pytest.mark.parametrize("text", ["=1", "+1", "-1", "@x", " =1", "\t1", "\r=1", "＝1", "|x", "%x"])
def test_formulas_are_disarmed(text: str) -> None:
    assert for_csv(text).startswith("'")
