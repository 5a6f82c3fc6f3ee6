"""HTTP answers and MIME wholes, taken apart; what they carry is decoded."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casrules import Engine
from casrules.alerts.http_reading import first_part, is_http, is_parts, read_http
from casrules.alerts.reading import read_answer
from casrules.limits import DEFAULT_LIMITS

SIGNAL = (
    b'<env:Envelope xmlns:env="e"><env:Header><eb:Messaging xmlns:eb="m"><eb:SignalMessage><eb:MessageInfo>'
    b"<eb:RefToMessageId>m0@y</eb:RefToMessageId></eb:MessageInfo>"
    b'<eb:Error errorCode="EBMS:%s" severity="%s"><eb:ErrorDetail>told</eb:ErrorDetail></eb:Error>'
    b"</eb:SignalMessage></eb:Messaging></env:Header><env:Body/></env:Envelope>"
)


def test_status_headers_and_body() -> None:
    found = read_http(b"HTTP/1.1 503 Service Unavailable\r\nRetry-After: 120\r\nodd\r\n\r\nbody\r\nmore")
    assert (found.status, found.reason, found.body) == ("503", "Service Unavailable", b"body\r\nmore")
    assert found.headers == (("retry-after", "120"),) and found.body_line == 5


@pytest.mark.parametrize(
    "before", [b"HTTP/1.1 100 Continue\r\n\r\n", b"HTTP/1.0 200 Connection established\r\nVia: p\r\n\r\n"]
)
def test_answers_on_the_way_are_stepped_over(before: bytes) -> None:
    assert read_http(before + b"HTTP/2 404 \n\nx").status == "404"


@pytest.mark.parametrize(
    "content", [b"HTTP/1.1 503", b"HTTP/1.1 503\r\n", b"HTTP/1.1 503 x\r\na: b", b"HTTP/2 503\n\n"]
)
def test_cut_off_answers_are_read_as_far_as_they_go(content: bytes) -> None:
    assert read_http(content).status == "503" and read_http(content).body == b""


def test_only_status_lines_are_http() -> None:
    assert not any(is_http(one) for one in (b"", b"HTTP", b"HTTP/1.1 abc", b"GET / HTTP/1.1", b"HTTP/1.1 12"))


def test_the_first_part_of_a_whole_is_taken() -> None:
    content = b"--b1\r\nContent-Type: text/xml\r\n\r\n<a/>\r\n--b1\r\nContent-Type: x/gzip\r\n\r\n\x1f\r\n--b1--"
    assert is_parts(content) and first_part(content) == b"<a/>"
    assert not is_parts(b"--b1\r\n\r\nno end") and not is_parts(b"-- \n")


def test_what_an_answer_carries_is_decoded(engine: Engine) -> None:
    body = b'{"code": "SCHEDULED_MAINTENANCE", "message": "x"}'
    report = engine.decode(b"HTTP/1.1 503 Service Unavailable\r\n\r\n" + body)
    assert [one.rule for one in report.violations] == ["transport.HMRC.API.SCHEDULED_MAINTENANCE"]
    parts = b"--b\r\n\r\n" + SIGNAL % (b"0101", b"failure") + b"\r\n--b--"
    report = engine.decode(b"HTTP/1.1 200 OK\r\nContent-Type: multipart/related\r\n\r\n" + parts)
    assert [one.rule for one in report.violations] == ["transport.AS4.EBMS.0101"]


@pytest.mark.parametrize("body", [b"", b"<html><title>down</title></html>", b"{", b"<a", b"\x00\x01"])
def test_the_status_speaks_where_the_body_does_not(engine: Engine, body: bytes) -> None:
    report = engine.decode(b"HTTP/1.1 503 Service Unavailable\r\nRetry-After: 120\r\n\r\n" + body)
    assert [one.rule for one in report.violations] == ["transport.TRANSPORT.HTTP.503"]
    assert report.verdict.outcome == "undetermined"
    assert report.answer is not None and "it asks to wait 120 seconds" in report.answer.remarks


@pytest.mark.parametrize(
    ("status", "verdict", "severity"),
    [
        ("202", "undetermined", "info"),
        ("400", "reject", "error"),
        ("401", "undetermined", "warning"),
        ("502", "undetermined", "warning"),
    ],
)
def test_only_what_speaks_of_the_message_refuses_it(engine: Engine, status: str, verdict: str, severity: str) -> None:
    report = engine.decode(f"HTTP/1.1 {status} x\r\n\r\n".encode())
    assert (report.verdict.outcome, report.violations[0].severity) == (verdict, severity)


@pytest.mark.parametrize(
    ("code", "outcome", "severity"),
    [
        (b"0101", "rejected", "error"),
        (b"0301", "unknown", "warning"),
        (b"0006", "unknown", "warning"),
        (b"4001", "unknown", "warning"),
    ],
)
def test_signals_say_what_is_known_of_delivery(engine: Engine, code: bytes, outcome: str, severity: str) -> None:
    report = engine.decode(SIGNAL % (code, b"failure"))
    assert report.answer is not None and report.answer.reference == "m0@y"
    assert (report.answer.outcome, report.violations[0].severity) == (outcome, severity)
    assert report.violations[0].remedy


def test_a_receipt_is_no_acceptance(engine: Engine) -> None:
    report = engine.decode(
        b'<Messaging xmlns="m"><SignalMessage><MessageInfo/><Receipt><x/></Receipt></SignalMessage></Messaging>'
    )
    assert report.answer is not None and report.answer.outcome == "registered"
    assert report.verdict.outcome == "undetermined"


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        ("<Code><Value>env:Sender</Value></Code><Reason><Text>t</Text></Reason>", "Sender"),
        ("<faultcode>soap:Server.Busy</faultcode><faultstring>t</faultstring>", "Receiver"),
        ("<faultcode>Client</faultcode>", "Sender"),
    ],
)
def test_faults_of_both_versions_of_soap(engine: Engine, fault: str, code: str) -> None:
    report = engine.decode(f"<Envelope><Body><Fault>{fault}</Fault></Body></Envelope>".encode())
    assert report.violations[0].authority[0].code == code


@given(st.binary(max_size=300))
def test_nothing_raises_for_any_bytes(content: bytes) -> None:
    for one in (content, b"HTTP/1.1 200 " + content, b"--b\r\n" + content + b"\n--b"):
        assert read_answer(one, DEFAULT_LIMITS).text is not None
