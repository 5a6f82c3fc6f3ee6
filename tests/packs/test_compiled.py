from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from casrules.dictionary import Dictionary, shipped_dictionary
from casrules.language import build_plan
from casrules.packs import Pack, cached_pack, load_pack, pack_folders, shipped_code_lists
from casrules.packs import compiled as compiled_module
from casrules.packs.checked_data import CheckedReader, CheckedWriter, DataError
from casrules.packs.compiled import CompiledPacks, load_packs, read_compiled
from casrules.resources import rulesets_folder
from casrules.rules import RuleSet, build_ruleset, compiling
from casrules.rules.compiling import checked, shipped_packs, write_compiled
from casrules.rules.sources import families_of

from .conftest import WritePack
from .test_decisions import CSV, HEAD


@pytest.fixture(scope="module")
def dictionary() -> Dictionary:
    return shipped_dictionary()


@pytest.fixture(scope="module")
def shipped() -> list[Pack]:
    return [load_pack(folder) for folder in pack_folders(rulesets_folder())]


@pytest.fixture
def compile_to(tmp_path: Path, dictionary: Dictionary) -> Callable[[list[Pack]], CompiledPacks]:
    def write(packs: list[Pack]) -> CompiledPacks:
        path = tmp_path / "compiled.json"
        write_compiled(path, packs, dictionary)
        found = read_compiled(path, dictionary)
        assert found is not None
        return found

    return write


def rows_of(ruleset: RuleSet) -> list[Any]:
    """All checked rules written out, texts and types too, which equality of nodes leaves aside."""
    writer = CheckedWriter()
    for rule in ruleset.rules.values():
        writer.add(rule.checked)
        for computation in rule.computations.values():
            writer.add(computation)
    return writer.rows


class Counting:
    """Counts how many rules the compiled file knew."""

    def __init__(self, compiled: CompiledPacks) -> None:
        self.compiled, self.hits, self.misses = compiled, 0, 0

    def find(self, *arguments: Any) -> Any:
        found = self.compiled.find(*arguments)
        self.hits, self.misses = self.hits + (found is not None), self.misses + (found is None)
        return found


def built(packs: list[Pack], before: Counting | None, dictionary: Dictionary) -> RuleSet:
    families = frozenset({"ncts", "aes", "import", "ens", "cds"})
    return build_ruleset(packs, dictionary, shipped_code_lists(), families_of, families, checked_before=before)


def test_what_is_compiled_is_what_the_yaml_gives(
    shipped: list[Pack], dictionary: Dictionary, compile_to: Callable[[list[Pack]], CompiledPacks]
) -> None:
    counting = Counting(compile_to(shipped))
    again = load_packs([pack.folder for pack in shipped], counting.compiled)
    assert again == shipped
    assert [pack.lines.by_path for pack in again] == [pack.lines.by_path for pack in shipped]
    for first, second in zip(shipped, again, strict=True):
        for name, rule in first.rules.items():
            assert second.rules[name].lines.by_path == rule.lines.by_path
    plain, compiled = built(shipped, None, dictionary), built(again, counting, dictionary)
    assert compiled == plain
    assert rows_of(compiled) == rows_of(plain)
    assert (counting.hits, counting.misses) == (len(plain.rules), 0)


def test_what_is_compiled_runs_as_fast_as_what_the_yaml_gives(
    shipped: list[Pack], compile_to: Callable[[list[Pack]], CompiledPacks], dictionary: Dictionary
) -> None:
    ruleset = built(shipped, Counting(compile_to(shipped)), dictionary)
    lists = shipped_code_lists()
    plan = build_plan(
        (rule.checked for rule in ruleset.rules.values()),
        code_lists=lambda name: lists.get(name, "2025-06-01"),
        tables=ruleset.tables.get,
    )
    assert not plan.run({"lrn": "1"}, "2025-06-01").fell_back


def test_checked_rules_share_the_dictionarys_objects(
    shipped: list[Pack], dictionary: Dictionary, compile_to: Callable[[list[Pack]], CompiledPacks]
) -> None:
    ruleset = built(shipped, Counting(compile_to(shipped)), dictionary)
    for rule in ruleset.rules.values():
        for chain in rule.checked.chains:
            assert any(chain is known for known in dictionary.chains_to(rule.checked.target))


def test_decision_tables_in_csv_and_tables_are_kept(
    write_pack: WritePack, dictionary: Dictionary, compile_to: Callable[[list[Pack]], CompiledPacks]
) -> None:
    topic = "decisions:\n" + HEAD.replace("HIT", "first") + "    file: grn.csv\n"
    german = "translations: {grn.without: {title: Ohne Nummer}}\n"
    files = {"decisions/grn.csv": CSV, "tables/t.csv": "key,a\n1,x\n", "topic.de.yaml": german}
    pack = load_pack(write_pack(topic=topic, files=files))
    found = compile_to([pack]).pack(pack.folder)
    assert found == pack
    assert found is not None and found.rules["made.up.grn.without"].place("when").line == 4


