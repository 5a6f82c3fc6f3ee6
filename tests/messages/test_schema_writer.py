"""The schema writer: what it writes for small sets, and that the shipped XSDs are current and load."""

from __future__ import annotations

from pathlib import Path

import pytest
import xmlschema
from lxml import etree

from casrules.messages.schema_tables import (
    Attribute,
    Child,
    Group,
    SchemaFile,
    SchemaTableError,
    SchemaTables,
    SimpleType,
    Structure,
    load_tables,
)
from casrules.messages.schema_writer import schema_text, schema_texts, write_schemas

REPOSITORY = Path(__file__).resolve().parents[2]
SHIPPED = sorted((REPOSITORY / "schemas" / "xsd").rglob("*.xsd"))
CHOICE = Group("choice", 1, 2, (Child("seal", 1, 1, "an..20"), Child("numberOfSeals", 1, 1, "xs:integer")))
STRUCTURES = {
    "CC999C": Structure(
        "CC999C",
        (Child("LRN", 1, 1, "an..20"), CHOICE, Child("Item", 0, None, "Item")),
        (Attribute("PhaseID", True, "phase"),),
    ),
    "Item": Structure("Item", (Child("grossMass", 1, 1, "Mass"),)),
    "Mass": Structure("Mass", attributes=(Attribute("unit", False, "xs:token"),), text="mass"),
}
TYPES = {
    "an..20": SimpleType("an..20", "xs:token", {"maxLength": "20"}, (("[A-Z]+", "[0-9]+"), (".{2,}",))),
    "mass": SimpleType("mass", "xs:decimal", {"fractionDigits": "6", "minInclusive": "0"}),
    "phase": SimpleType("phase", "xs:token", codes=("NCTS5.0", "NCTS5.1")),
}
VALID = (
    '<d:CC999C xmlns:d="http://example.org/demo" PhaseID="NCTS5.1"><LRN>AB</LRN><seal>12</seal>'
    '<Item><grossMass unit="kg">0.5</grossMass></Item></d:CC999C>'
)


def demo(order: str = "strict", children_form: str = "unqualified", more: tuple[Structure, ...] = ()) -> SchemaTables:
    return SchemaTables(
        id="demo",
        title="Demo",
        version="1",
        status="reconstructed",
        order=order,
        children_form=children_form,
        namespaces={"demo": "http://example.org/demo", "other": "urn:other"},
        schemas={
            "demo": SchemaFile(
                "demo",
                "demo",
                {"CC999C": "CC999C", "CC998C": "Item"} | {each.name: each.name for each in more},
            )
        },
        structures=STRUCTURES | {each.name: each for each in more},
        types=TYPES,
    )


def accepts(tables: SchemaTables, message: str) -> bool:
    return bool(etree.XMLSchema(etree.fromstring(schema_text(tables, "demo"))).validate(etree.fromstring(message)))


@pytest.mark.parametrize(
    ("old", "new", "strict", "any_order"),
    [
        ("", "", True, True),
        ("<LRN>AB</LRN>", "", False, True),
        ("<LRN>AB</LRN><seal>12</seal>", "<seal>12</seal><LRN>AB</LRN>", False, True),
        ("<seal>12</seal>", "<numberOfSeals>1</numberOfSeals><seal>12</seal>", True, True),
        ("<seal>12</seal>", "<seal>12</seal>" * 3, False, True),
        ("<seal>12</seal>", "", False, True),
        ("<LRN>AB", "<LRN>ab", False, False),
        ("<LRN>AB", "<LRN>A", False, False),
        ("<LRN>AB", "<LRN>" + "A" * 21, False, False),
        ("<LRN>AB</LRN>", "<LRN>AB</LRN><other/>", False, False),
        ("NCTS5.1", "NCTS6", False, False),
        (' PhaseID="NCTS5.1"', "", False, False),
        ("0.5", "-0.5", False, False),
        ("0.5", "0.1234567", False, False),
        ('unit="kg"', 'unknown="kg"', False, False),
        ("<LRN>AB</LRN>", '<d:LRN>AB</d:LRN>', False, False),
    ],
)  # fmt: skip
def test_small_set(old: str, new: str, strict: bool, any_order: bool) -> None:
    message = VALID.replace(old, new, 1) if old else VALID
    assert accepts(demo(), message) is strict
    assert accepts(demo(order="any"), message) is any_order


def test_qualified_children() -> None:
    message = VALID.replace("<d:CC999C xmlns:d=", "<CC999C xmlns=").replace("</d:", "</")
    assert accepts(demo(children_form="qualified"), message)
    assert not accepts(demo(), message)


def test_limits_a_schema_to_some_roots() -> None:
    text = schema_text(demo(), "demo", roots=["CC998C"]).decode()
    assert "CC999C" not in text
    assert "grossMass" in text
    assert "PhaseID" not in text


def test_refuses_a_structure_of_a_namespace_that_is_not_imported() -> None:
    tables = demo(more=(Structure("other:X"), Structure("CC997C", (Child("x", 1, 1, "other:X"),))))
    with pytest.raises(SchemaTableError, match="import"):
        schema_text(tables, "demo", roots=["CC997C"])


def test_any_element_is_not_looked_into() -> None:
    tables = demo(more=(Structure("Open", (Child("*", 0, None, ""),)),))
    assert accepts(tables, '<d:Open xmlns:d="http://example.org/demo"><whatever a="1"/></d:Open>')


def test_shipped_schemas_are_current(repository: Path, tmp_path: Path) -> None:
    folder = repository / "schemas"
    expected = {
        f"{each.name}/{name}": text
        for each in sorted(path.parent for path in (folder / "tables").glob("*/set.yaml"))
        for name, text in schema_texts(load_tables(each)).items()
    }
    shipped = {str(path.relative_to(folder / "xsd")): path.read_bytes() for path in SHIPPED}
    assert shipped == expected, "run python -m casrules.messages.schema_writer"


def test_writing_removes_what_no_table_asks_for(repository: Path, tmp_path: Path) -> None:
    stale = tmp_path / "ens" / "old.xsd"
    stale.parent.mkdir()
    stale.write_text("")
    written = write_schemas(repository / "schemas" / "tables", tmp_path)
    assert not stale.exists()
    assert len(written) == len(SHIPPED)


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_shipped_schema_loads(path: Path) -> None:
    etree.XMLSchema(etree.parse(path))
    xmlschema.XMLSchema(path)
