"""Our own JSON declaration: the record written as JSON, with `format` naming the message whose rules apply.

    {"format": "ncts.CC015C", "lrn": "…", "consignment": {"houses": [{"items": [{"gross_mass": "12.5"}]}]}}

Decimals are JSON numbers or texts, dates ISO texts. Whatever is wrong in it becomes a fault with its JSON
Pointer.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from casrules.declaration.record import Record, placed_values
from casrules.declaration.values import READERS, write_value
from casrules.dictionary import Dictionary, Element, shipped_dictionary
from casrules.dictionary.values import Invalid
from casrules.messages.faults import Severity, quoted

FAMILY = "json"
FORMAT = re.compile(r"[a-z][a-z0-9-]{0,60}\.[A-Za-z0-9_-]{1,60}")
LONGEST_NAME = 60
HELPED = 50
FORMAT_HINT = "<family>.<message>, such as ncts.CC015C"


@dataclass(frozen=True, slots=True)
class JsonFault:
    """What is wrong at a JSON Pointer, and how to mend it."""

    pointer: str
    problem: str
    remedy: str = ""
    severity: Severity = "error"


@dataclass(frozen=True, slots=True)
class JsonDeclaration:
    """A declaration read from JSON: its record, the message it names (or empty), all faults.

    A value that cannot be read is in the record as `Invalid`; what the dictionary does not know is left out.
    """

    record: Record
    format: str = ""
    faults: tuple[JsonFault, ...] = ()


def read_json(source: Mapping[str, Any] | bytes | str, dictionary: Dictionary | None = None) -> JsonDeclaration:
    """Read a JSON declaration from its text or from a dict; never raises for what it holds."""
    if isinstance(source, bytes | str):
        try:
            source = json.loads(source, parse_float=Decimal, parse_int=_whole, parse_constant=_no_constant)
        except (ValueError, RecursionError) as error:
            return JsonDeclaration({}, faults=(JsonFault("", f"this is not JSON: {error}"),))
    if not isinstance(source, Mapping):
        return JsonDeclaration({}, faults=(JsonFault("", "a declaration must be an object"),))
    reader = _Reader(dictionary or shipped_dictionary())
    written = source.get("format", "")
    if not isinstance(written, str) or (written and not FORMAT.fullmatch(written)):
        reader.fault(
            "/format",
            f"{quoted(written) if isinstance(written, str) else 'this'} does not name a message",
            f"write {FORMAT_HINT}",
        )
        written = ""
    root = reader.dictionary.root
    record = reader.entity(root, {k: v for k, v in source.items() if k != "format"}, "")
    return JsonDeclaration(record, written, tuple(reader.faults))


def write_json(record: Mapping[str, Any], message: str = "") -> dict[str, Any]:
    """The JSON declaration of a record, decimals as texts; reading it gives the record again."""
    written: dict[str, Any] = _plain(record)
    return {"format": message, **written} if message else written


class _Reader:
    def __init__(self, dictionary: Dictionary) -> None:
        self.dictionary = dictionary
        self.faults: list[JsonFault] = []

    def fault(self, pointer: str, problem: str, remedy: str = "") -> None:
        self.faults.append(JsonFault(pointer, problem, remedy))

    def entity(self, entity: str, values: Mapping[Any, Any], pointer: str) -> Record:
        found: Record = {}
        for key, value in values.items():
            name = str(key)
            # a key that is longer than any name is told at what holds it
            place = f"{pointer}/{name.replace('~', '~0').replace('/', '~1')}" if len(name) <= LONGEST_NAME else pointer
            element = self.dictionary.find(entity, name)
            if element is None or element.view:
                self._unknown(entity, name, element, place)
                continue
            read = self._element(element, value, place) if value is not None else None
            if read is not None:
                found[name] = read
        return found

    def _unknown(self, entity: str, name: str, element: Element | None, place: str) -> None:
        if element is not None:
            parts = " or ".join(".".join(part) for part in element.view)
            self.fault(place, f"{name} is a view of other lists", f"write {parts}")
            return
        # looking for the nearest name costs much: for a person's slips, not for floods of foreign keys
        helpful = len(name) <= LONGEST_NAME and len(self.faults) < HELPED
        near = self.dictionary.nearest(entity, name) if helpful else None
        self.fault(place, f"{entity} has no element {quoted(name)}", f"did you mean {near}?" if near else "")

    def _element(self, element: Element, value: Any, place: str) -> Any:
        if element.is_scalar:
            return self._scalar(element, value, place)
        if not element.many:
            return self._below(element, value, place)
        if not isinstance(value, list | tuple):
            self.fault(place, f"{element.label} must be a list of objects")
            return None
        entries = [self._below(element, entry, f"{place}/{at}") for at, entry in enumerate(value)]
        return [entry if entry is not None else {} for entry in entries] or None

    def _below(self, element: Element, value: Any, place: str) -> Record | None:
        if not isinstance(value, Mapping):
            self.fault(place, f"{element.label} must be an object")
            return None
        return {**placed_values(element, self.dictionary), **self.entity(element.type, value, place)}

    def _scalar(self, element: Element, value: Any, place: str) -> Any:
        text = _text(element.type, value)
        if text is None:
            self.fault(place, f"{element.label} must be {_WANTED[element.type]}")
            return None if isinstance(value, Mapping | list | tuple) else Invalid(str(value), _WANTED[element.type])
        stripped = text.strip()
        if not stripped:
            return None
        found = READERS[element.type](stripped)
        if isinstance(found, Invalid):
            self.fault(place, f"{element.label} cannot be read: {quoted(stripped)}", f"write {found.expected}")
        return found


_WANTED: Mapping[str, str] = {
    "code": "a text",
    "text": "a text",
    "decimal": "a number or its text",
    "integer": "a whole number",
    "flag": "true or false",
    "date": "a text YYYY-MM-DD",
    "datetime": "a text YYYY-MM-DDTHH:MM:SS",
}


def _text(kind: str, value: Any) -> str | None:
    """The written form of a JSON value that may stand for the type; None where it may not."""
    if isinstance(value, bool):
        return write_value(value) if kind == "flag" else None
    if isinstance(value, str):
        return value
    if kind not in ("decimal", "integer"):
        return None
    if isinstance(value, float):
        return format(Decimal(repr(value)), "f") if math.isfinite(value) else None
    if isinstance(value, Decimal):
        # Plain digits would cost as much memory as the exponent says.
        return format(value, "f") if value.is_finite() and abs(value.adjusted()) < 100 else None
    return str(value) if isinstance(value, int) and abs(value) < 10**100 else None


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: _plain(below) for name, below in value.items()}
    if isinstance(value, list):
        return [_plain(below) for below in value]
    return write_value(value) if isinstance(value, Decimal | Invalid) else value


def _whole(digits: str) -> int | Decimal:
    """Very long numbers stay texts of digits: turning them into an integer takes quadratic time."""
    return int(digits) if len(digits) < 100 else Decimal(digits)


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is not a number")


def main() -> None:
    """Write the published JSON Schema."""
    from casrules.messages.json_schema import write_schema

    write_schema()


if __name__ == "__main__":
    main()
