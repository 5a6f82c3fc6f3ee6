from __future__ import annotations

import difflib
from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casrules.declaration import AddEntity, Edit, RemoveEntity, RemoveValue, SetValue, apply_edits
from casrules.errors import UsageError
from casrules.messages.binding import binder_for
from casrules.messages.writing import write_edits

from .sample import IN_HOUSE, full, message, path, root_of, sample

ITEM = IN_HOUSE + "items:0."


def record_of(source: bytes) -> dict[str, Any]:
    return binder_for(sample()).bind(root_of(source)).record


def changed(source: bytes, *edits: Edit) -> list[str]:
    """The lines that were removed and added, after checking the law: bind(write(edits)) = apply(edits, bind)."""
    written = write_edits(source, sample(), edits)
    assert record_of(written) == apply_edits(record_of(source), edits)
    difference = difflib.ndiff(source.decode().splitlines(), written.decode().splitlines())
    return [line[:2] + line[2:].strip() for line in difference if line[0] in "+-"]


def test_without_edits_the_bytes_are_the_same() -> None:
    assert write_edits(full(), sample(), ()) == full()


def test_setting_what_is_there_changes_only_that() -> None:
    edits = [SetValue(path(ITEM + "gross_mass"), "12.50"), SetValue(path("lrn"), "A & <B>")]
    assert changed(full(), *edits) == [
        "- <LRN> LRN-1 </LRN>",
        "+ <LRN>A &amp; &lt;B&gt;</LRN>",
        "- <Mass><Gross>12,5</Gross></Mass>",
        "+ <Mass><Gross>12.50</Gross></Mass>",
    ]


def test_setting_the_same_value_changes_nothing() -> None:
    assert write_edits(full(), sample(), [SetValue(path("lrn"), "LRN-1")]) == full()


def test_shared_and_joined_elements() -> None:
    edits = [
        SetValue(path("declaration_type"), "EX"),
        SetValue(path("presentation_datetime"), "2025-03-04T01:02:00"),
        SetValue(path("acceptance_date"), "2025-03-05"),
        SetValue(path(ITEM + "commodity_code"), "654321"),
        SetValue(path("ucr"), "new"),
        SetValue(path("reduced_dataset_indicator"), True),
    ]
    written = write_edits(full(), sample(), edits).decode()
    for line in (
        "<TypeCode>EXZ</TypeCode>",
        '<DateTimeString formatCode="304">20250305093000+01</DateTimeString>',
        "<PresentationDate>250304</PresentationDate>",
        "<PresentationTime>0102</PresentationTime>",
        "<Code6>654321</Code6>\n        <Mass>",
        "<OldUCR>NEW</OldUCR>",
        "<Reduced>true</Reduced>",
    ):
        assert line in written


def test_attributes() -> None:
    assert changed(full(), SetValue(path("message.phase_id"), 'a"b')) == [
        '- <e:Envelope xmlns:e="urn:sample:envelope" xmlns="urn:sample:declaration" version=\'1.2\'>',
        '+ <e:Envelope xmlns:e="urn:sample:envelope" xmlns="urn:sample:declaration" version="a&quot;b">',
    ]
    assert changed(full(), RemoveValue(path(ITEM + "invoice_currency"))) == [
        '- <Amount currencyID="EUR">10.00</Amount>',
        "+ <Amount>10.00</Amount>",
    ]
    bare = message("<Item><Amount>1</Amount></Item>")
    written = write_edits(bare, sample(), [SetValue(path(ITEM + "invoice_currency"), "GBP")])
    assert b'<Amount currencyID="GBP">1</Amount>' in written


def test_new_elements_go_where_the_schema_wants_them_with_their_parents() -> None:
    edits = [
        SetValue(path(IN_HOUSE + "items:1.net_mass"), Decimal("1.5")),
        SetValue(path(IN_HOUSE + "items:1.amount_invoiced"), 7),
        SetValue(path(IN_HOUSE + "items:1.consignee.name"), "New"),
    ]
    added = [line for line in changed(full(), *edits) if line.startswith("+")]
    assert added == [
        "+ <Amount>7</Amount>",
        "+ <Goods><Description>   </Description><Code2>78</Code2><Mass><Net>1.5</Net></Mass></Goods>",
        "+ <Trader>",
        "+ <Role>CN</Role>",
        "+ <Name>New</Name>",
        "+ </Trader>",
    ]


