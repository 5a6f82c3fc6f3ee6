"""Reports of the engine and decoded answers as events."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from casrules import Engine
from casrules.history import Correction, Store, edits_between
from casrules.history.message_values import MessageReader

from .samples import NOON

SLIPS = "examples/cds/import-h1-slips.xml"
ANSWER = "examples/answers/import-h1-slips.xml"


@pytest.fixture(scope="module")
def engine() -> Engine:
    """One engine for all."""
    return Engine()


def test_a_checked_declaration_is_recorded(engine: Engine, store: Store, repository: Path) -> None:
    content = (repository / SLIPS).read_bytes()
    report = engine.validate(content, as_of="2025-02-01")
    told = store.record(report, at=NOON, by="clerk", values=content, content=content)
    assert [it.stored for it in told] == [True, True]
    assert [it.stored for it in store.record(report, at=NOON, by="clerk", values=content, content=content)] == [
        False
    ] * 2
    found = store.declaration(report.document.key)
    assert found is not None
    sent, check = found.submissions[0], found.violations[0]
    assert sent.message == "cds.IMPORT" or sent.message == report.document.message
    assert (sent.lrn, sent.sha256, sent.as_of) == (report.document.lrn, report.document.sha256, date(2025, 2, 1))
    assert sent.content == content and sent.values["/declarant/id"] == sent.declarant != ""
    assert [it.rule for it in check.found] == [it.rule for it in report.violations if it.stands]
    assert [it.fingerprint for it in check.found] == [it.fingerprint for it in report.violations if it.stands]
    assert check.verdict == report.verdict.outcome == "reject"


def test_an_answer_finds_its_declaration_and_decides(engine: Engine, store: Store, repository: Path) -> None:
    content, answer = (repository / SLIPS).read_bytes(), (repository / ANSWER).read_bytes()
    sent = engine.validate(content, as_of="2025-02-01")
    store.record(sent, at=NOON, values=content)
    decoded = engine.decode(answer, original=content)
    store.record(decoded, at=NOON + timedelta(hours=1), content=answer)
    found = store.declaration(sent.document.key)
    assert found is not None and len(found.answers) == 1
    codes = {it.code for it in found.answers[0].codes}
    assert codes == {own.code for it in decoded.violations for own in it.authority}
    assert found.answers[0].outcome == decoded.answer.outcome if decoded.answer else False
    assert found.outcome == "rejected"


def test_a_correction_with_its_edits(engine: Engine, store: Store, repository: Path) -> None:
    content = (repository / SLIPS).read_bytes()
    before = MessageReader().values(content)
    fixed = MessageReader().values(engine.fix(content, as_of="2025-02-01").content)
    edits = edits_between(before, fixed)
    assert edits, "the example has safe fixes"
    report = engine.validate(content, as_of="2025-02-01")
    store.record(report, at=NOON, values=content)
    store.append(Correction(document=report.document.key, at=NOON, edits=edits, values=fixed))
    found = store.declaration(report.document.key)
    assert found is not None and found.corrections[0].edits == edits and found.after == fixed != found.before


@pytest.mark.parametrize("name", ["ncts/cc015c-departure.xml", "cds/import-h1.xml", "json/export-slips.json"])
def test_values_are_read_from_bytes(repository: Path, name: str) -> None:
    values = MessageReader().values((repository / "examples" / name).read_bytes())
    assert values["/lrn"] and any(pointer.endswith("/commodity_code") for pointer in values)


def test_what_is_no_declaration_has_no_values() -> None:
    assert MessageReader().values(b"<a/>") == MessageReader().values(b"\x00\xff") == {}
