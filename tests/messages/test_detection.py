"""A message is known by its root, its namespace and its shape."""

from __future__ import annotations

import collections
from pathlib import Path

import pytest

from casrules.errors import MappingError, UsageError
from casrules.messages.detection import Detection, detect
from casrules.messages.family import Families, load_family
from casrules.messages.reading import read
from casrules.resources import schemas_folder

MD = "urn:wco:datamodel:WCO:DocumentMetaData-DMS:2"
DEC = "urn:wco:datamodel:WCO:DEC-DMS:2"
RES = "urn:wco:datamodel:WCO:RES-DMS:2"


def found(source: str | bytes, wanted: str | None = None) -> Detection:
    families = Families.load(schemas_folder() / "families")
    return detect(read(source.encode() if isinstance(source, str) else source), families, wanted)


def kinds(detection: Detection) -> list[str]:
    return [fault.kind for fault in detection.faults]


def test_ncts_by_root_and_namespace() -> None:
    detection = found('<x:CC015C xmlns:x="http://ncts.dgtaxud.ec" PhaseID=" NCTS5.1 "/>')
    assert detection.format == "ncts.CC015C"
    assert (detection.declared_version, detection.phase, detection.detected_by) == ("NCTS5.1", "P5", "root")
    assert detection.prefixes == {"ncts": "http://ncts.dgtaxud.ec"}
    assert detection.faults == ()


def test_the_declared_version_chooses_the_set_at_first() -> None:
    detection = found('<x:CC015C xmlns:x="http://ncts.dgtaxud.ec" PhaseID="NCTS6"/>')
    assert (detection.phase, detection.schema_set and detection.schema_set.id) == ("P6", "ncts-p6")
    assert found('<x:CC015C xmlns:x="http://ncts.dgtaxud.ec"/>').declared_version is None


@pytest.mark.parametrize(("code", "message", "role"), [("INV", "INV", "invalidation"), ("COR", "COR", "amendment")])
def test_cds_messages_of_one_root_are_told_apart_by_shape(code: str, message: str, role: str) -> None:
    inner = f'<Declaration xmlns="{DEC}"><TypeCode>\n {code} </TypeCode></Declaration>'
    wrapped = found(f'<MetaData xmlns="{MD}">{inner}</MetaData>')
    assert wrapped.format == f"cds.{message}"
    assert wrapped.message and wrapped.message.role == role
    assert wrapped.start == "./Declaration"
    bare = found(inner)
    assert (bare.format, bare.start, bare.detected_by) == (f"cds.{message}", ".", "inner element")
    assert bare.faults == ()


@pytest.mark.parametrize("namespaces", [True, False])
def test_cds_answers_are_answers_with_and_without_namespaces(namespaces: bool) -> None:
    md, res = (f' xmlns="{MD}"', f' xmlns="{RES}"') if namespaces else ("", "")
    detection = found(f"<MetaData{md}><Response{res}><FunctionCode>03</FunctionCode></Response></MetaData>")
    assert detection.message and detection.message.role == "answer"
    assert kinds(detection) == ([] if namespaces else ["missing_namespace"])


def test_a_misspelt_namespace_is_told() -> None:
    detection = found('<CC015C xmlns="http://ncts.dgtaxud.ecc"/>')
    assert detection.format == "ncts.CC015C"
    assert kinds(detection) == ["wrong_namespace"]
    assert "http://ncts.dgtaxud.ec is required" in detection.faults[0].text


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("<CC015B/>", "phase 4"),
        ('<x:CC026C xmlns:x="http://ncts.dgtaxud.ec"/>', "51.8.0"),
        ('<x:IE3F26 xmlns:x="urn:wco:datamodel:eu:ics2:2"/>', "Import Control System 2"),
        ('<x:inventoryLinkingMovementRequest xmlns:x="http://gov.uk/customs/inventoryLinking/v1"/>', "nventory"),
        ("<ASYCUDA/>", "ASYCUDA"),
        ('<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"/>', "SOAP"),
        ('<e:ErrorResponse xmlns:e="http://www.govtalk.gov.uk/CM/errorresponse"/>', "Error answer"),
        ('<x:DeclarationStatusResponse xmlns:x="http://gov.uk/customs/x"/>', "information service"),
        ('<x:submitDeclarationRequest xmlns:x="http://uk/gov/hmrc/mdg"/>', "envelope"),
        ('<x:schema xmlns:x="http://www.w3.org/2001/XMLSchema"/>', "Schema"),
    ],
)
def test_what_is_known_but_not_supported_is_named(source: str, words: str) -> None:
    detection = found(source)
    assert detection.family is None
    assert words in detection.unsupported
    assert kinds(detection) == ["unsupported_message"]


