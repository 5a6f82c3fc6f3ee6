"""The export family: every leaf bound once, rightly typed, with the numbers of data set B1."""

from __future__ import annotations

import csv

import pytest

from casrules.messages.schema_tables import load_tables

from . import mapping_checks as checks
from .mapping_walk import SCHEMAS

AES = checks.Bindings("aes")
ERRORS = "FunctionalError/"  # read into findings by the reader of answers, not into the record
# The data elements of column B1 (export and re-export) of the data requirements; groups by their 000 number.
B1 = """
11 01 001 000|11 02 001 000|11 03 001 000|11 04 001 000|11 07 001 000|11 09 000 000|11 10 001 000
12 01 001 000|12 01 002 000|12 01 003 000|12 01 004 000|12 01 005 000|12 01 006 000|12 01 007 000
12 02 008 000|12 02 009 000|12 03 001 000|12 03 002 000|12 03 005 000|12 03 006 000|12 03 010 000
12 03 011 000|12 03 012 000|12 03 013 000|12 03 014 000|12 04 001 000|12 04 002 000|12 05 001 000
12 05 002 000|12 08 001 000|12 09 001 000|12 10 001 000|12 11 002 000|12 11 015 000|12 12 001 000
12 12 002 000|12 12 080 000|13 01 016 000|13 01 017 000|13 01 018 019|13 01 018 020|13 01 018 021
13 01 018 022|13 02 016 000|13 02 017 000|13 03 016 000|13 03 017 000|13 05 016 000|13 05 017 000
13 05 074 016|13 05 074 075|13 05 074 076|13 06 017 000|13 06 030 000|13 06 074 016|13 12 017 000
13 14 017 000|13 14 031 000|14 01 009 000|14 01 020 000|14 01 035 000|14 01 036 000|14 01 037 000
14 02 001 000|14 03 038 000|14 03 039 000|14 03 040 005|14 03 040 006|14 03 040 014|14 03 040 041
14 03 040 043|14 03 042 000|14 05 001 000|14 06 001 000|14 09 001 000|14 16 001 000|14 17 001 000
15 08 001 000|16 03 001 000|16 07 001 000|16 08 001 000|16 10 001 000|16 12 020 000|16 15 018 019
16 15 018 020|16 15 018 021|16 15 018 022|16 15 036 000|16 15 045 000|16 15 046 000|16 15 047 000
16 15 048 049|16 15 048 050|16 15 051 000|16 15 052 000|16 15 053 000|16 15 074 016|16 15 081 020
16 15 081 021|17 01 001 000|17 02 001 000|17 09 001 000|17 10 001 000|18 01 001 000|18 02 001 000
18 03 001 000|18 04 001 000|18 05 001 000|18 06 003 000|18 06 004 000|18 06 054 000|18 07 055 000
18 08 001 000|18 09 000 000|18 09 059 000|19 01 001 000|19 03 001 000|19 04 001 000|19 05 017 000
19 05 061 000|19 05 062 000|19 07 044 000|19 07 063 000|19 08 017 000|19 08 061 000|19 08 062 000
19 10 015 000|19 10 068 000|99 05 001 000|99 06 001 000
"""


@pytest.mark.parametrize("message", AES.messages)
def test_every_leaf_is_bound_exactly_once(message: str) -> None:
    found = AES.bound(message)
    assert checks.values(found)
    unbound = checks.unbound_leaves(AES.of_set(message), AES.structure(message), found)
    assert {path for path in unbound if not path.startswith(ERRORS)} == set()
    assert checks.leaves_bound_twice(found) == []


@pytest.mark.parametrize("message", AES.messages)
def test_nothing_in_a_record_comes_from_two_places(message: str) -> None:
    assert checks.elements_from_two_places(AES.bound(message)) == []


@pytest.mark.parametrize("message", AES.messages)
def test_formats_fit_the_dictionary(message: str) -> None:
    found = AES.bound(message)
    assert checks.misread_formats(AES.of_set(message), found) == []
    assert checks.repeated_single_entities(found) == []


def test_every_path_leads_somewhere() -> None:
    found = [bound for message in AES.messages for bound in AES.bound(message)]
    assert checks.unreached(AES.of_set("CC515C").rows, found) == []


def test_the_library_uses_every_row() -> None:
    assert AES.mapping.unused_rows(map(AES.read, AES.messages)) == []


def test_what_a_message_can_carry() -> None:
    assert AES.read("CC515C").carries("items.duties.bases.rate")
    assert not AES.read("CC515C").carries("mrn")
    assert AES.read("CC513C").carries("mrn")
    assert AES.read("CC514C").carries("invalidation.justification")
    assert not AES.read("CC514C").carries("consignment.gross_mass")
    assert AES.read("CC507C").carries("message.sender")
    assert not AES.read("CC507C-submission").carries("message.sender")


def test_all_data_elements_of_an_export_have_their_number() -> None:
    wanted = {number for line in B1.split("\n") for number in line.split("|") if number}
    assert sorted(wanted - AES.numbers("CC515C")) == []


def test_sets_and_roots_are_those_of_the_tables() -> None:
    for message in AES.messages:
        tables = AES.of_set(message).tables
        for root in AES.entry(message)["roots"]:
            uri, _, name = root.removeprefix("{").partition("}")
            assert tables.namespaces[tables.schema_of(name).namespace] == uri
    for schema_set in AES.manifest["sets"]:
        tables = load_tables(SCHEMAS / "tables" / schema_set["id"])
        assert tables.version == str(schema_set["version"])
        assert tables.reconstructed == (schema_set["schema_status"] == "reconstructed")


def test_every_row_of_the_tables_says_how_it_is_known() -> None:
    with (SCHEMAS / "tables" / "aes" / "elements.csv").open(encoding="utf-8", newline="") as stream:
        status = [row["status"] for row in csv.DictReader(stream)]
    assert set(status) == {"seen", "recalled"}
    assert status.count("recalled") < len(status) / 10
