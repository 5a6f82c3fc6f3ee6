"""Answers of the EU's systems, as far as they are public: every one decodes, and its pointers lead to the right place.

`pytest -s` prints how many answers of each kind there are. What a sample gets wrong is in `answers_eu.yaml`, with the
reasons.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import pytest
import yaml
from lxml import etree

from casrules import Engine
from casrules.findings import Location, Report, Violation

from .ens_alerts import Alert, expected_alerts

LIST = Path(__file__).with_name("answers_eu.yaml")
ENVELOPE = "{http://www.w3.org/2003/05/soap-envelope}Envelope"
SENT = {
    "CC007C",
    "CC013C",
    "CC014C",
    "CC015C",
    "CC044C",
    "CC141C",
    "CC170C",
    "CC313A",
    "CC315A",
    "CC507C",
    "Submission",
}
"""What a trader sends; everything else in the collections is an answer."""
UNKNOWN = {"aes_ie507/notification__UNKNOWN__L138.xml", "aes_ie507/notification__none__L156.xml"}
"""Envelopes made to hold a message that nobody knows, or none."""
PAIRED = ("ens_cc315a_rules", "ens_cc313a_rules")
KEY = ".expected.xml"
PREFIX = re.compile(r"\b[\w.-]+:(?=\w)")
LEAST_PAIRS = 370
LEAST_REWRITTEN = 100


@dataclass(frozen=True)
class Pair:
    """An answer key of the Import Control System, decoded beside its message."""

    name: str
    report: Report
    expected: tuple[Alert, ...]

    @property
    def alerts(self) -> list[Violation]:
        """What the answer says, without our own remarks on it."""
        return [one for one in self.report.violations if one.rule.startswith("customs.")]


@pytest.fixture(scope="module")
def listed() -> dict[str, Any]:
    content: dict[str, Any] = yaml.safe_load(LIST.read_text(encoding="utf-8"))
    return content


@pytest.fixture(scope="module")
def answers(corpus: Path, engine: Engine) -> Mapping[str, Report]:
    """Every answer of the collections, decoded alone."""
    folder = corpus / "eu/messages"
    return {path.relative_to(folder).as_posix(): engine.decode(path) for path in _answer_files(folder)}


@pytest.fixture(scope="module")
def pairs(corpus: Path, engine: Engine) -> list[Pair]:
    found = []
    for folder in PAIRED:
        for key in sorted((corpus / "eu/messages" / folder).glob(f"*{KEY}")):
            message = key.with_name(key.name.removesuffix(KEY) + ".xml")
            report = engine.decode(key, original=message)
            found.append(Pair(key.name, report, tuple(sorted(expected_alerts(message)))))
    return found


def _answer_files(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.rglob("*.xml")):
        tag = str(etree.parse(path).getroot().tag)
        if tag.rpartition("}")[2] not in SENT and tag != ENVELOPE:
            yield path


@pytest.mark.corpus
def test_every_answer_decodes(answers: Mapping[str, Report]) -> None:
    kinds = Counter((report.answer.shape, report.verdict.outcome) for report in answers.values() if report.answer)
    print(f"\n{len(answers)} answers of EU systems")
    for (shape, outcome), count in sorted(kinds.items()):
        print(f"{count:5}  {shape or '(not known)':45} {outcome}")
    assert len(answers) >= 500
    assert {name for name, report in answers.items() if not (report.answer and report.answer.shape)} == UNKNOWN
    assert [name for name, report in answers.items() if report.system_errors] == []


@pytest.mark.corpus
def test_what_is_not_known_says_so_and_keeps_the_text(answers: Mapping[str, Report]) -> None:
    for name in UNKNOWN:
        report = answers[name]
        assert [finding.rule for finding in report.violations] == ["decode.unknown_answer"]
        assert report.answer is not None and "<messageSender>NECA.XI" in report.answer.raw
        assert report.verdict.outcome == "undetermined"


@pytest.mark.corpus
def test_every_code_of_a_sample_is_explained_or_said_to_be_unknown(answers: Mapping[str, Report]) -> None:
    unknown = {
        (finding.authority[0].list, finding.authority[0].code)
        for report in answers.values()
        for finding in report.violations
        if finding.title.endswith("is not a code this library explains")
    }
    placeholders = {("CL180", "100"), ("CL180", "200"), ("CL030", "300"), ("CL030", "301"), ("NOTICE", "token")}
    assert unknown == placeholders


@pytest.mark.corpus
def test_messages_of_traders_are_no_answers(corpus: Path, engine: Engine) -> None:
    folder = corpus / "eu/messages"
    sent = sorted((folder / "ncts_journey").glob("IE01*.xml")) + sorted((folder / "aes_ie507").glob("aes__*.xml"))
    assert len(sent) > 10
    for path in sent:
        assert [finding.rule for finding in engine.decode(path).violations] == ["decode.unknown_answer"], path.name


@pytest.mark.corpus
def test_each_key_gives_its_codes_and_the_rule_of_the_same_code(pairs: list[Pair]) -> None:
    assert len(pairs) >= LEAST_PAIRS
    told = 0
    for pair in pairs:
        codes = sorted(finding.authority[0].code for finding in pair.alerts for _ in range(_entries(finding)))
        assert codes == [alert.code for alert in pair.expected], pair.name
        for finding in pair.alerts:
            told += _entries(finding)
            rules = finding.reported.covered_by if finding.reported else ()
            assert rules, (pair.name, finding.authority[0].code)
            assert {rule.split(".")[2] for rule in rules} == {f"E{finding.authority[0].code}"}, pair.name
            assert finding.remedy and finding.cause == "message", (pair.name, finding.rule)
    assert told == sum(len(pair.expected) for pair in pairs) >= 600


@pytest.mark.corpus
def test_each_key_gives_the_place_expected(pairs: list[Pair]) -> None:
    for pair in pairs:
        places = [(finding.authority[0].code, place) for finding in pair.alerts for place in _exact(finding)]
        assert sorted(Alert.at(code, _full(place)) for code, place in places) == list(pair.expected), pair.name
        assert all(place.line for _, place in places)


@pytest.mark.corpus
def test_pointers_of_samples_lead_to_an_element(corpus: Path, engine: Engine, listed: dict[str, Any]) -> None:
    folder = corpus / "eu/messages"
    slips, told = set(), 0
    for name, original in listed["beside"].items():
        for finding in engine.decode(folder / name, original=folder / original).violations:
            pointer = finding.reported.pointer if finding.reported else ""
            if not finding.rule.startswith("customs.") or not pointer:
                continue
            told += 1
            if not (finding.primary and finding.primary.role == "primary" and finding.primary.xpath):
                slips.add(pointer)
                assert all(place.role == "candidate" for place in finding.locations), (name, pointer)
    assert told >= 20
    assert slips == set(listed["slips"])


@pytest.mark.corpus
def test_what_our_rules_find_comes_back_from_an_answer(corpus: Path, engine: Engine, listed: dict[str, Any]) -> None:
    """The findings of our rules, written as customs write them, decode to the same rule at the same place."""
    written, ambiguous = 0, set()
    for folder in ("ncts5_testpack_v7", "ncts5_testpack_v8", "ncts_journey", "ncts_validator_v3_0"):
        for message in sorted((corpus / "eu/messages" / folder).glob("*.xml")):
            found = list(_coded(engine.validate(message)))
            if not found:
                continue
            report = engine.decode(_rejection(found), original=message)
            decoded = {
                (finding.authority[0].code, finding.authority[0].rule, place.authority_pointer): (finding, place)
                for finding in report.violations
                for place in finding.locations
            }
            for rule, code, reason, place in found:
                written += 1
                finding, located = decoded[code, reason, _pointer(place)]
                assert finding.reported and rule in finding.reported.covered_by, (message.name, rule)
                exact = located.role != "candidate" and (located.xpath, located.line) == (place.xpath, place.line)
                if not exact:
                    ambiguous.add(rule)
    assert ambiguous == set(listed["ambiguous"])
    assert written >= LEAST_REWRITTEN


def _exact(finding: Violation) -> list[Location]:
    """The places an answer points at; what lies inside them is our guess."""
    return [place for place in finding.locations if place.role != "candidate"]


def _entries(finding: Violation) -> int:
    return len(_exact(finding))


def _full(place: Location) -> str:
    return f"{place.xpath}/{place.missing}" if place.missing else place.xpath


def _coded(report: Report) -> Iterator[tuple[str, str, str, Location]]:
    """Rule, code, official rule and place of each finding that names one of transit."""
    for finding in report.violations:
        for told in finding.authority:
            if told.list == "CL180" and told.rule and finding.primary and finding.primary.xpath:
                yield finding.rule, told.code, told.rule, finding.primary
                break


def _pointer(place: Location) -> str:
    return PREFIX.sub("", _full(place))


def _rejection(found: list[tuple[str, str, str, Location]]) -> bytes:
    errors = "".join(
        f"<FunctionalError><errorPointer>{escape(_pointer(place))}</errorPointer>"
        f"<errorCode>{code}</errorCode><errorReason>{reason}</errorReason></FunctionalError>"
        for _, code, reason, place in found
    )
    operation = "<TransitOperation><businessRejectionType>015</businessRejectionType></TransitOperation>"
    return f'<n:CC056C xmlns:n="http://ncts.dgtaxud.ec">{operation}{errors}</n:CC056C>'.encode()
