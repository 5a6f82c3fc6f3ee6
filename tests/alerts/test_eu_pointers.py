"""Where pointers of EU answers lead in the message: what is right, what is missing, and slips, which are candidates."""

from __future__ import annotations

import time
from pathlib import Path
from xml.sax.saxutils import escape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casrules import Engine
from casrules.findings import Location, Report

ENGINE = Engine()
ITEM = "/CC015C/Consignment/HouseConsignment[1]/ConsignmentItem[1]"


@pytest.fixture(scope="module")
def original(repository: Path) -> bytes:
    """A transit declaration that is right."""
    return (repository / "examples/ncts/cc015c-departure.xml").read_bytes()


def rejection(*pointers: str, code: str = "14", reason: str = "R0001") -> bytes:
    """A rejection with one error for each pointer."""
    errors = "".join(
        f"<FunctionalError><errorPointer>{escape(pointer)}</errorPointer><errorCode>{code}</errorCode>"
        f"<errorReason>{reason}</errorReason></FunctionalError>"
        for pointer in pointers
    )
    return f'<n:CC056C xmlns:n="http://ncts.dgtaxud.ec"><TransitOperation/>{errors}</n:CC056C>'.encode()


def places(report: Report) -> tuple[Location, ...]:
    """The places of the one finding on the declaration."""
    (finding,) = [one for one in report.violations if one.rule.startswith("customs.")]
    return finding.locations


@pytest.mark.parametrize(
    ("pointer", "path"),
    [
        ("/CC015C/TransitOperation/LRN", "lrn"),
        ("//TransitOperation/LRN", "lrn"),
        ("/n:CC015C[1]/n:TransitOperation[1]/n:LRN[1]", "lrn"),
        ("/*[local-name()='CC015C']/*[local-name()='TransitOperation']/*[local-name()='LRN']", "lrn"),
        ("CC015C.TransitOperation.LRN", "lrn"),
        (f"{ITEM}/Commodity/GoodsMeasure/grossMass", "items[number=1].gross_mass"),
        ("/CC015C", "declaration"),
    ],
)
def test_the_element_is_found_with_its_line(engine: Engine, original: bytes, pointer: str, path: str) -> None:
    (place,) = places(engine.decode(rejection(pointer), original=original))
    assert (place.role, place.path) == ("primary", path)
    assert place.line is not None and place.xpath and not place.missing
    last = pointer.rstrip("[1]').").split("/")[-1].split(".")[-1].rpartition("'")[2].rpartition(":")[2]
    assert last in original.decode().splitlines()[place.line - 1]


def test_a_missing_element_is_told_by_its_parent_and_name(engine: Engine, original: bytes) -> None:
    (place,) = places(engine.decode(rejection(f"{ITEM}/Commodity/cusCode", code="13"), original=original))
    assert (place.role, place.missing) == ("primary", "cusCode")
    assert place.xpath.endswith("/Commodity")
    assert place.path == "items[number=1].cus_code"


@pytest.mark.parametrize(
    "pointer",
    [
        "/cc015c/transitoperation/lrn",
        "/CC013C/TransitOperation/LRN",
        f"{ITEM}/Packaging[1]typeOfPackages",
        "/CC015C/Consignment/HouseConsignment[7]/grossMass",
        "/CC015C/Consignment/NoSuchElement",
        "/CC015C/Consignment/HouseConsignment[0]/grossMass",
        "/CC015C/Consignment/HouseConsignment[99999999999999999999]/grossMass",
        "/CC015C/Consignment/HouseConsignment[-1]/grossMass",
        "somewhere",
    ],
)
def test_slips_are_candidates_and_no_element_is_said_to_be_missing_that_cannot_be_there(
    engine: Engine, original: bytes, pointer: str
) -> None:
    found = places(engine.decode(rejection(pointer), original=original))
    assert found and all(place.role == "candidate" for place in found)
    assert "NoSuchElement" not in {place.missing for place in found}


