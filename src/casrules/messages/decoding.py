"""The encoding of a message: what it says, what it is, and its bytes as UTF-8 for the parser.

The parser never chooses an encoding: an exotic one could hide markup from the checks that run before it.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass

from casrules.messages.faults import FaultTexts, Spot, TechnicalFault

_DECLARED = re.compile(rb"""<\?xml\s[^>]{0,200}?encoding\s*=\s*["']([A-Za-z][A-Za-z0-9._-]{0,40})["']""")
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_SHAPES = (
    (re.compile(rb"(?:[\t\n\r ]\x00)*<\x00[^\x00]\x00", re.DOTALL), "utf-16-le"),
    (re.compile(rb"(?:\x00[\t\n\r ])*\x00<\x00[^\x00]", re.DOTALL), "utf-16-be"),
)
_ALLOWED = re.compile(r"utf-8|utf-16|ascii|iso8859-\d+|cp125\d")


@dataclass(frozen=True, slots=True)
class Decoded:
    """The message as UTF-8 without byte order mark (None if it cannot be had), and the encoding it was in."""

    text: bytes | None
    encoding: str
    faults: tuple[TechnicalFault, ...] = ()


def decode(source: bytes, texts: FaultTexts) -> Decoded:
    """The message as UTF-8, with what is wrong about its encoding."""
    mark, actual = _actual(source)
    body = source[len(mark) :] if mark else source
    declared = _declared(body, actual)
    if actual in (None, "utf-8"):
        return _decode_declared(body, declared, texts, has_mark=bool(mark))
    text, faults = _converted(body, actual or "", texts)
    family = (actual or "").removesuffix("-le").removesuffix("-be")
    if text is not None and _canonical(declared or "utf-8") != family and not (mark and declared is None):
        told = declared or "UTF-8"
        faults = (
            *faults,
            texts.fault("encoding_mismatch", Spot(line=1), actual=family.upper(), encoding=told),
        )
    return Decoded(text, family, faults)


def _decode_declared(body: bytes, declared: str | None, texts: FaultTexts, *, has_mark: bool) -> Decoded:
    encoding = _canonical(declared or "utf-8")
    if encoding is None or not _ALLOWED.fullmatch(encoding):
        return Decoded(None, "", (texts.fault("unknown_encoding", Spot(line=1), encoding=declared),))
    if encoding == "utf-8":
        return Decoded(body, encoding)
    if has_mark or encoding == "utf-16":
        fault = texts.fault("encoding_mismatch", Spot(line=1), actual="UTF-8", encoding=declared)
        return Decoded(body, "utf-8", (fault,))
    text, faults = _converted(body, encoding, texts)
    return Decoded(text, encoding, faults)


def _actual(source: bytes) -> tuple[bytes, str | None]:
    """The byte order mark and the encoding the first bytes prove."""
    for mark, encoding in _BOMS:
        if source.startswith(mark):
            return mark, encoding
    head = source[:200]
    return b"", next((encoding for shape, encoding in _SHAPES if shape.match(head)), None)


def _declared(body: bytes, actual: str | None) -> str | None:
    head = body[:1200]
    if actual and actual != "utf-8":
        head = head.decode(actual, "replace").encode("utf-8")
    found = _DECLARED.match(head)
    return found[1].decode("ascii") if found else None


def _canonical(encoding: str) -> str | None:
    try:
        return codecs.lookup(encoding).name
    except LookupError:
        return None


def _converted(body: bytes, encoding: str, texts: FaultTexts) -> tuple[bytes | None, tuple[TechnicalFault, ...]]:
    try:
        return b"".join(_pieces(body, encoding)), ()
    except UnicodeError:
        return None, (misfit(body, encoding, texts),)


def _pieces(body: bytes, encoding: str) -> Iterator[bytes]:
    """UTF-8 in pieces, so that the text as a whole never stands in memory in a wide form."""
    decoder = codecs.getincrementaldecoder(encoding)()
    step = 1 << 20
    for start in range(0, len(body), step):
        yield decoder.decode(body[start : start + step], start + step >= len(body)).encode("utf-8")


def misfit(body: bytes, encoding: str, texts: FaultTexts) -> TechnicalFault:
    """The fault for the first byte of `body` that is not `encoding`, with its line."""
    try:
        body.decode(encoding)
    except UnicodeDecodeError as error:
        before = body[: error.start].decode(encoding, "replace")
        shown = "".join(f"{byte:02X}" for byte in body[error.start : error.start + 1])
        spot = Spot(line=before.count("\n") + 1)
        return texts.fault("bad_encoding", spot, encoding=_shown(encoding), byte=shown)
    except UnicodeError:
        pass
    return texts.fault("bad_encoding", Spot(line=1), encoding=_shown(encoding), byte="?")


def _shown(encoding: str) -> str:
    return encoding.removesuffix("-le").removesuffix("-be").upper().replace("ISO8859", "ISO-8859")
