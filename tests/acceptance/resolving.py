"""Resolves a finding's place in the source the way a user would: XPath, prefixes, and a recount of lines."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from xml.parsers import expat

from lxml import etree

from casrules.findings import Location

NAME_CHARACTERS = re.compile(rb"<[^>\"']*(?:\"[^\"]*\"[^>\"']*|'[^']*'[^>\"']*)*>")


@dataclass(frozen=True)
class Source:
    """One well-formed document: its tree, and the lines of every start tag by another parser."""

    tree: etree._ElementTree
    prefixes: Mapping[str, str]
    lines: Mapping[etree._Element, tuple[int, int]]

    @classmethod
    def read(cls, content: bytes, prefixes: Mapping[str, str]) -> Source | None:
        """None where the document is not well-formed."""
        try:
            tree = etree.fromstring(content, etree.XMLParser(resolve_entities=False)).getroottree()
        except (etree.XMLSyntaxError, ValueError):
            return None
        lines = dict(zip(tree.iter(etree.Element), _start_lines(content), strict=True))
        return cls(tree, prefixes, lines)

    def problem(self, place: Location) -> str:
        """What is wrong with a place; empty if it is exact."""
        found = self.tree.xpath(place.xpath, namespaces=dict(self.prefixes)) if place.xpath else []
        if not isinstance(found, list) or len(found) != 1:
            return f"{place.xpath!r} leads to {len(found)} nodes"
        [node] = found
        element = node if isinstance(node, etree._Element) else node.getparent()
        first, last = self.lines[element]
        if place.line is None or not first <= place.line <= last:
            return f"{place.xpath}: line {place.line}, but the start tag is on {first}-{last}"
        if place.missing:
            return "" if place.declared is None else f"{place.xpath}: missing, but declared {place.declared!r}"
        if place.declared is not None and place.declared not in texts(node):
            return f"{place.xpath}: declared {place.declared!r}, but there is {texts(node)!r}"
        return ""


def texts(node: etree._Element | str) -> list[str]:
    """The text of an attribute or a leaf; of an element with children, each of its own pieces of text."""
    if not isinstance(node, etree._Element):
        return [str(node)]
    if any(isinstance(child.tag, str) for child in node):
        return [str(piece).strip() for piece in node.xpath("text()")]
    return ["".join(str(piece) for piece in node.xpath("text()"))]


def _start_lines(content: bytes) -> Iterator[tuple[int, int]]:
    """First and last line of each start tag, in document order, as expat counts them."""
    found: list[tuple[int, int]] = []
    parser = expat.ParserCreate()

    def start(_name: str, _attributes: dict[str, str]) -> None:
        tag = NAME_CHARACTERS.match(content, parser.CurrentByteIndex)
        extra = tag[0].count(b"\n") if tag else 0
        found.append((parser.CurrentLineNumber, parser.CurrentLineNumber + extra))

    parser.StartElementHandler = start
    parser.Parse(content, True)
    return iter(found)
