"""Bytes become a tree or a finding, whatever they hold."""

from __future__ import annotations

import gzip
import random
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from casrules.errors import UsageError
from casrules.limits import Limits
from casrules.messages.binder.runtime import whole_text
from casrules.messages.faults import FaultTexts, load_texts, quoted, shipped_texts
from casrules.messages.locating import Places
from casrules.messages.reading import read

LATIN = '<?xml version="1.0" encoding="ISO-8859-1"?>\n<a>é</a>'
WIDE = '<?xml version="1.0" encoding="UTF-16"?>\n<a>é</a>'

# name: (bytes, kind, line, part of the sentence); all without a tree
UNREADABLE = {
    "empty": (b"", "empty_message", None, "empty"),
    "blank": (b" \r\n\t", "empty_message", None, "empty"),
    "gzip": (gzip.compress(b"<a/>"), "not_xml", 1, "gzip"),
    "pdf": (b"%PDF-1.7 ...", "not_xml", 1, "PDF"),
    "zip": (b"PK\x03\x04....", "not_xml", 1, "ZIP"),
    "json": (b' {"a": 1}', "not_xml", 1, "JSON"),
    "edifact": (b"UNA:+.? 'UNB+UNOC:3", "not_xml", 1, "EDIFACT"),
    "edifact without una": (b"UNB+UNOC:3+A", "not_xml", 1, "EDIFACT"),
    "html": (b"<!DOCTYPE html><html></html>", "not_xml", 1, "HTML"),
    "text": (b"Dear customs,", "not_xml", 1, "text"),
    "binary": (b"\x00\x01\x02", "not_xml", 1, "binary"),
    "nul": (b"<a>\n\x00</a>", "nul_bytes", 2, "NUL"),
    "latin-1 as utf-8": ("<a>\n\né</a>".encode("latin-1"), "bad_encoding", 3, "byte E9"),
    "not ascii": ('<?xml version="1.0" encoding="US-ASCII"?>\n<a>é</a>'.encode(), "bad_encoding", 2, "ASCII"),
    "utf-7": (b'<?xml version="1.0" encoding="UTF-7"?><a/>', "unknown_encoding", 1, "UTF-7"),
    "half a utf-16 character": ("<a/>".encode("utf-16")[:-1], "bad_encoding", 1, "UTF-16"),
    "doctype": (b"<!-- x -->\n<?p?><!DOCTYPE a><a/>", "document_type", 1, "DOCTYPE"),
    "doctype in utf-16": ("<!DOCTYPE a><a/>".encode("utf-16"), "document_type", 1, "DOCTYPE"),
    "cut off": (b"<a>\n<b>x</b>\n<c>", "truncated", 3, "<c>"),
    "cut off in a tag": (b'<a>\n<b at="', "truncated", 2, "<a>"),
    "cut off in a comment": (b"<a>\n<!-- ", "truncated", 2, "<a>"),
    "wrong end tag": (b"<a>\n<b></c></a>", "not_well_formed", 2, "<b> of line 2 is closed by </c>"),
    "bare ampersand": (b"<a>R & D</a>", "not_well_formed", 1, "&amp;"),
    "entity": (b"<a>&nbsp;</a>", "not_well_formed", 1, "&nbsp;"),
    "control character": (b"<a>\x01</a>", "bad_character", 1, "character 1"),
    "character reference": (b"<a>&#2;</a>", "bad_character", 1, "character 2"),
    "hyphens": (b"<a><!-- a -- b --></a>", "not_well_formed", 1, "two hyphens"),
    "attribute twice": (b'<a x="1" x="2"/>', "not_well_formed", 1, "attribute x is given twice"),
    "prefix": (b"<p:a/>", "not_well_formed", 1, "xmlns:p"),
    "late declaration": (b' <?xml version="1.0"?><a/>', "not_well_formed", 1, "very first"),
}


@pytest.mark.parametrize("name", UNREADABLE)
def test_what_cannot_be_read_is_named(name: str) -> None:
    source, kind, line, words = UNREADABLE[name]
    intake = read(source)
    assert intake.tree is None
    (fault,) = intake.faults
    assert (fault.kind, fault.line) == (kind, line)
    assert words in fault.text
    assert fault.code in {"18", "52", "53"}
    assert intake.is_refused


