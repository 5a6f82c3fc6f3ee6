"""Answers of the United Kingdom: every one decodes, every pointer leads somewhere, every rejection is explained."""

from __future__ import annotations

import os
import re
from collections import Counter
from pathlib import Path

import pytest
import yaml
from lxml import etree

from casrules import Engine
from casrules.findings import Location, Report, Violation
from casrules.render import render

from ..conftest import REPOSITORY
from .documents import example_answers, rows
from .uk_answers import answer_files
from .wco_places import plain

GOLDEN = Path(__file__).with_name("golden_answers")
REGENERATE = bool(os.environ.get("CASRULES_WRITE_GOLDEN"))
LISTED = yaml.safe_load(Path(__file__).with_name("uk_answers.yaml").read_text(encoding="utf-8"))
PREDICTED = yaml.safe_load(Path(__file__).with_name("cds_rejections.yaml").read_text(encoding="utf-8"))
PAIRS = ("import_rejected_format", "import_rejected_netmass", "export_rejected_format", "export_rejected_refdata")
TESTS = "uk/messages/stub-rejections"


def customs(report: Report) -> list[Violation]:
    return [found for found in report.violations if found.source in ("customs", "port", "transport")]


@pytest.fixture(scope="module")
def decoded(engine: Engine, corpus: Path) -> dict[str, Report]:
    return {path.relative_to(corpus).as_posix(): engine.decode(path) for path in answer_files(corpus)}


@pytest.mark.corpus
def test_every_answer_decodes(decoded: dict[str, Report]) -> None:
    unknown = {name for name, report in decoded.items() if report.answer is None or not report.answer.shape}
    assert unknown == {entry["file"] for entry in LISTED["no_answers"]}
    assert [name for name, report in decoded.items() if report.system_errors] == []
    assert len(decoded) - len(unknown) >= 340


@pytest.mark.corpus
def test_the_kinds_are_those_counted_by_hand(decoded: dict[str, Report]) -> None:
    counts = Counter(
        report.answer.function for report in decoded.values() if _is_notification(report) and report.answer
    )
    assert counts["01"] >= 70
    assert counts["09"] >= 70
    assert counts["03"] >= 25
    assert {"02", "05", "06", "07", "08", "10", "11", "13", "14", "15", "16", "18"} <= set(counts)


@pytest.mark.corpus
def test_every_code_but_the_listed_is_explained(decoded: dict[str, Report]) -> None:
    unexplained = {
        found.authority[0].code
        for report in decoded.values()
        for found in customs(report)
        if found.authority and "does not explain" in found.message.text
    }
    assert unexplained == set(LISTED["made_up_codes"])


@pytest.mark.corpus
def test_only_rejections_reject_and_only_acceptances_accept(decoded: dict[str, Report]) -> None:
    for name, report in decoded.items():
        assert report.answer is not None
        wanted = {"accepted": "accept", "released": "accept", "rejected": "reject"}
        assert report.verdict.outcome == wanted.get(report.answer.outcome, "undetermined"), name


@pytest.mark.corpus
def test_every_pointer_of_an_error_resolves_or_is_listed(decoded: dict[str, Report]) -> None:
    lost = {
        pointer
        for report in decoded.values()
        for found in customs(report)
        if found.reported
        for pointer in filter(None, found.reported.pointer.split("; "))
        if not any(place.authority_pointer == pointer and is_known(place) for place in found.locations)
        and not any(is_same_value(pointer, place) for place in found.locations)
    }
    assert lost - {entry["pointer"] for entry in LISTED["pointers"]} == set()


@pytest.mark.corpus
@pytest.mark.parametrize("pair", PAIRS)
def test_a_rejected_pair_is_located_explained_and_covered(engine: Engine, corpus: Path, pair: str) -> None:
    folder = corpus / "uk/messages/tt1-pairs"
    row = next(row for row in rows(folder / "labels.csv") if row["pair"] == pair)
    report = engine.decode(folder / pair / "notification.xml", original=folder / pair / "declaration.xml")
    assert report.verdict.outcome == "reject"
    assert report.answer is not None
    assert report.answer.original is not None
    assert report.answer.original.matches is True
    found = customs(report)
    assert [one.authority[0].code for one in found] == [row["code_today"]]
    assert found[0].reported
    assert plain(found[0].reported.pointer) == plain(row["pointer"])
    assert resolves(found[0].locations[0], folder / pair / "declaration.xml")
    assert found[0].remedy
    assert found[0].reported.covered_by


