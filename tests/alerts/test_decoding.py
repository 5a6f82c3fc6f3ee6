"""Whole answers: outcomes, verdicts, unknown and hostile ones."""

from __future__ import annotations

import json
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casrules import Engine
from casrules.findings import Report

from .conftest import cds_answer, wco_error

ENGINE = Engine()


def _rules(report: Report) -> list[str]:
    return [found.rule for found in report.violations]


@pytest.mark.parametrize(
    ("function", "outcome", "verdict"),
    [
        ("01", "accepted", "accept"),
        ("02", "registered", "undetermined"),
        ("03", "rejected", "reject"),
        ("05", "pending", "undetermined"),
        ("09", "released", "accept"),
        ("10", "invalidated", "undetermined"),
        ("13", "information", "undetermined"),
        ("77", "unknown", "undetermined"),
        ("", "unknown", "undetermined"),
    ],
)
def test_only_an_answer_that_says_so_accepts(engine: Engine, function: str, outcome: str, verdict: str) -> None:
    report = engine.decode(cds_answer(function=function))
    assert report.answer is not None
    assert (report.answer.outcome, report.verdict.outcome) == (outcome, verdict)
    assert report.document.role == "answer"


def test_a_rejection_without_errors_rejects(engine: Engine) -> None:
    report = engine.decode(cds_answer())
    assert report.violations == ()
    assert [reason.code for reason in report.verdict.reasons] == ["rejected_by_authority"]
    assert report.exit_code == 1


def test_a_known_code_is_explained_in_full(engine: Engine) -> None:
    found = engine.decode(cds_answer(wco_error("CDS12120", "42A/97B", "no office"))).violations[0]
    assert found.rule == "customs.CDS.CDS12120"
    assert (found.source, found.severity, found.category, found.cause) == (
        "customs",
        "error",
        "missing",
        "configuration",
    )
    assert found.message.text.startswith("The declaration type, or the procedure,")
    assert found.reported is not None
    assert found.reported.text == "no office"
    assert found.reported.pointer == "42A/97B"
    assert found.reported.covered_by == ("uk.cds.supervising_office_missing",)
    assert found.explain == "casrules explain uk.cds.supervising_office_missing"
    assert found.remedy == engine.explain("uk.cds.supervising_office_missing").remedy
    assert found.law


def test_an_unknown_code_says_so_and_keeps_the_text(engine: Engine) -> None:
    found = engine.decode(cds_answer(wco_error("CDS99998", "42A/D026", "sorry"))).violations[0]
    assert "does not explain" in found.message.text
    assert found.cause == "undecidable"
    assert found.reported is not None
    assert found.reported.text == "sorry"
    assert found.locations[0].path == "lrn"


def test_an_unknown_answer_keeps_the_raw_text_and_its_length(engine: Engine) -> None:
    report = engine.decode(b"<Strange>" + b"x" * 9000 + b"</Strange>")
    assert _rules(report) == ["decode.unknown_answer"]
    assert "<Strange>" in report.violations[0].message.text
    assert report.answer is not None
    assert report.answer.raw_characters == 9019
    assert len(report.answer.raw) < 2100
    assert report.verdict.outcome == "undetermined"


def test_namespaces_may_be_gone_and_a_log_may_follow(engine: Engine) -> None:
    plain = b"<_2MetaData><Response><FunctionCode>03</FunctionCode><Declaration/></Response></_2MetaData>headers=List()"
    assert engine.decode(plain).verdict.outcome == "reject"


def test_an_answer_about_another_declaration_warns_and_does_not_accept(engine: Engine, declaration: bytes) -> None:
    report = engine.decode(cds_answer(function="01", lrn="OTHER"), original=declaration)
    assert "decode.other_declaration" in _rules(report)
    assert report.verdict.outcome == "undetermined"
    assert report.answer is not None
    assert report.answer.original is not None
    assert report.answer.original.matches is False


def test_the_original_is_linked(engine: Engine, declaration: bytes) -> None:
    lrn = engine.validate(declaration).document.lrn
    report = engine.decode(cds_answer(function="01", lrn=lrn), original=declaration)
    assert report.verdict.outcome == "accept"
    assert report.answer is not None
    assert report.answer.original is not None
    assert report.answer.original.matches is True
    assert len(report.answer.original.sha256) == 64
    assert report.document.key == engine.validate(declaration).document.key


def test_the_report_survives_its_json(engine: Engine, declaration: bytes) -> None:
    report = engine.decode(cds_answer(wco_error("CDS10020", "42A/D026")), original=declaration)
    assert Report.from_json(report.to_json()) == report
    assert (
        engine.decode(cds_answer(wco_error("CDS10020", "42A/D026")), original=declaration).to_json() == report.to_json()
    )
    json.loads(report.to_json())


BROKEN = [
    b"", b" ", b"<", b"\x00\x01", b"\xff\xfe<\x00a", b"\xdcbel", b'{"code":', b"[" * 5000,
    b'{"a":' * 500 + b"1" + b"}" * 500,
    b"<!DOCTYPE a [<!ENTITY x 'y'>]><Response>&x;</Response>", b"<a>" * 3000, cds_answer(wco_error("C", "42A"))[:-40],
    cds_answer(wco_error("\u00e9" * 500, "42A")), b"PK\x03\x04", b"HTTP/1.1 503 Service Unavailable\r\n\r\n",
]  # fmt: skip


@pytest.mark.parametrize("content", BROKEN, ids=range(len(BROKEN)))
def test_broken_answers_are_findings(engine: Engine, content: bytes) -> None:
    report = engine.decode(content)
    assert report.system_errors == ()
    assert report.violations
    assert report.verdict.outcome != "accept"


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=300))
def test_no_bytes_break_it(content: bytes) -> None:
    report = ENGINE.decode(content)
    assert report.system_errors == ()
    assert report.verdict.outcome != "accept"


_codes = st.sampled_from(["CDS12056", "CDS10001", "X", ""])
_sections = st.lists(
    st.sampled_from(["42A", "67A", "68A[1]", "68A", "02A[999999999]", "D031", "06A", "??"]), max_size=6
)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(_codes, _sections), max_size=6))
def test_no_pointers_break_it(errors: list[tuple[str, list[str]]]) -> None:
    written = (wco_error(code, "/".join(["42A", *(part for part in parts if part != "??")])) for code, parts in errors)
    report = ENGINE.decode(cds_answer(*written))
    assert report.system_errors == ()
    assert report.totals.errors >= bool(errors)


def test_many_errors_cost_linear_time(engine: Engine, declaration: bytes) -> None:
    def seconds(number: int) -> float:
        content = cds_answer(*(wco_error("CDS10020", f"42A/67A/68A[{at}]/103") for at in range(number)))
        started = time.process_time()
        report = engine.decode(content, original=declaration)
        assert report.totals.violations >= number * 0.9
        return time.process_time() - started

    seconds(100)
    few, many = seconds(1_000), seconds(10_000)
    assert many < 16 * few


def test_companions_in_the_same_answer_are_told(engine: Engine) -> None:
    report = engine.decode(cds_answer(wco_error("CDS11003", "42A/228"), wco_error("CDS12022", "42A/67A/68A[3]/006")))
    told = {found.authority[0].code: found.reported.beside for found in report.violations if found.reported}
    assert told == {"CDS11003": (), "CDS12022": ("CDS11003",)}
