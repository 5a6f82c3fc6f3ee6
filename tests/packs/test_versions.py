from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casrules.packs.versions import Version, within

numbers = st.tuples(st.integers(0, 50), st.integers(0, 50), st.integers(0, 50))


def test_order_follows_semantic_versioning() -> None:
    ordered = [
        "1.0.0-alpha",
        "1.0.0-alpha.1",
        "1.0.0-alpha.beta",
        "1.0.0-beta.2",
        "1.0.0-beta.11",
        "1.0.0-rc.1",
        "1.0",
        "1.0.1",
        "1.10",
    ]
    assert sorted({*ordered}, key=Version.parse) == ordered


def test_a_missing_third_number_is_zero() -> None:
    assert Version.parse("1.2") == Version.parse("1.2.0")


@pytest.mark.parametrize("text", ["1", "1.2.3.4", "01.2", "1.2-", "v1.2", "", "1.2.x"])
def test_what_is_no_version_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not a version"):
        Version.parse(text)


@given(numbers, numbers)
def test_ranges_agree_with_the_order(first: tuple[int, int, int], second: tuple[int, int, int]) -> None:
    own, bound = (".".join(map(str, part)) for part in (first, second))
    assert within(own, f">={bound}") == (first >= second)
    assert within(own, f"<{bound}") == (first < second)
    assert within(own, f">{bound}, <={bound}") is False
    assert within(own, f"=={own}") and within(own, "")
    assert within(own, f">={bound.partition('.')[0]}") == (first[0] >= second[0])


@pytest.mark.parametrize("text", ["1.2", ">= ", "~1.2", ">=1.2,,<2", ">=1.2.3.4"])
def test_what_is_no_range_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"not a range|not a version"):
        within("1.2", text)
