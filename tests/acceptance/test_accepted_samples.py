"""Official samples that customs accepts: rules run on each, and find no error but the true slips that are listed."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from casrules import Engine
from casrules.findings import Reason, Report

from .accepted import Sample, accepted_samples, refused_samples

pytestmark = pytest.mark.corpus
LIST = Path(__file__).with_name("true_slips.yaml")
AT_LEAST = {
    "cds-annotated": 150,
    "tt4_2": 15,
    "ncts5_testpack_v7": 90,
    "ncts5_testpack_v8": 25,
    "ens_cc315a_rules": 100,
}


@dataclass(frozen=True)
class Judged:
    """A sample with its report."""

    sample: Sample
    report: Report

    @property
    def answered(self) -> int:
        """How many rules said that something holds or does not."""
        return sum(1 for run in self.report.rule_runs or () if run.counts.passed or run.counts.failed)

    @property
    def inconsistencies(self) -> list[tuple[str, str]]:
        """File and rule of the error-level inconsistencies."""
        found = (finding for finding in self.report.errors if finding.source == "inconsistency")
        return [(self.sample.file.name, finding.rule) for finding in found]


@pytest.fixture(scope="module")
def judged(corpus: Path, engine: Engine) -> list[Judged]:
    samples = accepted_samples(corpus)
    return [Judged(sample, engine.validate(sample.file.path, as_of=sample.as_of, rule_runs=True)) for sample in samples]


@pytest.fixture(scope="module")
def listed() -> dict[str, list[dict[str, Any]]]:
    content: dict[str, list[dict[str, Any]]] = yaml.safe_load(LIST.read_text(encoding="utf-8"))
    return content


def test_the_samples_are_all_there(judged: list[Judged]) -> None:
    counts = Counter(one.sample.file.set for one in judged)
    print(f"\n{sum(counts.values())} accepted samples: {dict(counts)}")
    assert {name: counts[name] for name, least in AT_LEAST.items() if counts[name] < least} == {}


def test_every_sample_keeps_to_the_schema(judged: list[Judged]) -> None:
    faults = {
        one.sample.file.name: [str(finding) for finding in one.report.errors if finding.source == "technical"]
        for one in judged
    }
    assert {name: found for name, found in faults.items() if found} == {}


def test_rules_are_evaluated_on_every_sample(judged: list[Judged], listed: dict[str, list[dict[str, Any]]]) -> None:
    without = {entry["message"] for entry in listed["without_rules"]}
    silent = [one for one in judged if not one.answered]
    unlisted = [one.sample.file.name for one in silent if one.report.document.message not in without]
    assert unlisted == []
    unused = without - {one.report.document.message for one in silent}
    assert unused == set(), "rules are evaluated on these now: take them off the list"


def test_no_error_but_true_slips(judged: list[Judged], listed: dict[str, list[dict[str, Any]]]) -> None:
    found = {pair for one in judged for pair in one.inconsistencies}
    known = {(entry["file"], entry["rule"]) for entry in listed["slips"]}
    told = [str(finding) for one in judged for finding in one.report.errors if finding.source == "inconsistency"]
    assert found - known == set(), told
    assert known - found == set(), "these slips are no longer found: take them off the list"


def test_every_accepted_sample_with_rules_is_accepted(
    judged: list[Judged], listed: dict[str, list[dict[str, Any]]]
) -> None:
    slips = {entry["file"] for entry in listed["slips"]}
    expected = [one for one in judged if one.answered and one.sample.file.name not in slips]
    left = [(one.sample.file.set, reason.text) for one in expected for reason in _reasons(one)]
    known = [(entry["set"], entry["value"]) for entry in listed["undetermined"]]
    told = {(name, value): [text for of, text in left if of == name and value in text] for name, value in known}
    assert set(left) - {(name, text) for (name, _), texts in told.items() for text in texts} == set()
    assert [pair for pair, texts in told.items() if not texts] == [], "these are judged now: take them off the list"


def _reasons(one: Judged) -> list[Reason]:
    return [] if one.report.accepted else list(one.report.verdict.reasons)


def test_every_sample_that_breaks_a_rule_is_refused_by_that_rule(corpus: Path, engine: Engine) -> None:
    samples = refused_samples(corpus)
    assert len(samples) >= 20
    silent = []
    for file, rules in samples.items():
        found = {authority.rule for finding in engine.validate(file.path).errors for authority in finding.authority}
        silent += [f"{file.name}: {rule}" for rule in rules if rule not in found]
    assert silent == []


def test_every_entry_of_the_list_has_a_reason(listed: dict[str, list[dict[str, Any]]]) -> None:
    assert set(listed) == {"slips", "without_rules", "undetermined"}
    assert all(len(entry["reason"]) > 20 for entries in listed.values() for entry in entries)