def test_the_unknown_gets_the_nearest_known_root() -> None:
    detection = found("<CC015X/>")
    assert kinds(detection) == ["unknown_message"]
    assert "did you mean <CC01" in detection.faults[0].text
    assert detection.unsupported == ""
    assert kinds(found('<CC015C xmlns="http://example.org/other"/>')) == ["unknown_message"]


def test_a_format_narrows_and_a_wrong_one_is_told() -> None:
    source = '<x:CC015C xmlns:x="http://ncts.dgtaxud.ec"/>'
    assert found(source, "ncts").detected_by == "root"
    assert found(source, "ncts.CC015C").detected_by == "format"
    wrong = found(source, "ncts.CC013C")
    assert (wrong.format, kinds(wrong)) == ("ncts.CC015C", ["format_mismatch"])
    assert kinds(found(source, "cds")) == ["format_mismatch"]
    for text in ("nctz", "ncts.CC015D", ""):
        if text:
            with pytest.raises(UsageError, match="unknown format"):
                found(source, text)


def test_a_format_decides_between_shapes() -> None:
    inner = f'<Declaration xmlns="{DEC}"><TypeCode>COR</TypeCode></Declaration>'
    assert found(inner, "cds.INV").format == "cds.INV"


def test_what_cannot_be_parsed_is_nothing() -> None:
    assert found("<a>") == Detection()


@pytest.mark.corpus
def test_every_real_message_is_known_or_named(corpus: Path) -> None:
    seen: collections.Counter[str] = collections.Counter()
    for path in sorted((corpus / "eu/messages").rglob("*.xml")) + sorted((corpus / "uk/messages").rglob("*.xml")):
        intake = read(path.read_bytes())
        if intake.tree is None:
            seen["unreadable"] += 1
            continue
        detection = detect(intake, Families.load(schemas_folder() / "families"))
        seen[detection.family.id if detection.family else "named" if detection.unsupported else "unknown"] += 1
        name = path.name.upper()
        if "/ncts5_testpack" in path.as_posix():
            message = next(
                part for part in name.replace(".", "_").split("_") if part.startswith("IE0") or part == "IE170"
            )
            assert detection.format == f"ncts.CC{message[2:5]}C"
        if "DMS" in name and "notif" in path.as_posix().lower() and detection.family:
            assert detection.message and detection.message.role == "answer"
    assert seen["unknown"] <= 2
    assert seen["ncts"] > 250 and seen["cds"] > 500 and seen["ens"] > 400


MANIFEST = """
id: demo
title: Demo
system: DEMO
jurisdiction: EU
flow: export
sets: [{id: demo, phase: P1, version: "1"}]
messages: [{id: A, title: A, role: declaration, complete: true, roots: ["{urn:x}A"]}]
"""


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("flow: export", "flow: sideways", "flow"),
        ("title: Demo", "titel: Demo", "titel"),
        ('roots: ["{urn:x}A"]', "roots: []", "roots"),
        ("messages: [{", "messages: [{id: A, title: A, role: answer, complete: true, roots: [x]}, {", "listed twice"),
        ("id: demo\ntitle", "id: [\ntitle", "cannot be read"),
    ],
)
def test_a_broken_manifest_names_its_file(tmp_path: Path, old: str, new: str, words: str) -> None:
    path = tmp_path / "family.yaml"
    path.write_text(MANIFEST, encoding="utf-8")
    assert load_family(tmp_path).id == "demo"
    assert old in MANIFEST
    path.write_text(MANIFEST.replace(old, new), encoding="utf-8")
    with pytest.raises(MappingError, match=words) as caught:
        load_family(tmp_path)
    assert caught.value.place and caught.value.place.file.endswith("family.yaml")


def test_families_are_read_once_per_folder() -> None:
    folder = schemas_folder() / "families"
    assert Families.load(folder) is Families.load(folder)
