"""What port systems say is put under its meaning, whatever the words."""

from __future__ import annotations

import json
import re

import pytest

from casrules import Engine
from casrules.alerts import Knowledge
from casrules.messages.edifact import read_interchange

SAID = {
    "Container number is required": "CONTAINER_MISSING",
    "Missing container on item 2": "CONTAINER_MISSING",
    "Invalid container MSCU1234567": "CONTAINER_INVALID",
    "MSCU1234567: check digit of the container is wrong": "CONTAINER_INVALID",
    "Container MSCU1234567 unknown at terminal": "CONTAINER_UNKNOWN",
    "TR02 310: container MSCU1234567 is not yet on site": "CONTAINER_NOT_THERE",
    "Container MSCU1234567 is on the list twice: not allowed": "CONTAINER_DUPLICATE",
    "VGM missing for MSCU1234567": "VGM_MISSING",
    "The VGM of the container is not valid: below tare": "VGM_IMPLAUSIBLE",
    "Terminal code unknown": "LOCATION_WRONG",
    "MRN 25NLABCDEFGHIJK1M2 not found": "MRN_UNKNOWN",
    "6233: arrival of the MRN not allowed": "MRN_STATE",
    "MRN 25NLABCDEFGHIJK1M2 already exists": "MRN_ALREADY_THERE",
    "Booking 123 not known at the terminal": "BOOKING_MISMATCH",
    "B/L number does not match, unknown B/L": "BOOKING_MISMATCH",
    "Seal not given": "SEAL_WRONG",
    "Voyage 12E closed": "VESSEL_UNKNOWN",
    "TR02 109": "ACCOUNT_MISSING",
    "TR02 201": "PAPERS_NEEDED",
    "TR02 311": "PICK_UP_NOT_YET",
    "Manifest: error 391 first office of entry": "ENTRY_SUMMARY_MISMATCH",
}


@pytest.mark.parametrize("said", SAID)
def test_words_of_ports_as_text_and_as_json(engine: Engine, said: str) -> None:
    content = json.dumps({"errors": [{"code": "X1", "message": f"{said} (terminal)"}]})
    for one in (said, content):
        report = engine.decode(one.encode())
        assert [violation.authority[0].code for violation in report.violations] == [SAID[said]], one
        assert report.verdict.outcome == "reject" and report.violations[0].source == "port"


def test_their_own_code_is_kept(engine: Engine) -> None:
    content = json.dumps({"errors": [{"code": "X1", "message": "Container odd"}]}).encode()
    (found,) = engine.decode(content).violations
    assert found.authority[0].code == "OTHER" and "The port system names X1" in found.message.text


def test_every_meaning_is_told_by_some_words(knowledge: Knowledge) -> None:
    shape = next(shape for shape in knowledge.shapes if shape.id == "port.aperak")
    told = set(shape.entries[0].code.patterns.values())
    assert told == {code for system, list_, code in knowledge.codes if (system, list_) == ("PORT", "PORT")}


def test_a_container_is_found_where_several_stand(engine: Engine) -> None:
    line = "EQD+CN+TRHU4561222+45G1'"
    original = f"UNB+UNOC:3+S+R+1:1+I'UNH+1+COPARN:D:95B:UN'{line}{line}UNT+4+1'UNZ+1+I'".encode()
    assert len(read_interchange(original).segments) == 6
    (found,) = engine.decode(b"Container TRHU4561222 invalid", original=original).violations
    assert [place.role for place in found.locations] == ["candidate", "candidate"]
    assert all(re.match(r"segment [34] \(EQD\)", place.segment) for place in found.locations)
