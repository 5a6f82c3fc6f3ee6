"""Checks the envelope of an interchange: headers, trailers, their references and counts; numbers the messages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from casrules.messages.edifact_segments import Faults, Segment

_DIGITS = 9


@dataclass(slots=True)
class _Open:
    """A header whose trailer has not come: its segment, what it counts, where its reference stands."""

    header: Segment
    reference: str
    count: int = 0
    groups: int = 0


@dataclass(slots=True)
class _Envelope:
    """Walks over the segments; what is open says where each belongs."""

    faults: Faults
    interchange: _Open | None = None
    group: _Open | None = None
    message: _Open | None = None
    enveloped: bool = False
    placed: list[Segment] = field(default_factory=list)

    def step(self, segment: Segment) -> None:
        """Take one segment."""
        self._mandatory(segment)
        handler = {
            "UNB": self._unb, "UNG": self._ung, "UNH": self._unh, "UNT": self._unt, "UNE": self._une, "UNZ": self._unz,
        }.get(segment.tag, self._data)  # fmt: skip
        handler(segment)

    def _mandatory(self, segment: Segment) -> None:
        syntax = self.faults.syntax
        wanted = range(1, syntax.mandatory.get(segment.tag, 0) + 1)
        missing = [
            element for element in wanted if not any(any(parts) for parts in segment.elements[element - 1 : element])
        ]
        if missing:
            names = ", ".join(f"{syntax.element_name(segment.tag, element)} (element {element})" for element in missing)
            self.faults.add("element", f"{segment.tag} lacks {names}", segment)

    def _unb(self, segment: Segment) -> None:
        self.close(segment)
        self.interchange = _Open(segment, segment.value(5))
        self.placed.append(segment)

    def _ung(self, segment: Segment) -> None:
        self._end_message(segment)
        self._end_group(segment)
        if self.interchange is not None:
            if self.interchange.count and not self.interchange.groups:
                self.faults.add("mixed", "a group follows messages that are in no group", segment)
            self.interchange.groups += 1
        self.group = _Open(segment, segment.value(5))
        self.placed.append(segment)

    def _unh(self, segment: Segment) -> None:
        self._end_message(segment)
        if self.interchange is None and self.enveloped:
            self.faults.add("outside", f"message {segment.value(1)} stands outside the interchange", segment)
        for above in filter(None, (self.interchange, self.group)):
            above.count += 1
        self.message = _Open(segment, segment.value(1))
        self._data(segment)

    def _data(self, segment: Segment) -> None:
        if self.message is None:
            self.faults.add("outside", f"segment {segment.number} ({segment.tag}) is in no message", segment)
            self.placed.append(segment)
            return
        self.message.count += 1
        self.placed.append(replace(segment, message=self.message.reference, position=self.message.count))

    def _unt(self, segment: Segment) -> None:
        if self.message is None:
            self.faults.add("header", "a message ends that has not begun (UNH is missing)", segment)
            self.placed.append(segment)
            return
        self._data(segment)
        self._trailer(segment, self.message, self.message.count, "segments")
        self.message = None

    def _une(self, segment: Segment) -> None:
        self._end_message(segment)
        if self.group is None:
            self.faults.add("header", "a group ends that has not begun (UNG is missing)", segment)
        else:
            self._trailer(segment, self.group, self.group.count, "messages")
            self.group = None
        self.placed.append(segment)

    def _unz(self, segment: Segment) -> None:
        self._end_message(segment)
        self._end_group(segment)
        if self.interchange is None:
            self.faults.add("header", "an interchange ends that has not begun (UNB is missing)", segment)
        else:
            counted = self.interchange.groups or self.interchange.count
            self._trailer(segment, self.interchange, counted, "groups" if self.interchange.groups else "messages")
            self.interchange = None
        self.placed.append(segment)

    def _trailer(self, segment: Segment, opened: _Open, counted: int, what: str) -> None:
        told, reference = segment.value(1), segment.value(2)
        plain = told.isascii() and told.isdigit() and len(told) <= _DIGITS
        if told and (not plain or int(told) != counted):
            self.faults.add("count", f"{segment.tag} counts {told[:20]} {what}, there are {counted}", segment)
        if reference and reference != opened.reference:
            text = f"{segment.tag} has the reference {reference[:40]!r}, {opened.header.tag} {opened.reference[:40]!r}"
            self.faults.add("reference", text, segment)

    def _end_message(self, segment: Segment | None) -> None:
        if self.message is not None:
            text = f"message {self.message.reference} does not end (UNT is missing)"
            self.faults.add("trailer", text, segment or self.message.header)
            self.message = None

    def _end_group(self, segment: Segment | None) -> None:
        if self.group is not None:
            self.faults.add("trailer", "a group does not end (UNE is missing)", segment or self.group.header)
            self.group = None

    def close(self, segment: Segment | None = None) -> None:
        """What is still open at the end, or where the next interchange begins."""
        self._end_message(segment)
        self._end_group(segment)
        if self.interchange is not None:
            text = f"the interchange {self.interchange.reference} does not end (UNZ is missing)".replace("  ", " ")
            self.faults.add("trailer", text, segment or self.interchange.header)
            self.interchange = None


def check_envelope(segments: Sequence[Segment], faults: Faults) -> tuple[Segment, ...]:
    """The segments with message and position; faults of the envelope are added to `faults`."""
    enveloped = any(segment.tag == "UNB" for segment in segments)
    envelope = _Envelope(faults, enveloped=enveloped)
    if not enveloped:
        faults.add("header", "there is no interchange header (UNB)", line=segments[0].line if segments else 1)
    for segment in segments:
        envelope.step(segment)
    envelope.close()
    return tuple(envelope.placed)
