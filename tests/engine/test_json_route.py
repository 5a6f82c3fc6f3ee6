from __future__ import annotations

import dataclasses
import json
from typing import Any

import pytest

from casrules import Engine
from casrules.engine.json_route import is_json
from casrules.engine.sources import load_source
from casrules.errors import UsageError
from casrules.findings import Report
from casrules.limits import DEFAULT_LIMITS

DAY = "2025-06-01"
SWAPPED: dict[str, Any] = {
    "format": "ncts.CC015C",
    "lrn": "A1",
    "consignment": {"houses": [{"items": [{"number": 1, "gross_mass": "1", "net_mass": "2.50"}]}]},
}


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b'{"a":1}', True),
        (b" \r\n\t{", True),
        (b"\xef\xbb\xbf{", True),
        (b"[1]", False),
        (b"<a/>", False),
        (b"", False),
    ],
)
def test_an_object_is_json_by_its_first_sign(content: bytes, expected: bool) -> None:
    assert is_json(load_source(content)) is expected


def test_a_mapping_is_always_json() -> None:
    assert is_json(load_source({}))


def told(report: Report) -> list[str]:
    return [finding.rule for finding in report.violations]


def stage(report: Report, name: str) -> tuple[str, str]:
    found = next(stage for stage in report.stages if stage.name == name)
    return found.status, found.reason


def test_text_and_mapping_give_the_same_findings(engine: Engine) -> None:
    from_dict = engine.validate(SWAPPED, as_of=DAY, document_key="K")
    from_text = engine.validate(json.dumps(SWAPPED).encode(), as_of=DAY, document_key="K")
    assert from_dict.violations == from_text.violations
    assert (from_dict.document.format, from_text.document.format) == ("record", "json")
    assert "eu.ncts.R0223" in told(from_dict)


def test_a_finding_has_pointer_and_value(engine: Engine) -> None:
    report = engine.validate(SWAPPED, as_of=DAY)
    place = report.by_rule()["eu.ncts.R0223"][0].primary
    assert place is not None
    assert place.pointer == "/consignment/houses/0/items/0/net_mass"
    assert (place.declared, place.xpath, place.line) == ("2.50", "", None)


def test_without_format_nothing_can_be_judged(engine: Engine) -> None:
    report = engine.validate({"lrn": "A1"}, as_of=DAY)
    assert report.verdict.outcome == "undetermined"
    assert [reason.code for reason in report.verdict.reasons[:2]] == ["no_schema", "no_applicable_rule"]
    assert 'add "format"' in report.verdict.reasons[1].text
    assert stage(report, "schema") == ("unavailable", "it is not known which message this is")


def test_an_unknown_format_is_a_finding_in_the_document_and_misuse_in_the_call(engine: Engine) -> None:
    report = engine.validate({"format": "ncts.CC999C", "lrn": "A1"}, as_of=DAY)
    assert told(report) == ["technical.json"]
    place = report.violations[0].primary
    assert place is not None and place.pointer == "/format"
    with pytest.raises(UsageError):
        engine.validate({"lrn": "A1"}, as_of=DAY, format="ncts.CC999C")


def test_the_calls_format_overrules_the_documents(engine: Engine) -> None:
    report = engine.validate({"format": "ncts.CC999C", "lrn": "A1"}, as_of=DAY, format="cds.IMPORT")
    assert report.document.message == "cds.IMPORT"
    assert told(report).count("technical.json") == 0


def test_an_unknown_element_is_told_with_its_pointer_and_the_nearest_name(engine: Engine) -> None:
    report = engine.validate({**SWAPPED, "consignment": {"gros_mass": 1}}, as_of=DAY)
    finding = report.by_rule()["technical.json"][0]
    assert finding.primary is not None and finding.primary.pointer == "/consignment/gros_mass"
    assert "gross_mass" in finding.remedy


def test_a_value_that_cannot_be_read_stops_its_rules_only(engine: Engine) -> None:
    record = {**SWAPPED, "consignment": {"houses": [{"items": [{"gross_mass": "1,5", "net_mass": 2}]}]}}
    report = engine.validate(record, as_of=DAY, rule_runs=True)
    runs = {run.rule: run for run in report.rule_runs or ()}
    assert runs["eu.ncts.R0223"].status == "not_evaluated"
    assert "1,5" in runs["eu.ncts.R0223"].reason
    assert any(run.status == "passed" for run in runs.values())
    assert report.verdict.outcome == "reject"


def test_too_many_faults_are_cut_off_and_it_is_said(engine: Engine) -> None:
    few = Engine(limits=dataclasses.replace(DEFAULT_LIMITS, explained_errors=3))
    report = few.validate({"format": "ncts.CC015C", "lrn": "A", **{f"k{at}": 1 for at in range(10)}}, as_of=DAY)
    assert [rule for rule in told(report) if rule.startswith("technical")] == ["technical.json"] * 3
    assert stage(report, "schema") == ("partial", "the first 3 of 10 faults are told")


def test_a_document_above_the_cap_is_refused() -> None:
    small = Engine(limits=dataclasses.replace(DEFAULT_LIMITS, message_bytes=100))
    report = small.validate(b'{"lrn":"' + b"A" * 100 + b'"}', as_of=DAY)
    assert "more than 100 bytes" in report.violations[0].message.text
    assert report.verdict.outcome == "reject"


@pytest.mark.parametrize("content", [b"{", b'{"lrn": }', b'{"a": NaN}', b'{"lrn": "\xff"}', b'{"a":' * 100_000])
def test_what_is_no_json_is_a_finding(engine: Engine, content: bytes) -> None:
    report = engine.validate(content, as_of=DAY)
    assert told(report) == ["technical.json"]
    assert report.verdict.outcome == "reject"


def test_a_mapping_that_is_no_json_is_a_finding(engine: Engine) -> None:
    endless: dict[str, Any] = {"format": "ncts.CC015C"}
    endless["consignment"] = endless
    report = engine.validate(endless, as_of=DAY)
    assert report.violations[0].message.text == "This is no JSON: it holds itself."
