"""Turns changes of an XML tree into changes of its bytes: what was not touched stays as it was."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from xml.sax.saxutils import escape

from casrules.messages.binder.runtime import XmlElement
from casrules.messages.xml_spans import Span, element_spans

_BLANK = b" \t\r\n"


@dataclass
class Splicer:
    """Collects what was changed in `root`, which was parsed from `source` (UTF-8), and writes the new source.

    The tree itself must be changed too, through the methods here: they keep account of each change.
    """

    source: bytes
    root: XmlElement
    _spans: dict[XmlElement, Span] = field(init=False, repr=False)
    _parents: dict[XmlElement, XmlElement] = field(init=False, repr=False)
    _texts: dict[XmlElement, None] = field(default_factory=dict)
    _tags: dict[XmlElement, dict[str, str | None]] = field(default_factory=dict)
    _added: dict[XmlElement, None] = field(default_factory=dict)
    _removed: dict[XmlElement, None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        elements = list(self.root.iter("*"))
        spans = element_spans(self.source)
        if len(elements) != len(spans):
            raise ValueError("the source and its tree have different elements")
        self._spans = dict(zip(elements, spans, strict=True))
        self._parents = {element: element.getparent() for element in elements}

    def set_text(self, element: XmlElement, text: str) -> None:
        """Replace the text of a leaf."""
        for child in list(element):
            element.remove(child)
        element.text = text
        self._texts[element] = None

    def set_attribute(self, element: XmlElement, name: str, value: str | None) -> None:
        """Write or remove an attribute."""
        if value is None:
            element.attrib.pop(name, None)
        else:
            element.set(name, value)
        self._tags.setdefault(element, {})[name] = value

    def insert(self, parent: XmlElement, after: XmlElement | None, element: XmlElement) -> None:
        """Add a new element right after a child of `parent`, or as its first child."""
        parent.insert(0 if after is None else parent.index(after) + 1, element)
        self._added[element] = None

    def remove(self, element: XmlElement) -> None:
        """Remove an element with all that is in it."""
        parent = element.getparent()
        if parent is not None:
            parent.remove(element)
            self._removed[element] = None

    def result(self) -> bytes:
        """The source with all changes."""
        changes = sorted(self._changes(), key=lambda change: change[:2])
        out: list[bytes] = []
        at = 0
        for start, end, text in changes:
            out += [self.source[at:start], text]
            at = max(at, end)
        return b"".join([*out, self.source[at:]])

    def _changes(self) -> Iterator[tuple[int, int, bytes]]:
        """(start, end, new bytes), none overlapping another."""
        for element in self._removed:
            span = self._spans.get(element)
            if span is not None and self._is_there(self._parents[element]):
                yield self._margin_start(span.start), span.end, b""
        for element in self._tags:
            if self._is_there(element) and not self._refilled(element):
                span = self._spans[element]
                yield span.start, span.content, _start_tag(self._tag_bytes(span), self._tags.get(element, {}))
        for element in self._texts:
            if self._is_there(element) and not self._refilled(element):
                span = self._spans[element]
                yield span.content, span.close, _escaped(element.text)
        for parent in dict.fromkeys(added.getparent() for added in self._added):
            if parent is not None and self._is_there(parent) and not self._refilled(parent):
                yield from self._insertions(parent)
        for element in {**self._texts, **dict.fromkeys(added.getparent() for added in self._added)}:
            if element is not None and self._is_there(element) and self._refilled(element):
                yield self._refill(element)

    def _is_there(self, element: XmlElement) -> bool:
        """Whether an element of the source is still in the tree."""
        if element not in self._spans:
            return False
        at = element
        while at.getparent() is not None:
            at = at.getparent()
        return at is self.root

    def _refilled(self, element: XmlElement) -> bool:
        """Whether an element written `<a/>` now has content, so that its tag must be rewritten."""
        return self._spans[element].is_empty_tag and bool(len(element) or element.text)

    def _refill(self, element: XmlElement) -> tuple[int, int, bytes]:
        span = self._spans[element]
        tag = _start_tag(self._tag_bytes(span), self._tags.get(element, {}))
        opened = re.sub(rb"\s*/>$", b">", tag)
        name = re.match(rb"<([^\s/>]+)", tag)
        inside = _escaped(element.text) if not len(element) else self._inside(element)
        return span.start, span.end, opened + inside + b"</" + (name[1] if name else b"") + b">"

    def _inside(self, element: XmlElement) -> bytes:
        margin = self._margin(element)
        step = self._step(element)
        parts = [_written(child, margin + step if margin else b"", step) for child in element]
        return b"".join([*parts, margin])

    def _insertions(self, parent: XmlElement) -> Iterator[tuple[int, int, bytes]]:
        span = self._spans[parent]
        had_children = any(child in self._spans for child in parent)
        margin = self._child_margin(parent)
        place = span.content
        written: dict[int, bytes] = {}
        for child in parent:
            if child in self._spans:
                place = self._spans[child].end
            elif child in self._added:
                written[place] = written.get(place, b"") + _written(child, margin, self._step(parent))
        for place, text in written.items():
            # The parent's end tag goes on a line of its own where the source had none of its children.
            closing = self._margin(parent) if not had_children and not self._blank_before(span.close) else b""
            yield place, place, text + closing

    def _child_margin(self, parent: XmlElement) -> bytes:
        """The blanks before each child of `parent`: as the others have them, else one step deeper."""
        for child in parent:
            if child in self._spans:
                return self._margin(child)
        margin = self._margin(parent)
        return margin + self._step(parent) if margin else b""

    def _margin(self, element: XmlElement) -> bytes:
        """The line break and indentation before an element of the source; empty where it has none."""
        start = self._spans[element].start
        return _last_line(self.source[self._margin_start(start) : start])

    def _step(self, element: XmlElement) -> bytes:
        """By how much the source indents `element` more than its parent."""
        parent = self._parents[element]
        inner = self._margin(element) if parent is not None else self._first_child_margin(element)
        outer = self._margin(parent) if parent is not None else b"\n"
        return inner[len(outer) :] if len(inner) > len(outer) and inner.startswith(outer) else b"  "

    def _first_child_margin(self, element: XmlElement) -> bytes:
        return next((self._margin(child) for child in element if child in self._spans), b"")

    def _margin_start(self, start: int) -> int:
        while start and self.source[start - 1] in _BLANK:
            start -= 1
        return start

    def _blank_before(self, at: int) -> bool:
        return self._margin_start(at) < at

    def _tag_bytes(self, span: Span) -> bytes:
        return self.source[span.start : span.content]


def _last_line(blanks: bytes) -> bytes:
    at = blanks.rfind(b"\n")
    return b"" if at < 0 else blanks[at - 1 if at and blanks[at - 1 : at] == b"\r" else at :]


def _start_tag(tag: bytes, changes: Mapping[str, str | None]) -> bytes:
    """The start tag with some attributes written anew or left out; everything else as it was."""
    for name, value in changes.items():
        local = _local(name).encode()
        pattern = re.compile(rb"\s+((?:[\w.-]+:)?" + re.escape(local) + rb"\s*=\s*)(?:\"[^\"]*\"|'[^']*')")
        found = pattern.search(tag)
        written = b"" if value is None else f'"{_attribute(value)}"'.encode()
        if found is not None:
            kept = tag[found.start() : found.end(1)] + written if value is not None else b""
            tag = tag[: found.start()] + kept + tag[found.end() :]
        elif value is not None:
            end = len(tag) - (2 if tag.endswith(b"/>") else 1)
            tag = tag[:end].rstrip() + b" " + local + b"=" + written + tag[end:]
    return tag


def _written(element: XmlElement, margin: bytes, step: bytes) -> bytes:
    """A new element with all that is in it, indented by `margin`."""
    name, declared = _name(element)
    attributes = "".join(f' {_local(key)}="{_attribute(value)}"' for key, value in element.attrib.items())
    head = f"<{name}{declared}{attributes}".encode()
    if len(element):
        inside = b"".join(_written(child, margin + step if margin else b"", step) for child in element) + margin
    else:
        inside = _escaped(element.text)
    return margin + head + (b">" + inside + f"</{name}>".encode() if inside else b"/>")


def _name(element: XmlElement) -> tuple[str, str]:
    """The name with the prefix that is in scope, and a declaration where none is."""
    uri, _, local = element.tag.rpartition("}")
    scope = element.getparent().nsmap
    if not uri:
        return local, ' xmlns=""' if scope.get(None) and element.getparent().tag.startswith("{") else ""
    prefixes = [prefix for prefix, known in scope.items() if known == uri[1:]]
    if None in prefixes:
        return local, ""
    if prefixes:
        return f"{prefixes[0]}:{local}", ""
    return local, f' xmlns="{_attribute(uri[1:])}"'


def _local(name: str) -> str:
    return name.rpartition("}")[2]


def _escaped(text: str | None) -> bytes:
    return escape(text or "").replace("\r", "&#13;").encode()


def _attribute(text: str) -> str:
    return escape(text, {'"': "&quot;", "\n": "&#10;", "\t": "&#9;", "\r": "&#13;"})