def test_entities_are_added_with_what_their_conditions_ask_for() -> None:
    values = {"type": "Y900", "reference": "R"}
    edits = [AddEntity(path(IN_HOUSE + "items:1.additional_references"), values)]
    assert changed(full(), *edits) == [
        "+ <AdditionalDocument>",
        "+ <CategoryCode>Y</CategoryCode>",
        "+ <ID>R</ID>",
        "+ <TypeCode>Y900</TypeCode>",
        "+ </AdditionalDocument>",
    ]


def test_a_whole_item_is_added_behind_the_last() -> None:
    item = {"number": 3, "packages": [{"type": "CT", "count": 1}, {}], "seller": {"name": "S"}}
    added = changed(full(), AddEntity(path(IN_HOUSE + "items"), item))
    assert added == [
        "+ <Item>", "+ <Number>3</Number>", "+ <Packaging>", "+ <Type>CT</Type>", "+ <Count>1</Count>",
        "+ </Packaging>", "+ <Packaging/>", "+ <Trader>", "+ <Name>S</Name>", "+ </Trader>", "+ </Item>",
    ]  # fmt: skip


def test_removing_takes_optional_parents_along() -> None:
    removed = changed(full(), RemoveValue(path(ITEM + "gross_mass")))
    assert removed == ["- <Mass><Gross>12,5</Gross></Mass>"]
    removed = changed(full(), RemoveValue(path("acceptance_date")))
    assert len(removed) == 1 and removed[0].startswith("- <AcceptanceDateTime>")


def test_paths_speak_of_the_declaration_before_the_batch() -> None:
    edits = [
        RemoveEntity(path(IN_HOUSE + "items:0")),
        SetValue(path(IN_HOUSE + "items:1.description"), "kept"),
        AddEntity(path(IN_HOUSE + "items:1.packages"), {"type": "BX"}),
    ]
    written = write_edits(full(), sample(), edits)
    record = record_of(written)
    assert record == apply_edits(record_of(full()), edits)
    assert [item["number"] for item in record["consignment"]["houses"][0]["items"]] == [2]


def test_removing_an_entity_that_shares_its_element_removes_its_values() -> None:
    record = record_of(write_edits(full(), sample(), [RemoveEntity(path("representative.address"))]))
    assert "address" not in record["representative"] and record["representative"]["id"] == "XX123"


def test_empty_tags_are_opened() -> None:
    source = message("<Agent/><Item/>")
    edits = [SetValue(path("representative.id"), "X"), SetValue(path(ITEM + "number"), 1)]
    assert b"<Agent><ID>X</ID></Agent><Item><Number>1</Number></Item>" in write_edits(source, sample(), edits)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig", "iso-8859-1"])
def test_the_encoding_is_kept(encoding: str) -> None:
    declared = {"utf-8-sig": "utf-8"}.get(encoding, encoding)
    text = f"<?xml version='1.0' encoding='{declared}'?>" + message("<LRN>\u00e9</LRN>").decode()
    edits = [SetValue(path("lrn"), "\u00fc\u20ac")]
    written = write_edits(text.encode(encoding), sample(), edits)
    assert record_of(written)["lrn"] == "\u00fc\u20ac"
    shown = "\u00fc&#8364;" if encoding == "iso-8859-1" else "\u00fc\u20ac"
    assert written.decode(encoding) == text.replace("\u00e9", shown)


def test_line_ends_and_cdata_elsewhere_stay() -> None:
    source = full().replace(b"<City>Sample &amp; Town</City>", b"<City><![CDATA[Sample & Town]]></City>")
    source = source.replace(b"\n", b"\r\n")
    written = write_edits(source, sample(), [SetValue(path("lrn"), "x")])
    assert written == source.replace(b" LRN-1 ", b"x")


@pytest.mark.parametrize(
    ("edit", "problem"),
    [
        (SetValue(path("tir_carnet_number"), "x"), "SAMPLE cannot carry /tir_carnet_number"),
        (SetValue(path(IN_HOUSE + "items:9.number"), 1), "nothing at /consignment/houses/0/items/9"),
        (SetValue(path("consignment.gross_mass"), "1,5"), "cannot be the total gross mass"),
        (SetValue(path("representative.communication_language"), "FR"), "always 'EN'"),
        (SetValue(path("items:0.number"), 1), "is a view"),
        (SetValue(path("representative"), "x"), "is an entity"),
        (RemoveValue(path("representative")), "use RemoveEntity"),
        (RemoveEntity(path(IN_HOUSE + "items:9")), "nothing at"),
        (AddEntity(path("representative"), {}), "already"),
        (AddEntity(path("lrn"), {}), "use SetValue"),
    ],
)
def test_edits_that_cannot_be_written_are_refused(edit: Edit, problem: str) -> None:
    with pytest.raises(UsageError, match=problem):
        write_edits(full(), sample(), [edit])


