"""Places of an answer's errors in the original, or by name where there is none."""

from __future__ import annotations

import pytest

from casrules import Engine
from casrules.findings import Location, Violation

from .conftest import cds_answer, wco_error


def _violation(engine: Engine, pointer: str, original: bytes | None, code: str = "CDS10020") -> Violation:
    report = engine.decode(cds_answer(wco_error(code, pointer)), original=original)
    assert report.system_errors == ()
    return next(found for found in report.violations if found.rule.startswith("customs."))


def _place(engine: Engine, pointer: str, original: bytes | None, code: str = "CDS10020") -> Location:
    return _violation(engine, pointer, original, code).locations[0]


def test_a_value_that_is_there(engine: Engine, declaration: bytes) -> None:
    place = _place(engine, "42A/D026", declaration)
    assert (place.role, place.path, place.missing) == ("primary", "lrn", "")
    assert place.xpath.endswith("Declaration/cds:FunctionalReferenceID")
    assert place.declared
    assert place.declared.encode() in declaration.splitlines()[place.line - 1 if place.line else 0]
    assert place.authority_pointer == "42A/D026"


def test_an_item_is_found_by_its_number(engine: Engine, declaration: bytes) -> None:
    renumbered = declaration.replace(b"<SequenceNumeric>1<", b"<SequenceNumeric>77<")
    assert renumbered != declaration
    place = _place(engine, "42A/67A/68A[77]/23A/137", renumbered)
    assert (place.role, place.path) == ("primary", "items[number=77].description")


def test_a_position_in_place_of_the_number_is_a_candidate_only(engine: Engine, declaration: bytes) -> None:
    renumbered = declaration.replace(b"<SequenceNumeric>1<", b"<SequenceNumeric>77<")
    assert _place(engine, "42A/67A/68A[1]/23A/137", renumbered).role == "candidate"


def test_what_is_missing_is_named_at_its_parent(engine: Engine, declaration: bytes) -> None:
    place = _place(engine, "42A/56A/G005", declaration, "CDS10001")
    assert (place.role, place.path, place.missing) == ("primary", "office_of_exit.reference", "ExitOffice/ID")
    assert place.xpath.endswith("cds:Declaration")
    assert place.declared is None


def test_an_absurd_number_leads_to_the_parent_as_a_candidate(engine: Engine, declaration: bytes) -> None:
    place = _place(engine, "42A/67A/68A[999999999]/103", declaration)
    assert place.role == "candidate"
    assert place.missing == "GovernmentAgencyGoodsItem/TransactionNatureCode"


def test_without_a_number_every_occurrence_is_a_candidate(engine: Engine, declaration: bytes) -> None:
    places = _violation(engine, "42A/67A/68A[1]/02A/D006", declaration).locations
    assert len(places) > 1
    assert {place.role for place in places} == {"candidate"}
    assert len({place.xpath for place in places}) == len(places)


def test_a_class_that_is_there_is_no_place_of_something_missing(engine: Engine, declaration: bytes) -> None:
    assert _place(engine, "42A/57B", declaration, "CDS10001").role == "candidate"
    assert _place(engine, "42A/67A/68A[1]", declaration, "CDS13000").role == "primary"


def test_obsolete_and_wrong_pointers_are_candidates(engine: Engine, declaration: bytes) -> None:
    assert _place(engine, "42A/67A/56A/G005", declaration).role == "candidate"
    assert _place(engine, "42A/67A/68A[1]/02A[1]/999", declaration).role == "candidate"


def test_an_empty_pointer_gives_the_usual_place(engine: Engine, declaration: bytes) -> None:
    place = _place(engine, "", declaration, "CDS12003")
    assert (place.role, place.path) == ("candidate", "lrn")
    assert place.xpath.endswith("FunctionalReferenceID")
    assert _violation(engine, "", declaration, "CDS12046").locations == ()


def test_an_empty_pointer_gives_every_entry_of_the_usual_list(engine: Engine, declaration: bytes) -> None:
    places = _violation(engine, "", declaration, "CDS12062").locations
    assert [place.declared for place in places] == ["5GB615093448000-PO4471", "EGLV0412250093318"]
    assert {place.role for place in places} == {"candidate"}


def test_without_the_original_the_names_are_told(engine: Engine) -> None:
    place = _place(engine, "42A/67A/68A[3]/23A/65A/128", None)
    assert (place.path, place.label, place.number) == ("items[#3].net_mass", "net mass", "18 01 001 000")
    assert (place.xpath, place.line) == ("", None)


def test_without_the_original_what_conditions_tell_apart_stays_open(engine: Engine) -> None:
    places = _violation(engine, "42A/67A/68A[1]/70A[2]/166", None).locations
    assert {place.path for place in places} == {"items[#1].procedure", "items[#1].additional_procedures[#2].code"}
    assert {place.role for place in places} == {"candidate"}


def test_an_element_of_exports_is_known_too(engine: Engine) -> None:
    assert _place(engine, "42A/56A/G005", None).path == "office_of_exit.reference"
    assert _place(engine, "42A/67A/28A/46A", None).path == "consignment.departure_transport_means"


def test_a_json_original_gives_paths_of_the_record(engine: Engine) -> None:
    items = b'[{"number": 5, "net_mass": "1"}]'
    record = b'{"format": "cds.IMPORT", "lrn": "A1", "consignment": {"houses": [{"items": ' + items + b"}]}}"
    place = _place(engine, "42A/67A/68A[5]/23A/65A/128", record)
    assert place.path == "items[number=5].net_mass"
    assert place.record == "/consignment/houses/0/items/0/net_mass"


@pytest.mark.parametrize("original", [b"", b"<", b"%PDF", b'{"format": "no.SUCH"}', b"<Unknown/>"])
def test_an_original_that_cannot_be_read_is_as_none(engine: Engine, original: bytes) -> None:
    assert _place(engine, "42A/D026", original).path == "lrn"