@pytest.mark.parametrize(
    ("source", "encoding", "kinds"),
    [
        (b"<a>\xc3\xa9</a>", "utf-8", []),
        (b"\xef\xbb\xbf<a>\xc3\xa9</a>", "utf-8", []),
        (LATIN.encode("latin-1"), "iso8859-1", []),
        (WIDE.encode("utf-16"), "utf-16", []),
        ("<a>é</a>".encode("utf-16"), "utf-16", []),
        ("<a>é</a>".encode("utf-16-le"), "utf-16", ["encoding_mismatch"]),
        (WIDE.replace("-16", "-8").encode("utf-16"), "utf-16", ["encoding_mismatch"]),
        (WIDE.encode(), "utf-8", ["encoding_mismatch"]),
        (b"<a>\xc3\xa9</a>\nlog text", "utf-8", ["trailing_text"]),
        (b"<a>\xc3\xa9</a>\n<?xml version='1.0'?><b/>", "utf-8", ["trailing_text"]),
    ],
)
def test_what_can_be_read_is_read_whatever_its_encoding(source: bytes, encoding: str, kinds: list[str]) -> None:
    intake = read(source)
    assert intake.tree is not None
    assert intake.tree.getroot().text == "é"
    assert intake.encoding == encoding
    assert [fault.kind for fault in intake.faults] == kinds
    assert intake.is_refused == bool(kinds)


@pytest.mark.parametrize(
    ("source", "kind", "cap", "most"),
    [
        (b"<a></a>", "too_big", "message_bytes", 7),
        (b"<a><b/><b/></a>", "too_many_elements", "message_elements", 3),
        (b"<a><b><c/></b></a>", "too_deep", "message_depth", 3),
        (b"<a>" * 20 + b"</a>" * 20, "too_deep", "message_depth", 20),
        (b"<a>" * 16 + b"</a>" * 16, "too_deep", "message_depth", 16),
        (b'<a x="1" y="2" z="3"/>', "too_many_attributes", "attributes_per_element", 3),
        (b"<a><b>1234</b></a>", "text_too_long", "text_characters", 4),
        (b"<a><b x='1234'/></a>", "text_too_long", "text_characters", 4),
        (b"<a><b><![CDATA[<<<<]]></b></a>", "text_too_long", "text_characters", 4),
        ("<a><b>éééé</b></a>".encode(), "text_too_long", "text_characters", 4),
    ],
)
def test_each_cap_holds_exactly(source: bytes, kind: str, cap: str, most: int) -> None:
    assert [fault.kind for fault in read(source, replace(Limits(), **{cap: most - 1})).faults] == [kind]
    assert read(source, replace(Limits(), **{cap: most})).faults == ()


@pytest.mark.parametrize(
    ("source", "text"),
    [
        (b"<a>  <b>  </b>  </a>", "  "),
        (b"<a> <b> x </b>\n</a>", " x "),
        (b"<a> <b>  <![CDATA[x]]>  </b> </a>", "  x  "),
        (b"<a> <b>  <!-- x -->  </b> </a>", "    "),
        (b"<?xml version='1.0'?><a> <b> <?x?> </b> </a>", "  "),
        (b"<a> <b> &amp; </b> </a>", " & "),
        (b"<a> <b>&#32;</b> </a>", " "),
    ],
)
def test_blanks_within_a_value_stay(source: bytes, text: str) -> None:
    tree = read(source).tree
    assert tree is not None
    assert whole_text(tree.getroot()[0]) == text


def test_indentation_is_left_out_only_where_no_value_can_change() -> None:
    indented, beside = (read(source).tree for source in (b"<a>\n  <b/>\n</a>", b"<a>\n  <b/><!-- x -->\n</a>"))
    assert indented is not None and indented.getroot().text is None
    assert beside is not None and beside.getroot().text == "\n  "


def test_only_bytes_are_read() -> None:
    with pytest.raises(UsageError, match="bytes"):
        read("<a/>")  # type: ignore[arg-type]


