"""Packs that mean harm: each file of the corpus says in its first line where and with which words it is refused."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest

from casrules.errors import PackError, RuleError
from casrules.packs import load_pack

from .conftest import WritePack, ruleset_of

CORPUS = sorted((Path(__file__).parent / "malicious").iterdir())
EXPECTED = re.compile(r"# expect (?P<line>[0-9]+): (?P<problem>.+)")
SECONDS = 5.0


def test_the_corpus_holds_nothing_that_nobody_loads() -> None:
    assert len(CORPUS) >= 20
    assert {path.suffix for path in CORPUS} == {".yaml"}


@pytest.mark.parametrize("path", CORPUS, ids=lambda path: path.stem)
def test_a_malicious_pack_is_refused_with_its_line(path: Path, write_pack: WritePack) -> None:
    text = path.read_text(encoding="utf-8")
    expected = EXPECTED.match(text)
    assert expected is not None, "the first line says what to expect"
    folder = write_pack(topic=text)
    started = time.monotonic()
    with pytest.raises(PackError, match=expected["problem"]) as caught:
        ruleset_of(load_pack(folder))
    assert time.monotonic() - started < SECONDS
    assert caught.value.place is not None
    assert caught.value.place.file.endswith("topic.yaml")
    assert caught.value.place.line == int(expected["line"])


def _rule(require: str) -> str:
    return f"rules:\n  - id: M1\n    title: T\n    for: item\n    require: {require}\n    message: x {{item.number}}\n"


@pytest.mark.parametrize(
    ("require", "problem"),
    [
        (" or ".join(["item.net_mass > 0"] * 150_000), "characters, more than"),
        ("'" + '"' + "x" * 3_000_000 + '"' + " == item.commodity_code'", "characters, more than"),
        ("item.net_mass in {" + ", ".join(map(str, range(5_000))) + "}", "characters, more than"),
    ],
    ids=["ten thousand parts", "long text", "long set"],
)
def test_a_huge_expression_is_refused(write_pack: WritePack, require: str, problem: str) -> None:
    with pytest.raises(RuleError, match=problem) as caught:
        ruleset_of(load_pack(write_pack(topic=_rule(require))))
    assert caught.value.place is not None and caught.value.place.line == 5


def test_a_file_of_ten_megabytes_is_refused_before_it_is_parsed(write_pack: WritePack) -> None:
    folder = write_pack(topic=_rule("item.net_mass > " + "9" * 10_000_000))
    started = time.monotonic()
    with pytest.raises(PackError, match="bytes"):
        load_pack(folder)
    assert time.monotonic() - started < 1


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("rules: " + "[" * 100_000, "nested deeper"),
        ("rules: " + "{a: " * 100_000, "nested deeper"),
        ("rules:\n" + "".join(f"{' ' * n}- \n" for n in range(200)), "nested deeper"),
        ("rules: [" + "x, " * 300_000 + "]", "values"),
        ("rules: [" + "&a x, *a, " * 101 + "]", "aliases"),
    ],
    ids=["lists", "mappings", "indented", "values", "aliases"],
)
def test_a_bomb_of_structure_is_refused(write_pack: WritePack, text: str, problem: str) -> None:
    started = time.monotonic()
    with pytest.raises(PackError, match=problem) as caught:
        load_pack(write_pack(topic=text))
    assert time.monotonic() - started < SECONDS
    assert caught.value.place is not None and caught.value.place.line is not None


def test_a_folder_with_a_stranger_is_refused(write_pack: WritePack) -> None:
    for name in ("setup.py", "rules.yml", "tables/a.xlsx", "extra/a.csv"):
        folder = write_pack(folder=name.replace("/", "_"), files={name: "import os"})
        with pytest.raises(PackError, match="nobody loads"):
            load_pack(folder)
