"""CDS messages through the binder: records by hand, the slips of the examples, and no text lost."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from casrules.dictionary import shipped_dictionary
from casrules.messages.binding import Binder, binder_for
from casrules.messages.detection import Detection, detect
from casrules.messages.family import Families
from casrules.messages.mapping import Mapping as FamilyMapping
from casrules.messages.mapping import load_mapping
from casrules.messages.reading import read
from casrules.messages.schema_tables import load_tables

from .mapping_walk import SCHEMAS

EXAMPLES = SCHEMAS.parent / "examples" / "cds"
NAMESPACES = ("urn:wco:datamodel:WCO:DocumentMetaData-DMS:2", "urn:wco:datamodel:WCO:DEC-DMS:2")
KINDS = {
    "import-h1": "cds.IMPORT",
    "import-h1-slips": "cds.IMPORT",
    "export-b1": "cds.EXPORT",
    "amendment": "cds.COR",
    "invalidation": "cds.INV",
}
ENVELOPE = {
    "type": "DEC",
    "phase_id": "3.6",
    "cds": {"responsible_country": "GB", "responsible_agency": "HMRC", "customization_version": "v2.1"},
}
AMENDMENT = {
    "message": ENVELOPE,
    "lrn": "TERRA-25-07-0191-A1",
    "mrn": "25GB7K2M9QW4XH1AR3",
    "cds": {
        "function_code": "13",
        "request_type": "COR",
        "statements": [
            {
                "type": "AES",
                "text": "Net mass was keyed with two digits swapped",
                "pointers": [
                    {"sequence_number": 1, "section": "42A"},
                    {"sequence_number": 1, "section": "06A"},
                ],
            }
        ],
    },
    "amendments": [
        {
            "reason": "28",
            "cds": {
                "pointers": [
                    {"section": "42A"},
                    {"section": "67A"},
                    {"sequence_number": 1, "section": "68A"},
                    {"section": "23A"},
                    {"section": "65A", "tag": "128"},
                ]
            },
        }
    ],
    "consignment": {"houses": [{"items": [{"number": 1, "net_mass": Decimal(9012)}]}]},
}
NOTIFICATION = b"""<md:MetaData xmlns:md="urn:wco:datamodel:WCO:DocumentMetaData-DMS:2"
 xmlns="urn:wco:datamodel:WCO:RES-DMS:2" xmlns:rs="urn:wco:datamodel:WCO:Response_DS:DMS:2">
 <md:WCOTypeName>RES</md:WCOTypeName><Response>
 <FunctionCode>03</FunctionCode><FunctionalReferenceID>n-0041</FunctionalReferenceID>
 <IssueDateTime><rs:DateTimeString formatCode="304">20250714101502Z</rs:DateTimeString></IssueDateTime>
 <Error><ValidationCode>CDS12077</ValidationCode></Error>
 <Status><NameCode>4</NameCode></Status>
 <Declaration><FunctionalReferenceID>TERRA-25-07-0191</FunctionalReferenceID><ID>25GB7K2M9QW4XH1AR3</ID>
 <RejectionDateTime><rs:DateTimeString formatCode="304">20250714111500+01</rs:DateTimeString>
 </RejectionDateTime><VersionID>1</VersionID></Declaration></Response></md:MetaData>"""

STATE = {
    "message": {"type": "RES", "id": "n-0041", "preparation_datetime": "2025-07-14T10:15:02Z"},
    "state": "03",
    "lrn": "TERRA-25-07-0191",
    "mrn": "25GB7K2M9QW4XH1AR3",
    "rejection_datetime": "2025-07-14T11:15:00+01:00",
    "cds": {"version": "1", "statuses": [{"code": "4"}]},
}


@cache
def families() -> Families:
    return Families.load(SCHEMAS / "families")


@cache
def mapping() -> FamilyMapping:
    return load_mapping(SCHEMAS / "families" / "cds", shipped_dictionary())


@cache
def binder(message: str) -> Binder:
    entry = families().by_id["cds"].message(message)
    assert entry is not None
    return binder_for(mapping().for_message(entry, load_tables(SCHEMAS / "tables" / "cds")))


def detected(source: bytes) -> tuple[Detection, Any]:
    intake = read(source)
    assert intake.tree is not None
    return detect(intake, families()), intake.tree.getroot()


def example(name: str) -> dict[str, Any]:
    found, root = detected((EXAMPLES / f"{name}.xml").read_bytes())
    assert found.format == KINDS[name]
    assert found.message is not None
    bound = binder(found.message.id).bind(root)
    assert bound.invalid == frozenset()
    return bound.record


def items(record: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [item for house in record["consignment"]["houses"] for item in house["items"]]


def test_every_example_is_listed() -> None:
    assert {path.stem for path in EXAMPLES.glob("*.xml")} == set(KINDS)


@pytest.mark.corpus
@pytest.mark.parametrize("name", KINDS)
def test_examples_are_valid_under_the_official_schemas(name: str, corpus: Path) -> None:
    files = ("CANCEL_METADATA", "CANCEL") if KINDS[name] == "cds.INV" else ("DocumentMetaData_2_DMS", "WCO_DEC_2_DMS")
    folder = (corpus / "uk/xsd/cds-2.15/wco/declaration").as_uri()
    imports = "".join(
        f'<xs:import namespace="{namespace}" schemaLocation="{folder}/{file}.xsd"/>'
        for namespace, file in zip(NAMESPACES, files, strict=True)
    )
    official = etree.fromstring(f'<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">{imports}</xs:schema>')
    message = etree.parse(EXAMPLES / f"{name}.xml")
    schema = etree.XMLSchema(official)
    schema.validate(message)
    assert [fault.message for fault in schema.error_log] == []


def test_an_amendment_by_hand() -> None:
    assert example("amendment") == AMENDMENT


def test_an_invalidation_says_who_asks_and_why() -> None:
    record = example("invalidation")
    assert record["cds"]["submitter"] == {"id": "GB550218739000"}
    assert record["amendments"] == [{"reason": "2"}]
    assert "consignment" not in record


def test_codes_are_joined_and_told_apart() -> None:
    record = example("import-h1")
    saddles = items(record)[0]
    assert (record["declaration_type"], record["additional_declaration_type"]) == ("IM", "A")
    assert saddles["procedure"] == "4000"
    assert saddles["additional_procedures"] == [{"code": "000"}]
    assert saddles["commodity_code"] == "8714950000"
    assert saddles["country_of_origin"] == "TW"
    assert [document["type"] for document in saddles["supporting_documents"]] == ["C505", "C506", "N935"]
    assert (saddles["preference"], [duty["type"] for duty in saddles["duties"]]) == ("100", ["A00", "B00"])
    assert record["message"]["preparation_datetime"] == "2025-09-11T09:30:00Z"


def test_the_clean_examples_agree_with_themselves() -> None:
    for name in ("import-h1", "export-b1"):
        record = example(name)
        goods = items(record)
        assert record["item_count"] == len(goods)
        assert record["total_packages"] == sum(package["count"] for item in goods for package in item["packages"])
        assert record["total_amount_invoiced"] == sum(item["amount_invoiced"] for item in goods)
        assert all(item["net_mass"] <= item["gross_mass"] for item in goods)
        assert record["consignment"]["container_indicator"] is True
        assert record["consignment"]["transport_equipments"]


def test_the_slips_are_the_promised_ones() -> None:
    record = example("import-h1-slips")
    goods = items(record)
    packages = sum(package["count"] for item in goods for package in item["packages"])
    invoices = [d for item in goods for d in item["supporting_documents"] if d["type"] == "N935"]
    assert (record["item_count"], len(goods)) == (3, 2)
    assert (record["total_packages"], packages) == (60, 44)
    assert record["consignment"]["container_indicator"] is False
    assert record["consignment"]["transport_equipments"] == [{"sequence_number": 1, "container_number": "MSCU5540179"}]
    assert record["delivery_terms"] == {"code": "CIF"}
    assert [item["net_mass"] > item["gross_mass"] for item in goods] == [True, False]
    assert [invoice.get("status") for invoice in invoices] == [None, "AC"]


def test_imports_are_dispatched_and_exports_exported() -> None:
    assert example("import-h1")["country_of_dispatch"] == "TW"
    assert example("export-b1")["country_of_export"] == "GB"
    assert "country_of_dispatch" not in example("export-b1")


def test_a_means_of_transport_known_by_its_mode_alone_is_no_means() -> None:
    source = (EXAMPLES / "export-b1.xml").read_bytes()
    for line in (b"<ID>KX25 RWD</ID>", b"<IdentificationTypeCode>30</IdentificationTypeCode>"):
        assert line in source
        source = source.replace(line, b"")
    record = binder("EXPORT").bind(detected(source)[1]).record
    assert record["consignment"]["inland_mode_of_transport"] == "3"
    assert "departure_transport_means" not in record["consignment"]


def test_a_notification_by_hand() -> None:
    found, root = detected(NOTIFICATION)
    assert found.format == "cds.RES"
    assert binder("RES").bind(root).record == STATE


def test_a_notification_that_lost_its_namespaces_says_the_same() -> None:
    found, root = detected(re.sub(rb' xmlns(:\w+)?="[^"]*"|(?<=[</])(md|rs):', b"", NOTIFICATION))
    assert (found.format, found.detected_by) == ("cds.RES", "local name")
    mapped = binder("RES").mapping
    assert binder_for(mapped, any_namespace=True).bind(root).record == STATE


@cache
def schema(name: str) -> etree.XMLSchema:
    return etree.XMLSchema(file=str(SCHEMAS / "xsd" / "cds" / name))


@pytest.mark.parametrize("name", KINDS)
def test_examples_are_valid(name: str) -> None:
    file = "cancellation-metadata.xsd" if KINDS[name] == "cds.INV" else "metadata.xsd"
    message = etree.parse(EXAMPLES / f"{name}.xml")
    schema(file).validate(message)
    assert [fault.message for fault in schema(file).error_log] == []
    message.find(".//{*}FunctionCode").text = "8"
    assert not schema(file).validate(message)


@pytest.mark.parametrize(
    ("type_code", "exit_office", "kind"),
    [
        ("IMZ", False, "IMPORT"),
        ("COA", False, "IMPORT"),
        ("COD", True, "EXPORT-CO"),
        ("EXD", False, "EXPORT"),
        ("COR", True, "COR"),
        ("INV", False, "INV"),
        ("GPR", False, "GPR"),
        ("", False, "IMPORT"),
        ("XX", True, "IMPORT"),
    ],
)
@pytest.mark.parametrize("wrapped", [True, False])
def test_kinds_are_told_by_type_and_office_of_exit(type_code: str, exit_office: bool, kind: str, wrapped: bool) -> None:
    code = f"<TypeCode>{type_code}</TypeCode>" if type_code else ""
    office = "<ExitOffice><ID>GB000290</ID></ExitOffice>" if exit_office else ""
    inner = f'<Declaration xmlns="urn:wco:datamodel:WCO:DEC-DMS:2">{code}{office}</Declaration>'
    outer = f'<md:MetaData xmlns:md="urn:wco:datamodel:WCO:DocumentMetaData-DMS:2">{inner}</md:MetaData>'
    found, _ = detected((outer if wrapped else inner).encode())
    assert found.format == f"cds.{kind}"
    assert found.start == ("./Declaration" if wrapped else ".")
    assert found.message is not None
    flow = found.message.flow or (found.family.flow if found.family else "")
    assert flow == ("export" if kind.startswith("EXPORT") else "import")


def elements(origins: Any) -> Iterator[etree._Element]:
    """Every element that a value came from."""
    if isinstance(origins, dict):
        for name, value in origins.items():
            if name is not None:
                yield from elements(value)
    elif isinstance(origins, list):
        for value in origins:
            yield from elements(value)
    elif isinstance(origins, tuple):
        yield from elements(origins[0])
    elif origins is not None:
        yield origins


def lost(root: etree._Element, message: str) -> list[str]:
    """Paths of the elements with text that gave no value."""
    _, origins = binder(message).trace(root)
    used = set(elements(origins))
    return [
        root.getroottree().getpath(element)
        for element in root.iter(etree.Element)
        if not len(element) and (element.text or "").strip() and element not in used
    ]


@pytest.mark.parametrize("name", KINDS)
def test_no_text_of_an_example_is_lost(name: str) -> None:
    _, root = detected((EXAMPLES / f"{name}.xml").read_bytes())
    assert lost(root, KINDS[name].partition(".")[2]) == []


def test_a_text_without_a_row_would_be_noticed() -> None:
    source = (EXAMPLES / "amendment.xml").read_bytes().replace(b"<TypeCode>", b"<Colour>red</Colour><TypeCode>")
    assert [path.rpartition("/")[2] for path in lost(detected(source)[1], "COR")] == ["*[4]"]


@pytest.mark.corpus
def test_no_text_of_a_real_declaration_is_lost(corpus: Path) -> None:
    checked = 0
    for path in sorted((corpus / "uk/messages").rglob("*.xml")):
        intake = read(path.read_bytes())
        if intake.tree is None:
            continue
        found = detect(intake, families())
        if found.message is None or found.detected_by != "root" or found.message.id == "RES":
            continue
        assert lost(intake.tree.getroot(), found.message.id) == [], path.name
        checked += 1
    assert checked > 200


@pytest.mark.corpus
def test_real_declarations_read_as_customs_counts_them(corpus: Path) -> None:
    """What the trade tests are known to hold throughout: item counts, code lengths, net within gross."""
    checked = 0
    for path in sorted((corpus / "uk/messages/cds-annotated").rglob("*.xml")):
        intake = read(path.read_bytes())
        found = detect(intake, families()) if intake.tree is not None else Detection()
        if found.message is None or found.message.role != "declaration" or intake.tree is None:
            continue
        record = binder(found.message.id).bind(intake.tree.getroot()).record
        goods = items(record)
        assert record.get("item_count", len(goods)) == len(goods), path.name
        assert {len(item["procedure"]) for item in goods} == {4}, path.name
        assert {len(extra["code"]) for item in goods for extra in item["additional_procedures"]} == {3}, path.name
        assert {len(d["type"]) for item in goods for d in item.get("supporting_documents", ())} <= {4}, path.name
        masses = [item for item in goods if "net_mass" in item and "gross_mass" in item]
        assert all(item["net_mass"] <= item["gross_mass"] for item in masses), path.name
        checked += 1
    assert checked > 100
