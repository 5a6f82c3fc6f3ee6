from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from casrules.dictionary import shipped_dictionary
from casrules.errors import UsageError
from casrules.packs import load_pack
from casrules.packs.lint import lint
from casrules.packs.new_rule import new_pack, rule_text

from .conftest import ruleset_of

DICTIONARY = shipped_dictionary()


def with_values(target: str) -> bool:
    try:
        rule_text("A1", target, DICTIONARY)
    except UsageError as error:
        assert "no value of its own" in error.problem
        return False
    return True


TARGETS = sorted(target for target in DICTIONARY.scope_names if with_values(target))


def test_nearly_everything_can_be_visited() -> None:
    assert len(TARGETS) > 0.8 * len(DICTIONARY.scope_names)
    assert {"item", "house", "declaration", "party", "supporting_document"} <= set(TARGETS)


def test_a_new_pack_loads_checks_and_is_nearly_clean(tmp_path: Path) -> None:
    targets = [target for target in TARGETS if not any(f"{target}." == f"{family}." for family in ("ens", "cds"))]
    texts = [rule_text(f"N{n}", target, DICTIONARY) for n, target in enumerate(targets[:40])]
    files = new_pack(tmp_path / "new", "acme.new", "New: rules", "first_rules", texts)
    assert [path.name for path in files] == ["pack.yaml", "first_rules.yaml"]
    pack = load_pack(tmp_path / "new")
    assert pack.manifest.title == "New: rules"
    assert len(pack.rules) == len(texts)
    assert {rule.rule.status for rule in pack.rules.values()} == {"draft"}
    one = new_pack(tmp_path / "one", "acme.one", "One", "rules", [rule_text("A1", "item", DICTIONARY, "Of: items")])
    own = load_pack(one[0].parent)
    assert own.rules["acme.one.A1"].rule.title == "Of: items"
    assert lint(own, ruleset_of(own), as_of=date(2025, 6, 1)) == ()


def test_nothing_is_overwritten_and_wrong_words_are_explained(tmp_path: Path) -> None:
    new_pack(tmp_path, "a", "A", "t", [rule_text("A1", "item", DICTIONARY)])
    with pytest.raises(UsageError, match="holds a pack already"):
        new_pack(tmp_path, "a", "A", "t", [])
    with pytest.raises(UsageError, match=r"nothing is called 'itme'.*did you mean 'item'"):
        rule_text("A1", "itme", DICTIONARY)
    with pytest.raises(UsageError, match="is not an id"):
        rule_text("A 1", "item", DICTIONARY)
    with pytest.raises(UsageError, match="is not a pack's id"):
        new_pack(tmp_path / "b", "B!", "A", "t", [])
