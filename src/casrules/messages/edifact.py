"""Reads UN/EDIFACT interchanges: segments with their places, and what is wrong with characters and envelope.

Segments are cut here, so that each keeps its place and a broken one does not hide the others; what is inside one,
pydifact reads (extra `edifact`). Time is linear in the bytes. Nothing raises for what the bytes hold.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from casrules.errors import UsageError
from casrules.limits import DEFAULT_LIMITS, Limits
from casrules.messages.edifact_envelope import check_envelope
from casrules.messages.edifact_segments import Elements, Faults, InterchangeFault, Segment
from casrules.messages.edifact_syntax import edifact_syntax

DEFAULT_CHARACTERS = ":+.? '"
"""Component separator, element separator, decimal mark, release character, reserved, segment terminator."""
_START = re.compile(rb"(?:UNA.{6}|UN[BGH](?=[^A-Za-z0-9\s]))", re.DOTALL)
_BLANK = " \t\r\n"
_TAG = re.compile(r"[A-Z][A-Z0-9]{2}$")
_SHOWN = 40


@dataclass(frozen=True, slots=True)
class Interchange:
    """A file of segments as read; `faults` are at most `Limits.explained_errors`, `fault_count` is exact."""

    segments: tuple[Segment, ...]
    faults: tuple[InterchangeFault, ...]
    fault_count: int
    text: str
    characters: str = DEFAULT_CHARACTERS
    charset: str = ""

    def of(self, tag: str) -> Iterator[Segment]:
        """The segments of a tag, in order."""
        return (segment for segment in self.segments if segment.tag == tag)


def is_interchange(content: bytes) -> bool:
    """Whether bytes begin like an EDIFACT interchange, or like a message of one without its envelope."""
    return _START.match(_without_mark(content[:64]).lstrip()) is not None


def read_interchange(content: bytes, limits: Limits = DEFAULT_LIMITS) -> Interchange:
    """Read an interchange; UsageError where pydifact is not installed."""
    library = _library()
    syntax = edifact_syntax()
    faults = Faults(syntax, limits.explained_errors)
    if len(content) > limits.message_bytes:
        faults.add("too_long", f"the file has more than {limits.message_bytes:,} bytes; the rest is not read")
        content = content[: limits.message_bytes]
    text, charset = _decoded(_without_mark(content), faults)
    characters, begin = _characters(text, faults)
    reading = _Reading(library, characters, limits, faults)
    segments = check_envelope(list(reading.segments(text, begin)), faults)
    return Interchange(segments, tuple(faults.found), faults.count, text, characters, charset)


def _library() -> Any:
    try:
        import pydifact.control
        import pydifact.exceptions
        import pydifact.parser
        import pydifact.tokenizer
    except ImportError:
        raise UsageError(
            "reading EDIFACT needs the package pydifact", remedy="pip install 'casrules[edifact]'"
        ) from None
    return pydifact


def _without_mark(content: bytes) -> bytes:
    return content.removeprefix(b"\xef\xbb\xbf")


def _decoded(content: bytes, faults: Faults) -> tuple[str, str]:
    """The text by the character set that UNB declares, else by UTF-8, else by Latin 1: nothing is lost."""
    declared = re.search(rb"UNB[^A-Za-z0-9]([A-Za-z0-9]{4})", content[:2_000])
    name = declared[1].decode("ascii").upper() if declared else ""
    codec = faults.syntax.charsets.get(name, "" if name else "utf-8")
    if not codec:
        faults.add("charset_unknown", f"the syntax identifier {name!r} names no character set", line=1)
    for tried in dict.fromkeys(filter(None, (codec, "utf-8"))):
        try:
            return content.decode(tried), tried
        except UnicodeDecodeError as error:
            if tried == codec:
                line = content.count(b"\n", 0, error.start) + 1
                at = f"byte {error.start + 1} is no character of the character set it declares ({name or codec})"
                faults.add("characters", at, line=line)
    return content.decode("iso8859-1"), "iso8859-1"


def _characters(text: str, faults: Faults) -> tuple[str, int]:
    """The service characters, and where the first segment begins."""
    start = len(text) - len(text.lstrip(_BLANK))
    if not text.startswith("UNA", start):
        return DEFAULT_CHARACTERS, start
    found = text[start + 3 : start + 9]
    used = [mark for at, mark in enumerate(found) if at not in (2, 4) and not (at == 3 and mark == " ")]
    if len(found) < 6 or len(set(used)) < len(used) or any(mark.isalnum() for mark in used):
        faults.add("service_characters", f"UNA gives service characters that cannot be: {found!r}", line=1)
        return DEFAULT_CHARACTERS, min(start + 9, len(text))
    return found, start + 9


class _Reading:
    """Cuts a text into segments and reads each."""

    def __init__(self, library: Any, characters: str, limits: Limits, faults: Faults) -> None:
        component, element, release, terminator = (characters[at] for at in (0, 1, 3, 5))
        # a blank release character means that there is none
        release = "\x00" if release == " " else release
        self._library = library
        self._characters = library.control.Characters(component, element, ".", release, " ", terminator)
        self._parser = library.parser.Parser()
        end, skip = re.escape(terminator), re.escape(release)
        self._cut = re.compile(f"([^{end}{skip}]*(?:{skip}[\\s\\S][^{end}{skip}]*)*)({end}|{skip}?\\Z)")
        self._terminator, self._limits, self._faults = terminator, limits, faults

    def segments(self, text: str, begin: int) -> Iterator[Segment]:
        line = text.count("\n", 0, begin) + 1
        number = 0
        while begin < len(text):
            found = self._cut.match(text, begin)
            assert found is not None  # the end of the text always ends a segment
            body, begin = found[1], max(found.end(), begin + 1)
            lead = len(body) - len(body.lstrip(_BLANK))
            line += body.count("\n", 0, lead)
            body, lines = body[lead:], body.count("\n", lead)
            if body or found[2] == self._terminator:
                number += 1
                if number > self._limits.message_elements:
                    self._faults.add("too_long", f"more than {number - 1:,} segments; the rest is not read", line=line)
                    return
                yield self._segment(body, number, line, ended=found[2] == self._terminator)
            line += lines

    def _segment(self, body: str, number: int, line: int, *, ended: bool) -> Segment:
        raw = self._elements(body[: self._limits.text_characters])
        tag = raw[0][0] if raw and raw[0] else ""
        segment = Segment(tag, raw[1:], number, line)
        if not ended:
            text = f"the file ends within segment {number}: {_shown(body)}"
            self._faults.add("unterminated", text, segment)
        elif not _TAG.match(tag):
            self._faults.add("tag", f"segment {number} begins with no segment tag: {_shown(body)}", segment)
        if len(body) > self._limits.text_characters:
            self._faults.add("too_long", f"segment {number} has {len(body):,} characters", segment)
        return segment

    def _elements(self, body: str) -> Elements:
        library = self._library
        tokens = library.tokenizer.Tokenizer().get_tokens(body + self._terminator, self._characters)
        try:
            raw: list[Any] = next(self._parser.convert_tokens_to_raw_segments(tokens), [])
        except library.exceptions.EDISyntaxError:
            # a line break after a release character: the text without it is all there is
            return tuple((part,) for part in body.split(self._characters.data_separator))
        return tuple((one,) if isinstance(one, str) else tuple(one) for one in raw)


def _shown(body: str) -> str:
    return repr(body[:_SHOWN]) + ("…" if len(body) > _SHOWN else "")
