from __future__ import annotations

from typing import Any

import pytest
from lxml import etree

from casrules.declaration import walk
from casrules.messages.binding import binder_for
from casrules.messages.origins import Origins

from .sample import IN_HOUSE, full, message, path, root_of, sample


def origins(source: bytes) -> Origins:
    return Origins(root_of(source), sample(), source)


DECLARATION = "/env:Envelope/dec:Declaration"
FOUND: list[tuple[str, str, str | None]] = [
    ("lrn", DECLARATION + "/dec:LRN", " LRN-1 "),
    ("message.phase_id", "/env:Envelope/@version", "1.2"),
    ("message.type", "/env:Envelope/env:TypeName", "SMP"),
    ("declaration_type", DECLARATION + "/dec:TypeCode", "IMZ"),
    ("presentation_datetime", DECLARATION + "/dec:PresentationDate", "250202"),
    (IN_HOUSE + "items:0.description", DECLARATION + "/dec:Item[1]/dec:Goods/dec:Description", "first goods"),
    (IN_HOUSE + "items:0.invoice_currency", DECLARATION + "/dec:Item[1]/dec:Amount/@currencyID", "EUR"),
    (IN_HOUSE + "items:0.supporting_documents:2.reference", DECLARATION + "/dec:Item[1]/dec:Attachment/dec:ID", "A-1"),
    (IN_HOUSE + "items:0.supporting_documents:1.kind", DECLARATION + "/dec:Item[1]/dec:AdditionalDocument[3]", None),
    (IN_HOUSE + "items:1", DECLARATION + "/dec:Item[2]", None),
    ("representative.communication_language", DECLARATION + "/dec:Agent", None),
]  # fmt: skip
MISSING: list[tuple[str, str, str]] = [
    ("ucr", DECLARATION, "UCR"),
    ("representative.address.city", DECLARATION, "Agent/City"),
    (IN_HOUSE + "items:0.gross_mass", DECLARATION + "/dec:Item/dec:Goods", "Mass/Gross"),
    (IN_HOUSE + "items:0.description", DECLARATION + "/dec:Item/dec:Goods", "Description"),
    (IN_HOUSE + "items:0.invoice_currency", DECLARATION + "/dec:Item", "Amount/@currencyID"),
    (IN_HOUSE + "items:0.additional_references:0.type", DECLARATION + "/dec:Item",
     "AdditionalDocument[CategoryCode='Y']/TypeCode"),
    (IN_HOUSE + "items:1.number", DECLARATION, "Item/Number"),
    (IN_HOUSE + "items:0.preference", DECLARATION + "/dec:Item", "preference"),
    ("message.phase_id", "/env:Envelope", "@version"),
]  # fmt: skip


@pytest.mark.parametrize(("at", "xpath", "text"), FOUND)
def test_the_place_of_a_value(at: str, xpath: str, text: str | None) -> None:
    found = origins(full()).locate(path(at))
    assert (found.xpath, found.text, found.missing) == (xpath, text, None)


def test_a_value_in_several_elements_is_at_each_of_them_with_its_own_text() -> None:
    [other] = origins(full()).locate(path("presentation_datetime")).others
    assert (other.xpath, other.text, other.others) == (DECLARATION + "/dec:PresentationTime", "0815", ())


@pytest.mark.parametrize(("at", "xpath", "missing"), MISSING)
def test_the_nearest_place_of_what_is_missing(at: str, xpath: str, missing: str) -> None:
    source = message("<Item><Goods><Description> </Description></Goods></Item>")
    found = origins(source).locate(path(at))
    assert (found.xpath, found.text, found.missing) == (xpath, None, missing)


def test_without_a_declaration_the_place_is_the_root() -> None:
    found = origins(b'<e:Envelope xmlns:e="urn:sample:envelope"/>').locate(path("lrn"))
    assert (found.xpath, found.missing) == ("/env:Envelope", "Declaration")


def test_every_value_is_at_its_xpath_and_line() -> None:
    source = full()
    root = root_of(source)
    located = Origins(root, sample(), source)
    lines = source.decode().splitlines()
    for at, value in walk(binder_for(sample()).bind(root).record):
        found = located.locate(at)
        nodes: Any = root.xpath(found.xpath, namespaces=dict(located.namespaces))
        assert len(nodes) == 1, (at, value)
        element = nodes[0].getparent() if isinstance(nodes[0], str) else nodes[0]
        assert found.line is not None
        assert f"{etree.QName(element).localname}" in lines[found.line - 1]


def test_lines_are_exact_beyond_the_limit_of_the_parser() -> None:
    source = message("\n" * 70_000 + "<Item>\n<Goods><Mass>\n\n<Gross/></Mass></Goods>\n</Item><Item/>")
    located = origins(source)
    assert located.locate(path(IN_HOUSE + "items:0.gross_mass")).line == 70_002
    assert located.locate(path(IN_HOUSE + "items:0")).line == 70_001
    assert located.locate(path(IN_HOUSE + "items:1")).line == 70_005


def test_namespaces_that_nobody_declared_get_a_prefix() -> None:
    source = full().replace(b"urn:sample:declaration", b"urn:other")
    root = root_of(source)
    located = Origins(root, sample(), source, any_namespace=True)
    found = located.locate(path("lrn"))
    nodes: Any = root.xpath(found.xpath, namespaces=dict(located.namespaces))
    assert nodes[0].text == " LRN-1 "
