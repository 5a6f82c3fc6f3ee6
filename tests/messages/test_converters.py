from __future__ import annotations

from datetime import datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casrules.declaration import Invalid
from casrules.messages.converters import parse_converter
from casrules.messages.time_formats import EDIFACT_FORMATS, time_format

FIRST = datetime(2000, 1, 1)
READ = [
    ("", "decimal", ("12.50",), Decimal("12.50")),
    ("", "flag", ("true",), True),
    ("upper", "code", ("gb",), "GB"),
    ("join(6,2,2)", "code", ("123456", "78", "90"), "1234567890"),
    ("join(6,2,2)", "code", ("123456", None, None), "123456"),
    ("join(6,2,2)", "code", ("1234", None, None), "1234"),
    ("join(2,2)", "code", ("40", "000"), "40000"),
    ("join(6,2)", "code", (None, None), None),
    ("part(0,2)", "code", ("IMZ",), "IM"),
    ("part(2,3)", "code", ("IMZ",), "Z"),
    ("part(2)", "code", ("IM",), None),
    ("part(1,3)", "integer", ("a12",), 12),
    ("date(yyyyMMdd)", "date", ("20250201",), "2025-02-01"),
    ("date(102)", "date", ("20250201",), "2025-02-01"),
    ("date(304)", "date", ("20250201093000Z",), "2025-02-01"),
    ("datetime(304)", "datetime", ("20250201093000+01",), "2025-02-01T09:30:00+01:00"),
    ("datetime(203)", "datetime", ("202502010930",), "2025-02-01T09:30:00"),
    ("datetime(yyMMddHHmm)", "datetime", ("2502010930",), "2025-02-01T09:30:00"),
    ("datetime(yyMMdd + HHmm)", "datetime", ("250201", "0930"), "2025-02-01T09:30:00"),
    ("const(7)", "integer", (), 7),
]
UNREADABLE = [
    ("", "decimal", ("1,5",), "1,5"),
    ("join(6,2,2)", "code", ("123456", None, "90"), "123456 +  + 90"),
    ("join(6,2,2)", "code", ("12345", "78", None), "12345 + 78 +"),
    ("join(6,2,2)", "code", ("1234567", None, None), "1234567 +  +"),
    ("date(102)", "date", ("20250230",), "20250230"),
    ("datetime(yyMMdd + HHmm)", "datetime", ("250201", None), "250201"),
    ("datetime(yyMMdd + HHmm)", "datetime", ("250201", "2460"), "250201 + 2460"),
]


@pytest.mark.parametrize(("text", "kind", "texts", "value"), READ)
def test_reading(text: str, kind: str, texts: tuple[str | None, ...], value: object) -> None:
    converter = parse_converter(text, kind)
    assert converter.paths == len(texts)
    read = converter.read(texts)
    assert read == value and type(read) is type(value)


@pytest.mark.parametrize(("text", "kind", "texts", "raw"), UNREADABLE)
def test_what_cannot_be_read_is_kept_as_written(text: str, kind: str, texts: tuple[str | None, ...], raw: str) -> None:
    read = parse_converter(text, kind).read(texts)
    assert isinstance(read, Invalid) and read.raw == raw and read.expected


WRITE = [
    ("", "flag", True, ("false",), ("true",)),
    ("", "flag", True, ("0",), ("1",)),
    ("", "decimal", Decimal("1E+3"), (None,), ("1000",)),
    ("join(6,2,2)", "code", "12345678", (None, None, "90"), ("123456", "78", None)),
    ("part(0,2)", "code", "EX", ("IMZ",), ("EXZ",)),
    ("part(2)", "code", "A", ("IMZ",), ("IMA",)),
    ("date(304)", "date", "2025-03-04", ("20250201093000+01",), ("20250304093000+01",)),
    ("date(304)", "date", "2025-03-04", (None,), ("20250304000000Z",)),
    ("datetime(304)", "datetime", "2025-03-04T01:02:03-05:30", (None,), ("20250304010203-0530",)),
    ("datetime(yyMMdd + HHmm)", "datetime", "2025-03-04T01:02:03", ("250201", "0930"), ("250304", "0102")),
    ("const(EN)", "code", "EN", (), ()),
]


@pytest.mark.parametrize(("text", "kind", "value", "current", "written"), WRITE)
def test_writing(text: str, kind: str, value: object, current: tuple[str | None, ...], written: object) -> None:
    assert parse_converter(text, kind).write(value, current) == written


@pytest.mark.parametrize(
    ("text", "value", "current"), [("part(2,3)", "A", "I"), ("part(0,2)", "IMZ", "IMZ"), ("part(0,2)", "I", "IMZ")]
)
def test_a_part_that_does_not_fit_is_refused(text: str, value: str, current: str) -> None:
    with pytest.raises(ValueError, match="characters"):
        parse_converter(text, "code").write(value, (current,))


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("split(2)", "code"),
        ("join(6)", "code"),
        ("join(0,2)", "code"),
        ("part(2,1)", "code"),
        ("date(999)", "date"),
        ("date(HHmm)", "date"),
        ("datetime(102)", "datetime"),
        ("date(102)", "code"),
        ("const(x)", "integer"),
        ("upper(x)", "code"),
    ],
)
def test_unknown_converters_are_refused(text: str, kind: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        parse_converter(text, kind)


@given(st.text("0123456789ABC", min_size=1, max_size=12))
def test_pieces_join_to_what_was_cut(value: str) -> None:
    converter = parse_converter("join(6,2,2)", "code")
    assert converter.read(converter.write(value, (None, None, None))) == value


@given(st.sampled_from(sorted(EDIFACT_FORMATS)), st.datetimes(min_value=FIRST))
def test_edifact_forms_read_what_they_write(code: str, moment: datetime) -> None:
    iso = moment.replace(microsecond=0, day=min(moment.day, 28), year=2000 + moment.year % 100).isoformat()
    form = time_format(code)
    if not form.has_time:
        assert form.read(form.write(iso[:10], None), with_time=False) == iso[:10]
        return
    if "ss" not in form.tokens:
        iso = iso[:-2] + "00"
    offset = "+02:00" if "X" in form.tokens else ""
    assert form.read(form.write(iso + offset, None), with_time=True) == iso + offset
