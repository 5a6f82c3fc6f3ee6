"""Where a SARIF log says that a file is: from the root of the checkout, as code scanning hosts want it."""

from __future__ import annotations

import json

import pytest

from casrules.findings import DocumentInfo, Report
from casrules.render import RenderOptions, render


@pytest.mark.parametrize(
    ("name", "uri"),
    [
        ("/repo/messages/a b.xml", "messages/a%20b.xml"),
        ("/repository/a.xml", "file:///repository/a.xml"),
        ("messages/a.xml", "messages/a.xml"),
    ],
)
def test_names_are_told_from_the_base(rejected: Report, name: str, uri: str) -> None:
    report = rejected.model_copy(update={"document": DocumentInfo(name=name)})
    log = json.loads(render(report, "sarif", RenderOptions(base="/repo")))
    [run] = log["runs"]
    places = [result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for result in run["results"]]
    assert set(places) == {uri}
    assert [artifact["location"]["uri"] for artifact in run["artifacts"]] == [uri]
    assert all(result["partialFingerprints"]["casrules/v1"] for result in run["results"])
