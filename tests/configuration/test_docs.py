"""docs/configuration.md: each of its files loads, keeps to its own examples and gives lint nothing to call an error."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from casrules.packs.lint import lint
from casrules.testing import check, load_suite
from casrules.testing.configuration_setting import ConfigurationSuite

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "configuration.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(?:yaml|csv)\n# (\S+)\n(.*?)^```$", PAGE, re.M | re.S)
FILES = dict(BLOCKS)
TOPICS = [name for name in FILES if name.endswith(".yaml")]


def test_no_block_is_left_out() -> None:
    assert len(re.findall(r"^```(?:yaml|csv)", PAGE, re.M)) == len(FILES) == 5


@pytest.mark.parametrize("name", TOPICS)
def test_every_block_is_a_topic_file(name: str, tmp_path: Path) -> None:
    (tmp_path / "pack.yaml").write_text("id: acme\ntitle: Acme\nversion: 1.0.0\n", encoding="utf-8")
    (tmp_path / name).write_text(FILES[name], encoding="utf-8")
    if "file: " in FILES[name]:
        (tmp_path / "decisions").mkdir()
        (tmp_path / "decisions" / "descriptions.csv").write_text(FILES["decisions/descriptions.csv"], encoding="utf-8")
    suite = load_suite([tmp_path])
    assert ConfigurationSuite.of(suite).rules(suite.packs[0])
    problems = [problem.text for result in check(suite) for problem in result.problems]
    assert [text for text in problems if not text.startswith("no example under")] == []
    assert ("examples:" in FILES[name] or "configuration_tables" in FILES[name]) == (problems == [])
    assert [str(found) for found in lint(suite.packs[0], suite.ruleset) if found.level == "error"] == []


def test_the_example_pack_holds_what_the_page_shows() -> None:
    folder = ROOT / "examples" / "configuration"
    assert (folder / "decisions" / "descriptions.csv").read_text() == FILES["decisions/descriptions.csv"]
    rules = (folder / "rules.yaml").read_text()
    table = FILES["tables.yaml"].partition("configuration_tables:\n")[2]
    assert table in rules
    invoice = FILES["rules.yaml"].partition("configuration:\n")[2]
    assert invoice in rules
