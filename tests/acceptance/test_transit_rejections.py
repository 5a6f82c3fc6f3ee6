"""Declarations of the NCTS test packs that customs rejects: our rules name the rule that customs names."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from casrules import Engine

from .accepted import refused_transit
from .documents import CorpusFile, corpus_files

pytestmark = pytest.mark.corpus
ALSO = {"E1301": {"C0542", "R0416"}}
"""What a sample made to break the first rule breaks as well: its house consignor and previous document."""
LEAST = 15


@pytest.fixture(scope="module")
def refused(corpus: Path) -> Mapping[CorpusFile, frozenset[str]]:
    """The declarations of the scenarios made to be rejected, with the official rules they break."""
    scenarios = refused_transit(corpus)
    files = [file for file in corpus_files(corpus) if file.name.endswith("_ie015.xml")]
    found = {file: rules for file in files for name, rules in scenarios.items() if f"__{name}_" in file.name}
    assert len(found) >= LEAST
    return found


def test_each_rejection_is_predicted_by_its_rule(refused: Mapping[CorpusFile, frozenset[str]], engine: Engine) -> None:
    predicted = {}
    for file, expected in refused.items():
        report = engine.validate(file.path)
        assert not report.accepted, file.name
        found = {alert.rule.removeprefix("eu.ncts.").split(".")[0] for alert in report.errors}
        also = set().union(*(ALSO.get(code, set()) for code in expected))
        predicted[file.name] = (expected, found - also)
    assert {name: pair for name, pair in predicted.items() if pair[0] != pair[1]} == {}


def test_each_rejection_carries_the_code_of_a_transitional_constraint(
    refused: Mapping[CorpusFile, frozenset[str]], engine: Engine
) -> None:
    for file, expected in refused.items():
        entries = (entry for alert in engine.validate(file.path).errors for entry in alert.authority)
        codes = {(entry.code, entry.rule) for entry in entries}
        assert {("50", rule) for rule in expected} <= codes, file.name
