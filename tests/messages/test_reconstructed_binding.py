"""Export and import messages through the binder: what they are, no text lost, and every value written back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from casrules.declaration.edits import AddEntity, Edit, SetValue, apply_edits
from casrules.dictionary import Element, shipped_dictionary
from casrules.messages.binding import binder_for
from casrules.messages.detection import detect
from casrules.messages.family import Families
from casrules.messages.message_mapping import MessageMapping
from casrules.messages.reading import read
from casrules.messages.writing import write_edits

from .mapping_checks import Bindings
from .mapping_walk import SCHEMAS

EXAMPLES = {
    "aes/cc515c-export": "CC515C",
    "aes/cc515c-slips": "CC515C",
    "aes/cc514c-invalidation": "CC514C",
    "aes/cc507c-arrival-at-exit": "CC507C",
    "import/cc415b-h1": "CC415B",
    "import/cc415b-slips": "CC415B",
}
PATHS_JOINED = ("CommodityCode", "Procedure")
SUBMISSION = b"""<a:Submission xmlns:a="http://ecs.dgtaxud.ec"><submissionId>77b0</submissionId><ExportOperation>
<type>1</type><MRN>26XI0000147Q0258B4</MRN><discrepanciesExist>0</discrepanciesExist>
<splitIndicator>1</splitIndicator></ExportOperation><CustomsOfficeOfExitActual>
<referenceNumber>XI000014</referenceNumber></CustomsOfficeOfExitActual></a:Submission>"""
Steps = tuple[tuple[str, int | None], ...]


def source(name: str) -> bytes:
    return Path(SCHEMAS.parent / "examples" / f"{name}.xml").read_bytes()


@cache
def mapping(name: str) -> MessageMapping:
    return Bindings(name.partition("/")[0]).read(EXAMPLES[name])


def record(name: str, message: bytes | None = None) -> dict[str, Any]:
    bound = binder_for(mapping(name)).bind(etree.fromstring(message or source(name)))
    assert bound.invalid == frozenset()
    return bound.record


def placed(found: Any, at: Steps = ()) -> Iterator[tuple[Steps, Any]]:
    """Every value of a record with its path; what the plan adds to documents is left out."""
    for name, value in found.items():
        if isinstance(value, dict):
            yield from placed(value, (*at, (name, None)))
        elif isinstance(value, list):
            for index, entry in enumerate(value):
                yield from placed(entry, (*at, (name, index)))
        elif name not in ("kind", "level"):
            yield (*at, (name, None)), value


def texts(name: str) -> Counter[str]:
    """Every text of a message, with the parts of joined values put together."""
    root = etree.fromstring(source(name))
    found = Counter((leaf.text or "").strip() for leaf in root.iter("*") if len(leaf) == 0)
    for group in root.iter(*PATHS_JOINED):
        parts = [(part.text or "").strip() for part in group if len(part) == 0]
        found.subtract(parts)
        found["".join(parts)] += 1
    return +found


def written(value: Any) -> str:
    return str(int(value)) if isinstance(value, bool) else str(value)


@pytest.mark.parametrize("name", EXAMPLES)
def test_examples_are_recognised(name: str) -> None:
    found = detect(read(source(name)), Families.load(SCHEMAS / "families"))
    assert found.format == f"{name.partition('/')[0]}.{EXAMPLES[name]}"


def test_the_traders_form_of_an_arrival_is_recognised_and_bound() -> None:
    found = detect(read(SUBMISSION), Families.load(SCHEMAS / "families"))
    assert found.format == "aes.CC507C-submission"
    bound = binder_for(Bindings("aes").read("CC507C-submission")).bind(etree.fromstring(SUBMISSION))
    assert bound.record == {
        "message": {"id": "77b0"},
        "mrn": "26XI0000147Q0258B4",
        "arrival_type": "1",
        "discrepancies_exist": False,
        "split_indicator": True,
        "actual_office_of_exit": {"reference": "XI000014"},
    }


@pytest.mark.parametrize("name", EXAMPLES)
def test_no_text_is_lost(name: str) -> None:
    values = Counter(written(value) for _, value in placed(record(name)))
    assert texts(name) == values


def test_an_export_by_its_parts() -> None:
    found = record("aes/cc515c-export")
    (house,) = found["consignment"]["houses"]
    pumps, valves = house["items"]
    assert (found["declaration_type"], found["country_of_export"], found["security"]) == ("EX", "DE", "2")
    assert found["delivery_terms"] == {"code": "FCA", "location": "Hanau", "country": "DE"}
    assert found["currency_exchange"] == {"internal_currency": "EUR", "rate": Decimal("1.0812")}
    assert [country["code"] for country in found["consignment"]["routing_countries"]] == ["DE", "NL", "US"]
    assert (pumps["procedure"], pumps["commodity_code"], valves["commodity_code"]) == ("1000", "84138100", "84818085")
    assert pumps["net_mass"] == Decimal("1265.5")
    assert "consignor" not in found["consignment"]


def test_an_invalidation_and_an_arrival_by_their_parts() -> None:
    invalidation, arrival = record("aes/cc514c-invalidation"), record("aes/cc507c-arrival-at-exit")
    assert invalidation["invalidation"]["request_datetime"] == "2025-09-09T15:00:00"
    assert "consignment" not in invalidation
    assert arrival["message"]["sender"] == "LAGANQUAY.TERMINAL"
    assert arrival["consignment"]["houses"][0]["items"][0]["gross_mass"] == Decimal(8640)


def test_an_import_by_its_parts() -> None:
    found = record("import/cc415b-h1")
    tables, _ = found["consignment"]["houses"][0]["items"]
    assert found["currency_exchange"] == {"internal_currency": "EUR", "rate": Decimal("1.0812")}
    assert (tables["commodity_code"], tables["procedure"], tables["preference"]) == ("9403601000", "4000", "100")
    assert [duty["type"] for duty in tables["duties"]] == ["A00", "B00"]
    assert tables["duties"][1]["bases"][0]["rate"] == Decimal(21)
    assert tables["additions_deductions"] == [{"sequence_number": 1, "code": "AK", "amount": Decimal("620.00")}]
    assert found["guarantees"][0]["references"][0]["grn"] == "24BE10100000SCHE7"


LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"


def another(element: Element, value: Any, number: int) -> Any:
    """A value of the element's type; a code keeps its length, so that joined values can be split again."""
    if element.type == "flag":
        return not value
    if element.type == "code":
        first, second = LETTERS[number // len(LETTERS)], LETTERS[number % len(LETTERS)]
        made = (second + first + "Z" * len(value))[: len(value)]
        return made if made != value else "Y" * len(value)
    return {
        "decimal": Decimal(number) + Decimal("0.5"),
        "integer": number + 1000,
        "date": f"2031-01-{number % 28 + 1:02}",
        "datetime": f"2031-01-01T07:08:{number % 60:02}",
        "text": f"text {number}",
    }[element.type]


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_value_is_written_back_where_it_was_read(name: str) -> None:
    before = record(name)
    edits: list[Edit] = []
    for number, (path, value) in enumerate(placed(before)):
        element = shipped_dictionary().resolve("declaration", [step for step, _ in path])[-1]
        edits.append(SetValue(path, another(element, value, number)))
    after = record(name, write_edits(source(name), mapping(name), edits))
    assert after == apply_edits(before, edits)
    assert not set(placed(before)) & set(placed(after))


ITEM = (("consignment", None), ("houses", 0), ("items", 0))


@pytest.mark.parametrize(
    ("name", "path", "values"),
    [
        (
            "aes/cc515c-slips",
            (("consignment", None), ("routing_countries", None)),
            {"sequence_number": 1, "code": "DE"},
        ),
        ("aes/cc515c-slips", (("authorisations", None),), {"sequence_number": 2, "type": "C513", "reference": "A1"}),
        ("aes/cc515c-export", (*ITEM, ("additional_codes", None)), {"kind": "TRA", "code": "2500"}),
        ("aes/cc515c-export", (*ITEM, ("duties", None)), {"type": "C00", "bases": [{"rate": Decimal(3)}]}),
        ("import/cc415b-slips", (*ITEM, ("additional_codes", None)), {"kind": "TRA", "code": "2500"}),
        ("import/cc415b-h1", (("buyer", None),), {"id": "BE0999999922"}),
    ],
)
def test_what_is_missing_can_be_added(name: str, path: Steps, values: dict[str, Any]) -> None:
    edit = AddEntity(path, values)
    after = record(name, write_edits(source(name), mapping(name), [edit]))
    assert after == apply_edits(record(name), [edit])
