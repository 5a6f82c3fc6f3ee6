from __future__ import annotations

import dataclasses
from collections.abc import Callable
from pathlib import Path

import pytest

from casrules import Engine
from casrules.errors import UsageError
from casrules.findings import Report, Stage
from casrules.limits import DEFAULT_LIMITS


def stages(report: Report) -> dict[str, str]:
    return {stage.name: stage.status for stage in report.stages}


def test_a_right_declaration_goes_through_all_stages(engine: Engine, departure: bytes) -> None:
    report = engine.validate(departure)
    assert stages(report) == dict.fromkeys(("parse", "detect", "schema", "rules"), "completed")
    document = report.document
    assert (document.format, document.family, document.message) == ("xml", "ncts", "ncts.CC015C")
    assert (document.phase, document.role, document.complete) == ("P5", "declaration", True)
    assert (document.schema_set, document.schema_status) == ("ncts-p5", "official")
    assert document.bytes == len(departure)
    assert document.lrn and document.key
    assert report.accepted


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", {"parse": "failed", "schema": "skipped", "rules": "skipped"}),
        (b"<a>", {"parse": "failed", "schema": "skipped", "rules": "skipped"}),
        (b"<a/>", {"parse": "completed", **dict.fromkeys(("detect", "schema", "rules"), "unavailable")}),
        (b"<CC015B/>", {"parse": "completed", **dict.fromkeys(("detect", "schema", "rules"), "unavailable")}),
    ],
    ids=["nothing", "broken", "unknown", "unsupported"],
)
def test_what_could_not_be_done_is_told(engine: Engine, content: bytes, expected: dict[str, str]) -> None:
    assert stages(engine.validate(content)) == expected


def test_rules_run_on_an_invalid_message_and_share_its_prefixes(engine: Engine, repository: Path) -> None:
    slips = (repository / "examples/ncts/cc015c-slips.xml").read_bytes()
    report = engine.validate(slips.replace(b"<containerIndicator>0", b"<containerIndicator>x", 1))
    sources = {finding.source for finding in report.errors}
    assert sources == {"technical", "inconsistency"}
    roots = {place.xpath.split("/")[1] for finding in report.violations for place in finding.locations}
    assert roots == {"ncts:CC015C"}


def test_a_technical_finding_has_code_place_and_value(engine: Engine, departure: bytes) -> None:
    report = engine.validate(departure.replace(b"<LRN>", b"<LRN>0123456789012345678901234567890", 1))
    [finding] = [one for one in report.errors if one.source == "technical"]
    [code] = finding.authority
    place = finding.primary
    assert (code.system, code.list, code.code) == ("NCTS", "CL030", "39")
    assert place is not None and place.xpath == "/ncts:CC015C/TransitOperation/LRN"
    assert place.declared is not None and place.declared.startswith("0123456789")
    assert "22" in finding.message.text


def test_a_missing_element_is_placed_at_its_parent(engine: Engine, departure: bytes) -> None:
    start, end = departure.index(b"<LRN>"), departure.index(b"</LRN>") + len(b"</LRN>")
    report = engine.validate(departure[:start] + departure[end:])
    [place] = [one.primary for one in report.errors if one.rule == "technical.missing_element"]
    assert place is not None
    assert (place.xpath, place.missing, place.declared) == ("/ncts:CC015C/TransitOperation", "LRN", None)


def test_format_overrules_and_is_held_against_the_document(engine: Engine, departure: bytes) -> None:
    assert engine.validate(departure, format="ncts").document.message == "ncts.CC015C"
    other = engine.validate(departure, format="ncts.CC013C")
    assert "technical.format_mismatch" in other.by_rule()
    assert other.verdict.outcome == "reject"
    with pytest.raises(UsageError):
        engine.validate(departure, format="ncts.CC999C")


def test_an_answer_of_customs_is_not_run_through_rules(engine: Engine) -> None:
    report = engine.validate(b'<n:CC928C xmlns:n="http://ncts.dgtaxud.ec" PhaseID="NCTS5.1"/>')
    assert report.document.role == "answer"
    assert stages(report)["rules"] == "unavailable"
    assert "casrules decode" in stage_of(report, "rules").reason


def test_a_rejection_that_is_checked_like_a_declaration_is_not_accepted(engine: Engine, repository: Path) -> None:
    report = engine.validate(repository / "examples/answers/import-h1-slips.xml")
    assert (report.document.role, report.verdict.outcome) == ("answer", "undetermined")


def test_a_message_without_its_namespace_is_still_judged(engine: Engine, departure: bytes) -> None:
    bare = departure.replace(b"ncts:CC015C", b"CC015C").replace(b'xmlns:ncts="http://ncts.dgtaxud.ec" ', b"")
    report = engine.validate(bare, rule_runs=True)
    assert "technical.missing_namespace" in report.by_rule()
    assert report.document.lrn
    assert any(run.status == "passed" for run in report.rule_runs or ())


def test_a_pack_of_ones_own_runs_with_its_version(pack: Callable[..., Path], departure: bytes) -> None:
    report = Engine([pack()]).validate(departure, rule_runs=True)
    assert [(found.id, found.version) for found in report.packs] == [("small", "1.2.3")]
    assert [(run.rule, run.status) for run in report.rule_runs or ()] == [("small.mass", "passed")]
    swapped = departure.replace(b"<netMass>", b"<netMass>9", 1)
    [finding] = Engine([pack()]).validate(swapped).errors
    assert (finding.rule, finding.pack_version) == ("small.mass", "1.2.3")


def test_rules_are_not_run_over_a_very_long_message_that_the_schema_has_refused(departure: bytes) -> None:
    refused = departure.replace(b"<LRN>", b"<LRN><x/>")
    short, long = Engine(), Engine(limits=dataclasses.replace(DEFAULT_LIMITS, explained_elements=20))
    assert stage_of(short.validate(refused), "rules").status == "completed"
    report = long.validate(refused)
    found = stage_of(report, "rules")
    assert found.status == "skipped" and found.reason.startswith("not run: the schema has refused")
    assert stage_of(report, "schema").status == "partial"
    assert report.verdict.outcome == "reject"
    assert report.document.message == "ncts.CC015C" and report.document.lrn == ""
    assert {finding.source for finding in report.violations} == {"technical"}


def test_rules_run_over_a_very_long_message_that_is_valid(departure: bytes) -> None:
    engine = Engine(limits=dataclasses.replace(DEFAULT_LIMITS, explained_elements=20))
    assert stage_of(engine.validate(departure), "rules").status == "completed"


def stage_of(report: Report, name: str) -> Stage:
    return next(stage for stage in report.stages if stage.name == name)


def test_the_report_tells_the_namespaces_of_its_xpaths(engine: Engine, departure: bytes) -> None:
    changed = departure.replace(b"ncts:CC015C", b"x:CC015C").replace(b"xmlns:ncts", b"xmlns:x")
    report = engine.validate(changed.replace(b"<LRN>", b'<LRN><foreign xmlns="urn:other"/>'))
    used = {place.xpath.split(":")[0] for finding in report.violations for place in finding.locations}
    assert used == {"/ncts"}
    told = {known.prefix: known.uri for known in report.document.namespaces}
    assert told == {"n1": "urn:other", "ncts": "http://ncts.dgtaxud.ec"}
    assert Report.from_json(report.to_json()) == report
    assert engine.validate(b"<a/>").document.namespaces == ()
