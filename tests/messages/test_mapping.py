from __future__ import annotations

from pathlib import Path

import pytest

from casrules.dictionary import shipped_dictionary
from casrules.errors import DictionaryError, MappingError
from casrules.messages.mapping import load_mapping
from casrules.messages.schema_tables import load_tables

from .sample import FOLDER, SampleMessage, path, sample, sample_mapping

HEAD = "context,element,path,as,convert,only\n"


def load(tmp_path: Path, rows: str, head: str = HEAD) -> None:
    (tmp_path / "family.yaml").write_text("namespaces: {p: 'urn:p'}\n")
    (tmp_path / "mapping.csv").write_text(head + rows + "\n")
    load_mapping(tmp_path, shipped_dictionary())


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        ("declaration,lnr,./LRN,,,", "did you mean lrn"),
        ("item,number,./Number,,,", "no row leads to the context 'item'"),
        ("declaration,items,./Item,,,", "is a view"),
        ("declaration,lrn,LRN,,,", "a path begins with"),
        ("declaration,lrn,./q:LRN,,,", "known: p"),
        ("declaration,lrn,./LRN,x,,", "leave the column `as` empty"),
        ("declaration,lrn,./A + ./B,,,", "its converter needs 1"),
        ("declaration,lrn,./LRN,,twist(2),", "unknown converter"),
        ("declaration,lrn,./LRN,,date(102),", "cannot give a text"),
        ("declaration,holder,./Holder,,upper,", "is an entity"),
        ("declaration,holder,./@holder,,,", "cannot be an attribute"),
        ("declaration,supporting_documents,/./D,,,", "document's root"),
        ("declaration,lrn,./LRN,", "too few cells"),
    ],
)
def test_a_broken_row_is_refused_with_its_place(tmp_path: Path, row: str, problem: str) -> None:
    with pytest.raises(MappingError) as caught:
        load(tmp_path, row)
    assert problem in str(caught.value)
    assert "mapping.csv:2" in str(caught.value)


def test_one_context_has_one_entity(tmp_path: Path) -> None:
    with pytest.raises(MappingError, match="is of the entity 'party', not 'customs_office'"):
        load(tmp_path, "declaration,holder,./A,here,,\ndeclaration,office_of_departure,./B,here,,")


def test_the_columns_are_fixed(tmp_path: Path) -> None:
    with pytest.raises(MappingError, match="they must be context,element,path,as,convert,only"):
        load(tmp_path, "", head="context,element\n")


def test_a_message_carries_what_its_table_has() -> None:
    carried = sample().carries
    assert carried("lrn") and carried("declaration.lrn")
    assert carried("consignment.houses.items.gross_mass") and carried("items.gross_mass")
    assert carried("items.documents.reference"), "a view is carried where one of its parts is"
    assert carried("items.supporting_documents.kind"), "the kind of a document is known by its list"
    assert not carried("items.preference")
    assert not carried("tir_carnet_number"), "the row is for another message"
    assert not carried("items.additional_information.code")
    with pytest.raises(DictionaryError, match="did you mean gross_mass"):
        carried("items.gros_mass")


def test_xml_names_and_labels() -> None:
    name = sample().xml_name
    assert name(path("consignment.houses:0.items:3.gross_mass")) == "Item/Goods/Mass/Gross"
    assert name(path("consignment.houses:0.items:3")) == "Item"
    assert name(path("message.type")) == "TypeName"
    assert name(path("consignment.houses:0.items:0.invoice_currency")) == "Item/Amount/@currencyID"
    assert name(path("representative.communication_language")) is None
    assert sample().label("Item/Goods/Mass/Gross") == "gross mass"
    assert sample().label("Nothing") is None


def test_rows_that_no_table_has_are_found() -> None:
    unused = sample_mapping().unused_rows([sample()])
    assert [row.element.name for row in unused] == ["tir_carnet_number"]


def test_a_manifest_that_the_tables_contradict_is_refused() -> None:
    tables = load_tables(FOLDER / "tables")
    with pytest.raises(MappingError, match="no structure 'Nothing'"):
        sample_mapping().for_message(SampleMessage(table="Nothing"), tables)
    with pytest.raises(MappingError, match="no element at the start"):
        sample_mapping().for_message(SampleMessage(start="./Nothing"), tables)
