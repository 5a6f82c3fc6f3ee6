"""Where each element of an XML source begins and ends, byte by byte."""

from __future__ import annotations

import re
from typing import NamedTuple
from xml.parsers import expat

_START_TAG = re.compile(rb"""<(?:[^>"']|"[^"]*"|'[^']*')*>""")


class Span(NamedTuple):
    """Offsets of one element: its start tag, its content, its end tag, its end.

    For an empty-element tag (`<a/>`) the content begins and ends at the element's end.
    """

    start: int
    content: int
    close: int
    end: int

    @property
    def is_empty_tag(self) -> bool:
        """Whether the element is written `<a/>`."""
        return self.content == self.end


def element_spans(source: bytes) -> list[Span]:
    """The spans of all elements of a well-formed UTF-8 document, in document order.

    Raises ValueError for a document type declaration and for a source that is not well formed.
    """
    starts: list[int] = []
    closes: dict[int, int] = {}
    opened: list[int] = []
    parser = expat.ParserCreate("utf-8")

    def start(name: str, attributes: object) -> None:
        opened.append(len(starts))
        starts.append(parser.CurrentByteIndex)

    def end(name: str) -> None:
        closes[opened.pop()] = parser.CurrentByteIndex

    def refuse(*_: object) -> None:
        raise ValueError("a document type declaration is not allowed")

    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.StartDoctypeDeclHandler = refuse
    try:
        parser.Parse(source, True)
    except expat.ExpatError as error:
        raise ValueError(f"the source is not well formed: {error}") from error
    return [_span(source, at, closes[number]) for number, at in enumerate(starts)]


def _span(source: bytes, at: int, close: int) -> Span:
    match = _START_TAG.match(source, at)
    content = match.end() if match else at
    if source[content - 2 : content] == b"/>":
        return Span(at, content, content, content)
    return Span(at, content, close, source.index(b">", close) + 1)
