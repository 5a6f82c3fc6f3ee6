"""The transit examples are what they say: valid under our schemas and under the official ones."""

from __future__ import annotations

from pathlib import Path

import pytest
from lxml import etree

EXAMPLES = {
    "cc015c-departure.xml": ("ncts-p5", "ncts5_51.8.6"),
    "cc015c-slips.xml": ("ncts-p5", "ncts5_51.8.6"),
    "cc007c-arrival.xml": ("ncts-p5", "ncts5_51.8.6"),
    "cc015c-two-houses-p6.xml": ("ncts-p6", "ncts6_60.4.16"),
}


def _faults(schema: Path, message: Path) -> list[str]:
    checked = etree.XMLSchema(etree.parse(str(schema)))
    checked.validate(etree.parse(str(message)))
    return [fault.message for fault in checked.error_log]


def test_every_example_is_listed(repository: Path) -> None:
    assert {path.name for path in (repository / "examples" / "ncts").glob("*.xml")} == set(EXAMPLES)


@pytest.mark.parametrize("name", EXAMPLES)
def test_examples_are_valid_under_our_schemas(repository: Path, name: str) -> None:
    of_set = EXAMPLES[name][0]
    schema = repository / "schemas" / "xsd" / of_set / f"{of_set}.xsd"
    assert _faults(schema, repository / "examples" / "ncts" / name) == []


@pytest.mark.corpus
@pytest.mark.parametrize("name", EXAMPLES)
def test_examples_are_valid_under_the_official_schemas(repository: Path, corpus: Path, name: str) -> None:
    schema = corpus / "eu" / "xsd" / EXAMPLES[name][1] / f"{name[:6]}.xsd"
    assert _faults(schema, repository / "examples" / "ncts" / name) == []


def test_a_broken_example_is_noticed(repository: Path, tmp_path: Path) -> None:
    text = (repository / "examples" / "ncts" / "cc015c-departure.xml").read_text("utf-8")
    broken = tmp_path / "broken.xml"
    broken.write_text(text.replace("<security>0</security>", "<security>none</security>"), encoding="utf-8")
    assert _faults(repository / "schemas" / "xsd" / "ncts-p5" / "ncts-p5.xsd", broken) != []
