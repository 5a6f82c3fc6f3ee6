"""Answers of the UK Trade Tariff service: the two forms, what demands a document and what does not."""

import json
from pathlib import Path
from typing import Any

import pytest

from casrules.errors import PackError
from casrules.tariff import Requirement, Trade, load_tariff

NO = {"condition_code": "B", "action_code": "09", "action": "Import/export not allowed after control"}
C400 = {"condition_code": "B", "document_code": "C400", "action_code": "29"}
Y900 = {"condition_code": "B", "document_code": "Y900", "action_code": "29", "measure_condition_class": "exemption"}


def answer(folder: Path, *conditions: dict[str, Any], **measure: Any) -> Path:
    told = {"id": "1", "measure_type": "710", "measure_type_description": "Control", "geographical_area": "1011"}
    measures = [{**told, "start": "2024-01-01T00:00:00.000Z", "conditions": list(conditions), **measure}]
    content = {"commodity": "0101210000", "service": "uk", "import_measures": measures, "export_measures": []}
    (folder / "a.json").write_text(json.dumps(content), "utf-8")
    return folder


def asked(folder: Path, **trade: Any) -> list[Requirement]:
    found = load_tariff(folder).requirements(Trade("0101210000", "import", "2025-06-01", **trade))
    assert found is not None
    return list(found)


def test_a_group_that_ends_in_a_refusal_is_a_demand(tmp_path: Path) -> None:
    (found,) = asked(answer(tmp_path, C400, Y900, NO))
    assert found.needed == "C400, or a waiver Y900"
    assert (found.measure, found.kind, found.title) == ("1", "710", "Control")


@pytest.mark.parametrize(
    "last",
    [
        {**NO, "action_code": "07", "action": "Measure not applicable"},
        {**NO, "action_code": "27", "action": "Apply the mentioned duty"},
        {**NO, "action_code": None, "action": "Measure not applicable"},
    ],
)
def test_a_group_that_ends_in_a_duty_demands_nothing(tmp_path: Path, last: dict[str, Any]) -> None:
    assert asked(answer(tmp_path, C400, last)) == []
    assert asked(answer(tmp_path, C400)) == []


def test_without_a_code_the_words_of_the_action_tell(tmp_path: Path) -> None:
    assert asked(answer(tmp_path, C400, {"condition_code": "B", "action": NO["action"]}))


def test_conditions_with_different_codes_must_all_be_met(tmp_path: Path) -> None:
    second = [{**condition, "condition_code": "Q"} for condition in (Y900, NO)]
    assert [found.needed for found in asked(answer(tmp_path, C400, NO, *second))] == ["C400", "a waiver Y900"]


@pytest.mark.parametrize(
    ("limit", "needed"),
    [
        ({"condition_duty_amount": 20.0, "condition_measurement_unit_code": "KGM"}, "at most 20 kg"),
        ({"condition_duty_amount": 2, "condition_measurement_unit_code": "TNE"}, "at most 2000 kg"),
        ({"condition_duty_amount": 1, "condition_measurement_unit_code": "HLT", "requirement": "1 <b>hl</b>"}, "1 hl"),
        (
            {"condition_duty_amount": 9, "condition_measurement_unit_code": "NAR", "requirement": "9 GBP / piece"},
            "at most 9 GBP a piece",
        ),
        (
            {"condition_duty_amount": 5, "condition_measurement_unit_code": "LPA", "requirement": "5 EUR / l"},
            "5 EUR / l",
        ),
    ],
)
def test_limits_are_alternatives(tmp_path: Path, limit: dict[str, Any], needed: str) -> None:
    (found,) = asked(answer(tmp_path, C400, {"condition_code": "B", "action_code": "29", **limit}, NO))
    assert found.needed == f"C400, or {needed}"


