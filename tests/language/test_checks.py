"""Identifiers: published examples, one wrong character, structures of each system."""

from __future__ import annotations

import hypothesis.strategies as st
import pytest
from hypothesis import given

from casrules.language import checks


def test_check_digits_of_published_numbers() -> None:
    assert checks.valid_container("CSQU3054383")  # the example of ISO 6346
    assert not checks.valid_container("CSQU3054384")
    assert not checks.valid_container("CSQX3054383")
    assert checks.valid_mrn("25GB000246TK0E6WJ1", "NCTS")
    assert not checks.valid_mrn("25GB000246TK0E6WJ2", "NCTS")


@given(st.text("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=17, max_size=17), st.integers(0, 16), st.integers(1, 9))
def test_one_wrong_digit_is_found(body: str, place: int, shift: int) -> None:
    good = body + str(checks.check_digit(body))
    if good[place].isdigit():
        bad = good[:place] + str((int(good[place]) + shift) % 10) + good[place + 1 :]
        # a remainder of 10 is written 0, so it alone can hide a change
        assert checks.check_digit(bad[:-1]) != int(bad[-1]) or int(good[-1]) == 0


def numbered(body: str) -> str:
    return body + str(checks.check_digit(body))


@pytest.mark.parametrize(
    ("body", "systems"),
    [
        ("25GB000246TK0E6WJ", {"", "NCTS", "CDS"}),
        ("25XI000246TK0E6WJ", {"", "NCTS"}),
        ("23GB000246TK0E6W0", {"", "NCTS", "AES", "CDS"}),
        ("25DK000246TK0E6WA", {"", "AES"}),
        ("25DK000246TK0E6WR", {""}),
        ("25dk000246TK0E6WA", set()),
        ("25DK000246TK0E6W", set()),
    ],
)
def test_structure_of_an_mrn_in_each_system(body: str, systems: set[str]) -> None:
    number = numbered(body.upper())[:-1].replace(body.upper(), body) + str(checks.check_digit(body.upper()))
    assert {system for system in ("", *checks.MRN_SYSTEMS) if checks.valid_mrn(number, system)} == systems
    assert not checks.valid_mrn(number, "UNKNOWN")


@pytest.mark.parametrize(
    ("check", "good", "bad"),
    [
        (checks.valid_eori, ["GB123456789000", "XI123456789012345", "DE1", "FR123456789012345"],
         ["GB12345678900", "GB12345678900A", "de1", "DE", "FR1234567890123456", "D11"]),
        (checks.valid_grn, [numbered("24GB000001000029"), numbered("24GB000001000029") + "A123456"],
         ["24GB0000010000294", numbered("24GB000001000029") + "A12345", ""]),
        (checks.valid_ucr, ["5GB123456789000-A/1"], ["GB123", "5GB", "5GB" + "1" * 33]),
        (checks.valid_ducr, ["5GB123456789000-INV1", "5XI123456789000-(A)/1"],
         ["5GB12345678900-INV1", "5GB123456789000", "5GB123456789000-" + "1" * 20, "5DE123456789000-A"]),
        (checks.valid_commodity, ["010121", "01012100", "0101210000"], ["01012", "0101210", "01012100000", "0101A1"]),
    ],
)  # fmt: skip
def test_structures(check: checks.Check, good: list[str], bad: list[str]) -> None:
    assert [text for text in good if not check(text)] == []
    assert [text for text in bad if check(text)] == []


@given(st.text(max_size=40))
def test_any_text_is_answered(text: str) -> None:
    for check in (checks.valid_eori, checks.valid_mrn, checks.valid_grn, checks.valid_container, checks.valid_ucr):
        assert check(text) in {True, False}
