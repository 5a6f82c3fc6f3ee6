"""Facts of the UN/EDIFACT syntax, from `schemas/edifact/syntax.yaml`: character sets, groups, names of segments."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from casrules.messages.data_file import read_data
from casrules.resources import schemas_folder

Groups = Mapping[str, Any]
"""Tag of the segment that begins a group → the groups in it."""


@dataclass(frozen=True)
class EdifactSyntax:
    """What the reader of interchanges works by.

    `charsets`: syntax identifier → Python codec; `faults`: kind of fault → code of data element 0085; `mandatory`:
    service segment → how many elements at its start it must have; `groups`: message type → its groups; `segments`:
    tag → what it is about, then the names of its elements.
    """

    charsets: Mapping[str, str]
    faults: Mapping[str, str]
    mandatory: Mapping[str, int]
    groups: Mapping[str, Groups]
    segments: Mapping[str, Sequence[str]]

    def element_name(self, tag: str, element: int) -> str:
        """The short name of an element (from 1) of a segment; empty where it is not known."""
        names = self.segments.get(tag, ())
        return names[element] if 0 < element < len(names) else ""


@cache
def edifact_syntax() -> EdifactSyntax:
    """The facts that ship with the library, read once."""
    return EdifactSyntax(**read_data(schemas_folder() / "edifact" / "syntax.yaml"))
