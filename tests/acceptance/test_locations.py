"""Every place of every finding on a well-formed document leads to one node: the declared text, its parent, its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from casrules import Engine
from casrules.findings import Report

from .conftest import CorpusRun
from .documents import example_files
from .resolving import Source


@pytest.mark.corpus
def test_places_of_all_findings_on_the_corpus(corpus_run: CorpusRun) -> None:
    places, problems = 0, []
    for file in corpus_run.files:
        found = check(corpus_run.reports[file.name], file.path.read_bytes())
        places += found[0]
        problems += [f"{file.name}: {problem}" for problem in found[1]]
    print(f"\n{places} places resolved")
    assert problems == []
    assert places > 1_000


def test_places_of_all_findings_on_the_examples(repository: Path, engine: Engine) -> None:
    places, problems = 0, []
    for path in example_files(repository):
        found = check(engine.validate(path), path.read_bytes())
        places += found[0]
        problems += [f"{path.name}: {problem}" for problem in found[1]]
    assert problems == []
    assert places > 20


SLIPS = "examples/ncts/cc015c-slips.xml"


@pytest.mark.parametrize(
    ("what", "before", "after"),
    [
        ("another prefix", b"ncts:CC015C", b"x:CC015C"),
        ("a start tag over several lines", b"<grossMass>", b"<grossMass\n\n>"),
        ("blanks around values", b"<netMass>", b"<netMass>\n   "),
        ("comments and instructions", b"<ConsignmentItem>", b"<!-- <ConsignmentItem> --><?x <y>?><ConsignmentItem>"),
        ("windows line ends", b"\n", b"\r\n"),
        ("one line", b"\n", b" "),
        ("a part of a value as CDATA", b"<containerIndicator>0", b"<containerIndicator><![CDATA[0]]>"),
    ],
)
def test_places_survive_other_ways_to_write_the_same(
    repository: Path, engine: Engine, what: str, before: bytes, after: bytes
) -> None:
    content = (repository / SLIPS).read_bytes()
    changed = content.replace(before, after)
    if what == "another prefix":
        changed = changed.replace(b"xmlns:ncts", b"xmlns:x")
    assert changed != content
    report = engine.validate(changed)
    assert {finding.rule for finding in report.errors} == {finding.rule for finding in engine.validate(content).errors}
    places, problems = check(report, changed)
    assert problems == []
    assert places > 10


@pytest.mark.parametrize("lines", [65_600, 140_000])
def test_lines_beyond_what_libxml2_counts(repository: Path, engine: Engine, lines: int) -> None:
    content = (repository / SLIPS).read_bytes().replace(b"<Consignment>", b"\n" * lines + b"<Consignment>", 1)
    places, problems = check(engine.validate(content), content)
    assert problems == []
    assert places > 10


def check(report: Report, content: bytes) -> tuple[int, list[str]]:
    """How many places were resolved in the source, and what is wrong with which."""
    if report.document.format != "xml" or not report.violations:
        return 0, []
    source = Source.read(content, {known.prefix: known.uri for known in report.document.namespaces})
    if source is None:
        return 0, []
    places = [(finding.rule, place) for finding in report.violations for place in finding.locations]
    problems = ((rule, source.problem(place)) for rule, place in places)
    return len(places), [f"{rule}: {problem}" for rule, problem in problems if problem]
