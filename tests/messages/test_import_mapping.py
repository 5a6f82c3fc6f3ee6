"""The import family: every leaf bound once, rightly typed, with the numbers of data set H1."""

from __future__ import annotations

import csv

import pytest

from casrules.messages.schema_tables import load_tables

from . import mapping_checks as checks
from .mapping_walk import SCHEMAS

IMPORT = checks.Bindings("import")
# The data elements of column H1 (free circulation and end-use) of the data requirements, as far as the
# message of centralised clearance has them.
H1 = """
11 01 001 000|11 02 001 000|11 03 001 000|11 09 000 000|11 10 001 000|12 01 001 000|12 01 002 000
12 01 003 000|12 01 004 000|12 01 005 000|12 01 006 000|12 01 007 000|12 02 008 000|12 02 009 000
12 03 001 000|12 03 002 000|12 03 005 000|12 03 006 000|12 03 010 000|12 03 011 000|12 03 012 000
12 03 013 000|12 03 014 000|12 04 001 000|12 04 002 000|12 05 001 000|12 05 002 000|12 08 001 000
12 09 001 000|12 10 001 000|12 11 002 000|12 11 015 000|12 12 001 000|12 12 002 000|12 12 080 000
13 01 016 000|13 01 017 000|13 01 018 019|13 04 016 000|13 04 017 000|13 04 018 022|13 05 017 000
13 06 017 000|13 06 030 000|13 08 016 000|13 08 017 000|13 09 016 000|13 09 017 000|13 14 017 000
13 14 031 000|13 16 031 000|13 16 034 000|13 20 017 000|13 21 017 000|14 01 020 000|14 01 035 000
14 01 036 000|14 01 037 000|14 03 038 000|14 03 039 000|14 03 040 005|14 03 040 006|14 03 040 014
14 03 040 041|14 03 040 043|14 03 042 000|14 04 008 000|14 04 014 000|14 05 001 000|14 06 001 000
14 07 001 000|14 08 001 000|14 09 001 000|14 10 001 000|14 11 001 000|14 16 001 000|14 17 001 000
15 09 001 000|16 03 001 000|16 04 001 000|16 06 001 000|16 08 001 000|16 09 001 000|16 15 036 000
16 15 045 000|16 15 046 000|16 15 047 000|16 15 051 000|16 15 052 000|16 15 053 000|17 09 001 000
17 10 001 000|18 01 001 000|18 02 001 000|18 03 001 000|18 04 001 000|18 05 001 000|18 06 003 000
18 06 004 000|18 06 054 000|18 08 001 000|18 09 000 000|18 09 059 000|19 01 001 000|19 03 001 000
19 04 001 000|19 06 017 000|19 06 061 000|19 07 044 000|19 07 063 000|19 08 062 000|99 01 001 000
99 02 001 000|99 03 012 000|99 03 069 000|99 03 070 000|99 03 071 000|99 03 072 000|99 03 073 000
99 05 001 000|99 06 001 000
"""


@pytest.mark.parametrize("message", IMPORT.messages)
def test_every_leaf_is_bound_exactly_once(message: str) -> None:
    found = IMPORT.bound(message)
    assert checks.values(found)
    assert checks.unbound_leaves(IMPORT.of_set(message), IMPORT.structure(message), found) == set()
    assert checks.leaves_bound_twice(found) == []


@pytest.mark.parametrize("message", IMPORT.messages)
def test_nothing_in_a_record_comes_from_two_places(message: str) -> None:
    assert checks.elements_from_two_places(IMPORT.bound(message)) == []


@pytest.mark.parametrize("message", IMPORT.messages)
def test_formats_fit_the_dictionary(message: str) -> None:
    found = IMPORT.bound(message)
    assert checks.misread_formats(IMPORT.of_set(message), found) == []
    assert checks.repeated_single_entities(found) == []


def test_every_path_leads_somewhere() -> None:
    found = [bound for message in IMPORT.messages for bound in IMPORT.bound(message)]
    assert checks.unreached(IMPORT.of_set("CC415B").rows, found) == []


def test_the_library_uses_every_row() -> None:
    assert IMPORT.mapping.unused_rows(map(IMPORT.read, IMPORT.messages)) == []


def test_what_a_message_can_carry() -> None:
    assert IMPORT.read("CC415B").carries("currency_exchange.rate")
    assert IMPORT.read("CC415B").carries("items.additions_deductions.amount")
    assert not IMPORT.read("CC415B").carries("mrn")
    assert IMPORT.read("CC413B").carries("mrn")


def test_all_data_elements_of_an_import_have_their_number() -> None:
    wanted = {number for line in H1.split("\n") for number in line.split("|") if number}
    assert sorted(wanted - IMPORT.numbers("CC415B")) == []


def test_sets_and_roots_are_those_of_the_tables() -> None:
    tables = load_tables(SCHEMAS / "tables" / "import")
    assert tables.reconstructed
    assert [entry["schema_status"] for entry in IMPORT.manifest["sets"]] == ["reconstructed"]
    for message in IMPORT.messages:
        for root in IMPORT.entry(message)["roots"]:
            uri, _, name = root.removeprefix("{").partition("}")
            assert tables.namespaces[tables.schema_of(name).namespace] == uri


def test_every_row_of_the_tables_says_how_it_is_known() -> None:
    with (SCHEMAS / "tables" / "import" / "elements.csv").open(encoding="utf-8", newline="") as stream:
        status = [row["status"] for row in csv.DictReader(stream)]
    assert set(status) == {"seen", "recalled"}
    assert status.count("recalled") < len(status) / 10