def test_a_group_without_documents_is_about_something_else(tmp_path: Path) -> None:
    ratio = {"condition_code": "R", "condition_duty_amount": 80, "condition_measurement_unit_code": "KGM"}
    assert asked(answer(tmp_path, {**ratio, "action_code": "28"}, {**ratio, "action_code": "10"})) == []


def test_preferences_look_at_the_preferential_origin(tmp_path: Path) -> None:
    folder = answer(tmp_path, C400, NO, measure_type="142", geographical_area="JP")
    assert asked(folder, origin="JP") == []
    (found,) = asked(folder, origin="US", preferential_origin="JP")
    assert found.claim == "preference"


def test_third_countries_are_all_but_the_territory(tmp_path: Path) -> None:
    folder = answer(tmp_path, C400, NO, geographical_area="1008")
    assert asked(folder, origin="US")
    assert not asked(folder, origin="GB")


def test_the_answer_as_the_service_gives_it(tmp_path: Path) -> None:
    group = {"id": "1013", "children_geographical_areas": [{"id": "FR"}, {"id": "DE"}]}
    measure = {
        "id": 7, "measure_type": {"id": "410", "description": "Control"}, "geographical_area": group,
        "excluded_countries": [{"id": "DE"}], "effective_start_date": "2024-01-01T00:00:00.000Z",
        "effective_end_date": "2025-12-31T00:00:00.000Z", "order_number": {"number": "050331"},
        "additional_code": {"code": "B999"}, "measure_conditions": [C400, NO],
    }  # fmt: skip
    meta = {"duty_calculator": {"source": "uk"}}
    content = {"goods_nomenclature_item_id": "0101210000", "import_measures": [measure], "export_measures": []}
    (tmp_path / "a.json").write_text(json.dumps({**content, "meta": meta}), "utf-8")
    (found,) = asked(tmp_path, origin="FR")
    assert (found.measure, found.order_number, found.additional_code) == ("7", "050331", "B999")
    assert not asked(tmp_path, origin="DE")
    assert not asked(tmp_path, origin="US")
    assert not load_tariff(tmp_path).requirements(Trade("0101210000", "import", "2026-01-01", origin="FR"))


@pytest.mark.parametrize("content", ["{", "[]", "{}", '{"import_measures": [], "export_measures": []}'])
def test_what_is_no_answer_is_refused_by_name(tmp_path: Path, content: str) -> None:
    (tmp_path / "b.json").write_text(content, "utf-8")
    with pytest.raises(PackError) as error:
        load_tariff(tmp_path)
    assert error.value.place is not None
    assert error.value.place.file.endswith("b.json")


def test_a_folder_without_measures_of_the_service_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PackError, match="no JSON files"):
        load_tariff(tmp_path)
    with pytest.raises(PackError, match="no measures of the service xi"):
        load_tariff(answer(tmp_path, C400, NO), service="xi")


@pytest.mark.corpus
def test_the_samples_load_as_they_are(corpus: Path) -> None:
    folder = corpus / "uk" / "codelists" / "tariff-measures"
    uk, xi = load_tariff(folder), load_tariff(folder, service="xi")
    assert (len(uk.covers), len(xi.covers)) == (14, 9)
    assert (len(uk.measures), len(xi.measures)) == (73, 59)
    horse = Trade("0101210000", "import", "2025-06-01", origin="US")
    assert [(found.kind, found.needed) for found in uk.requirements(horse) or ()] == [
        ("410", "C640"),
        ("710", "C400, or a waiver Y900"),
        ("750", "C644, or a waiver Y929"),
    ]
    to_russia = Trade("0101210000", "export", "2025-06-01", destination="RU")
    russian = [found.needed for found in uk.requirements(to_russia) or () if found.area == "RU"]
    assert russian == ["one of 9005, 9006, 9011, or a waiver Y080, or at most 250 GBP a piece"]
    after = Trade("0101210000", "export", "2025-07-15", destination="RU")
    assert not [found for found in uk.requirements(after) or () if found.area == "RU"]
