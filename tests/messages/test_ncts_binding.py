"""Transit messages through the binder: one record by hand, and no text of any message lost."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from casrules.dictionary import shipped_dictionary
from casrules.messages.binding import Binder, binder_for
from casrules.messages.mapping import Mapping, load_mapping

from .ncts_bindings import FAMILY, UNBOUND, Shape, tables

EXAMPLES = {"cc015c-departure": "ncts-p5", "cc015c-slips": "ncts-p5", "cc007c-arrival": "ncts-p5"}
EXAMPLES["cc015c-two-houses-p6"] = "ncts-p6"
ADDED = ("kind", "level")

ARRIVAL = {
    "message": {
        "phase_id": "NCTS5.1",
        "sender": "QUAYLE.BONDED",
        "recipient": "NTA.GB",
        "preparation_datetime": "2025-07-21T06:55:10",
        "id": "QBW-ARR-001903",
        "type": "CC007C",
    },
    "mrn": "25FRK3M8Q0T7V2W5J4",
    "arrival_notification_datetime": "2025-07-21T06:52:00",
    "simplified_procedure": True,
    "incident_flag": True,
    "authorisations": [{"sequence_number": 1, "type": "C522", "reference": "GBACE551870C"}],
    "actual_office_of_destination": {"reference": "GB000081"},
    "trader_at_destination": {"id": "GB987652340000", "communication_language": "en"},
    "consignment": {
        "location_of_goods": {
            "type": "B",
            "qualifier": "Y",
            "authorisation_number": "GBACE551870C",
            "contact": {"name": "Gatehouse", "phone": "+44 1632 960305"},
        },
        "incidents": [
            {
                "sequence_number": 1,
                "code": "2",
                "text": "One seal torn off in a traffic accident in Kent; the trailer was sealed again",
                "endorsement": {
                    "date": "2025-07-20",
                    "authority": "Border Force",
                    "place": "Dover",
                    "country": "GB",
                },
                "location": {
                    "qualifier": "W",
                    "country": "GB",
                    "latitude": "51.12450",
                    "longitude": "1.32210",
                },
                "transport_equipments": [
                    {
                        "sequence_number": 1,
                        "seal_count": 2,
                        "seals": [
                            {"sequence_number": 1, "id": "DVR118264"},
                            {"sequence_number": 2, "id": "DVR118265"},
                        ],
                        "goods_references": [{"sequence_number": 1, "item_number": 1}],
                    }
                ],
            }
        ],
    },
}


@cache
def _mapping() -> Mapping:
    return load_mapping(FAMILY, shipped_dictionary())


@cache
def _binder(of_set: str, message: str) -> Binder:
    return binder_for(_mapping().for_message(Shape(message), tables(of_set)))


def _root(path: Path) -> Any:
    return etree.parse(str(path)).getroot()


def _record(of_set: str, root: Any) -> dict[str, Any]:
    return _binder(of_set, etree.QName(root).localname).bind(root).record


def _example(repository: Path, name: str) -> dict[str, Any]:
    return _record(EXAMPLES[name], _root(repository / "examples" / "ncts" / f"{name}.xml"))


def _texts(root: Any) -> Counter[str]:
    """Every text a message holds, error groups left out."""
    found = Counter([root.get("PhaseID")] if root.get("PhaseID") else [])
    for group in root:
        if isinstance(group.tag, str) and group.tag not in UNBOUND:
            leaves = (leaf for leaf in group.iter("*") if len(leaf) == 0)
            found.update(text for leaf in leaves if (text := (leaf.text or "").strip()))
    return found


def _values(record: Any) -> Iterator[Any]:
    if isinstance(record, dict):
        for name, value in record.items():
            if name not in ADDED:
                yield from _values(value)
    elif isinstance(record, list):
        for entry in record:
            yield from _values(entry)
    else:
        yield record


def _written(value: Any) -> str:
    if isinstance(value, bool):
        return "1" if value else "0"
    return getattr(value, "raw", None) or str(value)


def _joined(root: Any) -> Counter[str]:
    """The texts of commodity codes, whose two parts are one value of the record."""
    pairs = [[(part.text or "").strip() for part in code.iterchildren("*")] for code in root.iter("CommodityCode")]
    split = Counter(part for pair in pairs for part in pair if part)
    split.subtract(Counter("".join(pair) for pair in pairs if any(pair)))
    return split


def _lost(of_set: str, root: Any) -> dict[str, int]:
    difference = _texts(root)
    difference.subtract(Counter(_written(value) for value in _values(_record(of_set, root))))
    difference.subtract(_joined(root))
    return {text: count for text, count in difference.items() if count}


def test_an_arrival_is_bound_as_written_by_hand(repository: Path) -> None:
    assert _example(repository, "cc007c-arrival") == ARRIVAL


def test_numbers_documents_and_houses_of_a_declaration(repository: Path) -> None:
    record = _example(repository, "cc015c-two-houses-p6")
    houses = record["consignment"]["houses"]
    items = [item for house in houses for item in house["items"]]
    assert [(item["number"], item["house_number"]) for item in items] == [(1, 1), (2, 2), (3, 1)]
    assert [item["commodity_code"] for item in items] == ["09012100", "21039090", "94036010"]
    assert sum(house["gross_mass"] for house in houses) == record["consignment"]["gross_mass"] == Decimal("14310.25")
    assert houses[1]["additional_references"][0]["level"] == "house"
    assert record["message"]["phase_id"] == "NCTS6"


def test_the_commodity_code_has_six_digits_without_a_combined_nomenclature_part(repository: Path) -> None:
    consignment = _example(repository, "cc015c-departure")["consignment"]
    assert consignment["previous_documents"][0]["kind"] == "previous"
    items = consignment["houses"][0]["items"]
    assert [item["commodity_code"] for item in items] == ["848180", "853710", "732690"]


@pytest.mark.parametrize("name", EXAMPLES)
def test_no_text_of_an_example_is_lost(repository: Path, name: str) -> None:
    assert _lost(EXAMPLES[name], _root(repository / "examples" / "ncts" / f"{name}.xml")) == {}


@pytest.mark.corpus
@pytest.mark.parametrize(("of_set", "column"), [("ncts-p5", "xsd_51_8_6"), ("ncts-p6", "xsd_60_4_16")])
def test_no_text_of_a_valid_message_is_lost(corpus: Path, of_set: str, column: str) -> None:
    folder = corpus / "eu" / "messages"
    with (folder / "manifest.csv").open(encoding="utf-8", newline="") as stream:
        files = [row["file"] for row in csv.DictReader(stream) if row[column] == "ok"]
    roots = [_root(folder / file) for file in files if file.endswith(".xml")]
    assert len(roots) > 100
    assert [lost for root in roots if (lost := _lost(of_set, root))] == []
