"""Official sets come dirty: what is safe is mended, what is broken is named, and messages are judged the same."""

from __future__ import annotations

from pathlib import Path

import pytest
from lxml import etree

from casrules.errors import SchemaSetError, UsageError
from casrules.messages.detection import detect
from casrules.messages.family import Families, SchemaSet
from casrules.messages.official import OfficialSets, register
from casrules.messages.reading import read
from casrules.messages.schema_sets import ShippedSchemas
from casrules.messages.validation import TechnicalResult, validate
from casrules.resources import schemas_folder

XS = 'xmlns:xs="http://www.w3.org/2001/XMLSchema"'
ANY_SET = SchemaSet(id="demo", phase="P1", version="1")
ENVELOPE = f"""<xs:schema {XS} targetNamespace="urn:env" elementFormDefault="qualified">
<xs:element name="Envelope"><xs:complexType><xs:sequence>
<xs:element name="Head" type="xs:string"/><xs:any namespace="urn:body" processContents="strict"/>
</xs:sequence></xs:complexType></xs:element></xs:schema>"""
BODY = f"""<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE xs:schema [
]>
<xs:schema {XS} xmlns:b="urn:body" xmlns:t="urn:types" targetNamespace="urn:body" elementFormDefault="qualified"
  xmlns:vc="http://www.w3.org/2007/XMLSchema-versioning" vc:minVersion="1.1">
<!-- <xs:import schemaLocation="nothing.xsd"/> -->
<xs:import namespace="urn:types"/>
<xs:include schemaLocation="sub folder\\more parts.xsd"/>
<xs:import namespace="urn:far" schemaLocation="http://127.0.0.1:9/far.xsd"/>
<xs:element name="Body"><xs:complexType><xs:sequence>
<xs:element name="code" type="t:code"/><xs:element name="part" type="b:part"/>
</xs:sequence></xs:complexType></xs:element></xs:schema>"""
TYPES = f"""<xs:schema {XS} targetNamespace="urn:types"><xs:simpleType name="code">
<xs:restriction base="xs:string"><xs:maxLength value="3"/></xs:restriction></xs:simpleType></xs:schema>"""
PARTS = f"""<xs:schema {XS} targetNamespace="urn:body"><xs:simpleType name="part">
<xs:restriction base="xs:decimal"/></xs:simpleType></xs:schema>"""
MESSAGE = (
    '<Envelope xmlns="urn:env"><Head>x</Head><Body xmlns="urn:body"><code>{}</code><part>1</part></Body></Envelope>'
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "sub folder").mkdir()
    (tmp_path / "envelope.xsd").write_text(ENVELOPE, "utf-8")
    (tmp_path / "body.xsd").write_bytes(b"\xef\xbb\xbf" + BODY.encode())
    (tmp_path / "types.xsd").write_text(TYPES, "utf-8")
    (tmp_path / "sub folder" / "more parts.xsd").write_text(PARTS, "utf-8")
    return tmp_path


def test_a_dirty_set_is_mended(folder: Path) -> None:
    sets = register(folder)
    assert sets.roots == {"{urn:env}Envelope", "{urn:body}Body"}
    schema = sets.find(ANY_SET, "{urn:env}Envelope", None)
    assert schema is not None
    assert schema.verdict.validate(etree.fromstring(MESSAGE.format("ABC")))
    assert not schema.verdict.validate(etree.fromstring(MESSAGE.format("ABCD")))
    assert not schema.verdict.validate(etree.fromstring(MESSAGE.format("ABC").replace("urn:body", "urn:other")))
    assert schema.model.maps.elements["{urn:body}Body"].type.content[1].name == "{urn:body}part"
    assert sets.check() == []
    assert sets.find(ANY_SET, "{urn:env}Other", None) is None


