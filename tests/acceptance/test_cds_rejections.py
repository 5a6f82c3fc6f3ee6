"""CDS declarations that customs refuses: a rule of ours says so first, with the code and the place of the answer."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml
from lxml import etree

from casrules import Engine
from casrules.language import explain
from casrules.language.outcomes import FAILED
from casrules.testing.running import Runner
from casrules.testing.setting import setting_of
from casrules.testing.suite import Suite, cases_of, load_suite

from .accepted import CDS_DAY
from .documents import rows
from .wco_places import element_paths, is_at, plain, written_at

pytestmark = pytest.mark.corpus
LIST: dict[str, list[dict[str, Any]]] = yaml.safe_load(
    Path(__file__).with_name("cds_rejections.yaml").read_text(encoding="utf-8")
)
MESSAGES = Path("uk/messages")
OLD_PREFIX = "DMS"
CONDITION = re.compile(r"\[[^]]*\]")


class Refusal(NamedTuple):
    """A code of customs at a place: `42A/67A/68A/006`, without numbers of occurrences; empty = no place."""

    code: str
    pointer: str


@pytest.fixture(scope="module")
def suite() -> Suite:
    return load_suite()


def predicted(engine: Engine, declaration: Path) -> set[tuple[str, str]]:
    """Code and element path of every place of every finding of the rules."""
    report = engine.validate(declaration, as_of=CDS_DAY)
    found = (alert for alert in report.violations if alert.source == "inconsistency")
    return {
        (entry.code, path)
        for alert in found
        for entry in alert.authority
        for location in alert.locations
        for path in written_at(location)
    }


def test_each_refused_trade_test_declaration_is_predicted(engine: Engine, corpus: Path) -> None:
    places, missed, seen = element_paths(corpus), [], 0
    for row in rows(corpus / MESSAGES / "tt1-pairs/labels.csv"):
        if row["outcome"] != "rejected":
            continue
        seen += 1
        found = predicted(engine, corpus / MESSAGES / "tt1-pairs" / row["pair"] / "declaration.xml")
        if (row["code_today"], places[plain(row["pointer"])]) not in found:
            missed.append((row["pair"], found))
    assert missed == []
    assert seen == 4


@pytest.mark.parametrize("entry", LIST["scenarios"], ids=lambda entry: entry["file"].split("/")[0])
def test_each_refused_scenario_is_predicted(engine: Engine, corpus: Path, entry: dict[str, str]) -> None:
    wanted = (entry["code"], element_paths(corpus)[entry["pointer"]])
    assert wanted in predicted(engine, corpus / MESSAGES / "cds-annotated" / entry["file"])


def test_every_refused_scenario_is_listed(corpus: Path) -> None:
    scenarios = rows(corpus / MESSAGES / "cds-annotated/SCENARIOS.csv")
    refused = {row["scenario"] for row in scenarios if "REJ" in row["expected_notifications"]}
    listed = {entry["file"].split("/")[0] for entry in (*LIST["scenarios"], *LIST["undecidable"])}
    assert refused - listed == set()


def test_every_answer_to_a_sample_is_predicted_or_listed(engine: Engine, corpus: Path) -> None:
    """The answers of the trade tests that refuse a declaration, each beside the declaration of its scenario."""
    places = element_paths(corpus)
    listed = {(entry["file"], entry.get("code"), entry.get("pointer")) for entry in LIST["undecidable"]}
    open_ones, answers = set(), 0
    for answer in sorted((corpus / MESSAGES / "cds-annotated").rglob("*DMSREJ*.xml")):
        scenario = answer.relative_to(corpus / MESSAGES / "cds-annotated").parts[0]
        declaration = corpus / MESSAGES / "cds-annotated" / scenario / f"{scenario}.xml"
        found = predicted(engine, declaration) if declaration.is_file() else set()
        for refusal in refusals(answer):
            answers += 1
            if (refusal.code, places[refusal.pointer]) not in found:
                open_ones.add((scenario, *refusal))
    assert answers >= 6
    assert open_ones == {entry for entry in listed if entry[1] is not None}


@pytest.mark.parametrize("entry", LIST["answers"], ids=lambda entry: f"{entry['code']}-{entry['pointer']}")
def test_each_decidable_test_answer_has_its_rule(suite: Suite, corpus: Path, entry: dict[str, Any]) -> None:
    """An invalid example of the rule fails at the place of the answer, and the rule says its code."""
    rule = suite.rule(entry["rule"])
    assert entry["code"] in {code.code for code in rule.packed.rule.authority}
    wanted = element_paths(corpus)[entry["pointer"]]
    places = {place for case in cases_of(rule) if case.kind == "invalid" for place in places_of(case, suite)}
    if entry.get("above"):
        assert not any(is_at(place, wanted) for place in places), "take `above` out"
        assert any(wanted.startswith(place) for place in places), places
    else:
        assert any(is_at(place, wanted) for place in places), places


def test_every_test_answer_is_listed_once(corpus: Path) -> None:
    table = rows(corpus / MESSAGES / "stub-rejections/errors.csv")
    given = {Refusal(row["code"], plain(row["pointer"])) for row in table}
    listed = [Refusal(entry["code"], entry["pointer"]) for entry in (*LIST["answers"], *LIST["answers_undecidable"])]
    assert set(listed) == given
    assert len(set(listed)) == len(listed)


def test_every_entry_without_a_rule_has_a_reason() -> None:
    without = (*LIST["scenarios"], *LIST["undecidable"], *LIST["answers_undecidable"])
    assert all(len(entry["reason"]) >= 20 or entry["reason"] == "a quota of the EU" for entry in without)


def refusals(answer: Path) -> Iterator[Refusal]:
    """The errors of an answer; those of before 2020 have another prefix."""
    text = re.sub(rb"xmlns(:\w+)?=\"[^\"]*\"", b"", answer.read_bytes())
    root = etree.fromstring(text, etree.XMLParser(recover=True))
    for error in root.iter("{*}Error", "Error"):
        code = error.findtext("ValidationCode") or ""
        steps = [(step.findtext("DocumentSectionCode"), step.findtext("TagID")) for step in error.iter("Pointer")]
        pointer = "/".join(part for step in steps for part in step if part)
        yield Refusal(code.replace(OLD_PREFIX, "CDS"), plain(pointer))


def places_of(case: Any, suite: Suite) -> set[str]:
    """The element paths, from `Declaration` on, that the findings on an example point at."""
    setting = setting_of(case, suite)
    found = set()
    for outcome in Runner(suite).outcomes(setting):
        if outcome.status == FAILED:
            told = explain(
                setting.rule, setting.record, setting.context,
                instance=outcome.instance, branch=outcome.branch, chain=outcome.chain,
            )  # fmt: skip
            for path in told.locations:
                found |= {f"Declaration/{name}" for name in xml_names(setting.carrier.mapping, path)}
    return found


def xml_names(mapping: Any, path: Any) -> Iterator[str]:
    """Every element that a record path is bound to: a joined value is in several."""
    names = tuple(name for name, _ in path)
    for way in mapping.ways_to(names):
        yield joined(place.path for place in way)
    for way in mapping.ways_to(names[:-1]):
        for value in (value for value in way[-1].values if value.names == names):
            for bound in value.paths:
                yield joined((*(place.path for place in way), bound))


def joined(paths: Iterable[Any]) -> str:
    """The names of the elements, without conditions."""
    written = (CONDITION.sub("", str(path)).removeprefix("./") for path in paths)
    return "/".join(step for step in written if step != ".")
