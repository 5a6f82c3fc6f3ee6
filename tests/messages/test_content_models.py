"""Children against content models: a brute-force check says when something is wrong, single changes say what."""

from __future__ import annotations

import itertools

import pytest
import xmlschema
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from casrules.messages.content_models import ContentModel

MODELS = {
    "sequence": '<xs:element name="a"/><xs:element name="b" minOccurs="0"/><xs:element name="c" maxOccurs="2"/>',
    "optional group": '<xs:element name="a"/><xs:sequence minOccurs="0"><xs:element name="b"/><xs:element name="c"/>'
    "</xs:sequence>",
    "choice": '<xs:element name="a"/><xs:choice><xs:element name="b"/><xs:element name="c" maxOccurs="2"/></xs:choice>',
    "any order": '<xs:choice minOccurs="0" maxOccurs="unbounded"><xs:element name="a"/><xs:element name="b"/>'
    '<xs:element name="c"/></xs:choice>',
    "at least two": '<xs:element name="a" minOccurs="2" maxOccurs="unbounded"/><xs:element name="b" minOccurs="0"/>',
}
HEAD = '<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"><xs:element name="r"><xs:complexType><xs:sequence>'
TAIL = "</xs:sequence></xs:complexType></xs:element></xs:schema>"


def model_of(name: str) -> tuple[ContentModel, etree.XMLSchema]:
    text = HEAD + MODELS[name] + TAIL
    model = ContentModel.of(xmlschema.XMLSchema10(text).maps.elements["r"].type.content)
    assert model is not None
    return model, etree.XMLSchema(etree.fromstring(text))


@pytest.mark.parametrize("name", MODELS)
def test_faults_are_found_exactly_where_libxml2_finds_one(name: str) -> None:
    model, verdict = model_of(name)
    for size in range(6):
        for names in itertools.product("abcx", repeat=size):
            root = etree.Element("r")
            for tag in names:
                etree.SubElement(root, tag)
            assert bool(model.faults(names, 100)) == (not verdict.validate(root)), names


@pytest.mark.parametrize(
    ("name", "children", "expected"),
    [
        ("sequence", "c", [("missing_element", "a", None)]),
        ("sequence", "abcx", [("unexpected_element", "x", 3)]),
        ("sequence", "acb", [("wrong_order", "c", 1)]),
        ("sequence", "aac", [("too_many", "a", 1)]),
        ("sequence", "abccc", [("too_many", "c", 4)]),
        ("choice", "abc", [("not_together", "c", 2)]),
        ("choice", "a", [("missing_choice", "b", None)]),
        ("optional group", "ab", [("missing_element", "c", None)]),
        ("at least two", "a", [("missing_element", "a", None)]),
        ("sequence", "xaaby", [("unexpected_element", "x", 0), ("unexpected_element", "y", 4), ("too_many", "a", 2),
                               ("missing_element", "c", None)]),
    ],
)  # fmt: skip
def test_each_fault_is_named_once(name: str, children: str, expected: list[tuple[str, str, int | None]]) -> None:
    model, _ = model_of(name)
    assert [(one.kind, one.names[0], one.position) for one in model.faults(list(children), 100)] == expected


def test_a_misspelt_child_is_not_missing_too() -> None:
    text = HEAD + '<xs:element name="grossMass"/><xs:element name="netMass"/>' + TAIL
    model = ContentModel.of(xmlschema.XMLSchema10(text).maps.elements["r"].type.content)
    assert model is not None
    (fault,) = model.faults(["grosMass", "netMass"], 100)
    assert (fault.kind, fault.names) == ("unexpected_element", ("grosMass", "grossMass"))


def test_a_name_at_two_places_is_left_to_libxml2() -> None:
    text = HEAD + '<xs:element name="a"/><xs:element name="b"/><xs:element name="a"/>' + TAIL
    assert ContentModel.of(xmlschema.XMLSchema10(text).maps.elements["r"].type.content) is None


@settings(max_examples=60, deadline=None)
@given(st.permutations("abcdefgh"))
def test_as_few_children_as_possible_are_called_misplaced(names: list[str]) -> None:
    text = HEAD + "".join(f'<xs:element name="{name}"/>' for name in "abcdefgh") + TAIL
    model = ContentModel.of(xmlschema.XMLSchema10(text).maps.elements["r"].type.content)
    assert model is not None
    longest = max(
        size for size in range(9) for chosen in itertools.combinations(names, size) if list(chosen) == sorted(chosen)
    )
    misplaced = model.faults(names, 100)
    assert {fault.kind for fault in misplaced} <= {"wrong_order"}
    assert len(misplaced) == len(names) - longest
