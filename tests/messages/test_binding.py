from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from casrules.declaration import Invalid
from casrules.errors import DictionaryError
from casrules.messages.binding import Binder, binder_for

from .sample import full, message, root_of, sample

FULL: dict[str, Any] = {
    "message": {"type": "SMP", "phase_id": "1.2"},
    "lrn": "LRN-1",
    "ucr": "UCR-9",
    "declaration_type": "IM",
    "additional_declaration_type": "Z",
    "acceptance_date": "2025-02-01",
    "presentation_datetime": "2025-02-02T08:15:00",
    "reduced_dataset_indicator": False,
    "representative": {
        "id": "XX123",
        "status": "2",
        "communication_language": "EN",
        "address": {"city": "Sample & Town"},
    },
    "consignment": {
        "gross_mass": Decimal("120.50"),
        "houses": [
            {
                "items": [
                    {
                        "number": 1,
                        "description": "first goods",
                        "commodity_code": "12345678",
                        "gross_mass": Invalid("12,5", "a number such as 12.5"),
                        "amount_invoiced": Decimal("10.00"),
                        "invoice_currency": "EUR",
                        "ucr": "P-1",
                        "supporting_documents": [
                            {
                                "kind": "supporting",
                                "level": "item",
                                "type": "C001",
                                "reference": "C-1",
                                "issue_date": "2025-01-31",
                            },
                            {"kind": "supporting", "level": "item", "reference": "C-2"},
                            {"kind": "supporting", "level": "item", "reference": "A-1"},
                        ],
                        "additional_references": [
                            {"kind": "additional_reference", "level": "item", "type": "Y001", "reference": "Y-1"}
                        ],
                        "previous_documents": [
                            {"kind": "previous", "level": "item", "reference": "P-1"},
                            {"kind": "previous", "level": "item", "reference": "P-2"},
                        ],
                        "packages": [{"type": "BX", "count": 3}, {}],
                        "consignee": {"name": "Consignee"},
                        "seller": {"id": "S-1"},
                    },
                    {"number": 2, "commodity_code": Invalid("+ 78", "pieces of 6, 2 characters")},
                ]
            }
        ],
    },
}


def binder(needed: list[str] | None = None) -> Binder:
    return binder_for(sample(), needed)


def bind(inside: str) -> dict[str, Any]:
    return binder().bind(root_of(message(inside))).record


def test_every_form_of_the_mapping_language() -> None:
    bound = binder().bind(root_of(full()))
    assert bound.record == FULL
    assert bound.invalid == {("item", "gross_mass"), ("item", "commodity_code")}


def test_tracing_binds_the_same() -> None:
    record, origins = binder().trace(root_of(full()))
    assert record == FULL
    assert_same_shape(record, origins)


def assert_same_shape(record: dict[str, Any], origins: dict[Any, Any]) -> None:
    """Every value has an origin, but for constants; every entity has its element."""
    assert origins[None] is not None
    assert set(origins) - {None} <= set(record)
    assert set(record) - set(origins) <= {"kind", "level", "communication_language"}
    for name, value in record.items():
        if isinstance(value, dict):
            assert_same_shape(value, origins[name])
        elif isinstance(value, list):
            assert len(value) == len(origins[name])
            for entry, origin in zip(value, origins[name], strict=True):
                assert_same_shape(entry, origin)


def test_an_implicit_house_is_there_only_with_something_in_it() -> None:
    assert "houses" not in bind("<GrossMass>1</GrossMass>")["consignment"]
    assert "consignment" not in bind("<LRN>x</LRN>")
    assert bind("<Item/>") == {"message": {}, "consignment": {"houses": [{"items": [{}]}]}}


def test_an_empty_entity_of_its_own_is_kept() -> None:
    assert bind("<Agent/>")["representative"] == {"communication_language": "EN"}


def test_blank_is_missing_and_the_first_of_several_counts() -> None:
    assert "lrn" not in bind("<LRN>  \n </LRN>")
    assert bind("<LRN> </LRN><LRN>a</LRN><LRN>b</LRN>")["lrn"] == "a"
    assert bind("<Agent><ID>a</ID></Agent><Agent><ID>b</ID></Agent>")["representative"]["id"] == "a"
    assert bind("<OldUCR>old</OldUCR><UCR>new</UCR>")["ucr"] == "new", "the first row wins, not the first element"
    assert bind("<UCR/><OldUCR>old</OldUCR>")["ucr"] == "OLD"


