"""docs/rule-packs.md: its packs load, pass lint and test as it says, its code runs, its tables are complete."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from casrules.packs import Pack, load_pack
from casrules.packs.lint import lint, lint_codes
from casrules.packs.schema import INHERITS, MODELS, descriptions
from casrules.packs.settings import read_settings
from casrules.testing import check, load_suite

from .conftest import ruleset_of

FENCE = re.compile(r"^```(?P<kind>[a-z]+)\n(?:# (?P<file>\S+)\n)?(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
TITLES = {
    "Manifest": "Keys of `pack.yaml`", "Extension": "Entries of `extends`", "Override": "Entries of `overrides`",
    "Removed": "Entries of `removed`", "Topic": "Keys of a topic file", "Rule": "Keys of a rule",
    "DecisionTable": "Keys of a decision table beside those of a rule", "Branch": "Entries of `branches`",
    "Scope": "`scope`", "Validity": "`valid`", "Law": "Entries of `law`", "Authority": "Entries of `authority`",
    "FixPlan": "Entries of `fix`",
    "SuggestPlan": "Entries of `suggest` beside `set`, `default`, `copy`, `compute`, `add`",
    "Examples": "`examples`", "Example": "An example", "Equivalent": "Entries of `equivalent`",
    "ConfigurationRule": "Keys of a configuration rule",
    "ConfigurationTable": "Keys of a table of configuration rules beside those of a configuration rule",
    "ConfigurationExamples": "`examples` of a configuration rule",
    "ConfigurationExample": "An example of a configuration rule, beside the keys of any example",
    "Approval": "`approved`",
    "TranslationFile": "Keys of a file of texts in another language",
    "RuleTexts": "Texts of a rule in another language, beside title, message, remedy and alternatives",
    "BranchTexts": "Texts of a branch in another language",
}  # fmt: skip


@pytest.fixture(scope="module")
def page(repository: Path) -> str:
    return (repository / "docs" / "rule-packs.md").read_text(encoding="utf-8")


@pytest.fixture
def written(page: str, tmp_path: Path) -> Path:
    """The page's files as a reader would write them."""
    for found in FENCE.finditer(page):
        if found["file"]:
            path = tmp_path / found["file"]
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(found["text"], encoding="utf-8")
    return tmp_path


def in_csv(written: Path) -> Pack:
    """The page's pack with the rows of its decision table in the CSV file."""
    topic = written / "acme" / "guarantees.yaml"
    text = topic.read_text(encoding="utf-8")
    rows = text[text.index("    rows:\n") : text.index("    examples:\n")]
    topic.write_text(text.replace(rows, "    file: guarantee.csv\n"), encoding="utf-8")
    return load_pack(written / "acme")


def in_yaml(written: Path) -> Pack:
    """The page's pack without the CSV file, which a pack has only when a table names it."""
    (written / "acme" / "decisions" / "guarantee.csv").rename(written / "guarantee.csv")
    (written / "acme" / "decisions").rmdir()
    return load_pack(written / "acme")


def test_the_csv_twin_gives_the_same_rules(written: Path) -> None:
    twin = {name: packed.rule for name, packed in in_csv(written).rules.items()}
    assert twin.keys() >= {"acme.guarantee.individual", "acme.guarantee.waiver"}
    topic = written / "acme" / "guarantees.yaml"
    page_text = (Path(__file__).parents[2] / "docs" / "rule-packs.md").read_text(encoding="utf-8")
    original = next(found["text"] for found in FENCE.finditer(page_text) if found["file"] == "acme/guarantees.yaml")
    topic.write_text(original, encoding="utf-8")
    assert {name: packed.rule for name, packed in in_yaml(written).rules.items()} == twin


def test_the_packs_check_and_nobody_objects(written: Path) -> None:
    acme = in_yaml(written)
    strict = load_pack(written / "strict")
    ruleset = ruleset_of(acme, strict)
    assert [str(entry) for pack in (acme, strict) for entry in lint(pack, ruleset, as_of=date(2025, 6, 1))] == []
    assert ruleset.rules["acme.light_packaging"].packed.rule.params == {"factor": "1.5"}
    assert "acme.guarantee.waiver" not in ruleset.rules
    assert len(ruleset.overrides) == 3


@pytest.mark.parametrize("pack", ["acme", "strict"])
def test_the_examples_of_the_page_hold(written: Path, pack: str) -> None:
    in_yaml(written)
    (result,) = check(load_suite([written / pack]))
    assert [str(problem) for problem in result.problems] == []
    assert result.examples >= 3
    assert result.coverage.missing == ()


def test_the_python_of_the_page_runs(written: Path, page: str, monkeypatch: pytest.MonkeyPatch) -> None:
    in_yaml(written)
    monkeypatch.chdir(written)
    blocks = [found["text"] for found in FENCE.finditer(page) if found["kind"] == "python"]
    assert len(blocks) == 2
    for block in blocks:
        exec(compile(block, "docs/rule-packs.md", "exec"), {})


def test_the_settings_of_the_page_are_settings(written: Path) -> None:
    settings = read_settings(written / "casrules.toml")
    assert settings.lang == "en" and settings.packs is not None and settings.packs[0] == "eu.ncts"


def test_every_key_and_every_code_has_its_row(page: str) -> None:
    assert page.endswith(lint_table() + key_tables())


def lint_table() -> str:
    rows = [f"| {code.code} | {code.level} | {code.title} | {code.why} |" for code in lint_codes().values()]
    return "\n".join(["| code | level | finds | why it matters |", "|---|---|---|---|", *rows]) + "\n"


def key_tables() -> str:
    words = descriptions()
    inherited = {name: words[other] for name, other in INHERITS.items()}
    text = ""
    for model in MODELS:
        name = model.__name__
        keys = [
            key
            for key, told in words[name].items()
            if inherited.get(name, {}).get(key) != told or (name == "DecisionTable" and key == "examples")
        ]
        rows = [f"| `{key}` | {words[name][key]} |" for key in keys]
        text += "\n".join(["", f"## {TITLES[name]}", "", "| key | means |", "|---|---|", *rows, ""])
    return text