@pytest.mark.corpus
def test_each_test_answer_is_covered_by_the_rule_that_predicts_it(decoded: dict[str, Report]) -> None:
    told: dict[tuple[str, str], set[str]] = {}
    for name, report in decoded.items():
        for found in customs(report) if name.startswith(TESTS) else ():
            assert found.reported
            for pointer in found.reported.pointer.split("; "):
                key = (found.authority[0].code, re.sub(r"\[[0-9]+\]", "", pointer))
                told.setdefault(key, set()).update(found.reported.covered_by)
    wanted = {(entry["code"], entry["pointer"]): entry["rule"] for entry in PREDICTED["answers"]}
    lacking = {key for key, rule in wanted.items() if rule not in told[key]}
    assert lacking == {(entry["code"], entry["pointer"]) for entry in LISTED["not_linked"]}


@pytest.mark.corpus
def test_each_test_answer_has_a_remedy(decoded: dict[str, Report], corpus: Path) -> None:
    found = [one for name, report in decoded.items() if name.startswith(TESTS) for one in customs(report)]
    assert sum(one.reported.entries for one in found if one.reported) == len(list(rows(corpus / TESTS / "errors.csv")))
    made_up = set(LISTED["made_up_codes"])
    assert [one.rule for one in found if not one.remedy and one.authority[0].code not in made_up] == []


@pytest.mark.corpus
def test_what_escapes_the_rules_in_the_pairs(engine: Engine, corpus: Path) -> None:
    report = engine.escapes(corpus / "uk/messages/tt1-pairs")
    assert (report.pairs, report.rejected, report.errors, report.predicted) == (6, 4, 4, 4)
    assert report.escapes == report.unshared == ()
    assert {score.precision for score in report.rules} == {score.recall for score in report.rules} == {1.0}


@pytest.mark.parametrize(("answer", "original"), example_answers(REPOSITORY), ids=lambda path: path.name)
def test_an_example_reads_as_kept(engine: Engine, answer: Path, original: Path) -> None:
    check_text(engine.decode(answer.read_bytes(), original=original.read_bytes()), answer.stem)


@pytest.mark.corpus
@pytest.mark.parametrize("name", LISTED["read_aloud"])
def test_an_answer_reads_as_kept(engine: Engine, corpus: Path, name: str) -> None:
    path = corpus / "uk/messages" / name
    beside = path.with_name("declaration.xml")
    original = beside.read_bytes() if beside.is_file() else None
    check_text(engine.decode(path.read_bytes(), original=original), re.sub(r"[^A-Za-z0-9]+", "-", name).strip("-"))


def check_text(report: Report, name: str) -> None:
    text, golden = render(report), GOLDEN / f"{name}.txt"
    if REGENERATE:
        golden.parent.mkdir(exist_ok=True)
        golden.write_text(text, encoding="utf-8")
    assert golden.is_file(), "no text is kept for this answer: see the head of test_golden_reports.py"
    assert text == golden.read_text(encoding="utf-8")


def resolves(place: Location, declaration: Path) -> bool:
    """Whether the XPath leads to the text that was declared, or to the parent of what is missing."""
    root = etree.parse(str(declaration)).getroot()
    names = re.sub(r"(?<=/)[\w.-]+:([\w.-]+)", r"*[local-name()='\1']", place.xpath)
    found = root.xpath(names)
    if len(found) != 1:
        return False
    if place.missing:
        return root.xpath(names + "".join(f"/*[local-name()='{name}']" for name in place.missing.split("/"))) == []
    return place.declared is None or (found[0].text or "").strip() == place.declared


def is_known(place: Location) -> bool:
    """Whether the place is an element of the dictionary, or below one."""
    return bool(place.record) or place.path == "declaration"


def is_same_value(pointer: str, place: Location) -> bool:
    """Two pointers may name the parts of one value: category and type of a document."""
    return bool(place.record) and place.authority_pointer.rpartition("/")[0] == pointer.rpartition("/")[0]


def _is_notification(report: Report) -> bool:
    return report.answer is not None and report.answer.shape.startswith("uk.cds.notification")