def test_a_changed_pack_is_read_anew_and_its_rules_checked_again(
    write_pack: WritePack, dictionary: Dictionary, compile_to: Callable[[list[Pack]], CompiledPacks]
) -> None:
    folder = write_pack()
    counting = Counting(compile_to([load_pack(folder)]))
    topic = folder / "topic.yaml"
    topic.write_text(topic.read_text().replace("title: Net", "title: The net"))
    assert counting.compiled.pack(folder) is None
    (again,) = load_packs([folder], counting.compiled)
    assert again.rules["made.up.A1"].rule.title.startswith("The net")
    built([again], counting, dictionary)
    assert (counting.hits, counting.misses) == (0, 1)


def test_an_overridden_param_is_checked_anew_and_other_rules_are_not(
    write_pack: WritePack, dictionary: Dictionary, compile_to: Callable[[list[Pack]], CompiledPacks]
) -> None:
    base = load_pack(write_pack("base"))
    counting = Counting(compile_to([base]))
    manifest = "extends: {pack: base, overrides: [{rule: A1, params: {tolerance: 0.5}, reason: r}]}"
    own = load_pack(write_pack("own", manifest=manifest))
    ruleset = built([base, own], counting, dictionary)
    assert counting.hits == 0
    assert rows_of(ruleset) == rows_of(built([base, own], None, dictionary))
    milder = load_pack(write_pack("mild", manifest=manifest.replace("params: {tolerance: 0.5}", "severity: info")))
    built([base, milder], counting, dictionary)
    assert counting.hits == 1


def test_a_rule_whose_code_list_is_gone_is_not_taken(
    write_pack: WritePack, compile_to: Callable[[list[Pack]], CompiledPacks]
) -> None:
    require = """'listed(item.commodity_code, "CL505")'"""
    topic = f'rules: [{{id: A, title: T, for: item, require: {require}, message: "{{item.number}}"}}]'
    pack = load_pack(write_pack(topic=topic))
    found, rule = compile_to([pack]), pack.rules["made.up.A"]
    assert found.find(rule, frozenset(), {"CL505"}) is not None
    assert found.find(rule, frozenset(), {"CL010"}) is None
    assert found.find(rule, frozenset({"ncts"}), {"CL505"}) is None
    assert found.find(replace(rule, pack_digest="0" * 64), frozenset(), {"CL505"}) is None


def test_a_file_of_another_library_or_none_at_all_is_not_used(
    clean: Pack, dictionary: Dictionary, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "compiled.json"
    assert read_compiled(path, dictionary) is None
    write_compiled(path, [clean], dictionary)
    content = path.read_text()
    head, rows, _ = content.split("\n")
    for text in ("", "[]", "{}", "[" * 10_000, head, f"{head}\n[]\n", f"{head}\n{rows} \n"):
        path.write_text(text)
        assert read_compiled(path, dictionary) is None
    path.write_text(content)
    assert read_compiled(path, dictionary) is not None
    monkeypatch.setattr(compiled_module, "guard", lambda: "another")
    assert read_compiled(path, dictionary) is None


@pytest.mark.parametrize(
    "rows",
    [
        [["And", [0]]], [["Literal", None]], [["nothing"]], [[]], [["element", "item", "nothing"]],
        [["chain", "no.way"]], [["0.0", "many"]], [["CheckedRule", "a", "b"]],
        [["Literal", None, "x", "y", "z", "more"]],
    ],
)  # fmt: skip
def test_rows_that_describe_nothing_are_refused(rows: list[Any], dictionary: Dictionary) -> None:
    with pytest.raises(DataError):
        CheckedReader(rows, dictionary)


def test_only_known_classes_are_written() -> None:
    with pytest.raises(DataError, match="Path"):
        CheckedWriter().add(Path())  # type: ignore[arg-type]


def test_a_number_keeps_its_digits(dictionary: Dictionary) -> None:
    reader = CheckedReader([["0.0", "1.50"]], dictionary)
    with pytest.raises(DataError, match="not a rule"):
        reader.rule(0)
    assert str(reader._made[0]) == "1.50" and isinstance(reader._made[0], Decimal)


def test_nothing_is_written_without_a_cache_folder(
    dictionary: Dictionary, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(compiling, "shipped_compiled", lambda _: None)
    written: list[Path] = []
    monkeypatch.setattr(compiling, "write_compiled", lambda path, *_: written.append(path))
    packs, found = shipped_packs(dictionary)
    assert found is None and not written
    assert packs == [cached_pack(folder) for folder in pack_folders(rulesets_folder())]


def test_with_a_cache_folder_the_second_time_is_read_from_it(
    dictionary: Dictionary, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(compiling, "shipped_compiled", lambda _: None)
    packs, found = shipped_packs(dictionary, tmp_path / "cache")
    assert found is not None
    (file,) = (tmp_path / "cache").iterdir()
    before = file.stat().st_mtime_ns
    again, _ = shipped_packs(dictionary, tmp_path / "cache")
    assert again == packs
    assert file.stat().st_mtime_ns == before
    assert checked(again, dictionary, shipped_code_lists()).rules.keys()
