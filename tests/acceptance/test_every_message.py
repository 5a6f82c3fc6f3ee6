"""Every real message gives a report, whatever is wrong with it; what no family supports is recognised and left open."""

from __future__ import annotations

from pathlib import Path

import pytest

from casrules import Engine
from casrules.findings import Report

from .conftest import CorpusRun
from .documents import rows
from .table import count_table

UNSUPPORTED = {
    "NCTS 4, declaration": "<CC015B><SynIdeMES1>UNOC</SynIdeMES1></CC015B>",
    "NCTS 4, arrival": "<CC007A/>",
    "NCTS 4, error": "<CC917A/>",
    "NCTS, version 51.8.0 only": '<n:CC034C xmlns:n="http://ncts.dgtaxud.ec" PhaseID="NCTS5.1"/>',
    "ICS2, common repository": '<i:IE3N11 xmlns:i="urn:wco:datamodel:eu:ics2:2"/>',
    "inventory linking, exports": '<inventoryLinkingMovementRequest xmlns="http://gov.uk/customs/inventoryLinking/v1"/>',
    "inventory linking, imports": "<InventoryLinkingImportsGoodsArrival/>",
    "declaration information": '<p:DeclarationStatusResponse xmlns:p="http://gov.uk/customs/x"/>',
    "SOAP envelope": '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body/></s:Envelope>',
}
CORPUS_KINDS = (
    "inventoryLinking", "InventoryLinking", "DeclarationFullResponse", "declarationManagementInformationResponse",
    "FileUpload",
)  # fmt: skip
CORPUS_MESSAGES = {"CC351A", "Envelope", "entryDeclarationResponses", "outcomeResponse", "notificationResponse"}


@pytest.mark.corpus
def test_every_message_of_the_corpus_gives_a_report(corpus_run: CorpusRun) -> None:
    print("\n" + count_table(corpus_run.reports.values()))
    assert len(corpus_run.files) > 1_000
    assert corpus_run.exceptions == {}
    assert set(corpus_run.reports) == {file.name for file in corpus_run.files}


@pytest.mark.corpus
def test_every_verdict_follows_from_what_the_report_tells(corpus_run: CorpusRun) -> None:
    wrong = {name: str(report) for name, report in corpus_run.reports.items() if not _is_coherent(report)}
    assert wrong == {}


@pytest.mark.corpus
def test_unsupported_sets_of_the_corpus_are_named_and_undetermined(corpus: Path, corpus_run: CorpusRun) -> None:
    uk = (f"uk/messages/{row['file']}" for row in rows(corpus / "uk/messages/VALIDATION.csv") if _foreign(row["kind"]))
    manifest = rows(corpus / "eu/messages/manifest.csv")
    eu = (f"eu/messages/{row['file']}" for row in manifest if row["message"] in CORPUS_MESSAGES)
    names = [*uk, *eu]
    assert len(names) > 30
    wrong = [name for name in names if not _is_left_open(corpus_run.reports[name])]
    assert wrong == []


@pytest.mark.parametrize("name", UNSUPPORTED)
def test_unsupported_messages_are_named_and_undetermined(engine: Engine, name: str) -> None:
    report = engine.validate(UNSUPPORTED[name].encode())
    assert _is_left_open(report), report.to_json(indent=1)
    assert [finding.rule for finding in report.violations] == ["technical.unsupported_message"]


def test_an_unknown_message_is_rejected_not_left_open(engine: Engine) -> None:
    report = engine.validate(b"<Invoice xmlns='urn:nobody'/>")
    assert report.verdict.outcome == "reject"
    assert report.document.title == ""


def _foreign(kind: str) -> bool:
    return kind.startswith(CORPUS_KINDS)


def _is_left_open(report: Report) -> bool:
    named = bool(report.document.title) and report.document.family == ""
    return named and report.verdict.outcome == "undetermined" and not report.errors


def _is_coherent(report: Report) -> bool:
    """Accept only after a schema and with rules that gave an answer; reject only for an error; totals exact."""
    outcome = report.verdict.outcome
    stages = {stage.name: stage.status for stage in report.stages}
    if report.totals.errors != len(report.errors) or report.totals.warnings != len(report.warnings):
        return False
    if outcome == "accept":
        judged = any(run.counts.passed or run.counts.failed for run in report.rule_runs or ())
        return judged and not report.errors and stages["schema"] == "completed"
    return bool(report.errors) == (outcome == "reject") and bool(report.verdict.reasons)