def test_a_class_that_is_said_to_be_incomplete_is_a_candidate(engine: Engine, original: bytes) -> None:
    report = engine.decode(rejection("/CC015C/HolderOfTheTransitProcedure", code="13", reason=""), original=original)
    assert all(place.path == "holder" for place in places(report))


def test_a_value_finds_its_element(engine: Engine, repository: Path) -> None:
    content = (repository / "examples/ncts/cc007c-arrival.xml").read_bytes()
    mrn = content.decode().partition("<MRN>")[2][:18]
    answer = rejection(mrn, code="90", reason="N/A").replace(b"CC056C", b"CC057C")
    (place,) = places(engine.decode(answer, original=content))
    assert (place.role, place.path, place.declared) == ("primary", "mrn", mrn)


def test_an_xml_error_without_a_pointer_shows_what_begins_on_its_line(engine: Engine, original: bytes) -> None:
    line = next(at for at, text in enumerate(original.decode().splitlines(), 1) if "<LRN>" in text)
    fault = f"<errorLineNumber>{line}</errorLineNumber><errorCode>39</errorCode><errorText>too long</errorText>"
    answer = f'<n:CC917C xmlns:n="http://ncts.dgtaxud.ec"><XMLError>{fault}</XMLError></n:CC917C>'.encode()
    (place,) = places(engine.decode(answer, original=original))
    assert (place.role, place.path, place.line) == ("candidate", "lrn", line)


def test_words_stay_as_they_are(engine: Engine, original: bytes) -> None:
    report = engine.decode(rejection("see the letter of 3 May"), original=original)
    (finding,) = [one for one in report.violations if one.rule.startswith("customs.")]
    assert finding.reported is not None and finding.reported.pointer == "see the letter of 3 May"
    assert finding.locations == ()


def test_without_the_original_names_are_found_in_the_dictionary(engine: Engine) -> None:
    (place,) = places(engine.decode(rejection(f"{ITEM}/Commodity/GoodsMeasure/netMass")))
    assert (place.role, place.path) == ("primary", "items[#1].net_mass")
    (place,) = places(engine.decode(rejection("/CC015C/Consignment/NoSuchElement")))
    assert (place.role, place.missing) == ("candidate", "")


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=60) | st.from_regex(r"(/?[A-Za-z:@*.\[\]0-9()'=]{0,12}){0,6}", fullmatch=True))
def test_no_pointer_breaks_it(pointer: str) -> None:
    text = "".join(char for char in pointer if char.isprintable())
    report = ENGINE.decode(rejection(text))
    assert report.system_errors == ()
    assert report.verdict.outcome == "reject"


def test_a_cut_answer_is_a_finding(engine: Engine) -> None:
    whole = rejection("/CC015C/TransitOperation/LRN", "/CC015C/Consignment")
    for size in range(0, len(whole) - 1, 37):
        report = engine.decode(whole[:size])
        assert [one.rule for one in report.violations] == ["decode.unreadable_answer"], size
        assert report.verdict.outcome == "undetermined"


def test_another_character_set_than_declared_is_a_finding(engine: Engine) -> None:
    latin = rejection("/CC015C/TransitOperation/LRN").replace(b"R0001", "R\xe9".encode("latin-1"))
    assert [one.rule for one in engine.decode(latin).violations] == ["decode.unreadable_answer"]
    assert engine.decode(rejection("/CC015C").decode().encode("utf-16")).verdict.outcome == "reject"


def test_many_errors_cost_linear_time(engine: Engine, original: bytes) -> None:
    def seconds(number: int) -> float:
        pointers = (f"/CC015C/Consignment/HouseConsignment[{at}]/Nothing{at}" for at in range(1, number + 1))
        started = time.process_time()
        report = engine.decode(rejection(*pointers), original=original)
        assert report.answer is not None and report.answer.entries == number
        return time.process_time() - started

    seconds(100)
    few, many = seconds(1_000), seconds(10_000)
    assert many < 20 * few
