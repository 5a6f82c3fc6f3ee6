"""The transit family's mapping, held against the schema tables and the dictionary."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from typing import Any

import pytest
import yaml

from casrules.dictionary import SCALAR_TYPES, shipped_dictionary

from .ncts_bindings import FAMILY, UNBOUND, Bound, bindings, leaves, mapping, messages, tables

SENT_BY_THE_TRADER = ("CC007C", "CC013C", "CC014C", "CC015C", "CC044C", "CC141C", "CC170C")
READ_AS = {
    "decimal": {"xs:decimal", "xs:integer"},
    "integer": {"xs:integer"},
    "date": {"xs:date"},
    "datetime": {"xs:dateTime"},
    "code": {"xs:token", "xs:normalizedString", "xs:string"},
    "text": {"xs:token", "xs:normalizedString", "xs:string"},
    "flag": {"xs:token"},
}
ALL = messages()
NAMES = [f"{name}-{message}" for name, message in ALL]


def _values(name: str, message: str) -> list[Bound]:
    return [bound for bound in bindings(name, message) if bound.base]


def _manifest() -> Any:
    return yaml.safe_load((FAMILY / "family.yaml").read_text("utf-8"))


@pytest.mark.parametrize(("name", "message"), ALL, ids=NAMES)
def test_every_leaf_is_bound_once_and_only_error_groups_are_left_out(name: str, message: str) -> None:
    bound = Counter(found.path for found in _values(name, message))
    twice = [path for path, count in bound.items() if count > 1]
    missing = {path for path in leaves(name, message) - set(bound) if path.split("/")[1] not in UNBOUND}
    assert (twice, missing) == ([], set())


@pytest.mark.parametrize("message", SENT_BY_THE_TRADER)
def test_nothing_a_trader_sends_is_left_out(message: str) -> None:
    for name in ("ncts-p5", "ncts-p6"):
        if message in tables(name).roots:
            assert leaves(name, message) == {found.path for found in _values(name, message)}


def test_what_is_left_out_is_there_to_be_left_out() -> None:
    groups = {path.split("/")[1] for name, message in ALL for path in leaves(name, message)}
    assert set(UNBOUND) <= groups


@pytest.mark.parametrize(("name", "message"), ALL, ids=NAMES)
def test_nothing_in_a_record_comes_from_two_places(name: str, message: str) -> None:
    places: dict[tuple[str, str], set[int]] = defaultdict(set)
    for found in bindings(name, message):
        owner = found.path
        for written in found.row.paths:
            owner = owner.removesuffix(written[1:])
        places[(owner, found.row.element)].add(found.row.line)
    assert {key: lines for key, lines in places.items() if len(lines) > 1} == {}


def test_every_row_reaches_something_in_some_message() -> None:
    reached = {found.row.line for name, message in ALL for found in bindings(name, message)}
    assert [row for row in mapping() if row.line not in reached] == []


def test_every_path_of_a_joined_row_is_reached() -> None:
    reached = {(b.row.line, b.path.rpartition("/")[2]) for name, message in ALL for b in bindings(name, message)}
    joined = [
        (row.line, written.rpartition("/")[2]) for row in mapping() for written in row.paths if len(row.paths) > 1
    ]
    assert joined
    assert set(joined) <= reached


@pytest.mark.parametrize(("name", "message"), ALL, ids=NAMES)
def test_formats_fit_the_types_of_the_dictionary(name: str, message: str) -> None:
    words = shipped_dictionary()
    wrong = []
    for found in _values(name, message):
        element = words.element(found.entity, found.row.element)
        if found.base not in READ_AS[element.type]:
            wrong.append((found.path, found.base, element.type))
        if (element.type == "flag") != (set(found.codes) == {"0", "1"}):
            wrong.append((found.path, str(found.codes), element.type))
    assert wrong == []


@pytest.mark.parametrize(("name", "message"), ALL, ids=NAMES)
def test_what_repeats_in_the_message_is_a_list_in_the_dictionary(name: str, message: str) -> None:
    words = shipped_dictionary()
    most = {row.path: row.max for row in tables(name).walk(message)}
    repeats = {}
    for found in bindings(name, message):
        element = words.element(found.entity, found.row.element)
        if not element.is_scalar and most[found.path] != 1:
            repeats[found.path] = element.many
    assert all(repeats.values()), [path for path, many in repeats.items() if not many]


def test_rows_are_written_the_way_the_format_says() -> None:
    contexts = {"declaration"} | {row.target or _type(row.context, row.element) for row in mapping()}
    for row in mapping():
        assert row.context in contexts, row
        assert all(re.fullmatch(r"\.|\./@?\w+(/\w+)*", written) for written in row.paths), row
        assert row.convert == ("join(6,2)" if len(row.paths) > 1 else ""), row


def test_additions_to_the_dictionary_are_all_used() -> None:
    words = shipped_dictionary()
    bound = {(row.context, row.element) for row in mapping()}
    added = (FAMILY.parents[1] / "dictionary" / "elements-ncts.csv").read_text("utf-8").splitlines()[1:]
    names = {tuple(line.split(",")[:2]) for line in added}
    assert names - bound == set()
    assert all(words.element(*name).label for name in names)


def test_the_manifest_names_every_message_of_the_tables_once() -> None:
    manifest = _manifest()
    listed = [entry["id"] for entry in manifest["messages"]]
    assert sorted(listed) == sorted({message for _, message in ALL})
    assert [entry["id"] for entry in manifest["sets"]] == ["ncts-p5", "ncts-p6"]
    uri = tables("ncts-p5").namespaces["ncts"]
    assert all(entry["roots"] == [f"{{{uri}}}{entry['id']}"] for entry in manifest["messages"])


def test_roles_follow_who_sends() -> None:
    roles = {entry["id"]: entry["role"] for entry in _manifest()["messages"]}
    assert {message for message, role in roles.items() if role != "answer"} == set(SENT_BY_THE_TRADER)
    assert (roles["CC015C"], roles["CC013C"], roles["CC014C"]) == ("declaration", "amendment", "invalidation")


def test_reference_dates_are_dates_the_message_carries() -> None:
    words = shipped_dictionary()
    manifest = _manifest()
    for entry in manifest["messages"]:
        dates = entry.get("reference_date", manifest["reference_date"])
        ends = [words.resolve("declaration", path.removeprefix("declaration.").split("."))[-1] for path in dates]
        assert {end.type for end in ends} <= {"date", "datetime"}
        name = "ncts-p5"
        carried = {(found.entity, found.row.element) for found in _values(name, entry["id"])}
        assert any((end.entity, end.name) in carried for end in ends), entry["id"]


def test_declared_versions_are_codes_of_the_sets() -> None:
    for entry in _manifest()["sets"]:
        allowed = {code.strip() for code in tables(entry["id"]).types["PhaseID"].codes}
        assert set(entry["declared"]) <= allowed


def _type(entity: str, name: str) -> str:
    found = shipped_dictionary().find(entity, name)
    return "" if found is None or found.type in SCALAR_TYPES else found.type
