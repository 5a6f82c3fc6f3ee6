"""Following pointers through a message."""

from __future__ import annotations

from pathlib import Path

import pytest

from casrules import Engine
from casrules.messages.binding import binder_for
from casrules.messages.origins import Origins
from casrules.messages.pointing import PointerStep, Pointing
from casrules.messages.reading import read


@pytest.fixture(scope="module")
def pointing(repository: Path) -> Pointing:
    plans = Engine()._tools.plans
    family, message = plans.catalog.families.parse_format("ncts.CC015C")
    assert message is not None
    mapping = plans.plan(family, message).mapping
    intake = read((repository / "examples/ncts/cc015c-two-houses-p6.xml").read_bytes())
    assert intake.tree is not None
    assert binder_for(mapping).bind(intake.tree.getroot()).record
    return Pointing(Origins(intake.tree, mapping, intake.text))


def _steps(text: str) -> list[PointerStep]:
    found = []
    for piece in text.split("/"):
        name, _, number = piece.partition("[")
        found.append(PointerStep(name, int(number[:-1]) if number else None))
    return found


@pytest.mark.parametrize("begin", ["CC015C/", "", "Envelope/"])
def test_the_root_may_be_there_or_not_and_a_wrong_one_is_not_exact(pointing: Pointing, begin: str) -> None:
    found = pointing.follow(_steps(f"{begin}Consignment/HouseConsignment[2]/ConsignmentItem[1]/Commodity"))
    assert found.exact is (begin != "Envelope/")
    assert "HouseConsignment[2]" in pointing.origin(found.elements[0]).xpath


def test_what_is_not_there_is_told_from_the_last_that_is(pointing: Pointing) -> None:
    found = pointing.follow(_steps("CC015C/Consignment/HouseConsignment[1]/Nothing/below"))
    assert found.missing == ("Nothing", "below")
    origin = pointing.origin(found.elements[0], found.missing)
    assert (origin.missing, origin.text) == ("Nothing/below", None)


def test_without_a_number_all_are_found(pointing: Pointing) -> None:
    found = pointing.follow(_steps("CC015C/Consignment/HouseConsignment"))
    assert len(found.elements) == 2
    assert not found.exact


def test_a_number_beyond_the_last_is_missing_and_not_exact(pointing: Pointing) -> None:
    found = pointing.follow(_steps("CC015C/Consignment/HouseConsignment[9]"))
    assert (found.missing, found.exact) == (("HouseConsignment",), False)


def test_a_name_alone_is_found_by_its_value(pointing: Pointing) -> None:
    all_of_it = pointing.named("sequenceNumber")
    assert len(all_of_it.elements) + all_of_it.more > 2
    assert not all_of_it.exact
    assert pointing.named("nobody").elements == ()
    one = pointing.named("LRN", pointing.named("LRN").elements[0].text)
    assert one.exact
    assert pointing.record_path(one.elements[0]) == ((("lrn", None),), True)
