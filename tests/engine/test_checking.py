from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from casrules import Engine


def without(content: bytes, name: bytes) -> bytes:
    """The message without the first element of a name."""
    start = content.index(b"<" + name + b">")
    end = content.index(b"</" + name + b">") + len(name) + 3
    return content[:start] + content[end:]


def test_the_date_is_the_callers_else_the_messages_else_unknown(engine: Engine, departure: bytes) -> None:
    given = engine.validate(departure, as_of="2024-01-31").as_of
    own = engine.validate(departure).as_of
    none = engine.validate(without(departure, b"preparationDateAndTime")).as_of
    assert (given.date, given.origin, given.path) == ("2024-01-31", "argument", "")
    assert (own.origin, own.path) == ("declaration", "message.preparation_datetime")
    assert own.date is not None and len(own.date) == 10
    assert (none.date, none.origin) == (None, "unknown")


def test_without_a_date_a_right_declaration_is_undetermined(engine: Engine, repository: Path) -> None:
    undated = (repository / "examples/cds/export-b1.xml").read_bytes()
    report = engine.validate(undated)
    assert report.verdict.outcome == "undetermined"
    assert [reason.code for reason in report.verdict.reasons] == ["no_reference_date"]
    assert engine.validate(undated, as_of="2025-06-01").accepted


def test_a_date_that_cannot_be_read_is_no_date(engine: Engine, departure: bytes) -> None:
    start = departure.index(b"<preparationDateAndTime>") + len(b"<preparationDateAndTime>")
    report = engine.validate(departure[:start] + b"2025-02-30T" + departure[start + 11 :])
    assert report.as_of.date is None
    assert report.verdict.outcome == "reject"


def test_fingerprints_stand_on_the_declaration_not_on_its_writing(engine: Engine, repository: Path) -> None:
    slips = (repository / "examples/ncts/cc015c-slips.xml").read_bytes()
    spaced = slips.replace(b"<Consignment>", b"\n\n<Consignment>").replace(b"9480", b"9481")
    one, other = engine.validate(slips), engine.validate(spaced)
    assert [found.fingerprint for found in one.violations] == [found.fingerprint for found in other.violations]
    assert one.document.sha256 != other.document.sha256


def test_the_callers_key_identifies_a_document_without_numbers(engine: Engine) -> None:
    content = b'<n:CC015C xmlns:n="http://ncts.dgtaxud.ec" PhaseID="NCTS5.1"/>'
    changed = content.replace(b"/>", b" />")
    assert fingerprints(engine, content) != fingerprints(engine, changed)
    assert fingerprints(engine, content, "K1") == fingerprints(engine, changed, "K1")
    assert fingerprints(engine, content, "K1") != fingerprints(engine, content, "K2")


def fingerprints(engine: Engine, content: bytes, key: str | None = None) -> list[str]:
    return [found.fingerprint for found in engine.validate(content, document_key=key).violations]


def test_rule_runs_are_told_on_request_only(engine: Engine, departure: bytes) -> None:
    assert engine.validate(departure).rule_runs is None
    runs = engine.validate(departure, rule_runs=True).rule_runs
    assert runs
    assert [run.rule for run in runs] == sorted(run.rule for run in runs)


SEVERITIES = """
rules:
  - {{id: lists, title: T, severity: {severity}, require: 'listed(declaration.lrn, "CL018")', message: M}}
"""


@pytest.mark.parametrize(("severity", "outcome"), [("error", "reject"), ("warning", "accept"), ("info", "accept")])
def test_only_errors_reject(pack: Callable[..., Path], departure: bytes, severity: str, outcome: str) -> None:
    report = Engine([pack(SEVERITIES.format(severity=severity))]).validate(departure)
    assert report.verdict.outcome == outcome
    assert [(found.rule, found.severity) for found in report.violations] == [("small.lists", severity)]


def test_a_rule_about_what_the_message_cannot_carry_is_not_applied(pack: Callable[..., Path], departure: bytes) -> None:
    rules = "rules:\n  - {id: value, title: T, require: present(declaration.total_amount_invoiced), message: M}\n"
    report = Engine([pack(rules)]).validate(departure, rule_runs=True)
    assert [run.status for run in report.rule_runs or ()] == ["not_applicable"]
    assert {reason.code for reason in report.verdict.reasons} == {"no_applicable_rule"}
