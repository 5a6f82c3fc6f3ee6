"""Edits of a CDS declaration: written where customs expects them, and still valid."""

from __future__ import annotations

from decimal import Decimal
from functools import cache
from typing import Any

import pytest
from lxml import etree

from casrules.declaration.edits import AddEntity, Edit, SetValue
from casrules.dictionary import shipped_dictionary
from casrules.messages.binding import binder_for
from casrules.messages.family import load_family
from casrules.messages.mapping import load_mapping
from casrules.messages.message_mapping import MessageMapping
from casrules.messages.schema_tables import load_tables
from casrules.messages.writing import write_edits

from .mapping_walk import SCHEMAS

EXAMPLES = SCHEMAS.parent / "examples" / "cds"
ITEM = (("consignment", None), ("houses", 0), ("items", 0))
DS = "{urn:wco:datamodel:WCO:Declaration_DS:DMS:2}"
DEC = "{urn:wco:datamodel:WCO:DEC-DMS:2}"


def header(*names: str) -> tuple[tuple[str, None], ...]:
    return tuple((name, None) for name in names)


@cache
def mapping(message: str) -> MessageMapping:
    entry = load_family(SCHEMAS / "families" / "cds").message(message)
    assert entry is not None
    rows = load_mapping(SCHEMAS / "families" / "cds", shipped_dictionary())
    return rows.for_message(entry, load_tables(SCHEMAS / "tables" / "cds"))


@cache
def schema() -> etree.XMLSchema:
    return etree.XMLSchema(file=str(SCHEMAS / "xsd" / "cds" / "metadata.xsd"))


def edited(name: str, message: str, edit: Edit) -> tuple[etree._Element, dict[str, Any]]:
    """The message after the edit, which must be valid, and its record."""
    source = (EXAMPLES / f"{name}.xml").read_bytes()
    root = etree.fromstring(write_edits(source, mapping(message), [edit]))
    schema().assertValid(root)
    return root, binder_for(mapping(message)).bind(root).record


def at(record: Any, path: Any) -> Any:
    for name, index in path:
        record = record[name] if index is None else record[name][index]
    return record


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (header("delivery_terms", "unlocode"), "GBSOU"),
        (header("declaration_type"), "CO"),
        (header("additional_declaration_type"), "D"),
        (header("acceptance_datetime"), "2025-07-15T00:00:00Z"),
        (header("message", "preparation_datetime"), "2025-07-15T08:30:00+01:00"),
        (header("cds", "invoice_date"), "2025-07-14"),
        (header("representative", "status"), "2"),
        (header("office_of_lodgement", "reference"), "GBLBA001"),
        (header("consignment", "gross_mass"), Decimal("19700.5")),
        (header("consignment", "location_of_goods", "address", "city"), "Southampton"),
        (header("exporter", "contact", "name"), "Export desk"),
        ((*ITEM, ("procedure", None)), "4071"),
        ((*ITEM, ("commodity_code", None)), "6907300012"),
        ((*ITEM, ("preference", None)), "300"),
        ((*ITEM, ("quota_order_number", None)), "050001"),
        ((*ITEM, ("country_of_preferential_origin", None)), "ES"),
        ((*ITEM, ("supporting_documents", 2), ("status", None)), "AC"),
        ((*ITEM, ("supporting_documents", 2), ("type", None)), "N380"),
        ((*ITEM, ("supporting_documents", 2), ("validity_date", None)), "2025-12-31"),
    ],
    ids=lambda value: ".".join(name for name, _ in value) if isinstance(value, tuple) else "",
)
def test_a_value_is_written_and_read_back(path: Any, value: Any) -> None:
    _, record = edited("import-h1-slips", "IMPORT", SetValue(path, value))
    assert at(record, path) == value


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("additional_codes", {"kind": "TRA", "code": "B999"}),
        ("additional_codes", {"kind": "GN", "code": "VATZ"}),
        ("additional_procedures", {"code": "F15"}),
        ("duties", {"type": "B00", "payment_method": "E"}),
        ("supporting_documents", {"type": "Y900", "reference": "Not on the list"}),
    ],
)
def test_an_entry_is_added_at_the_end_of_its_list(name: str, values: dict[str, str]) -> None:
    _, record = edited("import-h1-slips", "IMPORT", AddEntity((*ITEM, (name, None)), values))
    added = at(record, ITEM)[name][-1]
    assert values.items() <= added.items()


def test_a_new_date_says_its_form() -> None:
    root, _ = edited("import-h1-slips", "IMPORT", SetValue(header("acceptance_datetime"), "2025-07-15T00:00:00Z"))
    assert [moment.get("formatCode") for moment in root.iter(f"{DS}DateTimeString")] == ["304"]


@pytest.mark.parametrize(
    ("name", "message", "means"),
    [("import-h1", "IMPORT", "ArrivalTransportMeans"), ("export-b1", "EXPORT", "DepartureTransportMeans")],
)
def test_the_inland_mode_goes_to_the_means_of_its_direction(name: str, message: str, means: str) -> None:
    root, _ = edited(name, message, SetValue(header("consignment", "inland_mode_of_transport"), "2"))
    assert [mode.text for mode in root.iterfind(f".//{DEC}{means}/{DEC}ModeCode")] == ["2"]
