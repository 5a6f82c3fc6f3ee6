"""Finds what a pointer of an authority names in a message: elements by local names and numbers, or what is missing.

A step may have a number: a position from 1, or the text of a child element (`SequenceNumeric`) where the class counts
its occurrences itself. Every look-up is by an index, so that many pointers into a long message stay linear.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice

from casrules.findings.pointers import RecordPath
from casrules.messages.binder.runtime import XmlElement, local_name
from casrules.messages.origins import Origin, Origins

ENVELOPE_ELEMENTS = 2_000


@dataclass(frozen=True, slots=True)
class PointerStep:
    """One element on the way: its local name, its number if one is given, and the child that holds that number."""

    name: str
    number: int | None = None
    counted_by: str = ""


@dataclass(frozen=True, slots=True)
class Pointed:
    """Where a pointer leads: elements, and below each of them the names on the way that are not there.

    `exact` is False where the pointer fits several elements, or a number was not found as it is counted; `more` counts
    the elements that fit beside those listed. `attribute` is set where the pointer ends at one that is there.
    """

    elements: tuple[XmlElement, ...]
    missing: tuple[str, ...] = ()
    exact: bool = True
    more: int = 0
    attribute: str = ""


@dataclass
class Pointing:
    """Follows pointers in one message. Not for sharing between threads."""

    origins: Origins
    most: int = 10
    _children: dict[XmlElement, dict[str, list[XmlElement]]] = field(default_factory=dict, repr=False)
    _counted: dict[tuple[XmlElement, str, str], dict[str, XmlElement]] = field(default_factory=dict, repr=False)

    def follow(self, steps: Sequence[PointerStep], attribute: str = "") -> Pointed:
        """Where `steps` from the root lead; an envelope around it, or a root that is left out, does not matter.

        Names in other letters (upper or lower case), the root of another message and numbers beyond the last are slips
        of whoever wrote the pointer: what fits best is found, not exact.
        """
        start, steps, exact = self._start(steps)
        level, more = [start], 0
        for at, step in enumerate(steps):
            below: list[XmlElement] = []
            for element in level:
                found, certain = self._step(element, step)
                exact = exact and certain
                below += found[: self.most + 1 - len(below)] if found else []
                more += max(0, len(found) - self.most)
            if not below:
                missing = tuple(step.name for step in steps[at:])
                return Pointed(tuple(level[: self.most]), missing, exact and len(level) == 1, more)
            level = below[: self.most]
            exact = exact and len(below) == 1
        if attribute and level[0].get(attribute) is None:
            return Pointed(tuple(level), (f"@{attribute}",), exact, more)
        return Pointed(tuple(level), (), exact, more, attribute)

    def named(self, name: str, value: str | None = None) -> Pointed:
        """The elements of a local name; with a `value` only those that have it, where there are any.

        Where no element has the name those that have it in other letters (upper or lower case).
        """
        found = self._by_name.get(name) or self._by_folded_name.get(name.casefold(), [])
        having = [one for one in found if (one.text or "").strip() == value.strip()] if value else []
        chosen = having or found
        return Pointed(tuple(chosen[: self.most]), (), len(chosen) == 1, max(0, len(chosen) - self.most))

    def valued(self, value: str) -> Pointed:
        """The elements without others below them that have a text."""
        found = self._by_text.get(value.strip(), [])
        return Pointed(tuple(found[: self.most]), (), len(found) == 1, max(0, len(found) - self.most))

    def on_line(self, line: int) -> Pointed:
        """The elements that begin on a line; never exact, since a line may end or go on with something else."""
        found = self._by_line.get(line, [])
        return Pointed(tuple(found[: self.most]), (), False, max(0, len(found) - self.most))

    @cached_property
    def _by_line(self) -> dict[int, list[XmlElement]]:
        found: dict[int, list[XmlElement]] = {}
        for element in self.root.iter("{*}*"):
            found.setdefault(self.origins.places.line(element) or 0, []).append(element)
        return found

    @cached_property
    def _by_text(self) -> dict[str, list[XmlElement]]:
        found: dict[str, list[XmlElement]] = {}
        for element in self.root.iter("{*}*"):
            text = (element.text or "").strip()
            if text and next(element.iterchildren("*"), None) is None:
                found.setdefault(text, []).append(element)
        return found

    @cached_property
    def _by_name(self) -> dict[str, list[XmlElement]]:
        found: dict[str, list[XmlElement]] = {}
        for element in self.root.iter("{*}*"):
            found.setdefault(local_name(element) or "", []).append(element)
        return found

    @cached_property
    def _by_folded_name(self) -> dict[str, list[XmlElement]]:
        found: dict[str, list[XmlElement]] = {}
        for name, elements in self._by_name.items():
            found.setdefault(name.casefold(), []).extend(elements)
        return found

    def origin(self, element: XmlElement, missing: Sequence[str] = (), attribute: str = "") -> Origin:
        """XPath, line and text of an element or an attribute of it, or of the place where something is missing."""
        places = self.origins.places
        xpath, line = places.xpath(element), places.line(element)
        if attribute:
            return Origin(f"{xpath}/@{attribute}", line, element.get(attribute))
        if missing:
            return Origin(xpath, line, None, "/".join(missing))
        has_children = next(element.iterchildren("*"), None) is not None
        return Origin(xpath, line, None if has_children else (element.text or "").strip())

    def record_path(self, element: XmlElement) -> tuple[RecordPath, bool]:
        """The record path of what is bound at `element`, else at the nearest one above; and whether just there."""
        return self.origins.path_of(element)

    @cached_property
    def root(self) -> XmlElement:
        """The root element of the message."""
        return self.origins.root

    def _start(self, steps: Sequence[PointerStep]) -> tuple[XmlElement, Sequence[PointerStep], bool]:
        """The element to begin at, the steps from there, and whether the first step fits it."""
        if not steps:
            return self.root, steps, True
        wanted = steps[0].name
        if local_name(self.root) == wanted:
            return self.root, steps[1:], True
        if wanted in self._below(self.root):
            return self.root, steps, True
        for element in islice(self.root.iter("{*}*"), ENVELOPE_ELEMENTS):
            if local_name(element) == wanted:
                return element, steps[1:], True
        if wanted.casefold() == (local_name(self.root) or "").casefold():
            return self.root, steps[1:], False
        if len(steps) > 1 and self._named_below(self.root, steps[1].name):
            return self.root, steps[1:], False
        return self.root, steps, True

    def _step(self, element: XmlElement, step: PointerStep) -> tuple[list[XmlElement], bool]:
        """The children a step selects, and whether its name and number were found as they are written and counted."""
        found = self._named_below(element, step.name)
        certain = not found or local_name(found[0]) == step.name
        if step.number is None:
            return found, certain
        if not found:
            return found, step.number == 1 or bool(step.counted_by)
        if step.counted_by:
            counted = self._numbered(element, step).get(str(step.number))
            if counted is not None:
                return [counted], certain
        if 1 <= step.number <= len(found):
            return [found[step.number - 1]], certain and not step.counted_by
        return [], False

    def _named_below(self, element: XmlElement, name: str) -> list[XmlElement]:
        """The children of a name, else of that name in other letters."""
        below = self._below(element)
        found = below.get(name, [])
        if not found:
            folded = name.casefold()
            found = next((children for other, children in below.items() if other.casefold() == folded), [])
        return found

    def _below(self, element: XmlElement) -> dict[str, list[XmlElement]]:
        found = self._children.get(element)
        if found is None:
            found = {}
            for child in element.iterchildren("*"):
                found.setdefault(local_name(child) or "", []).append(child)
            self._children[element] = found
        return found

    def _numbered(self, element: XmlElement, step: PointerStep) -> dict[str, XmlElement]:
        key = (element, step.name, step.counted_by)
        found = self._counted.get(key)
        if found is None:
            found = {}
            for child in self._named_below(element, step.name):
                number = next(child.iterchildren("{*}" + step.counted_by), None)
                text = (number.text or "").strip() if number is not None else ""
                found.setdefault(text.lstrip("0") or text, child)
            self._counted[key] = found
        return found
