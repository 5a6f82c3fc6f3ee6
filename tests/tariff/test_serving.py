"""What a tariff asks stands in the record's items; each question is asked once."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from casrules.dictionary import Invalid, shipped_dictionary
from casrules.tariff import Alternative, Requirement, TariffInfo, Trade, carried_with, serve
from casrules.tariff.serving import asked, direction_of


class Told:
    """A provider that answers what it was told to, and notes what it is asked."""

    info = TariffInfo("told")

    def __init__(self, answer: Sequence[Requirement] | None) -> None:
        self.answer = answer
        self.asked: list[Trade] = []

    def requirements(self, trade: Trade) -> Sequence[Requirement] | None:
        self.asked.append(trade)
        return self.answer


def declaration(*items: dict[str, Any], **header: Any) -> dict[str, Any]:
    return {**header, "consignment": {"houses": [{"items": list(items)}]}}


def items_of(record: dict[str, Any]) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = record["consignment"]["houses"][0]["items"]
    return items


def test_requirements_stand_at_the_item() -> None:
    limit = Alternative("mass", most=Decimal(20))
    told = Told([Requirement("M1", (Alternative("waiver", "Y900"), limit), "710", "Control", "1011")])
    record = declaration({"commodity_code": "0101210000"})
    serve(record, told, "import", "2025-06-01")
    assert items_of(record) == [
        {
            "commodity_code": "0101210000",
            "tariff_known": True,
            "tariff_requirements": [
                {
                    "measure": "M1", "type": "710", "title": "Control", "area": "1011",
                    "needed": "a waiver Y900, or at most 20 kg",
                    "alternatives": [
                        {"role": "waiver", "document": "Y900", "text": "Y900"},
                        {"role": "mass", "most": Decimal(20), "text": "at most 20 kg"},
                    ],
                }
            ],
        }
    ]  # fmt: skip


def test_the_item_is_asked_before_what_is_above_it() -> None:
    told = Told([])
    first = {"commodity_code": "01", "country_of_origin": "US", "country_of_destination": "GB"}
    second = {"commodity_code": "02", "country_of_preferential_origin": "CL"}
    record = declaration(first, second, country_of_destination="XI", country_of_dispatch="FR")
    serve(record, told, "export", "2025-06-01")
    assert told.asked == [
        Trade("01", "export", "2025-06-01", "US", "US", "FR", "GB"),
        Trade("02", "export", "2025-06-01", None, "CL", "FR", "XI"),
    ]


def test_one_question_is_asked_once() -> None:
    told = Told([])
    serve(declaration(*({"commodity_code": "01"} for _ in range(5))), told, "import", None)
    assert told.asked == [Trade("01", "import")]


def test_an_unknown_commodity_is_told_apart_from_one_without_requirements() -> None:
    for answer, known in ((None, False), ([], True)):
        record = declaration({"commodity_code": "01"})
        serve(record, Told(answer), "import", None)
        assert items_of(record) == [{"commodity_code": "01", "tariff_known": known}]


def test_without_a_readable_commodity_nothing_is_asked_and_nothing_stays() -> None:
    told = Told([])
    record = declaration({"tariff_known": True}, {"commodity_code": Invalid("x"), "tariff_requirements": [{}]})
    serve(record, told, "import", None)
    assert items_of(record) == [{}, {"commodity_code": Invalid("x")}]
    assert told.asked == []


def test_serving_twice_is_serving_once() -> None:
    record = declaration({"commodity_code": "01"})
    told = Told([Requirement("M1", (Alternative("document", "C400"),))])
    serve(record, told, "import", None)
    once = repr(record)
    serve(record, told, "import", None)
    assert repr(record) == once


def test_a_record_without_items_is_left_alone() -> None:
    for record in ({}, {"consignment": {}}, {"consignment": {"houses": [{}]}}):
        serve(record, Told([]), "import", None)
    assert record == {"consignment": {"houses": [{}]}}


def test_messages_with_items_can_carry_what_is_served() -> None:
    dictionary = shipped_dictionary()
    items = "consignment.houses.items"
    carried = carried_with(frozenset({items}), dictionary)
    assert f"{items}.tariff_known" in carried
    assert f"{items}.tariff_requirements.alternatives.document" in carried
    assert carried_with(frozenset({"lrn"}), dictionary) == {"lrn"}


def test_what_is_asked_is_in_the_dictionary() -> None:
    known = {name for entity in ("item", "declaration") for name in shipped_dictionary().entities[entity].elements}
    assert asked().names <= known


def test_only_imports_and_exports_are_asked_about() -> None:
    assert [direction_of(flow) for flow in ("import", "export", "transit", "entry")] == ["import", "export", None, None]
