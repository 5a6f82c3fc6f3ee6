from __future__ import annotations

from pathlib import Path

import pytest

from casrules.cli import main

PACK = "id: acme\ntitle: House rules\nversion: 0.1.0\ndescription: What our customers agreed on.\n"
RULES = """\
topic: Masses
rules:
  - id: A1
    title: Net mass does not exceed gross mass
    description: The packaging weighs something.
    scope: {message: [ncts.CC015C]}
    law: [{act: "2015/2446", place: "Annex B"}]
    for: item
    when: item.gross_mass > 0
    require: item.net_mass <= item.gross_mass
    at: [item.net_mass, item.gross_mass]
    message: "Item {item.number}: net mass {item.net_mass:mass}, gross mass {item.gross_mass:mass}."
    remedy: Compare the masses with the packing list.
    examples:
      valid: [{given: {item: {gross_mass: 10, net_mass: 10}}}, {given: {item: {gross_mass: 0.5, net_mass: 0}}}]
      invalid: [{given: {item: {gross_mass: 9, net_mass: 10}}, expect_at: item.net_mass}]
      not_applicable: [{given: {item: {gross_mass: 0, net_mass: 2}}}]
"""
MESSAGE = """\
{"format": "ncts.CC015C", "message": {"preparation_datetime": "2025-06-01T10:00:00"},
 "consignment": {"houses": [{"items": [{"number": 1, "gross_mass": 9, "net_mass": 10}]}]}}
"""


class Said:
    """What one call gave."""

    def __init__(self, code: int, out: str, err: str) -> None:
        self.code, self.out, self.err = code, out, err


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]):
    def call(*arguments: object) -> Said:
        capsys.readouterr()
        code = main([str(argument) for argument in arguments])
        captured = capsys.readouterr()
        return Said(code, captured.out, captured.err)

    return call


@pytest.fixture
def acme(tmp_path: Path) -> Path:
    return written(tmp_path / "acme", RULES)


@pytest.fixture
def message(tmp_path: Path) -> Path:
    path = tmp_path / "messages" / "one.json"
    path.parent.mkdir()
    path.write_text(MESSAGE, encoding="utf-8")
    return path


def written(folder: Path, rules: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "pack.yaml").write_text(PACK, encoding="utf-8")
    (folder / "masses.yaml").write_text(rules, encoding="utf-8")
    return folder


def test_test_writes_one_line_a_pack(run, acme) -> None:
    said = run("test", acme)
    assert (said.code, said.err) == (0, "")
    assert said.out == "acme: 1 rule, 4 examples, 0 failures, branch coverage 100 %\n"


def test_test_fails_with_place_and_reason(run, acme) -> None:
    written(acme, RULES.replace("gross_mass: 9,", "gross_mass: 90,"))
    said = run("test", acme)
    assert said.code == 1
    assert "masses.yaml:16: acme.A1[invalid-1]: expected a violation, but the rule passed" in said.out


def test_strict_mutates_and_asks_for_full_coverage(run, acme) -> None:
    assert "mutation score 100 %" in run("test", acme, "--strict").out
    written(acme, RULES.replace(", {given: {item: {gross_mass: 0.5, net_mass: 0}}}", ""))
    said = run("test", acme, "--strict")
    assert said.code == 1
    assert "masses.yaml:9: acme.A1: no example notices: when: item.gross_mass > 0 -> item.gross_mass > 1" in said.out
    assert run("test", acme, "--mutate", "--min-score", "80").code == 0
    assert run("test", acme, "--mutate", "--min-score", "101").code == 2


def test_test_runs_only_the_rules_asked_for(run, acme) -> None:
    assert run("test", acme, "--rule", "A*").code == 0
    said = run("test", acme, "--rule", "A2")
    assert said.code == 2 and "there is no rule 'A2'" in said.err and "A1" in said.err


