from __future__ import annotations

import json
import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from casrules.findings import DocumentInfo, Location, Message, Report, Timing, Verdict, Violation, assemble

ACCEPT = Verdict(outcome="accept")


def built(*violations: Violation, **fields: object) -> Report:
    return Report(violations=violations, verdict=ACCEPT, **fields)  # type: ignore[arg-type]


def test_canonical_json_has_sorted_keys_and_no_times() -> None:
    with_times = built(timings=(Timing(stage="rules", seconds=0.1),))
    assert with_times.to_json() == built().to_json()
    assert "timings" in with_times.to_dict(timings=True)
    keys = list(json.loads(built().to_json()))
    assert keys == sorted(keys)


@given(st.text(st.characters(), max_size=20))
def test_any_text_of_a_message_can_be_reported_written_and_read_again(text: str) -> None:
    violation = Violation(
        rule="r",
        fingerprint="f",
        message=Message(key="k", text=text),
        locations=(Location(path=text, declared=text, effective=text),),
    )
    report = built(violation, document=DocumentInfo(lrn=text, name=text))
    written = report.to_json()
    written.encode("ascii")
    assert Report.from_json(written) == report
    str(report).encode("utf-8")


def test_a_lone_surrogate_is_replaced_not_raised() -> None:
    assert Message(key="k", text="a\ud800b").text == "a?b"


def test_reports_are_frozen_closed_and_survive_pickling(violation) -> None:
    report = built(violation("1"))
    with pytest.raises(ValidationError):
        report.verdict = ACCEPT  # type: ignore[misc]
    with pytest.raises(ValidationError):
        Report(verdict=ACCEPT, unheard_of=1)  # type: ignore[call-arg]
    assert pickle.loads(pickle.dumps(report)) == report
    assert hash(report) == hash(Report.from_json(report.to_json()))


def test_a_report_answers_the_usual_questions(draft) -> None:
    found = assemble(
        [
            draft("c", rule="demo.A", severity="warning"),
            draft("e", rule="demo.B", after=("demo.A",)),
            draft("i", severity="info"),
        ]
    )
    report = built(*found.violations, totals=found.totals, document=DocumentInfo(message="ncts.CC015C", lrn="L1"))
    assert [v.fingerprint for v in report.errors] == ["e"]
    assert [v.fingerprint for v in report.warnings] == ["c"]
    assert [v.fingerprint for v in report.alerts] == ["c", "i"]
    assert report.folded_under(report.alerts[0]) == report.errors
    assert list(report.by_rule()) == ["demo.A", "demo.B", "demo.R1"]
    assert str(report) == "accept: 1 error, 1 warning, 1 note (ncts.CC015C, LRN L1)"


def test_the_notebook_table_escapes_what_it_shows(draft) -> None:
    found = assemble([draft("1", text="<script>alert(1)</script>", path="<b>")])
    html = built(*found.violations, totals=found.totals)._repr_html_()
    assert "<script>" not in html and "<b>" not in html and "&lt;script&gt;" in html
