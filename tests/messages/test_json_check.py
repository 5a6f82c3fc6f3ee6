from __future__ import annotations

from copy import deepcopy
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from casrules.dictionary import shipped_dictionary
from casrules.engine.catalog import Catalog
from casrules.findings.pointers import to_pointer
from casrules.limits import DEFAULT_LIMITS
from casrules.messages.binding import binder_for
from casrules.messages.composing import compose
from casrules.messages.detection import detect
from casrules.messages.json_check import JsonCheck, check_form, declared_set
from casrules.messages.json_form import read_json, write_json
from casrules.messages.reading import read
from casrules.messages.schema_sets import ShippedSchemas
from casrules.resources import schemas_folder

EXAMPLES = sorted((Path(__file__).parents[2] / "examples").glob("*/*.xml"))
READABLE = [path for path in EXAMPLES if path.parent.name != "broken"]


@cache
def catalog() -> Catalog:
    return Catalog.load(schemas_folder(), shipped_dictionary())


def record_of(path: Path) -> tuple[str, dict[str, Any]]:
    """The message's full identifier, and its record."""
    intake = read(path.read_bytes())
    found = detect(intake, catalog().families)
    assert intake.tree is not None and found.family and found.message and found.schema_set
    having = catalog().sets_of(found.family, found.message)
    chosen = found.schema_set if found.schema_set in having else having[0]
    mapping = catalog().mapping(found.family, found.message, chosen.id, found.start)
    return found.format, binder_for(mapping).bind(intake.tree.getroot()).record


def checked(record: dict[str, Any], format_: str) -> JsonCheck:
    family, message = catalog().families.parse_format(format_)
    assert message is not None
    mapping = catalog().mapping(family, message, catalog().sets_of(family, message)[0].id)
    stated = declared_set(record, family, mapping)
    if stated is not None:
        mapping = catalog().mapping(family, message, stated.id)
    return check_form(record, (family, message), mapping, ShippedSchemas.load(schemas_folder()), DEFAULT_LIMITS)


def told(check: JsonCheck) -> list[tuple[str, str]]:
    return [(one.fault.kind, to_pointer(one.path)) for one in check.faults]


@pytest.mark.parametrize("path", READABLE, ids=lambda path: path.name)
def test_a_record_of_a_valid_message_has_a_valid_form_and_reads_back(path: Path) -> None:
    format_, record = record_of(path)
    again = read_json(write_json(record, format_))
    assert (again.record, again.faults) == (record, ())
    check = checked(again.record, format_)
    assert (told(check), check.unwritten, check.reason) == ([], (), "")


@pytest.mark.parametrize("path", READABLE, ids=lambda path: path.name)
def test_what_is_composed_binds_to_the_same_record(path: Path) -> None:
    format_, record = record_of(path)
    family, message = catalog().families.parse_format(format_)
    assert message is not None
    mapping = catalog().mapping(family, message, catalog().sets_of(family, message)[0].id)
    composed = compose(record, mapping, message.roots[0])
    assert composed.unwritten == []
    root = etree.fromstring(etree.tostring(composed.tree))
    assert binder_for(mapping).bind(root).record == record


DEPARTURE = next(path for path in READABLE if path.name == "cc015c-departure.xml")
HOUSE = "/consignment/houses/0"


def changed(path: Path, pointer: str, value: Any) -> list[tuple[str, str]]:
    """What is wrong with a valid record after one change; None removes."""
    format_, record = record_of(path)
    record = deepcopy(record)
    *way, name = pointer.split("/")[1:]
    at: Any = record
    for step in way:
        at = at[int(step)] if step.isdigit() else at[step]
    if value is None:
        del at[int(name) if name.isdigit() else name]
    else:
        at[name] = value
    return told(checked(record, format_))


@pytest.mark.parametrize(
    ("pointer", "value", "kind", "at"),
    [
        ("/holder", None, "missing_element", "/holder"),
        (f"{HOUSE}/items", None, "missing_element", f"{HOUSE}/items"),
        (f"{HOUSE}/items/0/description", None, "missing_element", f"{HOUSE}/items/0/description"),
        (f"{HOUSE}/items/0/packages/0/type", None, "missing_element", f"{HOUSE}/items/0/packages/0/type"),
        (f"{HOUSE}/items/0/description", "x" * 600, "too_long", f"{HOUSE}/items/0/description"),
        ("/message/type", "CC999C", "not_in_list", "/message/type"),
        ("/consignment/gross_mass", "-1", "bad_number", "/consignment/gross_mass"),
        ("/consignment/gross_mass", "1.12345678", "bad_number", "/consignment/gross_mass"),
        ("/office_of_departure/reference", "nonsense", "bad_pattern", "/office_of_departure/reference"),
    ],
)
def test_what_the_message_demands_is_told_at_its_pointer(pointer: str, value: Any, kind: str, at: str) -> None:
    assert changed(DEPARTURE, pointer, value) == [(kind, at)]


def test_too_many_entries_are_told() -> None:
    format_, record = record_of(DEPARTURE)
    item = record["consignment"]["houses"][0]["items"][0]
    item["packages"] = [dict(item["packages"][0], sequence_number=at + 1) for at in range(120)]
    assert [kind for kind, _ in told(checked(record, format_))] == ["too_many"]


def test_what_the_message_has_no_place_for_is_told_once_as_a_warning() -> None:
    format_, record = record_of(DEPARTURE)
    for item in record["consignment"]["houses"][0]["items"]:
        item["preference"] = "100"
    [fault] = checked(record, format_).unwritten
    assert (fault.severity, fault.pointer) == ("warning", f"{HOUSE}/items/0/preference")


def test_a_second_house_that_the_message_cannot_hold_is_an_error() -> None:
    format_, record = record_of(next(path for path in READABLE if path.name == "cc515c-export.xml"))
    record["consignment"]["houses"].append({"items": [{"number": 9}]})
    [fault] = checked(record, format_).unwritten
    assert (fault.severity, fault.pointer) == ("error", "/consignment/houses/1")


@pytest.mark.parametrize("text", ["\ud800", "\x00", "\x01"])
def test_what_no_xml_may_hold_is_an_error(text: str) -> None:
    format_, record = record_of(DEPARTURE)
    faults = checked({**record, "lrn": f"A{text}"}, format_).unwritten
    assert [(fault.severity, fault.pointer) for fault in faults] == [("error", "/lrn")]


def test_the_version_that_is_stated_chooses_the_schema() -> None:
    format_, record = record_of(next(path for path in READABLE if path.name == "cc015c-two-houses-p6.xml"))
    assert told(checked(record, format_)) == []
    record["message"]["phase_id"] = "NCTS9"
    assert ("not_in_list", "/message/phase_id") in told(checked(record, format_))


def test_values_that_share_an_element_may_come_in_any_order() -> None:
    format_, record = record_of(next(path for path in READABLE if path.name == "import-h1.xml"))
    backwards = dict(reversed(record.items()))
    assert (told(checked(backwards, format_)), checked(backwards, format_).unwritten) == ([], ())
