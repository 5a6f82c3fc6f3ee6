from __future__ import annotations

from datetime import date

import pytest

from casrules.packs import load_pack, pack_folders
from casrules.packs.lint import LintFinding, lint, lint_codes
from casrules.resources import rulesets_folder

from .conftest import CLEAN, WritePack, ruleset_of
from .test_decisions import HEAD, ROWS
from .test_lint_configuration import TRIED as CONFIGURATION

AS_OF = date(2025, 6, 1)
OFFICIAL = "jurisdiction: EU\ndescription: D\n"
LAW = '    law: [{act: "2015/2446", place: "Annex B"}]\n'
REMEDY = "    remedy: Compare the two masses.\n"
REQUIRE = "item.net_mass <= item.gross_mass + tolerance"
MESSAGE = '"Item {item.number}: net mass {item.net_mass:mass} exceeds gross mass {item.gross_mass:mass}."'
HIDING = '\n    when: tolerance == 0\n    message: "Item {item.number}"'
OTHER = CLEAN.replace("rules:\n", "").replace("A1", "A2")


def found_in(write_pack: WritePack, topic: str, manifest: str = OFFICIAL, **files: str) -> list[LintFinding]:
    pack = load_pack(write_pack(topic=topic, manifest=manifest, files={f"tables/{n}.csv": t for n, t in files.items()}))
    return list(lint(pack, ruleset_of(pack), as_of=AS_OF))


def test_nobody_objects_to_a_clean_rule(write_pack: WritePack) -> None:
    assert found_in(write_pack, CLEAN) == []


VARIANTS = [
    ("no_law", LAW, "", 2),
    ("no_remedy", REMEDY, "", 2),
    ("no_authority", "    authority: [{system: NCTS, rule: A1}]\n", "", 2),
    ("no_successor", "    for: item", "    for: item\n    status: deprecated", 9),
    ("preview_without_reason", "    for: item", "    for: item\n    status: preview", 9),
    ("expired", "    for: item", "    for: item\n    valid: {to: 2025-05-31}", 9),
    ("since_later", "    for: item", "    for: item\n    since: 1.3", 9),
    ("no_valid_example", "      valid: [{given: {item: {gross_mass: 2, net_mass: 1}}}]\n", "", 14),
    ("no_invalid_example", "      invalid: [{given: {item: {gross_mass: 1, net_mass: 2}}}]\n", "", 14),
    ("no_not_applicable_example", "      not_applicable: [{given: {item: {gross_mass: 0, net_mass: 2}}}]\n", "", 14),
    ("unused_let", "{heavy: item.gross_mass > 0}", "{heavy: item.gross_mass > 0, light: item.gross_mass < 1}", 7),
    ("unused_param", "{tolerance: 0}", "{tolerance: 0, rest: 1}", 6),
    ("message_without_value", MESSAGE, "The net mass is more than the gross mass.", 11),
    ("message_hides_value", "+ tolerance\n    message: " + MESSAGE, HIDING, 11),
    ("title_is_message", "title: Net mass does not exceed gross mass", "title: " + MESSAGE, 11),
    ("never_applicable", "when: heavy", "when: heavy and item.gross_mass < 0", 9),
    ("never_fails", REQUIRE, "item.net_mass <= item.net_mass or tolerance > 1", 10),
    ("never_fails", REQUIRE, "item.gross_mass > 0 and tolerance == 0", 10),
    ("needless_anchor", REQUIRE, 'matches(item.commodity_code, "^[0-9]{8}$") and tolerance == 0', 10),
    ("open_pattern", REQUIRE, 'matches(item.commodity_code, "[0-9]{4}.*") and tolerance == 0', 10),
    ("nested_repetition", REQUIRE, 'matches(item.commodity_code, "([0-9]+)+") and tolerance == 0', 10),
    ("costly", REQUIRE, "all(b.net_mass != item.net_mass for b in declaration.items if tolerance == 0)", 10),
    ("after_itself", "    for: item", "    for: item\n    after: A1", 9),
    ("after_itself", "    for: item", "    for: item\n    specialises: made.up.A1", 9),
    ("foreign_reference", "    for: item", "    for: item\n    after: elsewhere.X", 9),
]  # fmt: skip


@pytest.mark.parametrize(("name", "old", "new", "line"), VARIANTS, ids=[f"{v[0]}-{n}" for n, v in enumerate(VARIANTS)])
def test_each_fault_has_its_code_and_line(write_pack: WritePack, name: str, old: str, new: str, line: int) -> None:
    assert old in CLEAN
    topic = CLEAN.replace(old, new, 1)
    if name == "message_hides_value":
        topic = topic.replace("    when: heavy\n", "", 1)
    found = [entry for entry in found_in(write_pack, topic) if entry.name == name]
    assert [(entry.place.line, entry.rule) for entry in found] == [(line, "made.up.A1")]
    assert found[0].code == lint_codes()[name].code and found[0].remedy
    assert f"topic.yaml:{line}: {found[0].code} " in str(found[0])


def test_an_unofficial_pack_needs_no_authority(write_pack: WritePack) -> None:
    topic = CLEAN.replace("    authority: [{system: NCTS, rule: A1}]\n", "")
    assert found_in(write_pack, topic, manifest="") == []


def test_a_rule_that_is_deprecated_may_expire(write_pack: WritePack) -> None:
    topic = CLEAN.replace(
        "    for: item", "    for: item\n    status: deprecated\n    description: D\n    valid: {to: 2025-05-31}"
    )
    assert found_in(write_pack, topic) == []