@pytest.mark.parametrize(
    "source", [b"", b"<a>", b"<!DOCTYPE e:Envelope><e:Envelope xmlns:e='urn:sample:envelope'/>", b"<a/>"]
)
def test_sources_that_cannot_be_edited_are_refused(source: bytes) -> None:
    with pytest.raises(UsageError):
        write_edits(source, sample(), [SetValue(path("lrn"), "x")])


TEXTS = st.text("aB&<>\"' é€", min_size=1, max_size=8).map(str.strip).filter(bool)
NUMBERS = st.decimals(allow_nan=False, allow_infinity=False, places=3, min_value=-10_000, max_value=10_000)
SCALARS: dict[str, st.SearchStrategy[Any]] = {
    "lrn": TEXTS,
    "declaration_type": st.text("ABC", min_size=2, max_size=2),
    "presentation_datetime": st.datetimes(min_value=datetime(2000, 1, 1), max_value=datetime(2099, 12, 31)).map(
        lambda moment: moment.replace(second=0, microsecond=0).isoformat()
    ),
    "reduced_dataset_indicator": st.booleans(),
    "consignment.gross_mass": NUMBERS,
    "representative.id": TEXTS,
    "representative.address.street": TEXTS,
}
OF_ITEM: dict[str, st.SearchStrategy[Any]] = {
    "number": st.integers(0, 99_999),
    "description": TEXTS,
    "commodity_code": st.text("0123456789", min_size=6, max_size=8),
    "gross_mass": NUMBERS,
    "net_mass": NUMBERS,
    "amount_invoiced": NUMBERS,
    "consignee.name": TEXTS,
    "seller.id": TEXTS,
}
PACKAGES = st.fixed_dictionaries({}, optional={"type": TEXTS, "count": st.integers(0, 999)})


@st.composite
def edits(draw: st.DrawFn) -> list[Edit]:
    values = dict(SCALARS)
    for at in (0, 1):
        values |= {f"{IN_HOUSE}items:{at}.{name}": value for name, value in OF_ITEM.items()}
    names = draw(st.lists(st.sampled_from(sorted(values)), unique=True, max_size=8))
    found: list[Edit] = []
    for name in names:
        if name.count("items") and draw(st.booleans()) and "consignee" not in name and "seller" not in name:
            found.append(RemoveValue(path(name)))
        else:
            found.append(SetValue(path(name), draw(values[name])))
    for at in draw(st.lists(st.sampled_from([0, 1]), max_size=3)):
        found.append(AddEntity(path(f"{IN_HOUSE}items:{at}.packages"), draw(PACKAGES)))
    if draw(st.booleans()):
        found.append(RemoveEntity(path(f"{IN_HOUSE}items:0.supporting_documents:1")))
    return draw(st.permutations(found))


@given(edits())
@settings(max_examples=120, deadline=None)
def test_binding_what_was_written_gives_the_edited_record(batch: list[Edit]) -> None:
    written = write_edits(full(), sample(), batch)
    assert record_of(written) == apply_edits(record_of(full()), batch)
    sets = [edit for edit in batch if isinstance(edit, SetValue)]
    kept = [edit for edit in batch if isinstance(edit, RemoveEntity)]
    if not kept:
        assert write_edits(written, sample(), sets) == written, "setting again changes nothing"


def test_removing_a_value_leaves_the_others_in_its_element() -> None:
    assert changed(full(), RemoveValue(path(ITEM + "amount_invoiced"))) == [
        '- <Amount currencyID="EUR">10.00</Amount>',
        '+ <Amount currencyID="EUR"></Amount>',
    ]
    assert changed(full(), RemoveValue(path("additional_declaration_type"))) == [
        "- <TypeCode>IMZ</TypeCode>",
        "+ <TypeCode>IM</TypeCode>",
    ]
    with pytest.raises(UsageError, match="'Z' follows it"):
        write_edits(full(), sample(), [RemoveValue(path("declaration_type"))])
