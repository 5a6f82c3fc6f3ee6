"""Places in an EDIFACT interchange: by segment, element and component as a CONTRL counts them, or by a value."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from casrules.alerts.answers import RawPointer
from casrules.findings import Location
from casrules.messages.edifact import Interchange
from casrules.messages.edifact_segments import Segment
from casrules.messages.edifact_syntax import edifact_syntax

SCHEME = "segment"
PLACES = 20
_AROUND = frozenset({"UNA", "UNB", "UNG", "UNE", "UNZ"})
"""Segments that are in no message."""
_Role = Literal["primary", "related", "candidate"]


@dataclass(frozen=True)
class SegmentIndex:
    """The segments of an interchange by what pointers name, each made once."""

    interchange: Interchange

    @cached_property
    def by_position(self) -> Mapping[tuple[str, int], list[Segment]]:
        """(message reference, position in the message) → segments; under the empty reference those of all messages."""
        found: dict[tuple[str, int], list[Segment]] = {}
        for segment in self.interchange.segments:
            for message in {segment.message, ""}:
                found.setdefault((message, segment.position), []).append(segment)
        return found

    @cached_property
    def by_tag(self) -> Mapping[tuple[str, str], list[Segment]]:
        """(message reference, tag) → segments; under the empty reference those of all messages."""
        found: dict[tuple[str, str], list[Segment]] = {}
        for segment in self.interchange.segments:
            for message in {segment.message, ""}:
                found.setdefault((message, segment.tag), []).append(segment)
        return found

    @cached_property
    def by_value(self) -> Mapping[str, list[tuple[Segment, int, int]]]:
        """Component → (segment, element, component or 0 for the only one)."""
        found: dict[str, list[tuple[Segment, int, int]]] = {}
        for segment in self.interchange.segments:
            for element, parts in enumerate(segment.elements, 1):
                for number, part in enumerate(parts, 1):
                    found.setdefault(part, []).append((segment, element, number if len(parts) > 1 else 0))
        return found


def segment_locations(pointer: RawPointer, index: SegmentIndex | None) -> tuple[Location, ...]:
    """The places a pointer of the scheme `segment` means: one, or candidates where several segments fit.

    Without the interchange, or where it has no such segment, the place is the pointer itself, a candidate.
    """
    at = {part.name: part for part in pointer.parts}
    numbers = {name: part.number for name, part in at.items()}
    message, tag = (at[name].tag if name in at else "" for name in ("message", "tag"))
    if not pointer.parts:
        return ()
    found = _segments(index, message, numbers.get("segment"), tag) if index else []
    if not found:
        label = _name(tag, 0) if tag else ""
        return (Location(role="candidate", path=pointer.text, label=label, authority_pointer=pointer.text),)
    # the tag of the segment has position 1
    element = (numbers.get("element") or 1) - 1
    role: _Role = "primary" if len(found) == 1 else "candidate"
    return tuple(_location(segment, element, numbers.get("component"), pointer.text, role) for segment in found)


def value_locations(value: str, index: SegmentIndex) -> tuple[Location, ...]:
    """Where a value stands in the interchange: the one place, or candidates where there are several."""
    found = index.by_value.get(value, [])
    role: _Role = "primary" if len(found) == 1 else "candidate"
    return tuple(_location(segment, element, number, "", role) for segment, element, number in found[:PLACES])


def references(interchange: Interchange) -> Iterator[str]:
    """What an answer may call this interchange or a message in it by."""
    for segment in interchange.segments:
        if segment.tag == "UNB":
            yield segment.value(5)
        elif segment.tag == "UNH":
            yield segment.value(1)
        elif segment.tag == "BGM":
            yield segment.value(2)
        elif segment.tag == "RFF":
            yield segment.value(1, 2)


def _segments(index: SegmentIndex, message: str, position: int | None, tag: str) -> list[Segment]:
    """The segments meant, the first few where there are several."""
    message = "" if tag in _AROUND else message
    found = index.by_position.get((message, position)) if position else index.by_tag.get((message, tag))
    return (found or [])[:PLACES]


def _location(segment: Segment, element: int, component: int | None, pointer: str, role: _Role = "primary") -> Location:
    declared = None
    if element > 0:
        parts = segment.elements[element - 1] if element <= len(segment.elements) else ()
        declared = segment.value(element, component) if component else ":".join(parts)
    path = f"segment {segment.position or segment.number} ({segment.tag})"
    if segment.message:
        path = f"message {segment.message}, {path}"
    if element > 0:
        path += f", element {element}" + (f", component {component}" if component else "")
    label = _name(segment.tag, element)
    return Location(
        role=role,
        path=path,
        line=segment.line,
        segment=f"segment {segment.number} ({segment.tag})",
        missing=(label or "element") if declared == "" else "",
        label=label,
        declared=declared or None,
        authority_pointer=pointer,
    )


def _name(tag: str, element: int) -> str:
    syntax = edifact_syntax()
    about = next(iter(syntax.segments.get(tag, ())), "")
    return ": ".join(filter(None, (about, syntax.element_name(tag, element))))