@pytest.mark.parametrize("days", ["{from: 2026-01-01}", "{to: 2024-12-31}"])
def test_a_rule_outside_the_packs_days_is_never_in_force(write_pack: WritePack, days: str) -> None:
    topic = CLEAN.replace("    for: item", f"    for: item\n    valid: {days}")
    found = found_in(write_pack, topic, OFFICIAL + "valid: {from: 2025-01-01, to: 2025-12-31}\n")
    assert [entry.name for entry in found] == ["never_in_force"]


def test_a_scope_beyond_the_packs_is_reported(write_pack: WritePack) -> None:
    topic = CLEAN.replace("    for: item", "    for: item\n    scope: {message: [aes.CC515C, ncts.CC015C]}")
    found = found_in(write_pack, topic, OFFICIAL + "scope: {family: ncts}\n")
    assert [(entry.name, entry.detail) for entry in found] == [("scope_outside_pack", "message aes.CC515C")]


def test_an_override_that_releases_a_recalled_rule_is_reported(write_pack: WritePack) -> None:
    topic = CLEAN.replace("    for: item", "    for: item\n    source: recalled\n    status: preview")
    base = load_pack(write_pack("base", topic))
    own = load_pack(
        write_pack(
            "own",
            OTHER.join(["rules:\n", ""]),
            "extends: {pack: base, overrides: [{rule: A1, status: stable, reason: r}]}",
        )
    )
    assert "recalled_but_released" in {entry.name for entry in lint(base, ruleset_of(base, own))}
    assert "recalled_but_released" not in {entry.name for entry in lint(base, ruleset_of(base))}


def test_texts_of_two_rules_must_differ(write_pack: WritePack) -> None:
    found = [entry for entry in found_in(write_pack, CLEAN + OTHER) if entry.name == "duplicate_text"]
    assert [(entry.place.line, entry.rule) for entry in found] == [(18, "made.up.A2"), (26, "made.up.A2")]


def test_twins_that_never_meet_may_say_the_same(write_pack: WritePack) -> None:
    def doubled(first: str, second: str) -> list[str]:
        one, other = (text.replace("    for: item", f"{more}\n    for: item") for text, more in
                      ((CLEAN, first), (OTHER, second)))  # fmt: skip
        return [entry.rule for entry in found_in(write_pack, one + other) if entry.name == "duplicate_text"]

    until, after, on = (f"    valid: {{{days}}}" for days in ("to: 2024-12-31", "from: 2025-01-01", "from: 2024-12-31"))
    assert doubled(until, after) == []
    assert doubled(after, until) == []
    assert doubled(until, on) == ["made.up.A2"] * 2
    assert doubled("    scope: {phase: P5}", "    scope: {phase: P6}") == []
    assert doubled("    scope: {phase: [P5, P6]}", "    scope: {phase: P6}") == ["made.up.A2"] * 2
    assert doubled("    scope: {phase: P5}", "    scope: {flow: transit}") == ["made.up.A2"] * 2


def test_circles_are_reported_once(write_pack: WritePack) -> None:
    topic = CLEAN.replace("    for: item", "    for: item\n    after: A2") + OTHER.replace(
        "    for: item", "    for: item\n    after: A1"
    )
    found = [entry for entry in found_in(write_pack, topic) if entry.name == "circle"]
    assert [entry.detail for entry in found] == ["after: made.up.A1 → made.up.A2 → made.up.A1"]


def test_a_branch_without_an_example_is_reported(write_pack: WritePack) -> None:
    topic = CLEAN.replace(
        f"    require: {REQUIRE}\n    message: {MESSAGE}\n",
        f"    branches:\n      - {{key: a, require: {REQUIRE}, message: {MESSAGE}}}\n"
        '      - {key: b, require: item.net_mass > tolerance, message: "Net mass {item.net_mass}."}\n',
    ).replace("net_mass: 2}}}]", "net_mass: 2}}, branch: a}]", 1)
    found = found_in(write_pack, topic)
    assert [(entry.name, entry.place.line, entry.detail) for entry in found] == [("branch_without_example", 12, "b")]


def test_a_table_nobody_reads_and_a_shadowed_row_are_reported(write_pack: WritePack) -> None:
    assert [entry.name for entry in found_in(write_pack, CLEAN, t="key,a\n1,x\n")] == ["unused_table"]
    used = CLEAN.replace(
        REQUIRE, 'lookup("t", item.commodity_code, "a") == "x" or item.net_mass <= item.gross_mass + tolerance'
    )
    assert found_in(write_pack, used, t="key,a\n1,x\n") == []
    rows = ROWS.replace('type: "0|1|2"', "type: '-'").replace("        from: 2025-01-21\n", "")
    found = found_in(write_pack, "decisions:\n" + HEAD.replace("HIT", "first") + rows)
    shadowed = [entry for entry in found if entry.name == "shadowed_row"]
    assert [(entry.rule, entry.detail, entry.place.line) for entry in shadowed] == [
        ("made.up.grn.without", "covered by with", 14)
    ]


def test_every_code_is_tried_above_and_no_two_share_a_number() -> None:
    codes = [code.code for code in lint_codes().values()]
    assert codes == sorted(set(codes))
    tried = {variant[0] for variant in VARIANTS} | {
        "never_in_force", "scope_outside_pack", "recalled_but_released", "duplicate_text", "circle",
        "branch_without_example", "unused_table", "shadowed_row",
        # in test_translations.py
        "translation_outdated", "translation_hides_value", "translation_undated", "translation_missing",
    }  # fmt: skip
    assert tried | CONFIGURATION == set(lint_codes())


def test_shipped_packs_have_no_errors() -> None:
    packs = [load_pack(folder) for folder in pack_folders(rulesets_folder())]
    ruleset = ruleset_of(*packs)
    assert [str(entry) for pack in packs for entry in lint(pack, ruleset, as_of=AS_OF) if entry.level == "error"] == []
