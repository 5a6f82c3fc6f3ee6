"""Transit messages that customs rejects: our rules name the rule that customs names, at a place where customs has it.

What cannot be told from the message is in `transit_rejections.yaml`, with the reason.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from lxml import etree

from casrules import Engine
from casrules.findings import Location, Report

from .accepted import refused_transit
from .documents import CorpusFile, corpus_files, rows

LIST = Path(__file__).with_name("transit_rejections.yaml")
EXAMPLES = Path(__file__).resolve().parents[2] / "examples" / "ncts"
LEAST = 15
INDEX = re.compile(r"\[[^\]]*\]|\w+:")


@pytest.fixture(scope="module")
def listed() -> dict[str, Any]:
    content: dict[str, Any] = yaml.safe_load(LIST.read_text(encoding="utf-8"))
    return content


@pytest.fixture(scope="module")
def refused(corpus: Path) -> Mapping[CorpusFile, frozenset[str]]:
    """The declarations of the scenarios made to be rejected, with the official rules they break."""
    scenarios = refused_transit(corpus)
    files = [file for file in corpus_files(corpus) if file.name.endswith("_ie015.xml")]
    found = {file: rules for file in files for name, rules in scenarios.items() if f"__{name}_" in file.name}
    assert len(found) >= LEAST
    return found


@pytest.mark.corpus
def test_each_rejection_is_predicted_by_its_rule(
    refused: Mapping[CorpusFile, frozenset[str]], engine: Engine, listed: dict[str, Any]
) -> None:
    predicted = {}
    for file, expected in refused.items():
        report = engine.validate(file.path)
        assert not report.accepted, file.name
        found = {alert.rule.removeprefix("eu.ncts.").split(".")[0] for alert in report.errors}
        also = {rule for code in expected for rule in listed["also"].get(code, ())}
        predicted[file.name] = (expected, found - also)
    assert {name: pair for name, pair in predicted.items() if pair[0] != pair[1]} == {}


@pytest.mark.corpus
def test_each_rejection_carries_the_code_of_a_transitional_constraint(
    refused: Mapping[CorpusFile, frozenset[str]], engine: Engine
) -> None:
    for file, expected in refused.items():
        entries = (entry for alert in engine.validate(file.path).errors for entry in alert.authority)
        codes = {(entry.code, entry.rule) for entry in entries}
        assert {("50", rule) for rule in expected} <= codes, file.name


@pytest.mark.corpus
def test_each_rejection_is_at_an_element_that_has_the_rule(
    refused: Mapping[CorpusFile, frozenset[str]], engine: Engine, corpus: Path
) -> None:
    attached = defaultdict(set)
    for row in rows(corpus / "eu/rules/ncts5_elements.csv"):
        for code in row["rules_and_conditions"].split():
            attached[code].add(row["xpath"])
    for file, expected in refused.items():
        for alert in engine.validate(file.path).errors:
            for code in expected & {entry.rule for entry in alert.authority}:
                assert _element(alert.locations[0]) in attached[code], (file.name, alert.rule)


@pytest.mark.corpus
def test_every_rejected_message_is_predicted_or_listed(corpus: Path, listed: dict[str, Any]) -> None:
    scenarios = {
        row["scenario"]
        for row in rows(corpus / "eu/messages/testpack_scenarios.csv")
        if re.search(r"IE05[67]", row["steps"])
    }
    told = {name for entry in (*listed["not_decidable"], *listed["templates"]) for name in entry["scenarios"]}
    assert scenarios == told | set(refused_transit(corpus))


@pytest.mark.corpus
def test_what_is_listed_as_not_decidable_is_accepted(corpus: Path, engine: Engine, listed: dict[str, Any]) -> None:
    found = [(name, report) for entry in listed["not_decidable"] for name, report in _reports(corpus, engine, entry)]
    assert len(found) >= 5
    assert [name for name, report in found if not report.accepted] == [], "these are decidable: take them off the list"
    unread = [(name, report) for entry in listed["templates"] for name, report in _reports(corpus, engine, entry)]
    assert unread
    assert [name for name, report in unread if "technical.empty" not in {v.rule for v in report.errors}] == []


@pytest.mark.corpus
def test_every_public_rejection_is_listed(corpus: Path, listed: dict[str, Any]) -> None:
    answers = [file for file in corpus_files(corpus) if file.set == "ncts_journey" and re.search("IE05[67]", file.name)]
    named = {f"eu/messages/{entry['file']}" for entry in listed["without_message"]}
    assert {file.name for file in answers} == named


def test_known_errors_are_predicted_with_code_and_place(engine: Engine, listed: dict[str, Any]) -> None:
    for entry in listed["known_errors"]:
        sample = EXAMPLES / entry["sample"]
        code, rule = entry["code"]
        clean = engine.validate(sample, as_of=str(entry["as_of"]))
        assert rule not in {told.rule for alert in clean.errors for told in alert.authority}
        report = engine.validate(_changed(sample, entry["set"]), as_of=str(entry["as_of"]))
        alerts = [a for a in report.errors if (code, rule) in {(told.code, told.rule) for told in a.authority}]
        assert alerts, entry["name"]
        assert _element(alerts[0].locations[0]).endswith(f"/{entry['at']}"), entry["name"]


def test_every_entry_has_a_reason(listed: dict[str, Any]) -> None:
    entries = [*listed["not_decidable"], *listed["known_errors_not_decidable"], *listed["without_message"]]
    assert all(len(entry["reason"]) > 15 for entry in entries)


def _element(location: Location) -> str:
    """The plain path of a place: `/CC015C/Consignment/grossMass`."""
    return INDEX.sub("", "/".join(part for part in (location.xpath, location.missing) if part))


def _reports(corpus: Path, engine: Engine, entry: dict[str, Any]) -> list[tuple[str, Report]]:
    """The reports on the messages of an entry, as far as their samples are public."""
    wanted = re.compile(rf"__({'|'.join(entry['scenarios'])})_{entry['message']}(_simplified)?\.xml$")
    return [(file.name, engine.validate(file.path)) for file in corpus_files(corpus) if wanted.search(file.name)]


def _changed(sample: Path, texts: dict[str, str]) -> bytes:
    """The sample with these texts at these paths."""
    root = etree.parse(str(sample)).getroot()
    for path, text in texts.items():
        (element,) = root.findall(path)
        element.text = text
    return etree.tostring(root)
