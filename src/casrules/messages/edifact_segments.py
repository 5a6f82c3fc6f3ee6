"""What an interchange is made of: segments with their places, and the faults of its characters and envelope."""

from __future__ import annotations

from dataclasses import dataclass, field

from casrules.messages.edifact_syntax import EdifactSyntax

Elements = tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Segment:
    """One segment: its elements, each a tuple of components; trailing empty components are left out.

    `number` counts from 1 in the file (UNA not counted), `line` from 1; `message` is the reference of the message it
    is in and `position` its place there (UNH is 1), empty and 0 outside.
    """

    tag: str
    elements: Elements
    number: int
    line: int
    message: str = ""
    position: int = 0

    def value(self, element: int, component: int = 1) -> str:
        """The text of a component, both counted from 1; empty where there is none."""
        parts = self.elements[element - 1] if 0 < element <= len(self.elements) else ()
        return parts[component - 1] if 0 < component <= len(parts) else ""


@dataclass(frozen=True, slots=True)
class InterchangeFault:
    """Something wrong with characters or envelope: kind, code of data element 0085, what it is, and where."""

    kind: str
    code: str
    text: str
    segment: int = 0
    tag: str = ""
    line: int | None = None


@dataclass(slots=True)
class Faults:
    """Collects faults up to a limit and counts them all."""

    syntax: EdifactSyntax
    limit: int
    found: list[InterchangeFault] = field(default_factory=list)
    count: int = 0

    def add(self, kind: str, text: str, segment: Segment | None = None, line: int | None = None) -> None:
        """Note one fault, at a segment where it is known."""
        self.count += 1
        if len(self.found) < self.limit:
            number, tag = (segment.number, segment.tag) if segment else (0, "")
            line = segment.line if segment else line
            self.found.append(InterchangeFault(kind, self.syntax.faults[kind], text, number, tag, line))
