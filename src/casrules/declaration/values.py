"""Reading and writing the scalar values of a record: strict ASCII forms, exact numbers, ISO dates.

`Readers` are plain functions from stripped, non-empty text to a value or an `Invalid`; they never raise.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from types import MappingProxyType

from casrules.dictionary.values import Invalid

Value = str | int | bool | Decimal
Read = Value | Invalid
Reader = Callable[[str], Read]

LONGEST_NUMBER = 50
NUMBER = "a number such as 12.5"
INTEGER = "a whole number"
FLAG = "0, 1, true or false"
DATE = "a date as YYYY-MM-DD"
DATETIME = "a date and time as YYYY-MM-DDTHH:MM:SS"

_NUMBER = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)")
_INTEGER = re.compile(r"([+-]?[0-9]+)(?:\.0*)?")
_DATE = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_DATETIME = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2}T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9])(?:\.[0-9]+)?"
    r"(Z|[+-](?:0[0-9]|1[0-4]):[0-5][0-9])?"
)
_FLAGS = {"0": False, "1": True, "false": False, "true": True}


def read_text(raw: str) -> Read:
    """Text and codes are read as they are."""
    return raw


def read_decimal(raw: str) -> Read:
    """An exact, finite decimal with a point; no exponent, no grouping, no comma."""
    if len(raw) > LONGEST_NUMBER or not _NUMBER.fullmatch(raw):
        return Invalid(raw, NUMBER)
    return Decimal(raw)


def read_integer(raw: str) -> Read:
    """A whole number; a fraction of zeros (`10.0`) is one."""
    match = _INTEGER.fullmatch(raw) if len(raw) <= LONGEST_NUMBER else None
    return int(match[1]) if match else Invalid(raw, INTEGER)


def read_flag(raw: str) -> Read:
    """XML Schema's boolean forms."""
    found = _FLAGS.get(raw)
    return Invalid(raw, FLAG) if found is None else found


def read_date(raw: str) -> Read:
    """A day that exists, as YYYY-MM-DD."""
    match = _DATE.fullmatch(raw)
    return raw if match and is_day(int(match[1]), int(match[2]), int(match[3])) else Invalid(raw, DATE)


def read_datetime(raw: str) -> Read:
    """A moment to the second, its offset kept as written; fractions of a second are cut off."""
    match = _DATETIME.fullmatch(raw)
    if match is None or isinstance(read_date(match[1][:10]), Invalid):
        return Invalid(raw, DATETIME)
    return match[1] + (match[2] or "")


READERS: Mapping[str, Reader] = MappingProxyType(
    {
        "code": read_text,
        "text": read_text,
        "decimal": read_decimal,
        "integer": read_integer,
        "flag": read_flag,
        "date": read_date,
        "datetime": read_datetime,
    }
)


def read_value(kind: str, raw: str) -> Read | None:
    """Read `raw` as the dictionary type `kind`; None where it is blank."""
    stripped = raw.strip()
    return READERS[kind](stripped) if stripped else None


def write_value(value: Read) -> str:
    """The text of a value: plain decimals, `1`/`0` for flags, the raw text of an `Invalid`."""
    if isinstance(value, Invalid):
        return value.raw
    if isinstance(value, bool):
        return "1" if value else "0"
    return format(value, "f") if isinstance(value, Decimal) else str(value)


def is_day(year: int, month: int, day: int) -> bool:
    """Whether the calendar has this day."""
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True
