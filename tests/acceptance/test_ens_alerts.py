"""Entry summary declarations get the alerts the Import Control System gives: the same codes at the same places."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from casrules import Engine
from casrules.findings import Report

from .documents import rows
from .ens_alerts import Alert, expected_alerts, found_alerts, unmatched

FOLDERS = ("ens_cc315a_rules", "ens_cc313a_rules")
ACCEPTED = ("validSubmission.xml", "validAmendment.xml")
"""Samples without a fault; the others of their folder show the schema only and break rules throughout."""


@dataclass(frozen=True)
class Pair:
    """A message with the alerts that are expected for it and those that were found."""

    name: str
    report: Report
    expected: tuple[Alert, ...]

    @property
    def found(self) -> tuple[Alert, ...]:
        """Our alerts."""
        return found_alerts(self.report)

    @property
    def unmatched(self) -> list[Alert]:
        """Expected alerts nothing was found for, and found ones nobody expects."""
        return unmatched(self.expected, self.found)


@pytest.fixture(scope="module")
def pairs(corpus: Path, engine: Engine) -> list[Pair]:
    folder = corpus / "eu/messages"
    names = [row["file"] for row in rows(folder / "manifest.csv") if row["file"].split("/")[0] in FOLDERS]
    return [Pair(name, engine.validate(folder / name), tuple(expected_alerts(folder / name))) for name in names]


@pytest.mark.corpus
def test_there_are_pairs_with_and_without_alerts(pairs: list[Pair]) -> None:
    assert len(pairs) >= 300
    assert len([pair for pair in pairs if not pair.expected]) >= 100
    assert len({alert.code for pair in pairs for alert in pair.expected}) >= 170


@pytest.mark.corpus
def test_the_codes_are_the_expected_ones(pairs: list[Pair]) -> None:
    found = [(pair.name, {alert.code for alert in pair.found}) for pair in pairs]
    expected = [(pair.name, {alert.code for alert in pair.expected}) for pair in pairs]
    assert [pair for pair in found if pair not in expected] == []


@pytest.mark.corpus
def test_each_alert_is_at_its_place_and_there_once(pairs: list[Pair]) -> None:
    assert [(pair.name, pair.unmatched) for pair in pairs if pair.unmatched] == []


@pytest.mark.corpus
def test_messages_without_a_fault_are_accepted(pairs: list[Pair]) -> None:
    refused = [pair.name for pair in pairs if not pair.expected and pair.report.verdict.outcome != "accept"]
    assert refused == []


@pytest.mark.corpus
@pytest.mark.parametrize("name", ACCEPTED)
def test_samples_without_a_fault_are_accepted(corpus: Path, engine: Engine, name: str) -> None:
    report = engine.validate(corpus / "eu/messages/ens_samples" / name)
    assert [str(finding) for finding in report.errors] == []
    assert report.verdict.outcome == "accept"


@pytest.mark.corpus
def test_every_code_of_the_catalogue_has_a_rule(corpus: Path, engine: Engine) -> None:
    catalogue = {row["error_code"] for row in rows(corpus / "eu/rules/ens_alert_catalogue.csv")}
    ours = [page for page in engine.rules() if page.id.startswith("eu.ens.")]
    assert len(catalogue) == 182
    assert {authority.code for page in ours for authority in page.authority} == catalogue
    assert [page.id for page in ours if page.id.split(".")[2] != f"E{page.authority[0].code}"] == []


@pytest.mark.parametrize("message", ["CC315A", "CC313A"])
def test_the_number_of_items_is_limited(engine: Engine, message: str) -> None:
    assert "eu.ens.E8611" not in _rules(engine.validate(_with_items(message, 999)))
    assert "eu.ens.E8611" in _rules(engine.validate(_with_items(message, 1000)))


def _rules(report: Report) -> set[str]:
    return {finding.rule for finding in report.violations}


def _with_items(message: str, count: int) -> bytes:
    item = "<GOOITEGDS><IteNumGDS7>{}</IteNumGDS7><GooDesGDS23>Cotton</GooDesGDS23></GOOITEGDS>"
    items = "".join(item.format(number) for number in range(1, count + 1))
    header = (
        "<HEAHEA><TraModAtBorHEA76>4</TraModAtBorHEA76><TotGroMasHEA307>1</TotGroMasHEA307><ComRefNumHEA>A</ComRefNumHEA>"
        "<PlaLoaGOOITE334>TRIZM</PlaLoaGOOITE334><PlaUnlGOOITE334>GBLHR</PlaUnlGOOITE334></HEAHEA>"
        "<TRACONCE1><TINCE159>GB1</TINCE159></TRACONCE1>"
    )
    return f'<e:{message} xmlns:e="http://ics.dgtaxud.ec/{message}">{header}{items}</e:{message}>'.encode()
