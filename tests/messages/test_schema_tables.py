"""The table reader: what it makes of a small set, what it refuses, what the shipped sets hold."""

from __future__ import annotations

from pathlib import Path

import pytest

from casrules.messages.schema_table_files import write_tables
from casrules.messages.schema_tables import (
    ANY,
    Child,
    ElementRow,
    Group,
    SchemaTableError,
    SimpleType,
    load_tables,
    plain_words,
)

SET = """
id: demo
title: Demo
version: "1"
status: reconstructed
order: strict
children: unqualified
namespaces: {demo: "http://example.org/demo"}
schemas:
  demo: {namespace: demo, roots: {CC999C: CC999C}}
"""
ELEMENTS = """structure,element,min,max,type
CC999C,@PhaseID,1,1,xs:token
CC999C,LRN,1,1,an..22
CC999C,(choice,0,2,
CC999C,grossMass,1,1,Mass
CC999C,(sequence,1,1,
CC999C,Packaging,1,9,Packaging
CC999C,),,,
CC999C,),,,
Packaging,numberOfPackages,0,1,xs:integer
Packaging,Packaging,0,*,Packaging
Mass,.,1,1,mass
Mass,@unit,0,1,unit
Nothing,,,,
"""
TYPES = """type,base,maxLength,fractionDigits,minInclusive,pattern,codes
an..22,xs:token,22,,,[A-Z]* || [0-9]* && .+,
mass,xs:decimal,,6,0,,
unit,xs:token,,,,,KGM|list
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write(tmp_path, {"set.yaml": SET, "elements.csv": ELEMENTS, "types.csv": TYPES})
    return tmp_path


def write(folder: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (folder / name).write_text(text, "utf-8")


def sets(repository: Path) -> list[Path]:
    return sorted(path.parent for path in (repository / "schemas" / "tables").glob("*/set.yaml"))


def test_reads_children_groups_attributes_and_formats(folder: Path) -> None:
    tables = load_tables(folder)
    assert tables.roots == {"CC999C": "CC999C"}
    assert tables.reconstructed
    assert tables.structures["CC999C"].content == (
        Child("LRN", 1, 1, "an..22"),
        Group(
            "choice",
            0,
            2,
            (
                Child("grossMass", 1, 1, "Mass"),
                Group("sequence", 1, 1, (Child("Packaging", 1, 9, "Packaging"),)),
            ),
        ),
    )
    assert tables.types["an..22"].patterns == (("[A-Z]*", "[0-9]*"), (".+",))
    assert tables.types["an..22"].max_length == 22
    assert tables.types["unit"].codes == ("KGM", "list")
    assert tables.structures["Nothing"].content == ()


def test_children_count_through_groups(folder: Path) -> None:
    children = load_tables(folder).children("CC999C")
    assert children[1:] == (Child("grossMass", 0, 2, "Mass"), Child("Packaging", 0, 18, "Packaging"))


def test_walks_a_message_and_stops_where_a_structure_holds_itself(folder: Path) -> None:
    rows = list(load_tables(folder).walk("CC999C"))
    assert rows[0] == ElementRow("CC999C", 1, 1, "CC999C", 0)
    assert [row.path for row in rows[1:]] == [
        "CC999C/@PhaseID",
        "CC999C/LRN",
        "CC999C/grossMass",
        "CC999C/grossMass/@unit",
        "CC999C/Packaging",
        "CC999C/Packaging/numberOfPackages",
        "CC999C/Packaging/Packaging",
    ]
    assert rows[-1].max is None
    assert rows[-1].element == "Packaging"


def test_finds_the_format_behind_a_type(folder: Path) -> None:
    tables = load_tables(folder)
    assert tables.simple_type("Mass").base == "xs:decimal"
    assert tables.simple_type("xs:integer") == SimpleType("xs:integer", "xs:integer")
    with pytest.raises(KeyError):
        tables.simple_type("Packaging")
    with pytest.raises(KeyError):
        tables.schema_of("CC000C")


@pytest.mark.parametrize(
    ("row", "complaint"),
    [
        ("Packaging,x,1,1,nowhere", "nowhere"),
        ("Packaging,(choice,1,1,", "open"),
        ("Packaging,),,,", "did not open"),
        ("Packaging,(all,1,1,\nPackaging,),,,", "choice"),
        ("mass,x,1,1,xs:token", "both"),
        ("Packaging,x,1,1,", "no type"),
    ],
)
def test_refuses_tables_that_contradict_themselves(folder: Path, row: str, complaint: str) -> None:
    write(folder, {"elements.csv": f"{ELEMENTS}{row}\n"})
    with pytest.raises(SchemaTableError, match=complaint):
        load_tables(folder)


def test_writing_what_was_read_changes_nothing(repository: Path, folder: Path, tmp_path: Path) -> None:
    for each in (folder, *sets(repository)):
        tables = load_tables(each)
        again = tmp_path / "again" / each.name
        again.mkdir(parents=True)
        write(again, write_tables(tables))
        assert load_tables(again) == tables


def test_every_root_of_the_shipped_sets_can_be_walked(repository: Path) -> None:
    for each in sets(repository):
        tables = load_tables(each)
        assert tables.id == each.name
        for schema in tables.schemas.values():
            for root in schema.roots:
                rows = list(tables.walk(root, schema.name))
                assert len(rows) > 1
                known = [row for row in rows if row.element != ANY]
                assert all(row.type in tables.structures or tables.simple_type(row.type) for row in known)


def test_paths_of_known_elements(repository: Path) -> None:
    tables = load_tables(repository / "schemas" / "tables" / "ncts-p5")
    rows = {row.path: row for row in tables.walk("CC015C")}
    row = rows["CC015C/Consignment/HouseConsignment/ConsignmentItem"]
    assert (row.min, row.max, row.depth) == (1, 999, 3)
    assert "CC015C/@PhaseID" in rows


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("referenceNumberUCR", "reference number UCR"),
        ("MRN", "MRN"),
        ("UNLocode", "UN locode"),
        ("HouseConsignment", "house consignment"),
        ("AESResults", "AES results"),
    ],
)
def test_labels_from_names(name: str, words: str) -> None:
    assert plain_words(name) == words
