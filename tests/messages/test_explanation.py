"""Every planted fault is told, each once, where it is; nothing else is."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from lxml import etree

from casrules.limits import Limits
from casrules.messages.detection import detect
from casrules.messages.explanation import Explainer
from casrules.messages.family import Families
from casrules.messages.faults import TechnicalFault, shipped_texts
from casrules.messages.labels import Labels
from casrules.messages.reading import Intake, read
from casrules.messages.schema_sets import CompiledSchema, ShippedSchemas
from casrules.messages.validation import TechnicalResult, validate
from casrules.resources import schemas_folder

from .planting import path_of, plant, walk

REPOSITORY = Path(__file__).resolve().parents[2]
EXAMPLES = [path for path in sorted((REPOSITORY / "examples").rglob("*.xml")) if path.parent.name != "broken"]
SEEDS_PER_EXAMPLE = 10


def check(source: bytes, limits: Limits | None = None) -> tuple[Intake, TechnicalResult]:
    folder = schemas_folder()
    intake = read(source, limits or Limits())
    families = Families.load(folder / "families")
    return intake, validate(intake, detect(intake, families), ShippedSchemas.load(folder))


def schema_of(source: bytes) -> CompiledSchema:
    _, result = check(source)
    assert result.detection.schema_set and result.detection.message
    found = ShippedSchemas.load(schemas_folder()).find(
        result.detection.schema_set, result.detection.root, result.detection.message.table
    )
    assert found is not None
    return found


def place(fault: TechnicalFault, intake: Intake, result: TechnicalResult) -> tuple[str, str]:
    places = intake.places(result.detection.prefixes)
    element = places.find(fault.xpath)
    assert element is not None, fault
    assert fault.line == element.sourceline
    return path_of(element), fault.element


def errors(result: TechnicalResult) -> list[TechnicalFault]:
    """What is wrong with the message; in reconstructed schemas it is only warned of. The version is another matter."""
    return [fault for fault in result.faults if not fault.kind.startswith("version_")]


def compare(source: bytes, seed: str, most: int) -> None:
    """Plant faults in a valid message and compare what is reported with what was planted."""
    root = read(source).tree.getroot()  # type: ignore[union-attr]
    chance = random.Random(seed)
    planted = plant(root, schema_of(source).model.maps.elements[root.tag], chance, most)
    mutated = etree.tostring(root.getroottree(), encoding="utf-8", xml_declaration=True)
    intake, result = check(mutated)
    told = errors(result)
    expected = {}
    for one in planted:
        for name in one.name.split("|"):
            key = (path_of(one.place), name)
            expected[key] = one
        if "|" in one.name:
            expected[path_of(one.place.getprevious()), one.name.split("|")[1]] = one
    found = []
    for fault in told:
        one = expected.get(place(fault, intake, result))
        assert one is not None, f"{seed}: not planted: {fault}"
        assert fault.kind in one.kinds, f"{seed}: {fault}"
        found.append(id(one))
    assert sorted(found) == sorted(id(one) for one in planted), f"{seed}: {planted} against {told}"


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.stem)
def test_every_planted_fault_is_told_once_where_it_is(example: Path) -> None:
    source = example.read_bytes()
    _, result = check(source)
    if not result.valid:
        pytest.fail(f"the example {example.name} is not valid: {errors(result)}")
    for number in range(SEEDS_PER_EXAMPLE):
        compare(source, f"{example.stem}-{number}", most=1 + number % 5)


@pytest.mark.corpus
def test_planted_faults_in_real_messages(corpus: Path) -> None:
    seen = 0
    for path in sorted((corpus / "eu/messages/ncts5_testpack_v8").rglob("*.xml"))[::4]:
        source = path.read_bytes()
        if check(source)[1].valid:
            seen += 1
            for number in range(4):
                compare(source, f"{path.stem}-{number}", most=6)
    assert seen > 3


@pytest.mark.corpus
def test_nothing_is_told_about_valid_messages(corpus: Path) -> None:
    """The walk alone, without libxml2 before it, finds no fault in real messages that libxml2 accepts."""
    seen = 0
    for path in sorted((corpus / "eu/messages").rglob("*.xml"))[::4]:
        intake, result = check(path.read_bytes())
        if not result.valid or not result.schema:
            continue
        seen += 1
        places = intake.places(result.detection.prefixes)
        explainer = Explainer(schema_of(intake.source).model, places, Labels(), shipped_texts(), 10**6, 10**3)
        explainer.explain_all()
        assert explainer.faults == [], path
    assert seen > 40


@pytest.mark.corpus
def test_every_fault_of_a_real_invalid_message_is_placed(corpus: Path) -> None:
    seen = 0
    for path in sorted((corpus / "eu/messages").rglob("*.xml")):
        intake, result = check(path.read_bytes())
        if result.valid is not False or intake.tree is None:
            continue
        keys = [(fault.kind, place(fault, intake, result), fault.value) for fault in errors(result)]
        assert len(keys) == len(set(keys)), path
        assert keys
        assert all(fault.kind != "unknown" for fault in errors(result)), path
        seen += 1
        for fault in errors(result):
            if fault.value is not None and "/@" not in fault.xpath and fault.kind != "text_not_allowed":
                element = intake.places(result.detection.prefixes).find(fault.xpath)
                assert element is not None and (element.text or "") == fault.value
    assert seen > 80


NCTS = (REPOSITORY / "examples/ncts/cc015c-departure.xml").read_bytes()


def told_after(change: tuple[bytes, bytes]) -> list[TechnicalFault]:
    assert change[0] in NCTS
    _, result = check(NCTS.replace(*change, 1))
    return errors(result)


def test_sentences_name_the_element_the_limit_and_the_value() -> None:
    tree = etree.fromstring(NCTS)
    lrn = tree.findtext(".//LRN")
    (fault,) = told_after((f"<LRN>{lrn}</LRN>".encode(), b"<LRN>1234567890123456789012345</LRN>"))
    assert fault.text == "LRN is longer than 22 characters (it has 25)"
    assert (fault.kind, fault.code, fault.facet, fault.limit) == ("too_long", "39", "maxLength", "22")
    mass = tree.findtext(".//ConsignmentItem//grossMass")
    (fault,) = told_after((f"<grossMass>{mass}</grossMass>".encode(), b"<grossMass>ABC</grossMass>"))
    assert (
        fault.text.endswith(
            "'ABC' is not a number with at most 16 digits, 6 of them decimals,"
            " without a sign or needless zeros in front"
        )
        or "'ABC' is not a number" in fault.text
    )


def test_a_child_in_the_wrong_namespace_is_told_as_such() -> None:
    (fault,) = told_after((b"<LRN>", b'<LRN xmlns="urn:x">'))
    assert (fault.kind, fault.element) == ("wrong_namespace", "LRN")
    assert "urn:x" in fault.text and "none is required" in fault.text


def test_a_large_message_is_explained_in_part_and_says_so() -> None:
    broken = NCTS.replace(b"<LRN>", b"<LRN>12345678901234567890123", 1)
    _, full = check(broken)
    _, part = check(broken, Limits(explained_elements=20))
    assert full.explanation == "full"
    assert part.explanation == "partial"
    assert [(one.kind, one.xpath) for one in errors(part)] == [(one.kind, one.xpath) for one in errors(full)]


def test_labels_come_from_the_caller() -> None:
    folder = schemas_folder()
    intake = read(NCTS.replace(b"<LRN>", b"<LRN>12345678901234567890123", 1))
    detection = detect(intake, Families.load(folder / "families"))
    asked: list[str] = []

    def label(path: str) -> str | None:
        asked.append(path)
        return "local reference number" if path == "TransitOperation/LRN" else None

    result = validate(intake, detection, ShippedSchemas.load(folder), label)
    (fault,) = errors(result)
    assert fault.text.startswith("Local reference number is longer than 22 characters")
    assert "TransitOperation/LRN" in asked


def test_examples_can_be_walked() -> None:
    root = etree.fromstring(NCTS)
    declared = schema_of(NCTS).model.maps.elements[root.tag]
    assert len(list(walk(root, declared))) == len(list(root.iter("*")))