def test_nothing_outside_the_folder_is_read(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    outside = tmp_path_factory.mktemp("outside") / "types.xsd"
    outside.write_text(TYPES, "utf-8")
    (folder / "types.xsd").unlink()
    for location in (str(outside), outside.as_uri(), f"../{outside.parent.name}/types.xsd"):
        text = BODY.replace('namespace="urn:types"/', f'namespace="urn:types" schemaLocation="{location}"/')
        (folder / "body.xsd").write_text(text, "utf-8")
        with pytest.raises(SchemaSetError, match="code"):
            register(folder).find(ANY_SET, "{urn:body}Body", None)


def test_a_fault_of_a_schema_is_not_a_fault_of_the_message(folder: Path) -> None:
    (folder / "types.xsd").write_text(TYPES.replace('"xs:string"', '"xs:strange"'), "utf-8")
    with pytest.raises(SchemaSetError) as caught:
        register(folder).find(ANY_SET, "{urn:body}Body", None)
    assert caught.value.place and (caught.value.place.file, caught.value.place.line) == ("types.xsd", 1)
    (folder / "types.xsd").write_text(TYPES.replace("</xs:schema>", ""), "utf-8")
    with pytest.raises(SchemaSetError, match=r"types\.xsd:\d+: the schema is not well formed"):
        register(folder).find(ANY_SET, "{urn:body}Body", None)
    for path in folder.rglob("*.xsd"):
        path.write_text(path.read_text("utf-8").replace("</xs:schema>", ""), "utf-8")
    with pytest.raises(SchemaSetError, match="not well formed") as caught:
        register(folder)
    assert caught.value.place and caught.value.place.file == "body.xsd"


def test_a_folder_without_schemas_is_misuse(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="there are no"):
        register(tmp_path)


def check(source: bytes, official: OfficialSets | None) -> TechnicalResult:
    schemas = schemas_folder()
    intake = read(source)
    detection = detect(intake, Families.load(schemas / "families"))
    return validate(intake, detection, official or ShippedSchemas.load(schemas))


@pytest.mark.corpus
def test_the_corrupted_set_is_told_by_file_and_line(corpus: Path) -> None:
    sets = register(corpus / "eu/xsd/ncts5_51.8.0_broken")
    with pytest.raises(SchemaSetError) as caught:
        sets.find(ANY_SET, "{http://ncts.dgtaxud.ec}CC015C", None)
    assert caught.value.place and caught.value.place.file == "ctypes.xsd"
    assert caught.value.place.line == 12871
    assert len(sets.check()) == 1


@pytest.mark.corpus
def test_every_usable_real_set_compiles(corpus: Path) -> None:
    for name in ("eu/xsd/ncts4", "eu/xsd/ics1_ens_v11.2", "eu/xsd/ics2_cr_nes_v2", "uk/xsd/cds-2.15", "uk/xsd/cds-2.3"):
        assert register(corpus / name).check() == [], name
    errors = register(corpus / "uk/xsd/ile-imports").check()
    assert [error.place.file for error in errors if error.place] == [
        "imports/inventoryLinkingImportDeclarationStatusNotification.xsd"
    ]


@pytest.mark.corpus
def test_each_version_gets_its_own_schema_from_a_folder_of_many(corpus: Path) -> None:
    schemas = schemas_folder()
    families, shipped = Families.load(schemas / "families"), ShippedSchemas.load(schemas)
    eu, uk = register(corpus / "eu/xsd", shipped), register(corpus / "uk/xsd", shipped)
    ncts = {one.id: one for one in families.by_id["ncts"].sets}
    root = "{http://ncts.dgtaxud.ec}CC015C"
    found = {name: eu.find(one, root, None) for name, one in ncts.items()}
    assert {name: one.id for name, one in found.items() if one} == {
        "ncts-p5": "official/ncts5_51.8.6/cc015c.xsd",
        "ncts-p6": "official/ncts6_60.4.16/cc015c.xsd",
    }
    cds = families.by_id["cds"].sets[0]
    md = "{urn:wco:datamodel:WCO:DocumentMetaData-DMS:2}MetaData"
    cancellation = uk.find(cds, md, "md:MetaData-cancellation")
    assert cancellation is not None and "CANCEL.xsd" in cancellation.id
    usual = uk.find(cds, md, "md:MetaData")
    assert usual is not None and "WCO_RES_2_DMS" in usual.id and "WCO_DEC_2_DMS" in usual.id


@pytest.mark.corpus
def test_ours_and_theirs_say_the_same(corpus: Path) -> None:
    shipped = ShippedSchemas.load(schemas_folder())
    sets = {
        "eu/messages/ens_cc315a_schema": register(corpus / "eu/xsd/ics1_ens_v11.2", shipped),
        "uk/messages": register(corpus / "uk/xsd/cds-2.15", shipped),
        "eu/messages/aes_ie507": register(corpus / "eu/xsd/aes_ie507_xi", shipped),
    }
    seen = {True: 0, False: 0, None: 0}
    for folder, official in sets.items():
        for path in sorted((corpus / folder).rglob("*.xml"))[:: 1 if folder.startswith("eu") else 5]:
            source = path.read_bytes()
            ours, theirs = check(source, None), check(source, official)
            assert ours.valid == theirs.valid, path
            seen[ours.valid] += 1
            if ours.schema:
                assert theirs.schema.startswith("official/"), path
                assert [(one.kind, one.xpath) for one in ours.faults] == [
                    (one.kind, one.xpath) for one in theirs.faults
                ]
    assert seen[True] > 50 and seen[False] > 60