def test_what_does_not_belong_there_is_passed_by() -> None:
    inside = "<Nothing><LRN>no</LRN></Nothing><?pi x?><LRN>y<!-- c -->e<?pi z?>s</LRN><x:LRN xmlns:x='urn:x'>no</x:LRN>"
    assert bind(inside)["lrn"] == "yes"
    assert bind("<LRN>a<B>c</B></LRN>")["lrn"] == "a"


def test_without_a_declaration_the_record_is_empty() -> None:
    root = root_of(b'<e:Envelope xmlns:e="urn:sample:envelope"/>')
    assert binder().bind(root).record == {} and binder().trace(root) == ({}, {})


def test_prefixes_do_not_matter_but_namespaces_do() -> None:
    renamed = full().replace(b"<e:", b"<zz:").replace(b"</e:", b"</zz:").replace(b"xmlns:e", b"xmlns:zz")
    assert binder().bind(root_of(renamed)).record == FULL
    stripped = full().replace(b' xmlns="urn:sample:declaration"', b"")
    assert binder().bind(root_of(stripped)).record == {}
    assert binder_for(sample(), any_namespace=True).bind(root_of(stripped)).record == FULL


NEEDED = sorted(path for path in sample().carried)


@given(st.lists(st.sampled_from(NEEDED), unique=True))
@settings(max_examples=60, deadline=None)
def test_a_projection_is_a_part_of_the_whole_record(needed: list[str]) -> None:
    part = binder(needed).bind(root_of(full())).record
    assert_within(part, FULL)
    for path in needed:
        assert values_of(part, path) == values_of(FULL, path)


def assert_within(part: Any, whole: Any) -> None:
    if isinstance(part, dict):
        for name, value in part.items():
            assert_within(value, whole[name])
    elif isinstance(part, list):
        assert len(part) == len(whole)
        for one, other in zip(part, whole, strict=True):
            assert_within(one, other)
    else:
        assert part == whole


def values_of(record: dict[str, Any], path: str) -> list[Any]:
    """The values at a dotted path in all entries; of entities only that they are there."""
    level: list[Any] = [record]
    for name in path.split("."):
        found = [entry[name] for entry in level if name in entry]
        level = [below for value in found for below in (value if isinstance(value, list) else [value])]
    return ["entity" if isinstance(value, dict) else value for value in level]


def test_views_and_unknown_names_in_a_projection() -> None:
    part = binder(["items.number", "items.documents.reference"]).bind(root_of(full())).record
    first = part["consignment"]["houses"][0]["items"][0]
    assert set(first) == {"number", "supporting_documents", "previous_documents", "additional_references"}
    assert first["previous_documents"] == [{"reference": "P-1"}, {"reference": "P-2"}]
    with pytest.raises(DictionaryError):
        binder(["items.nmber"])


ELEMENTS = st.sampled_from(
    ["LRN", "UCR", "OldUCR", "TypeCode", "GrossMass", "Agent", "ID", "City", "Item", "Number", "Goods", "Code6",
     "Code2", "Amount", "PreviousDocument", "AdditionalDocument", "CategoryCode", "Attachment", "Trader", "Role",
     "Reduced", "PresentationDate", "PresentationTime", "AcceptanceDateTime", "DateTimeString", "Mass", "Gross"]
)  # fmt: skip
TEXTS = st.sampled_from(["", " ", "1", "C", "Y", "CN", "12,5", "NaN", "1e5", "Infinity", "1_0", "٣", "250201", "true"])
FRAGMENTS = st.recursive(
    st.builds(lambda name, text: f"<{name}>{text}</{name}>", ELEMENTS, TEXTS),
    lambda inner: st.builds(
        lambda name, parts: f"<{name}>{'<!--c-->'.join(parts)}</{name}>", ELEMENTS, st.lists(inner, max_size=4)
    ),
    max_leaves=25,
)


@given(st.lists(FRAGMENTS, max_size=6))
@settings(max_examples=150, deadline=None)
def test_no_message_makes_binding_fail_and_tracing_differ(fragments: list[str]) -> None:
    root = root_of(message("".join(fragments)))
    bound = binder().bind(root)
    record, origins = binder().trace(root)
    assert record == bound.record
    assert_same_shape(record, origins)
    assert etree.tostring(root) == etree.tostring(root_of(message("".join(fragments)))), "binding reads only"
