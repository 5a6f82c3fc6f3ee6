from __future__ import annotations

import hashlib
import io
from collections import OrderedDict
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casrules.engine.sources import load_source
from casrules.errors import UsageError


def test_bytes_are_content() -> None:
    for given_ in (b"<a/>", bytearray(b"<a/>"), memoryview(b"<a/>")):
        source = load_source(given_)
        assert (source.content, source.name, source.mapping) == (b"<a/>", "", None)
        assert source.digest == hashlib.sha256(b"<a/>").hexdigest()


def test_a_str_is_always_a_path(tmp_path: Path) -> None:
    path = tmp_path / "m.xml"
    path.write_bytes(b"<a/>")
    assert load_source(str(path)).content == b"<a/>"
    assert load_source(path).name == path.as_posix()
    with pytest.raises(UsageError, match="cannot be opened"):
        load_source("<a/>")


def test_content_given_as_str_gets_a_short_place_and_a_hint() -> None:
    with pytest.raises(UsageError) as caught:
        load_source("<a>" + "x" * 5_000 + "</a>")
    assert caught.value.place is not None
    assert len(caught.value.place.file) == 120
    assert "as bytes" in caught.value.remedy


@pytest.mark.parametrize("name", ["missing.xml", ".", "a\x00b"])
def test_what_cannot_be_opened_is_misuse(tmp_path: Path, name: str) -> None:
    with pytest.raises(UsageError, match="cannot be opened"):
        load_source(f"{tmp_path}/{name}")


def test_open_files_are_read(tmp_path: Path) -> None:
    path = tmp_path / "m.xml"
    path.write_text("<ä/>", encoding="utf-8")
    with path.open("rb") as file:
        assert load_source(file).name == str(path)
    with path.open(encoding="utf-8") as text:
        assert load_source(text).content == "<ä/>".encode()
    assert load_source(io.BytesIO(b"<a/>")).name == ""


@pytest.mark.parametrize("given_", [1, None, ["<a/>"], object()])
def test_other_objects_are_misuse(given_: Any) -> None:
    with pytest.raises(UsageError, match="cannot be read from"):
        load_source(given_)


def test_equal_mappings_give_equal_bytes_whatever_their_order() -> None:
    one = {"lrn": "A", "consignment": {"gross_mass": Decimal("1.50"), "house": (1, 2)}}
    other = OrderedDict([("consignment", OrderedDict(house=[1, 2], gross_mass=Decimal("1.50"))), ("lrn", "A")])
    frozen = MappingProxyType({"lrn": "A", "consignment": MappingProxyType(one["consignment"])})  # type: ignore[arg-type]
    assert load_source(one).content == load_source(other).content == load_source(frozen).content
    assert load_source(one).mapping is one


def test_values_that_json_lacks_are_written_without_chance() -> None:
    values = {"a": date(2025, 1, 2), "b": datetime(2025, 1, 2, 3), "c": object(), "d": {1, 2}, "e": Decimal("NaN")}
    assert load_source(values).content == (
        b'{"a":"2025-01-02","b":"2025-01-02T03:00:00","c":"<object>","d":"<set>","e":"NaN"}'
    )
    assert len(load_source({"a": Decimal("1e999999999")}).content) < 100


def endless() -> dict[str, Any]:
    found: dict[str, Any] = {}
    found["a"] = found
    return found


def deep() -> dict[str, Any]:
    found: dict[str, Any] = {}
    for _ in range(100_000):
        found = {"a": found}
    return found


@pytest.mark.parametrize(
    ("mapping", "problem"),
    [
        (endless(), "it holds itself"),
        (deep(), "it is nested too deeply"),
        ({1: 2, "a": 3}, "the keys are not all text"),
        ({("a",): 3}, "the keys are not all text"),
        ({"a": 10**5_000}, "a number is too long"),
    ],
    ids=["itself", "deep", "mixed", "tuple", "long"],
)
def test_a_mapping_that_is_no_json_never_raises(mapping: dict[Any, Any], problem: str) -> None:
    source = load_source(mapping)
    assert (source.problem, source.content, source.mapping) == (problem, b"", {})


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text() | st.decimals() | st.floats(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)


@given(st.dictionaries(st.text(), JSON, max_size=5))
def test_the_order_of_keys_never_matters(mapping: dict[str, Any]) -> None:
    assert load_source(mapping).content == load_source(dict(reversed(mapping.items()))).content
