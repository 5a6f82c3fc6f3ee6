"""Pointers as written → steps."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casrules.alerts import Knowledge, shipped_knowledge
from casrules.alerts.answers import PointerPart, RawPointer
from casrules.alerts.pointers import Target, resolve
from casrules.messages.pointing import PointerStep


def _names(target: Target) -> list[str]:
    return [step.name for step in target.steps]


def _wco(text: str, knowledge: Knowledge) -> Target:
    return resolve(RawPointer("wco", text, table="cds"), knowledge.pointers)


def test_an_item_is_counted_by_its_own_number_a_document_by_its_position(knowledge: Knowledge) -> None:
    target = _wco("42A/67A[1]/68A[2]/02A[3]/D031", knowledge)
    assert target.steps == (
        PointerStep("Declaration"),
        PointerStep("GoodsShipment"),
        PointerStep("GovernmentAgencyGoodsItem", 2, "SequenceNumeric"),
        PointerStep("AdditionalDocument", 3),
        PointerStep("CategoryCode"),
    )
    assert not target.ends_at_class


def test_parts_and_text_mean_the_same(knowledge: Knowledge) -> None:
    parts = (PointerPart("42A"), PointerPart("67A"), PointerPart("68A", 2), PointerPart("02A", 1, "D031"))
    written = RawPointer("wco", "42A/67A/68A[2]/02A[1]/D031", parts, "cds")
    assert resolve(written, knowledge.pointers) == _wco(written.text, knowledge)


@pytest.mark.parametrize(
    ("text", "names", "problem"),
    [
        ("67A/68A[2]/02A/D031", 5, ""),  # the declaration is left out
        ("48A/67A/68A/02A/D006", 5, "unknown"),  # a wrong first section
        ("42A/67A/123", 2, "unknown"),  # a tag nobody knows
        ("42A/67A/56A/G005", 3, "obsolete"),  # where the office of exit once stood
        ("42A/67A/68A[1]/86A/R043", 5, "obsolete"),
        ("", 0, "empty"),
        ("42A/!!", 0, "unreadable"),
    ],
)
def test_wrong_pointers_say_so(knowledge: Knowledge, text: str, names: int, problem: str) -> None:
    target = _wco(text, knowledge)
    assert (len(target.steps), target.problem) == (names, problem)


def test_an_obsolete_path_becomes_todays(knowledge: Knowledge) -> None:
    assert _names(_wco("42A/67A/56A/G005", knowledge)) == ["Declaration", "ExitOffice", "ID"]


def test_a_pointer_may_end_at_a_class(knowledge: Knowledge) -> None:
    assert _wco("42A/67A/68A[1]", knowledge).ends_at_class


@pytest.mark.parametrize(
    ("text", "steps", "attribute"),
    [
        ("/CC015C/Consignment/HouseConsignment[2]/grossMass", 4, ""),
        ("ncts:CC015C/ncts:Consignment", 2, ""),
        ("//*[local-name()='CC015C']/*[local-name()='LRN']", 2, ""),
        ("/CC015C/@PhaseID", 1, "PhaseID"),
        ("CC015C.Consignment.grossMass", 3, ""),
        ("/CC015C/Consignment[position()=3]", 2, ""),
    ],
)
def test_xpaths_in_all_spellings(text: str, steps: int, attribute: str) -> None:
    target = resolve(RawPointer("xpath", text), {})
    assert (len(target.steps), target.attribute, target.problem) == (steps, attribute, "")


def test_positions_of_an_xpath_are_kept() -> None:
    target = resolve(RawPointer("xpath", "/A/B[2]/C[position()=3]"), {})
    assert [step.number for step in target.steps] == [None, 2, 3]


def test_numbers_are_found_in_a_text() -> None:
    target = resolve(RawPointer("eucdm", "DE 18 04 001 000 and 1804001000, formerly 6/5"), {})
    assert target.numbers == ("18 04 001 000", "6/5")
    assert resolve(RawPointer("eucdm", "nothing"), {}).problem == "unreadable"


@given(st.text(max_size=200), st.sampled_from(["wco", "xpath", "eucdm", "name", "none"]))
def test_no_text_breaks_it(text: str, scheme: str) -> None:
    target = resolve(RawPointer(scheme, text, table="cds"), shipped_knowledge().pointers)
    assert target.steps or target.problem or target.numbers or target.name
