"""libxml2's verdict under the right version, the same for small and large messages and from many threads."""

from __future__ import annotations

import random
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from lxml import etree

from casrules.messages import validation
from casrules.messages.detection import detect
from casrules.messages.family import Families
from casrules.messages.reading import read
from casrules.messages.schema_sets import ShippedSchemas
from casrules.messages.validation import TechnicalResult, validate
from casrules.resources import schemas_folder


def check(source: bytes) -> TechnicalResult:
    folder = schemas_folder()
    intake = read(source)
    return validate(intake, detect(intake, Families.load(folder / "families")), ShippedSchemas.load(folder))


@pytest.fixture(scope="module")
def departure(repository: Path) -> bytes:
    return (repository / "examples/ncts/cc015c-departure.xml").read_bytes()


def test_a_valid_message_is_valid(departure: bytes) -> None:
    result = check(departure)
    assert (result.valid, result.faults, result.explanation) == (True, (), "full")
    assert result.schema == "ncts-p5/ncts-p5"


def test_text_after_the_end_makes_a_valid_message_invalid(departure: bytes) -> None:
    result = check(departure + b"log")
    assert result.valid is False
    assert [fault.kind for fault in result.faults] == ["trailing_text"]


def test_no_schema_is_no_verdict(departure: bytes) -> None:
    assert check(b"<ASYCUDA/>").valid is None
    assert check(b"<ASYCUDA>").valid is False
    unknown = check(departure.replace(b"http://ncts.dgtaxud.ec", b"http://example.org/xxxxxxx"))
    assert (unknown.valid, unknown.explanation) == (None, "none")


def test_the_only_version_under_which_a_message_is_valid_is_used(repository: Path, departure: bytes) -> None:
    """An arrival with an incident flag is P5 only; without one it is P6 only, whatever it declares."""
    source = (repository / "examples/ncts/cc007c-arrival.xml").read_bytes()
    tree = etree.fromstring(source)
    gone = [*tree.iter("incidentFlag", "Incident")]
    declared = tree.get("PhaseID")
    assert declared and declared.startswith("NCTS5")
    assert check(source).detection.phase == "P5"
    for element in gone:
        element.getparent().remove(element)
    assert gone
    result = check(etree.tostring(tree))
    assert (result.valid, result.detection.phase) == (True, "P6")
    assert [(fault.kind, fault.severity, fault.value) for fault in result.faults] == [
        ("version_differs", "warning", declared)
    ]


def test_a_version_that_is_missing_or_unknown_is_a_warning(departure: bytes) -> None:
    declared = etree.fromstring(departure).get("PhaseID") or ""
    missing = check(departure.replace(f'PhaseID="{declared}"'.encode(), b""))
    assert [fault.kind for fault in missing.faults] == ["version_not_declared"]
    unknown = check(departure.replace(f'PhaseID="{declared}"'.encode(), b'PhaseID="NCTS9"'))
    assert "version_unknown" in [fault.kind for fault in unknown.faults]
    assert all(fault.severity == "warning" for fault in missing.faults)


def test_a_stream_gives_the_same_verdict_as_a_tree(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    chance = random.Random(3)
    for path in sorted((repository / "examples").rglob("*.xml")):
        root = read(path.read_bytes()).tree
        if root is None:
            continue
        for _ in range(8):
            leaves = [element for element in root.getroot().iter("*") if not len(element)]
            chance.choice(leaves).text = chance.choice(["1", "AB", "", "x" * 40])
            source = etree.tostring(root)
            monkeypatch.setattr(validation, "TREE_ELEMENTS", 20_000)
            tree = check(source)
            monkeypatch.setattr(validation, "TREE_ELEMENTS", 0)
            stream = check(source)
            assert tree.valid == stream.valid
            assert [(one.kind, one.xpath, one.line) for one in tree.faults] == [
                (one.kind, one.xpath, one.line) for one in stream.faults
            ]


@pytest.mark.corpus
def test_a_stream_gives_the_same_verdict_on_real_messages(corpus: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: dict[bool | None, int] = {True: 0, False: 0, None: 0}
    for path in sorted(corpus.rglob("*.xml"))[::3]:
        source = path.read_bytes()
        monkeypatch.setattr(validation, "TREE_ELEMENTS", 10**9)
        tree = check(source)
        monkeypatch.setattr(validation, "TREE_ELEMENTS", 0)
        assert check(source).valid == tree.valid, path
        seen[tree.valid] += 1
    assert seen[True] > 100 and seen[False] > 20


def test_threads_share_the_schemas(departure: bytes) -> None:
    broken = departure.replace(b"<LRN>", b"<LRN>12345678901234567890123")
    sources = [departure, broken] * 40
    with ThreadPoolExecutor(8) as pool:
        results = list(pool.map(check, sources))
    assert [result.valid for result in results] == [True, False] * 40
    assert {tuple(fault.text for fault in result.faults if fault.severity == "error") for result in results[1::2]} == {
        tuple(fault.text for fault in results[1].faults if fault.severity == "error")
    }
    assert all(not result.faults for result in results[::2])


@pytest.mark.corpus
def test_labelled_schema_faults_are_found(corpus: Path) -> None:
    """Entry summary messages that their authors made to fail the schema: our verdict agrees, and says why."""
    told = 0
    for path in sorted((corpus / "eu/messages/ens_cc315a_schema").glob("*.xml")):
        if path.name.endswith(".expected.xml"):
            continue
        result = check(path.read_bytes())
        told += result.valid is False
        if result.valid is False:
            assert any(fault.severity == "error" and fault.kind != "unknown" for fault in result.faults)
    assert told >= 60