def test_a_replaced_default_parser_is_never_used(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("secret", encoding="utf-8")
    source = f'<!DOCTYPE a [<!ENTITY x SYSTEM "{secret.as_uri()}">]><a>&x;</a>'.encode()
    etree.set_default_parser(etree.XMLParser(resolve_entities=True, load_dtd=True, no_network=False))
    try:
        assert [fault.kind for fault in read(source).faults] == ["document_type"]
        assert read(b"<a>&amp;</a>").tree is not None
    finally:
        etree.set_default_parser(None)


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=200) | st.text(max_size=100).map(lambda text: f"<a>{text}</a>".encode("utf-8", "replace")))
def test_no_bytes_raise(source: bytes) -> None:
    intake = read(source)
    assert intake.tree is not None or intake.is_refused


def test_damaged_messages_never_raise(repository: Path) -> None:
    source = (repository / "examples/ncts/cc015c-departure.xml").read_bytes()
    chance = random.Random(7)
    for _ in range(400):
        damaged = bytearray(source)
        for _ in range(chance.randint(1, 4)):
            at = chance.randrange(len(damaged))
            damaged[at : at + chance.choice((0, 1, 5, 400))] = bytes(chance.choices(range(256), k=chance.randint(0, 3)))
        intake = read(bytes(damaged))
        assert intake.tree is not None or intake.is_refused
        assert all(fault.text for fault in intake.faults)


@pytest.mark.parametrize("separator", ["\n", "\r\n", "\n\n", "\n<!-- <x> -->\n"])
def test_lines_are_right_beyond_what_libxml2_keeps(separator: str) -> None:
    items = separator.join(f'<i n="{n}"><a/><b>\n{n}\n</b></i>' for n in range(30_000))
    source = f"<r>\n<q/><w>{items}<![CDATA[<z>\n]]></w></r>".encode()
    intake = read(source)
    places = intake.places()
    lines = source.split(b"\n")
    assert len(lines) > 70_000
    for number in (0, 100, 20_000, 29_999):
        found = places.find(f"/r/w/i[{number + 1}]")
        assert found is not None
        line = places.line(found)
        assert line is not None and f'<i n="{number}">'.encode() in lines[line - 1]
        assert places.line(found[1]) == line
        assert places.xpath(found[1]) == f"/r/w/i[{number + 1}]/b"


def test_an_xpath_uses_the_prefixes_it_is_given() -> None:
    intake = read(b'<m:a xmlns:m="urn:1"><b xmlns="urn:2"/><c/><c/></m:a>')
    places = intake.places({"one": "urn:1"})
    root = intake.tree.getroot()  # type: ignore[union-attr]
    assert [places.xpath(child) for child in root] == ["/one:a/n1:b", "/one:a/c[1]", "/one:a/c[2]"]
    assert places.namespaces == {"one": "urn:1", "n1": "urn:2"}
    assert all(places.find(places.xpath(child)) is child for child in root)
    assert isinstance(places, Places)


def test_every_fault_kind_has_a_code_of_the_list(corpus: Path) -> None:
    codes = (corpus / "eu/codelists/CL030_XmlErrorCodes_from_tcl_xsd.csv").read_text("utf-8").split("\n")[1:]
    known = {line.partition(",")[0] for line in codes}
    texts = shipped_texts()
    assert {entry["code"] for entry in texts.kinds.values()} | set(texts.facets.values()) <= known


def test_a_sentence_can_be_rendered_without_the_value() -> None:
    texts: FaultTexts = shipped_texts()
    fault = texts.fault("bad_number", value="secret", form="a number")
    assert "secret" in fault.text
    hidden = dict(fault.arguments) | {"value": "[hidden]"}
    assert "secret" not in texts.render(fault.kind, hidden, fault.context)


def test_values_cannot_break_a_sentence() -> None:
    assert quoted("a\x1b[31m\n") == r"'a\x1b[31m\n'"
    assert len(quoted("x" * 1000)) == 62 + len(" (1,000 characters)")
    assert load_texts.__doc__
