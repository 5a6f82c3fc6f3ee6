from __future__ import annotations

import pytest

from casrules.messages.paths import Condition, Path, Step, parse_path, parse_paths, qualified

WRITTEN = [
    ".",
    "./A",
    "./A/B/C",
    "./@id",
    "./A/@id",
    "./p:A/@q:id",
    "/./md:Name",
    "/.",
    "./A[B='x']/C",
    "./A[B/C='x y'][D]",
    "./A[not(B)][2]",
    "./A[@kind='Z']",
    "./A[not(@kind)]",
]


@pytest.mark.parametrize("text", WRITTEN)
def test_a_path_is_written_as_it_was_read(text: str) -> None:
    assert str(parse_path(text)) == text


def test_the_parts_of_a_path() -> None:
    path = parse_path("""./p:A[B = "it's"]/C/@d""")
    assert path == Path((Step("p:A", (Condition("equals", ("B",), "it's"),)), Step("C")), "d")
    assert path.names == "A/C/@d"
    assert parse_path(".").is_self and not parse_path("/.").is_self


def test_several_paths_are_joined_by_a_plus_outside_quotes() -> None:
    found = parse_paths("./A[B='x + y']/C + ./D")
    assert [str(path) for path in found] == ["./A[B='x + y']/C", "./D"]


@pytest.mark.parametrize("text", ["", "A/B", "./A//B", "./A[", "./A[B=x]", "./@a/B", "./A[0]", "./1A", "../A", "./*"])
def test_anything_else_is_refused_with_its_position(text: str) -> None:
    with pytest.raises(ValueError, match=r"path|condition"):
        parse_path(text)


def test_names_get_their_namespaces() -> None:
    namespaces = {"": "urn:d", "p": "urn:p"}
    assert qualified("A", namespaces) == "{urn:d}A"
    assert qualified("p:A", namespaces) == "{urn:p}A"
    assert qualified("A", {}) == "A"
    with pytest.raises(ValueError, match="known: p"):
        qualified("q:A", namespaces)
