"""Pointers as authorities write them → steps through the message's elements, or data element numbers.

Nothing is guessed silently: what is not exact says why in `problem`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from casrules.alerts.answers import PointerPart, RawPointer
from casrules.alerts.pointer_tables import OBSOLETE, POSITION, PointerTable
from casrules.messages.pointing import PointerStep

Problem = Literal["", "empty", "unknown", "obsolete", "mended", "unreadable"]
DEEPEST = 60
LARGEST_POSITION = 1_000_000_000
_XPATH_STEP = re.compile(
    r"(?P<attribute>@?)(?:\*?\[?local-name\(\)\s*=\s*['\"](?P<local>[\w.-]+)['\"]\]?|(?:[\w.-]+:)?(?P<name>[A-Za-z_][\w.-]*))"
    r"(?P<rest>(?:\[[^\]]{0,200}\])*)$"
)
_NO_SLASH = re.compile(r"\](?=[A-Za-z_@])")
_NUMBER = re.compile(r"\[\s*(?:position\(\)\s*=\s*)?([0-9]{1,200})\s*\]")
_WCO_PART = re.compile(r"([0-9A-Za-z]{1,10})(?:\s*[\[(]\s*([0-9]{1,10})\s*[\])])?$")
_EUCDM = re.compile(r"(?<![0-9/])([0-9]{2}) ?([0-9]{2}) ?([0-9]{3}) ?([0-9]{3})(?![0-9])")
_OLD_NUMBER = re.compile(r"(?<![0-9/])([1-8]/[0-9]{1,2})(?![0-9/])")


@dataclass(frozen=True, slots=True)
class Target:
    """What a pointer means: the steps from the message's root and an attribute, or a name, or an element's text, or
    data element numbers.

    `ends_at_class`: it names an element that has others below it, by the scheme. `problem`: `empty`, `unknown` (a part
    nobody knows; the steps lead up to it), `obsolete` (an element of older versions), `mended` (a slash was left out,
    or a condition is none that is understood), `unreadable`.
    """

    steps: tuple[PointerStep, ...] = ()
    attribute: str = ""
    name: str = ""
    value: str = ""
    numbers: tuple[str, ...] = ()
    problem: Problem = ""
    ends_at_class: bool = False


def resolve(pointer: RawPointer, tables: Mapping[str, PointerTable]) -> Target:
    """The target of a pointer as written."""
    if pointer.scheme == "wco":
        return _wco(pointer, tables[pointer.table])
    if not pointer.text:
        return Target(problem="empty")
    if pointer.scheme == "xpath":
        return _xpath(pointer.text)
    if pointer.scheme == "name":
        return Target(name=pointer.text)
    if pointer.scheme == "value":
        return Target(value=pointer.text)
    if pointer.scheme == "eucdm":
        numbers = [" ".join(found.groups()) for found in _EUCDM.finditer(pointer.text)]
        numbers += _OLD_NUMBER.findall(pointer.text)
        return Target(numbers=tuple(dict.fromkeys(numbers)), problem="" if numbers else "unreadable")
    return Target(problem="unreadable")


def _xpath(text: str) -> Target:
    steps: list[PointerStep] = []
    written = _NO_SLASH.sub("]/", text.strip())
    mended: Problem = "mended" if written != text.strip() else ""
    pieces = written.split("/") if "/" in written else re.split(r"\.(?![^\[]*\])", written)
    for piece in pieces[: DEEPEST + 1]:
        if piece.strip() in ("", ".", "text()"):
            continue
        found = _XPATH_STEP.match(piece.strip())
        if found is None:
            return Target(tuple(steps), problem="unreadable")
        if found["attribute"]:
            return Target(tuple(steps), found["local"] or found["name"], problem=mended)
        number = _NUMBER.search(found["rest"])
        if found["rest"] and number is None:
            mended = "mended"
        position = min(int(number[1]), LARGEST_POSITION) if number else None
        steps.append(PointerStep(found["local"] or found["name"], position))
    return Target(tuple(steps), problem=mended if steps else "unreadable")


def _wco(pointer: RawPointer, table: PointerTable) -> Target:
    parts = _flattened(pointer.parts) if pointer.parts else _parsed(pointer.text)
    if not parts:
        return Target(problem="empty" if not pointer.text else "unreadable")
    if table.row("", parts[0][0]) is not None:
        return _walked(parts, table, "")
    # the root is often left out; a wrong first section is a slip, what follows may be right
    tops = [row for row in table.rows.values() if not row.parent]
    top = next((row for row in tops if table.row(row.element, parts[0][0])), None)
    if top is not None:
        return _walked([(top.code, None), *parts], table, "")
    top = next((row for row in tops if len(parts) > 1 and table.row(row.element, parts[1][0])), None)
    if top is not None:
        return _walked([(top.code, None), *parts[1:]], table, "unknown")
    return Target(problem="unknown")


def _walked(parts: Sequence[tuple[str, int | None]], table: PointerTable, problem: Problem) -> Target:
    steps: list[PointerStep] = []
    parent = ""
    for code, number in parts[:DEEPEST]:
        row = table.row(parent, code)
        if row is None:
            return Target(tuple(steps), problem="unknown", ends_at_class=True)
        if row.today == OBSOLETE:
            problem = "obsolete"
        elif row.today:
            problem = "obsolete"
            steps = [PointerStep(name) for name in row.today.strip("/").split("/")[:-1]]
        counted = row.numbering if row.numbering != POSITION else ""
        steps.append(PointerStep(row.element, number if row.numbering else None, counted))
        parent = row.element
    return Target(tuple(steps), problem=problem, ends_at_class=any(above == parent for above, _ in table.rows))


def _flattened(parts: Sequence[PointerPart]) -> list[tuple[str, int | None]]:
    found: list[tuple[str, int | None]] = []
    for part in parts:
        if part.name:
            found.append((part.name, part.number))
        if part.tag:
            found.append((part.tag, None))
    return found


def _parsed(text: str) -> list[tuple[str, int | None]]:
    found: list[tuple[str, int | None]] = []
    for piece in text.split("/")[: DEEPEST + 1]:
        read = _WCO_PART.match(piece.strip())
        if read is None:
            return []
        found.append((read[1].upper(), int(read[2]) if read[2] else None))
    return found
