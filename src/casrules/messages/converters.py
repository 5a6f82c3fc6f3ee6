"""The closed list of two-way converters between XML text and a value of the record.

A converter reads the stripped texts of its paths (None where absent or blank) and writes a value back into
them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Protocol

from casrules.declaration.values import READERS, Read, Value, read_value, write_value
from casrules.dictionary.values import Invalid
from casrules.messages.time_formats import TimeFormat, time_format

Texts = tuple[str | None, ...]

_CALL = re.compile(r"([a-z]+)(?:\((.*)\))?")
_KNOWN = "join(6,2), part(0,2), datetime(…), date(…), const(…), upper"


class Converter(Protocol):
    """Reads the texts of `paths` XML values as one value of the record, and writes it back."""

    @property
    def paths(self) -> int:
        """How many paths the row must have."""

    def read(self, texts: Texts) -> Read | None:
        """The value; None where all texts are missing."""

    def write(self, value: Read, current: Texts) -> Texts:
        """The texts to write, given those that are there; ValueError where the value does not fit."""

    def without(self, current: Texts) -> str:
        """The text of one path that stays when the value is removed, for an element that holds others as well."""


@dataclass(frozen=True, slots=True)
class Plain:
    """By the dictionary type alone; `upper` reads and writes capitals."""

    type: str
    upper: bool = False
    paths: int = 1

    def read(self, texts: Texts) -> Read | None:
        """Read the text as the type."""
        text = texts[0]
        return None if text is None else READERS[self.type](text.upper() if self.upper else text)

    def write(self, value: Read, current: Texts) -> Texts:
        """Write the plain form; a flag keeps the style (`true` or `1`) of what is there."""
        if isinstance(value, bool) and current[0] in ("true", "false"):
            return ("true" if value else "false",)
        text = write_value(value)
        return (text.upper() if self.upper else text,)

    def without(self, current: Texts) -> str:
        """Nothing stays of a text that is one value."""
        return ""


@dataclass(frozen=True, slots=True)
class Join:
    """Pieces of fixed lengths, each in an element of its own; the last takes the rest."""

    type: str
    lengths: tuple[int, ...]

    @property
    def paths(self) -> int:
        """One path a piece."""
        return len(self.lengths)

    def read(self, texts: Texts) -> Read | None:
        """The pieces in one; `Invalid` where a gap or a wrong length would move the pieces that follow."""
        pieces = [text for text in texts if text is not None]
        if not pieces:
            return None
        last = len(pieces) - 1
        whole = texts[last] is not None and all(
            len(piece) == length or (at == last and (len(piece) < length or at == len(self.lengths) - 1))
            for at, (piece, length) in enumerate(zip(pieces, self.lengths, strict=False))
        )
        if not whole or None in texts[:last]:
            written = " + ".join(text or "" for text in texts).strip()
            return Invalid(written, f"pieces of {', '.join(map(str, self.lengths))} characters")
        return READERS[self.type]("".join(pieces))

    def write(self, value: Read, current: Texts) -> Texts:
        """The value cut into its pieces; pieces without characters are removed."""
        text, cut = write_value(value), []
        for at, length in enumerate(self.lengths):
            end = None if at == len(self.lengths) - 1 else length
            cut.append(text[:end] or None)
            text = text[length:]
        return tuple(cut)

    def without(self, current: Texts) -> str:
        """Nothing stays of a text that is one value."""
        return ""


@dataclass(frozen=True, slots=True)
class Part:
    """Characters `start` up to `end` of a value that other rows share."""

    type: str
    start: int
    end: int | None
    paths: int = 1

    def read(self, texts: Texts) -> Read | None:
        """The slice; None where it is empty."""
        return read_value(self.type, texts[0][self.start : self.end]) if texts[0] else None

    def write(self, value: Read, current: Texts) -> Texts:
        """The whole text with its slice replaced."""
        was, text = current[0] or "", write_value(value)
        if len(was) < self.start:
            raise ValueError(f"the value has no characters before position {self.start}")
        if self.end is not None and (len(text) > self.end - self.start or len(text) < self.end - self.start < len(was)):
            raise ValueError(f"{text!r} must have {self.end - self.start} characters")
        return (was[: self.start] + text + (was[self.end :] if self.end is not None else ""),)

    def without(self, current: Texts) -> str:
        """The text before the slice; ValueError where text behind it would move."""
        text = current[0] or ""
        if self.end is not None and len(text) > self.end:
            raise ValueError(f"{text[self.end :]!r} follows it in the same element")
        return text[: self.start]


@dataclass(frozen=True, slots=True)
class Moment:
    """A date, or a date and time, in forms of its own; with two paths the pieces follow one another."""

    type: str
    forms: tuple[TimeFormat, ...]
    joined: TimeFormat

    @property
    def paths(self) -> int:
        """One path a form."""
        return len(self.forms)

    def read(self, texts: Texts) -> Read | None:
        """The ISO form; `Invalid` where a piece is missing."""
        given = [text for text in texts if text is not None]
        if not given:
            return None
        found = self.joined.read("".join(given), self.type == "datetime")
        if isinstance(found, Invalid) or len(given) < len(texts):
            return Invalid(" + ".join(given), getattr(found, "expected", f"all of {self.joined.text}"))
        return found

    def write(self, value: Read, current: Texts) -> Texts:
        """Each piece in its own form; a value that could not be read goes back into the first."""
        if isinstance(value, Invalid):
            return (value.raw, *(None,) * (len(self.forms) - 1))
        return tuple(form.write(str(value), text) for form, text in zip(self.forms, current, strict=True))

    def without(self, current: Texts) -> str:
        """Nothing stays of a text that is one value."""
        return ""


@dataclass(frozen=True, slots=True)
class Constant:
    """Always the same value in the record; nothing in the message."""

    value: Value
    paths: int = 0

    def read(self, texts: Texts) -> Read | None:
        """The constant."""
        return self.value

    def write(self, value: Read, current: Texts) -> Texts:
        """Nothing; ValueError for another value."""
        if value != self.value:
            raise ValueError(f"the value is always {self.value!r} here")
        return ()

    def without(self, current: Texts) -> str:
        """Nothing stays of a text that is one value."""
        return ""


def parse_converter(text: str, kind: str) -> Converter:
    """Read the `convert` column for an element of dictionary type `kind`.

    Raises ValueError with the remedy.
    """
    match = _CALL.fullmatch(text) if text else None
    name, written = (match[1], match[2] or "") if match else ("", "")
    if not text:
        return Plain(kind)
    if name == "upper" and not written:
        return Plain(kind, upper=True)
    if name in ("date", "datetime"):
        return _moment(name, written, kind)
    if name == "const":
        value = read_value(kind, written)
        if value is None or isinstance(value, Invalid):
            raise ValueError(f"const({written}) is no {kind}")
        return Constant(value)
    numbers = _numbers(written)
    if name == "join" and len(numbers) > 1 and all(numbers):
        return Join(kind, numbers)
    if name == "part" and numbers and (len(numbers) == 1 or (len(numbers) == 2 and numbers[0] < numbers[1])):
        return Part(kind, numbers[0], numbers[1] if len(numbers) == 2 else None)
    raise ValueError(f"unknown converter {text!r}: use {_KNOWN}")


def _moment(name: str, written: str, kind: str) -> Moment:
    if name != kind:
        raise ValueError(f"{name}(…) cannot give a {kind}")
    pieces = [piece.strip() for piece in written.split(" + ")]
    joined = time_format("".join(pieces))
    if name == "datetime" and not joined.has_time:
        raise ValueError(f"{written!r} has no time")
    forms = tuple(time_format(piece, whole=False) for piece in pieces) if len(pieces) > 1 else (joined,)
    return Moment(kind, forms, joined)


def _numbers(written: str) -> tuple[int, ...]:
    parts = [part.strip() for part in written.split(",")]
    if not all(part.isascii() and part.isdigit() for part in parts):
        return ()
    return tuple(map(int, parts))
