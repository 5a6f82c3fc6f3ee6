"""Places as CDS answers write them (`42A/67A/68A[1]/006`) beside the places of our findings."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from casrules.findings import Location

from .documents import rows

_POSITION = re.compile(r"\[[0-9]+\]")
_PREFIX = re.compile(r"[A-Za-z0-9]+:")
_OF_OLD = {"42A/67A/56A": "42A/56A"}
"""Sections that stood elsewhere in older messages."""


def plain(pointer: str) -> str:
    """The pointer without numbers of occurrences."""
    found = _POSITION.sub("", pointer)
    return next((found.replace(old, new, 1) for old, new in _OF_OLD.items() if found.startswith(old)), found)


def element_paths(corpus: Path) -> dict[str, str]:
    """Pointer → path of the element from `Declaration` on."""
    table = rows(corpus / "uk/errors/wco_pointers.csv")
    return {row["pointer"]: row["xpath"].lstrip("/") for row in table}


def is_at(place: str, wanted: str) -> bool:
    """Whether a place is the one an answer names: an answer may name a class where one of its elements is meant."""
    return place == wanted or place.startswith(f"{wanted}/")


def written_at(location: Location) -> Iterator[str]:
    """The path of the element a finding points at, and of the one above it where it points at something missing."""
    above = _PREFIX.sub("", _POSITION.sub("", location.xpath)).lstrip("/").removeprefix("MetaData/")
    yield above
    steps = location.missing.split("/") if location.missing else []
    for number in range(len(steps)):
        yield "/".join([above, *steps[: number + 1]])
