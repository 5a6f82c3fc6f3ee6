"""What callers hand over: bytes are content, a str or path is always a path, an open file is read, a dict is JSON."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import IO, Any

from casrules.errors import UsageError, place_of

Given = bytes | bytearray | memoryview | str | os.PathLike[str] | IO[Any] | Mapping[str, Any]
LONGEST_NUMBER = 100


@dataclass(frozen=True, slots=True)
class Source:
    """One document: its bytes, the caller's name for it, and the mapping where it came as one.

    `problem` says why a mapping is no JSON (it holds itself, say); its `content` is then empty.
    """

    content: bytes
    name: str = ""
    mapping: Mapping[str, Any] | None = None
    problem: str = ""

    @property
    def digest(self) -> str:
        """The sha256 of the bytes, hexadecimal."""
        return hashlib.sha256(self.content).hexdigest()


def load_source(given: Given) -> Source:
    """Read what was given; raises UsageError where a file cannot be opened or the kind of object is none of ours."""
    if isinstance(given, Mapping):
        return _from_mapping(given)
    if isinstance(given, bytes | bytearray | memoryview):
        return Source(bytes(given))
    if isinstance(given, str | os.PathLike):
        return _from_path(Path(given))
    if hasattr(given, "read"):
        content = given.read()
        name = getattr(given, "name", "")
        encoded = content.encode("utf-8", "surrogateescape") if isinstance(content, str) else bytes(content)
        return Source(encoded, name if isinstance(name, str) else "")
    raise UsageError(
        f"a declaration cannot be read from {type(given).__name__}",
        remedy="give bytes, a path, an open file, or a dict in the JSON form",
    )


def _from_path(path: Path) -> Source:
    try:
        return Source(path.read_bytes(), path.as_posix())
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        remedy = "a str is always taken as a path; give the content as bytes" if len(path.as_posix()) > 200 else ""
        raise UsageError(
            f"the file cannot be opened: {reason}", place=place_of(_shortened(path)), remedy=remedy
        ) from error


def _shortened(path: Path) -> str:
    text = path.as_posix()
    return text if len(text) <= 120 else f"{text[:117]}..."


def _from_mapping(mapping: Mapping[str, Any]) -> Source:
    try:
        return Source(_canonical(mapping), mapping=mapping)
    except RecursionError:
        return Source(b"", mapping={}, problem="it is nested too deeply")
    except ValueError as error:
        holds_itself = "Circular" in str(error)
        return Source(b"", mapping={}, problem="it holds itself" if holds_itself else "a number is too long")
    except TypeError:
        return Source(b"", mapping={}, problem="the keys are not all text")


def _canonical(mapping: Mapping[str, Any]) -> bytes:
    """The bytes a mapping stands for: equal mappings give equal bytes, whatever their order."""
    return json.dumps(mapping, sort_keys=True, ensure_ascii=True, default=_plain, separators=(",", ":")).encode("ascii")


def _plain(value: Any) -> Any:
    """What stands for a value JSON does not have; never its `repr`, which may hold an address or an order of chance."""
    if isinstance(value, Decimal):
        return format(value, "f") if value.is_finite() and abs(value.adjusted()) < LONGEST_NUMBER else str(value)
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, date):
        return value.isoformat()
    return f"<{type(value).__name__}>"
