"""Schemas that were reconstructed guess at structure: a guess is a warning; formats that are public reject."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from pathlib import Path

import pytest
from lxml import etree

from casrules import Engine
from casrules.findings import Report

EXAMPLES = ("examples/aes/cc515c-export.xml", "examples/aes/cc514c-invalidation.xml", "examples/import/cc415b-h1.xml")


def spoilt(root: etree._Element) -> Iterator[tuple[str, bytes]]:
    """The message with one fault of its structure: in turn each way, each at a few places."""
    elements = [at for at, element in enumerate(root.iter("*")) if at and not at % 9]
    for at in elements:
        for way in ("unknown child", "unknown attribute", "twice", "first of its parent", "text beside elements"):
            changed = copy.deepcopy(root)
            element = list(changed.iter("*"))[at]
            parent = element.getparent()
            assert parent is not None
            if way == "unknown child":
                etree.SubElement(parent, "foreignElement").text = "1"
            elif way == "unknown attribute":
                element.set("foreign", "1")
            elif way == "twice":
                parent.append(copy.deepcopy(element))
            elif way == "first of its parent":
                parent.insert(0, element)
            else:
                parent.text = "foreign"
            yield f"{way} {element.tag}", etree.tostring(changed)


def technical(report: Report) -> list[tuple[str, str]]:
    return [(finding.rule, finding.severity) for finding in report.violations if finding.source == "technical"]


@pytest.mark.parametrize("name", EXAMPLES)
def test_a_fault_of_the_structure_alone_never_rejects(repository: Path, engine: Engine, name: str) -> None:
    root = etree.parse(repository / name).getroot()
    before = engine.validate(etree.tostring(root))
    assert before.document.schema_status == "reconstructed"
    assert before.verdict.outcome == "accept"
    warned = 0
    for what, content in spoilt(root):
        report = engine.validate(content)
        assert [found for found in technical(report) if found[1] == "error"] == [], what
        warned += bool(technical(report))
    assert warned >= 3


@pytest.mark.parametrize("name", EXAMPLES)
@pytest.mark.parametrize(("element", "text"), [("referenceNumber", "x"), ("identificationNumber", "x" * 80)])
def test_a_wrong_format_rejects(repository: Path, engine: Engine, name: str, element: str, text: str) -> None:
    root = etree.parse(repository / name).getroot()
    found = root.find(f".//{element}")
    assert found is not None
    found.text = text
    report = engine.validate(etree.tostring(root))
    assert "error" in dict(technical(report)).values()
    assert report.verdict.outcome == "reject"


def test_the_same_faults_reject_where_the_schema_is_known(repository: Path, engine: Engine) -> None:
    root = etree.parse(repository / "examples/ncts/cc015c-departure.xml").getroot()
    for what, content in list(spoilt(root))[:5]:
        if not what.startswith("first"):
            assert engine.validate(content).verdict.outcome == "reject", what
