from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from casrules.errors import PackError
from casrules.limits import DEFAULT_LIMITS
from casrules.packs.yaml_lines import size_of
from casrules.packs.yaml_text import parse_yaml, read_yaml
from casrules.packs.yaml_writing import write_yaml

HERE = Path("x.yaml")

plain = st.recursive(
    st.none() | st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=12),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text("abc_NO01", max_size=5), inner, max_size=4),
    max_leaves=20,
)


def test_every_scalar_is_the_text_as_written() -> None:
    content = parse_yaml("a: NO\nb: 0101\nc: 1.50\nd: true\ne: ~\nf: ''\ng: 2025-01-21\n", HERE).content
    assert content == {"a": "NO", "b": "0101", "c": "1.50", "d": "true", "e": None, "f": "", "g": "2025-01-21"}


@given(st.dictionaries(st.text("abc_NO01", max_size=5), plain, max_size=4).filter(lambda d: "<<" not in d))
def test_what_is_written_is_read_back(content: dict[str, object]) -> None:
    document = parse_yaml(write_yaml(content), HERE)
    assert document.content == content
    assert len(document.lines.numbers) == size_of(content) == len(document.lines.by_path)


@given(st.dictionaries(st.text("abc", min_size=1, max_size=5), plain, min_size=1, max_size=4))
def test_lines_are_those_of_another_reader(content: dict[str, object]) -> None:
    text = write_yaml(content)
    document = parse_yaml(text, HERE)

    def walk(node: yaml.Node, at: tuple[str | int, ...]) -> None:
        assert document.lines.line(*at) == node.start_mark.line + 1
        if isinstance(node, yaml.SequenceNode):
            for index, child in enumerate(node.value):
                walk(child, (*at, index))
        elif isinstance(node, yaml.MappingNode):
            for key, child in node.value:
                walk(child, (*at, key.value))

    walk(yaml.compose(text), ())


def test_an_alias_repeats_value_and_lines() -> None:
    document = parse_yaml("a: &x\n  - 1\n  - {b: 2}\nc: *x\nd: 3\n", HERE)
    assert document.content == {"a": ["1", {"b": "2"}], "c": ["1", {"b": "2"}], "d": "3"}
    assert document.place("c", 1, "b").line == 3
    assert document.place("d").line == 5


def test_the_entries_of_a_list_know_their_lines() -> None:
    document = parse_yaml("head: {x: [1, 2]}\nrules:\n  - id: A\n    at:\n      - b\n  - id: C\ntail: 1\n", HERE)
    first, second = document.lines.entries("rules")
    assert (first.line("id"), first.line("at", 0), first.line()) == (3, 5, 3)
    assert (second.line("id"), second.line("nothing", "here")) == (6, 6)


@pytest.mark.parametrize(
    ("text", "line", "problem"),
    [
        ("a: 1\na: 2\n", 2, "written twice"),
        ("a: 1\nb: !!python/object/apply:os.system [x]\n", 2, "tag"),
        ("a: !!str 1\n", 1, "tag"),
        ("a: &x {b: 1}\nc:\n  <<: *x\n", 3, "merge keys"),
        ("? [a, b]\n: 1\n", 1, "plain text"),
        ("a: [1\nb: 2\n", 2, "not valid YAML"),
        ("a: *nobody\n", 1, "nobody"),
        ("a: 1\n---\nb: 2\n", 2, "one document"),
        ("%YAML 1.1\n---\na: 1\n", 1, "one document"),
        ("a: 1\nb: \x01\n", 2, "not valid YAML"),
        ("a: &x [*x]\n", 1, "stands for nothing"),
    ],
)
def test_what_is_not_plain_data_is_refused_with_its_line(text: str, line: int, problem: str) -> None:
    with pytest.raises(PackError, match=problem) as caught:
        parse_yaml(text, HERE)
    assert caught.value.place is not None and caught.value.place.line == line
    assert caught.value.remedy


def test_the_caps_are_those_of_the_caller() -> None:
    deep, wide, many = "a: " + "[" * 6 + "]" * 6, "a: [" + "1, " * 20 + "]", "a: &x 1\nb: [" + "*x, " * 9 + "]"
    for text, limits in (
        (deep, replace(DEFAULT_LIMITS, pack_depth=5)),
        (wide, replace(DEFAULT_LIMITS, pack_values=20)),
        (many, replace(DEFAULT_LIMITS, pack_aliases=8)),
    ):
        parse_yaml(text, HERE)
        with pytest.raises(PackError):
            parse_yaml(text, HERE, limits)


def test_a_file_that_is_no_text_or_too_large_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_bytes(b"a: 1\nb: \xff\n")
    with pytest.raises(PackError, match="UTF-8") as caught:
        read_yaml(path)
    assert caught.value.place is not None and caught.value.place.line == 2
    path.write_bytes(b"a: " + b"x" * 100)
    with pytest.raises(PackError, match="bytes"):
        read_yaml(path, replace(DEFAULT_LIMITS, pack_bytes=50))
    with pytest.raises(PackError, match="cannot be read"):
        read_yaml(tmp_path / "none.yaml")


@pytest.mark.parametrize(
    ("text", "advice"),
    [
        ("a:\n  b: 1\n\tc: 2\n", "indent by spaces"),
        ("a: Item 1: too much\n", "quote a text that holds a colon"),
        ("a:\n  - b: 1\n   c: 2\n", "begin the line below the keys it belongs to"),
    ],
)
def test_what_is_no_yaml_is_told_with_what_is_mostly_behind_it(text: str, advice: str) -> None:
    with pytest.raises(PackError) as caught:
        parse_yaml(text, HERE)
    assert advice in caught.value.remedy
