"""The official samples that customs accepts, by the labels of those who published them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from .documents import CorpusFile, corpus_files, rows

CDS_DAY = "2024-06-03"
"""CDS declarations give no date themselves."""
DAYS = {"ncts5_testpack_v8": "2025-02-01", **dict.fromkeys(("cds-annotated", "tt4", "tt4_2", "tt1-pairs"), CDS_DAY)}
ENS = {"ens_cc315a_rules", "ens_cc313a_rules"}
NCTS = {"ncts5_testpack_v7", "ncts5_testpack_v8"}
VIOLATION = re.compile(r"Violation of transition rules? (.*)")
CDS = {"cds-annotated", "tt4", "tt4_2", "tt1-pairs"}


@dataclass(frozen=True)
class Sample:
    """An accepted sample, and the date it is to be judged on (None: its own)."""

    file: CorpusFile
    as_of: str | None


def accepted_samples(corpus: Path) -> list[Sample]:
    """The samples that customs accepts and that keep to their schema; answers of customs are not among them."""
    accepted = {*_cds(corpus), *_transit_and_entry(corpus)}
    files = (file for file in corpus_files(corpus) if file.name in accepted)
    return [Sample(file, DAYS.get(file.set)) for file in files]


def _cds(corpus: Path) -> Iterator[str]:
    """Valid declarations of the trade tests, but for the scenarios and pairs that are to be rejected."""
    folder = corpus / "uk/messages"
    scenarios = rows(folder / "cds-annotated/SCENARIOS.csv")
    refused = {row["scenario"] for row in scenarios if "REJ" in row["expected_notifications"]}
    refused |= {row["pair"] for row in rows(folder / "tt1-pairs/labels.csv") if row["outcome"] != "accepted"}
    for row in rows(folder / "VALIDATION.csv"):
        parts = row["file"].split("/")
        is_valid = row["kind"] == "declaration" and row["schema_result"] == "valid"
        if is_valid and parts[0] in CDS and not refused & set(parts):
            yield f"uk/messages/{row['file']}"


def _transit_and_entry(corpus: Path) -> Iterator[str]:
    """NCTS test packs but for the scenarios that break a rule, and entry summary test cases without an error code."""
    refused = tuple(f"__{scenario}_" for scenario in refused_transit(corpus))
    refused = _violated(corpus)
    for row in rows(corpus / "eu/messages/manifest.csv"):
        collection = row["file"].split("/")[0]
        if _scenario(row["file"]) in refused:
            continue
        is_valid = "ok" in {row["xsd_51_8_6"], row["xsd_60_4_16"], row["xsd_ics_11_2"]}
        if collection in NCTS and any(scenario in row["file"] for scenario in refused):
            continue
        if is_valid and (collection in NCTS or (collection in ENS and not row["expected"])):
            yield f"eu/messages/{row['file']}"


def refused_transit(corpus: Path) -> dict[str, frozenset[str]]:
    """The scenarios of the NCTS test packs that are made to be rejected, with the official rules they break."""
    scenarios = rows(corpus / "eu/messages/testpack_scenarios.csv")
    return {
        row["scenario"]: frozenset(re.findall(r"[A-Z][0-9]{4}", row["title"]))
        for row in scenarios
        if row["title"].startswith("Violation of") and row["steps"].endswith("IE056")
    }


def refused_samples(corpus: Path) -> dict[CorpusFile, tuple[str, ...]]:
    """The transit declarations that customs refuses, by the official rules their scenario is named after."""
    violated = _violated(corpus)
    files = ((file, violated.get(_scenario(file.name))) for file in corpus_files(corpus) if file.set in NCTS)
    return {file: rules for file, rules in files if rules}


def _violated(corpus: Path) -> dict[str, tuple[str, ...]]:
    """Scenario → the rules it is to break."""
    scenarios = rows(corpus / "eu/messages/testpack_scenarios.csv")
    found = ((row["scenario"], VIOLATION.fullmatch(row["title"])) for row in scenarios)
    return {scenario: tuple(match[1].split(" and ")) for scenario, match in found if match}


def _scenario(name: str) -> str:
    """The scenario of a file of the test packs: `…__dngbt2_ie015.xml`."""
    return name.rpartition("__")[2].partition("_")[0]