@pytest.mark.parametrize(
    ("place", "said"),
    [("uk.cdss", "did you mean uk.cds?"), ("acme/masses.yaml", "name the pack's folder"), (".", "a pack is a folder")],
)
def test_a_pack_that_is_not_there_is_told_with_a_way_out(run, tmp_path, monkeypatch, place, said) -> None:
    written(tmp_path / "here" / "acme", RULES)
    (tmp_path / "empty").mkdir()
    monkeypatch.chdir(tmp_path / ("empty" if place == "." else "here"))
    found = run("test", place)
    assert found.code == 2 and said in found.err


def test_a_broken_pack_is_told_with_file_and_line(run, acme) -> None:
    written(acme, RULES.replace("item.net_mass <=", "item.net_mas <="))
    said = run("test", acme)
    assert said.code == 2 and "masses.yaml:10" in said.err and "did you mean net_mass?" in said.err


def test_trace_shows_why_a_rule_fired(run, acme, message) -> None:
    said = run("trace", message, "A1", "--packs", acme)
    assert said.code == 0
    assert "as of 2025-06-01 (message.preparation_datetime)" in said.out
    assert "items[number=1]: violated" in said.out
    assert "require false   item.net_mass <= item.gross_mass" in said.out
    assert "items[number=1].net_mass = 10" in said.out


def test_trace_says_why_a_rule_does_not_run(run, acme, message) -> None:
    written(acme, RULES.replace("[ncts.CC015C]", "[ncts.CC013C]"))
    said = run("trace", message, "A1", "--packs", acme)
    assert said.code == 0 and "does not run here: its scope is message ncts.CC013C" in said.out


def test_trace_shows_lines_of_xml(run, repository) -> None:
    example = repository / "examples" / "ncts" / "cc015c-slips.xml"
    said = run("trace", example, "eu.ncts.R0223", "--packs", "eu.ncts")
    assert said.code == 0 and "does not run" not in said.out
    assert "(line " in said.out and "when " in said.out


def test_trace_takes_a_tariff_and_a_language_as_check_does(run, repository) -> None:
    example = repository / "examples" / "tariff" / "import-h1-shotguns.xml"
    without = run("trace", example, "uk.cds.tariff_import_document_missing")
    assert without.code == 0 and "cannot carry" in without.out
    said = run("trace", example, "uk.cds.tariff_import_document_missing", "--tariff", example.parent)
    assert said.code == 0 and "cannot carry" not in said.out and "violated" in said.out
    slips = repository / "examples" / "ncts" / "cc015c-slips.xml"
    said = run("trace", slips, "common.proof_of_origin_missing", "--lang", "de")
    assert said.out.split("\n")[1].startswith("common.proof_of_origin_missing: Eine Präferenz wird")
    assert run("trace", slips, "R0223", "--lang", "German").code == 2


def test_code_lists_of_the_caller_count_when_packs_are_tested_linted_and_traced(run, acme, message, tmp_path) -> None:
    require = 'listed(item.country_of_dispatch, "ACME")'
    rules = RULES.replace("require: item.net_mass <= item.gross_mass", f"require: '{require}'")
    rules = rules.replace("gross_mass: 10, net_mass: 10", "gross_mass: 1, country_of_dispatch: DE")
    rules = rules.replace("gross_mass: 0.5, net_mass: 0", "gross_mass: 2, country_of_dispatch: DE")
    rules = rules.replace(
        "gross_mass: 9, net_mass: 10}}, expect_at: item.net_mass", "gross_mass: 9, country_of_dispatch: XX}}"
    )
    written(acme, rules)
    lists = tmp_path / "ACME.csv"
    lists.write_text("code,name\nDE,Germany\n", encoding="utf-8")
    for command in (("test", acme), ("lint", acme), ("trace", message, "A1", "--packs", acme)):
        assert run(*command).code == 2, "nobody has the list"
        assert run(*command, "--codelists", lists).code == 0


