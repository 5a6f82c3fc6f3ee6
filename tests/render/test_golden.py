"""Hand-built reports in every format, compared with kept files; CASRULES_WRITE_GOLDEN=1 writes them anew."""

from __future__ import annotations

import csv
import io
import json
import os
from pathlib import Path
from xml.etree import ElementTree

import pytest

from casrules.errors import UsageError
from casrules.findings import Report
from casrules.render import FORMATS, RenderOptions, render, renderer

GOLDEN = Path(__file__).parent / "golden"
SUFFIXES = {
    "text": "txt", "json": "json", "jsonl": "jsonl", "sarif": "sarif", "junit": "xml", "github": "annotations",
    "csv": "csv", "html": "html", "errors": "errors.json",
}  # fmt: skip


@pytest.mark.parametrize("name", FORMATS)
def test_three_documents_in_every_format(name: str, rejected: Report, accepted: Report, undetermined: Report) -> None:
    written = render([rejected, accepted, undetermined], name, RenderOptions(indent=1))
    path = GOLDEN / f"three.{SUFFIXES[name]}"
    if os.environ.get("CASRULES_WRITE_GOLDEN"):
        path.write_bytes(written.encode("utf-8"))
    assert written.encode("utf-8") == path.read_bytes()


def test_every_kept_file_belongs_to_a_format() -> None:
    kept = {path.name for path in GOLDEN.iterdir()}
    assert kept == {f"three.{suffix}" for suffix in SUFFIXES.values()}
    assert set(SUFFIXES) == set(FORMATS)


def test_an_unknown_format_is_told_with_the_known_ones() -> None:
    with pytest.raises(UsageError, match=r"unknown output format 'xlsx'.*sarif"):
        renderer("xlsx")


def test_one_report_as_json_reads_back(rejected: Report) -> None:
    assert Report.from_json(render(rejected, "json")) == rejected
    assert render(rejected, "json").strip() == rejected.to_json()
    assert [Report.from_json(line) for line in render([rejected] * 2, "jsonl").splitlines()] == [rejected] * 2
    assert json.loads(render([], "json")) == []


def test_errors_of_one_report_are_a_plain_array(rejected: Report, accepted: Report) -> None:
    errors = json.loads(render(rejected, "errors"))
    assert [error["code"] for error in errors] == ["demo.invoice", "14", "rule_not_evaluated"]
    assert all(set(error) == {"code", "message", "description", "fieldReference"} for error in errors)
    assert errors[1]["fieldReference"].startswith("/CC015C/")
    assert json.loads(render(accepted, "errors")) == []


def test_csv_has_a_row_for_every_violation_of_the_same_width(rejected: Report, accepted: Report) -> None:
    rows = list(csv.reader(io.StringIO(render([rejected, accepted], "csv"), newline="")))
    assert len(rows) == 1 + len(rejected.violations) + 1
    assert {len(row) for row in rows} == {len(rows[0])}


def test_junit_counts_what_it_holds(rejected: Report, accepted: Report, undetermined: Report) -> None:
    root = ElementTree.fromstring(render([rejected, accepted, undetermined], "junit"))
    for suite in root:
        for attribute, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
            assert int(suite.attrib[attribute]) == len(suite.findall(f"testcase/{tag}"))
        assert int(suite.attrib["tests"]) == len(suite.findall("testcase"))
    assert [int(suite.attrib["failures"]) + int(suite.attrib["errors"]) for suite in root] == [2, 0, 1]


def test_sarif_keeps_fingerprints_suppressions_fixes_and_what_is_folded(rejected: Report) -> None:
    run = json.loads(render(rejected, "sarif"))["runs"][0]
    results = {result["ruleId"]: result for result in run["results"]}
    assert results["demo.eori"]["suppressions"][0]["justification"].startswith("registered yesterday")
    assert results["demo.invoice"]["suppressions"] == []
    masses = results["demo.mass_order"]
    assert masses["partialFingerprints"] == {"casrules/v1": "a1" * 32}
    assert [child["ruleId"] for child in masses["properties"]["folded"]] == ["demo.mass_total"]
    assert masses["properties"]["fixes"][0]["title"] == "Swap the masses"
    assert masses["relatedLocations"][0]["physicalLocation"]["region"] == {"startLine": 47}
    for result in run["results"]:
        assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == result["ruleId"]
