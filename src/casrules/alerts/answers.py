"""What was read from an answer, before it is explained and located."""

from __future__ import annotations

from dataclasses import dataclass

from casrules.findings import AnswerInfo
from casrules.findings.violation import Severity


@dataclass(frozen=True, slots=True)
class PointerPart:
    """One part of a pointer as written: a section code or a name, its number, and at the end maybe a tag."""

    name: str
    number: int | None = None
    tag: str = ""


@dataclass(frozen=True, slots=True)
class RawPointer:
    """A pointer as the answer wrote it: its scheme and table, its text, the parts where it is a list of elements.

    `item` is a goods item's number that stands beside it.
    """

    scheme: str
    text: str
    parts: tuple[PointerPart, ...] = ()
    table: str = ""
    item: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One error, warning or notice of an answer, the `number`-th from 1; it stands for `count` equal entries.

    `reasons` is the list its reason is explained in; `code_is_rule` as in the shape.
    """

    number: int
    severity: Severity
    system: str
    list: str = ""
    code: str = ""
    reason: str = ""
    text: str = ""
    value: str | None = None
    line: int | None = None
    column: int | None = None
    pointers: tuple[RawPointer, ...] = ()
    count: int = 1
    reasons: str = ""
    code_is_rule: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer of a known shape, read: what it is, whom it is about, its entries in order."""

    info: AnswerInfo
    lrn: str = ""
    mrn: str = ""
    entries: tuple[Entry, ...] = ()