def test_trace_of_what_is_no_message(run, acme, tmp_path) -> None:
    text = tmp_path / "a.xml"
    text.write_text("no xml", encoding="utf-8")
    said = run("trace", text, "A1", "--packs", acme)
    assert said.code == 3 and "cannot be read" in said.err
    said = run("trace", text, "A2", "--packs", acme)
    assert said.code == 2 and "did you mean A1?" in said.err


def test_diff_lists_what_is_new_and_counts_it(run, acme, message, tmp_path) -> None:
    lax = written(tmp_path / "old" / "acme", RULES.replace("<= item.gross_mass", "<= item.gross_mass + 5"))
    said = run("diff", lax, acme, "--corpus", message.parent)
    assert said.code == 1
    assert f"{message.as_posix()}" in said.out and "  + error acme.A1 at " in said.out
    assert "acme.A1: 1 new, 0 vanished" in said.out
    assert "1 document compared, 1 with differences" in said.out
    assert "  + " not in run("diff", lax, acme, "--corpus", message.parent, "--summary").out
    assert "  - error acme.A1" in run("diff", acme, lax, "--corpus", message).out


def test_diff_without_differences(run, acme, message, tmp_path) -> None:
    same = written(tmp_path / "same" / "acme", RULES)
    said = run("diff", same, acme, "--corpus", message.parent)
    assert (said.code, said.out) == (0, "1 document compared, 0 with differences\n")
    assert run("diff", same, acme, "--corpus", tmp_path / "lost.xml").code == 2


def test_lint_names_code_and_place(run, acme) -> None:
    assert run("lint", acme).code == 0
    written(acme, RULES.replace("    remedy: Compare the masses with the packing list.\n", ""))
    said = run("lint", acme, "--strict")
    assert said.code == 1 and "masses.yaml:3: P" in said.out and "acme.A1" in said.out


def test_new_rule_makes_a_pack_whose_tests_pass(run, tmp_path) -> None:
    folder = tmp_path / "house"
    first = run("new-rule", folder, "H1", "--for", "package", "--title", "Packages are counted")
    assert first.code == 0 and first.out.strip().endswith("rules.yaml:3")
    second = run("new-rule", folder, "H2")
    assert second.code == 0 and second.out.strip() != first.out.strip()
    assert run("test", folder).out == "house: 2 rules, 6 examples, 0 failures, branch coverage 100 %\n"
    again = run("new-rule", folder, "H2")
    assert again.code == 2 and "exists already" in again.err
    assert run("new-rule", folder, "H3", "--for", "itm").code == 2


def test_new_rule_leaves_a_file_as_it_was_where_the_rule_does_not_fit(run, acme) -> None:
    file = acme / "masses.yaml"
    file.write_text(RULES + "decisions: []\n", encoding="utf-8")
    said = run("new-rule", acme, "A2", "--topic", "masses")
    assert said.code == 2 and "--topic" in said.err
    assert file.read_text(encoding="utf-8") == RULES + "decisions: []\n"


def test_new_rule_writes_nothing_outside_the_pack(run, acme) -> None:
    before = sorted(acme.parent.rglob("*"))
    said = run("new-rule", acme, "A2", "--topic", "../outside")
    assert said.code == 2
    assert "is not a topic" in said.err
    assert sorted(acme.parent.rglob("*")) == before


def test_lock_pins_packs(run, acme, tmp_path) -> None:
    assert run("lock", acme, "--folder", tmp_path).code == 0
    assert run("lock", acme, "--folder", tmp_path, "--check").code == 0
    written(acme, RULES.replace("the packing list", "the invoice"))
    said = run("lock", acme, "--folder", tmp_path, "--check")
    assert said.code == 2 and "acme" in said.err


@pytest.mark.parametrize("command", ["test", "trace", "diff", "lint", "new-rule", "lock"])
def test_every_page_of_help_has_examples(run, command) -> None:
    said = run(command, "--help")
    assert said.code == 0 and "examples:" in said.out and f"casrules {command} " in said.out
