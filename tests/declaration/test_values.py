from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casrules.declaration import Invalid, read_value, write_value

READ = [
    ("decimal", " 12.50 ", Decimal("12.50")),
    ("decimal", "+5.", Decimal(5)),
    ("decimal", "-.5", Decimal("-0.5")),
    ("integer", "007", 7),
    ("integer", "10.00", 10),
    ("flag", "1", True),
    ("flag", "false", False),
    ("date", "2024-02-29", "2024-02-29"),
    ("datetime", "2025-02-01T23:59:59", "2025-02-01T23:59:59"),
    ("datetime", "2025-02-01T09:00:00.250+01:00", "2025-02-01T09:00:00+01:00"),
    ("datetime", "2025-02-01T09:00:00Z", "2025-02-01T09:00:00Z"),
    ("code", " A ", "A"),
]
UNREADABLE = [
    *(("decimal", raw) for raw in ("1,5", "NaN", "Infinity", "1e5", "1_0", "٣", "1 000", ".", "--1", "9" * 51)),
    *(("integer", raw) for raw in ("1.5", "1e3", "٣", "", "0x1")[:3]),
    *(("flag", raw) for raw in ("TRUE", "yes", "2")),
    *(("date", raw) for raw in ("2025-02-30", "20250201", "2025-2-1", "2025-02-01Z")),
    *(("datetime", raw) for raw in ("2025-02-01", "2025-02-01T24:00:00", "2025-02-01T09:00", "2025-02-01T09:00:00+1")),
]


@pytest.mark.parametrize(("kind", "raw", "value"), READ)
def test_strict_forms_are_read_exactly(kind: str, raw: str, value: object) -> None:
    read = read_value(kind, raw)
    assert read == value and type(read) is type(value)


@pytest.mark.parametrize(("kind", "raw"), UNREADABLE)
def test_nothing_else_is_guessed(kind: str, raw: str) -> None:
    read = read_value(kind, raw)
    assert isinstance(read, Invalid) and read.raw == raw and read.expected


@pytest.mark.parametrize("kind", ["decimal", "integer", "flag", "date", "datetime", "code", "text"])
@given(raw=st.text(max_size=30))
def test_reading_never_raises_and_blank_is_missing(kind: str, raw: str) -> None:
    assert (read_value(kind, raw) is None) == (not raw.strip())


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**20), max_value=10**20, places=6))
def test_decimals_are_written_plainly_and_read_back(value: Decimal) -> None:
    text = write_value(value)
    assert set(text) <= set("-0123456789.")
    assert read_value("decimal", text) == value


def test_writing_other_types() -> None:
    assert write_value(Decimal("1E+3")) == "1000"
    assert (write_value(True), write_value(False), write_value(12), write_value("x")) == ("1", "0", "12", "x")
    assert write_value(Invalid("1,5")) == "1,5"
