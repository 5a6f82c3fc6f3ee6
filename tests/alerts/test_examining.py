"""What is wrong with a container number, and which digit would be right."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casrules.alerts.examining import examine
from casrules.language.checks import check_digit, valid_container

GOOD = ["CSQU3054383", "TRHU4307252", "TGHU1643396", "CBHU6192031", "FCIU9908030"]
_OWNER = st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=3, max_size=3)
_FREIGHT = st.builds("{}{}{:06}".format, _OWNER, st.sampled_from("UJZ"), st.integers(0, 999_999))


@pytest.mark.parametrize("number", GOOD)
def test_good_numbers_pass(number: str) -> None:
    assert examine("container", number) == ""


@pytest.mark.parametrize(
    ("number", "said"),
    [
        ("TRHU4561222", "it would be 5"),
        ("CBHU1234567", "it would be 1"),
        ("MSTI6415664", "is I; it must be U"),
        ("MSTI6415664", "it would be 0"),
        ("TRHU430725", "TRHU4307252 would be right"),
        ("trhu 430725-2", "without blanks"),
        ("CONTAINER", "form of a container number"),
    ],
)
def test_faults_are_named(number: str, said: str) -> None:
    assert said in examine("container", number)


def test_what_is_not_there_is_not_examined() -> None:
    assert examine("container", "  ") == "" and examine("", "x") == ""


@given(_FREIGHT)
def test_the_digit_told_is_the_one_that_passes(start: str) -> None:
    right = f"{start}{check_digit(start)}"
    assert valid_container(right) and examine("container", right) == ""
    for digit in set("0123456789") - {right[-1]}:
        assert f"would be {right[-1]}" in examine("container", start + digit)


@given(st.text(max_size=30))
def test_it_agrees_with_the_check_of_the_rules(text: str) -> None:
    if text.strip():
        assert (examine("container", text) == "") == valid_container(text.strip())
