"""Says cheaply what bytes are that are not an XML message, and looks at XML without a parser."""

from __future__ import annotations

import re
from dataclasses import dataclass

from casrules.messages.locating import TAG

_MAGIC = (
    (b"\x1f\x8b", "a gzip file"),
    (b"PK\x03\x04", "a ZIP file"),
    (b"PK\x05\x06", "an empty ZIP file"),
    (b"BZh", "a bzip2 file"),
    (b"\xfd7zXZ\x00", "an xz file"),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip file"),
    (b"%PDF", "a PDF file"),
    (b"\xd0\xcf\x11\xe0", "an old Office file"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"UNA", "an EDIFACT interchange"),
    (b"UNB+", "an EDIFACT interchange"),
    (b"MIME-Version:", "an e-mail"),
    (b"HTTP/1.", "an HTTP answer"),
    (b"{", "JSON"),
    (b"[", "JSON"),
)
_HTML = re.compile(rb"(?:<!--.*?-->|<\?[^>]*>|\s)*<(?:!doctype\s+html|html)[\s>]", re.IGNORECASE | re.DOTALL)
_BLANK = b" \t\r\n"
_HEAD = 65_536


def what_is(content: bytes) -> str | None:
    """What `content` is if it is not XML ("a PDF file", "JSON", …), else None."""
    start = content[:_HEAD].lstrip(_BLANK)
    for magic, what in _MAGIC:
        if start.startswith(magic):
            return what
    if start.startswith(b"<"):
        return "an HTML page" if _HTML.match(start) else None
    return "text" if _is_text(start) else "binary data"


def _is_text(start: bytes) -> bool:
    return not any(byte < 9 or 13 < byte < 32 for byte in start[:512])


def has_document_type(text: bytes) -> bool:
    """True if a DOCTYPE stands before the root element, after any comments and instructions."""
    position = 0
    while True:
        while position < len(text) and text[position] in _BLANK:
            position += 1
        if text.startswith(b"<!--", position):
            end = text.find(b"-->", position)
        elif text.startswith(b"<?", position):
            end = text.find(b"?>", position)
        else:
            return text[position : position + 9].upper() == b"<!DOCTYPE"
        if end < 0:
            return False
        position = text.index(b">", end) + 1


def has_long_run(text: bytes, limit: int) -> bool:
    """True if more than `limit` bytes follow each other without `<`: a text or an attribute too long."""
    position = 0
    while len(text) - position > limit:
        found = text.rfind(b"<", position, position + limit + 1)
        if found < 0:
            return True
        position = found + 1
    return False


@dataclass(frozen=True, slots=True)
class Outline:
    """The tags of a broken message: names open at its end, or the offset where its root element ended."""

    still_open: tuple[str, ...]
    root_end: int | None


def outline(text: bytes) -> Outline:
    """Follow the tags of `text`, tolerant of everything between them."""
    still_open: list[bytes] = []
    for match in TAG.finditer(text):
        tag = match[0]
        if match["start"] is not None and not tag.endswith(b"/>"):
            still_open.append(_name(tag[1:]))
        elif tag.startswith(b"</") and still_open:
            still_open.pop()
        elif match["start"] is None:
            continue
        if not still_open:
            return Outline((), match.end())
    return Outline(tuple(name.decode("utf-8", "replace") for name in still_open), None)


def _name(tag: bytes) -> bytes:
    return re.split(rb"[\s/>]", tag, maxsplit=1)[0]
