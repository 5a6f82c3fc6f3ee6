from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from casrules.declaration import Invalid
from casrules.dictionary import Dictionary, shipped_dictionary
from casrules.messages.binding import binder_for
from casrules.messages.json_form import read_json, write_json
from casrules.messages.json_schema import declaration_model, schema_file, schema_text

from .sample import full, root_of, sample

MODEL = declaration_model()


def faults(source: Any) -> list[tuple[str, str, str]]:
    return [(fault.pointer, fault.problem, fault.remedy) for fault in read_json(source).faults]


def test_the_record_goes_to_json_and_back() -> None:
    record = binder_for(sample()).bind(root_of(full())).record
    written = write_json(record, "sample.SAMPLE")
    read = read_json(json.dumps(written))
    assert read.format == "sample.SAMPLE"
    assert write_json(read.record) == write_json(record)
    unreadable = [fault.pointer for fault in read.faults]
    assert unreadable == ["/consignment/houses/0/items/0/gross_mass"]


def test_a_dict_and_its_text_are_the_same_declaration() -> None:
    source = {"format": "ncts.CC015C", "lrn": " L ", "ucr": "", "mrn": None, "consignment": {"gross_mass": 12.5}}
    assert read_json(source) == read_json(json.dumps(source)) == read_json(json.dumps(source).encode())
    assert read_json(source).record == {"lrn": "L", "consignment": {"gross_mass": Decimal("12.5")}}


def test_kind_and_level_are_given_by_the_place() -> None:
    record = read_json({"supporting_documents": [{"type": "C001"}, {"kind": "other"}]}).record
    assert record["supporting_documents"] == [
        {"kind": "supporting", "level": "declaration", "type": "C001"},
        {"kind": "other", "level": "declaration"},
    ]


def test_numbers_are_exact() -> None:
    read = read_json('{"consignment": {"gross_mass": 133.70, "houses": [{"items": [{"number": 3}]}]}}')
    assert str(read.record["consignment"]["gross_mass"]) == "133.70"
    assert read.record["consignment"]["houses"][0]["items"] == [{"number": 3}]


@pytest.mark.parametrize(
    ("source", "pointer", "problem"),
    [
        ("{", "", "not JSON"),
        ("[1]", "", "must be an object"),
        ('{"lrn": NaN}', "", "NaN is not a number"),
        ("[" * 100_000, "", "not JSON"),
        (b"\xff", "", "not JSON"),
        ({"format": "CC015C"}, "/format", "does not name a message"),
        ({"lnr": "x"}, "/lnr", "no element 'lnr'"),
        ({"items": []}, "/items", "is a view"),
        ({"a/b~": 1}, "/a~1b~0", "no element"),
        ({"consignment": []}, "/consignment", "must be an object"),
        ({"guarantees": {}}, "/guarantees", "must be a list"),
        ({"guarantees": ["x"]}, "/guarantees/0", "must be an object"),
        ({"lrn": 5}, "/lrn", "must be a text"),
        ({"lrn": {}}, "/lrn", "must be a text"),
        ({"item_count": True}, "/item_count", "must be a whole number"),
        ({"item_count": 1.5}, "/item_count", "cannot be read: '1.5'"),
        ({"total_amount_invoiced": float("inf")}, "/total_amount_invoiced", "must be a number"),
        ({"total_amount_invoiced": "1,5"}, "/total_amount_invoiced", "cannot be read"),
        ('{"total_amount_invoiced": 1e999999999}', "/total_amount_invoiced", "must be a number"),
        ('{"item_count": ' + "9" * 10_000 + "}", "/item_count", "must be a whole number"),
        ({"binding_itinerary": 1}, "/binding_itinerary", "must be true or false"),
        ({"limit_date": "01/02/2025"}, "/limit_date", "cannot be read"),
    ],
)
def test_bad_input_gives_faults_with_their_pointers(source: Any, pointer: str, problem: str) -> None:
    found = faults(source)
    assert [at for at, _, _ in found] == [pointer]
    assert problem in found[0][1]


def test_names_nearly_right_are_suggested() -> None:
    assert faults({"consignment": {"gros_mass": 1}}) == [
        ("/consignment/gros_mass", "consignment has no element 'gros_mass'", "did you mean gross_mass?")
    ]


def test_what_cannot_be_read_is_kept() -> None:
    read = read_json({"total_amount_invoiced": "1,5", "lrn": 5})
    assert read.record == {
        "total_amount_invoiced": Invalid("1,5", "a number such as 12.5"),
        "lrn": Invalid("5", "a text"),
    }


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["lrn", "consignment", "houses", "items", "number", "format", "x"]), inner)
    ),
    max_leaves=15,
)


@given(JSON)
@settings(max_examples=200, deadline=None)
def test_no_input_raises(source: Any) -> None:
    read_json(source if isinstance(source, dict) else json.dumps(source))


SCALARS: dict[str, st.SearchStrategy[Any]] = {
    "code": st.text(max_size=4),
    "text": st.text(max_size=4),
    "decimal": st.sampled_from([1, 1.5, "1.5", "", "1,5", True, [], None]),
    "integer": st.sampled_from([1, "1", "x", True, 1.0, None]),
    "flag": st.sampled_from([True, "1", 1, "no", None]),
    "date": st.sampled_from(["2025-02-01", "2025", 20250201, "", None]),
    "datetime": st.sampled_from(["2025-02-01T00:00:00Z", "2025-02-01T00:00:00", "now", 1, None]),
}


@st.composite
def declarations(draw: st.DrawFn, dictionary: Dictionary, entity: str = "declaration", depth: int = 0) -> Any:
    elements = dictionary.entities[entity].elements
    found: dict[str, Any] = {}
    for name in draw(st.lists(st.sampled_from(sorted(elements)), unique=True, max_size=5)):
        element = elements[name]
        if element.is_scalar:
            found[name] = draw(SCALARS[element.type])
        elif depth < 3:
            below = declarations(dictionary, element.type, depth + 1)
            found[name] = draw(st.lists(below, max_size=2) if element.many else below)
    if draw(st.integers(0, 9)) == 0:
        found["unknown"] = 1
    return found


@given(declarations(shipped_dictionary()))
@settings(max_examples=80, deadline=None)
def test_the_models_accept_what_is_read_without_faults(source: dict[str, Any]) -> None:
    try:
        MODEL.model_validate(source)
        accepted = True
    except ValidationError:
        accepted = False
    assert accepted == (not read_json(source).faults)


def test_the_published_schema_is_current() -> None:
    assert schema_file().read_text("utf-8") == schema_text(), "run: python -m casrules.messages.json_form"


def test_long_keys_and_formats_are_quoted_in_part_with_their_length() -> None:
    key = read_json({"k" * 10_000: 1}).faults[0]
    assert key.pointer == "" and "… (10,000 characters)" in f"{key.problem}".replace("'", "")
    assert len(key.problem) < 150
    [fault] = read_json({"format": "a." + "k" * 10_000}).faults
    assert fault.pointer == "/format" and "(10,002 characters)" in fault.problem and len(fault.problem) < 150
