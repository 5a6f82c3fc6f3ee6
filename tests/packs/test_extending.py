from __future__ import annotations

from pathlib import Path

import pytest

from casrules.errors import PackError, RuleError
from casrules.packs import Pack, combine, finder, gather, load_pack
from casrules.packs.lint import lint

from .conftest import CLEAN, WritePack, ruleset_of

BASE = CLEAN.replace("id: A1", "id: A1\n    aliases: [A0]")


def second(**keys: str) -> str:
    """Another rule, with more keys."""
    more = "".join(f"    {key}: {value}\n" for key, value in keys.items())
    return CLEAN.replace("id: A1", "id: B1") + more


def override(text: str) -> str:
    return f"extends:\n  - pack: base\n    version: '>=1.0, <2'\n    overrides:\n      - {text}\n"


@pytest.fixture
def base(write_pack: WritePack) -> Pack:
    return load_pack(write_pack("base", BASE))


@pytest.mark.parametrize(
    ("text", "change"),
    [
        ("{rule: A1, severity: warning, reason: new here}", "severity error → warning"),
        ("{rule: base.A1, status: preview, reason: new here}", "status stable → preview"),
        ("{rule: A0, valid: {from: 2026-01-01}, reason: new here}", "valid always → from 2026-01-01"),
        ("{rule: A1, params: {tolerance: 0.5}, reason: new here}", "tolerance 0 → 0.5"),
        ("{rule: A1, off: true, reason: new here}", "switched off"),
    ],
)
def test_an_override_changes_the_rule_and_is_recorded(
    write_pack: WritePack, base: Pack, text: str, change: str
) -> None:
    own = load_pack(write_pack("own", second(), override(text)))
    together = combine([own, base])
    (recorded,) = together.overrides
    assert (recorded.rule, recorded.pack, recorded.change, recorded.reason) == ("base.A1", "own", change, "new here")
    assert ("base.A1" in together.rules) == (change != "switched off")
    assert base.rules["base.A1"].rule.severity == "error", "the extended pack itself stays as it is"
    ruleset = ruleset_of(own, base)
    assert ruleset.overrides == together.overrides
    assert [pack.id for pack in ruleset.packs] == ["base", "own"]
    if "A1" in str(ruleset.rules.keys()) and "severity" in change:
        assert ruleset.rules["base.A1"].packed.rule.severity == "warning"


def test_a_param_changes_what_is_checked(write_pack: WritePack, base: Pack) -> None:
    own = load_pack(write_pack("own", second(), override("{rule: A1, params: {tolerance: 0.5}, reason: r}")))
    plain, changed = (ruleset_of(*packs).rules["base.A1"].checked for packs in ([base], [base, own]))
    assert plain != changed
    assert plain == ruleset_of(base).rules["base.A1"].checked


def test_an_included_rule_keeps_its_home_and_runs_once(write_pack: WritePack, base: Pack) -> None:
    middle = load_pack(write_pack("middle", second(), "extends: base"))
    top = load_pack(write_pack("top", second(), "extends: [base, middle]"))
    together = combine([top, middle, base])
    assert sorted(together.rules) == ["base.A1", "middle.B1", "top.B1"]
    assert [pack.id for pack in together.packs] == ["base", "middle", "top"]


def test_a_pack_wins_over_those_it_extends(write_pack: WritePack, base: Pack) -> None:
    middle = load_pack(write_pack("middle", second(), override("{rule: A1, off: true, reason: r}")))
    top = load_pack(
        write_pack("top", second(), "extends:\n  - {pack: middle, overrides: [{rule: base.A1, off: false, reason: r}]}")
    )
    assert "base.A1" not in combine([base, middle]).rules
    together = combine([base, middle, top])
    assert "base.A1" in together.rules
    assert [entry.change for entry in together.overrides] == ["switched off", "switched on"]


def test_two_packs_that_disagree_are_an_error_naming_both(write_pack: WritePack, base: Pack) -> None:
    packs = [
        load_pack(write_pack(name, second(), override(f"{{rule: A1, severity: {severity}, reason: r}}")))
        for name, severity in (("one", "warning"), ("two", "info"))
    ]
    with pytest.raises(RuleError, match=r"disagree on severity of base\.A1.*one/pack\.yaml:8") as caught:
        combine([base, *packs])
    assert caught.value.place is not None and caught.value.place.file.endswith("two/pack.yaml")


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("{rule: A2, off: true, reason: r}", r"no rule is called 'A2'.*did you mean base\.A1"),
        ("{rule: A1, severity: fatal, reason: r}", "severity.*fatal"),
        ("{rule: A1, off: true}", "'reason' is missing"),
        ("{rule: A1, off: true, reason: ''}", "reason"),
        ("{rule: A1, reason: r}", "changes severity"),
        ("{rule: A1, off: true, severity: info, reason: r}", "not changed as well"),
        ("{rule: A1, params: {tolerence: 1}, reason: r}", "did you mean 'tolerance'"),
        ("{rule: own.B1, off: true, reason: r}", "does not extend the pack"),
        ("{rule: A1, message: x, reason: r}", "unknown key 'message'"),
    ],
)
def test_a_wrong_override_is_an_error_at_its_line(write_pack: WritePack, base: Pack, text: str, problem: str) -> None:
    with pytest.raises(PackError, match=problem) as caught:
        combine([base, load_pack(write_pack("own", second(), override(text)))])
    assert caught.value.place is not None and caught.value.place.line == 8


@pytest.mark.parametrize(
    ("manifest", "problem"),
    [
        ("extends: bass", "nobody has the pack 'bass'.*did you mean 'base'"),
        ("extends: {pack: base, version: '>=2.0'}", "base has version 1.2.0, and >=2.0 is wanted"),
        ("extends: {pack: base, version: 'newest'}", "not a range"),
        ("extends: own", "circle: own → own"),
    ],
)
def test_a_pack_that_will_not_do_is_an_error(write_pack: WritePack, base: Pack, manifest: str, problem: str) -> None:
    with pytest.raises(PackError, match=problem) as caught:
        combine([base, load_pack(write_pack("own", second(), manifest))])
    assert caught.value.place is not None and caught.value.place.line == 4


def test_a_circle_and_two_packs_of_one_id_are_errors(write_pack: WritePack, base: Pack) -> None:
    one = load_pack(write_pack("one", second(), "extends: two"))
    two = load_pack(write_pack("two", second(), "extends: one"))
    with pytest.raises(PackError, match="circle: one → two → one"):
        combine([one, two])
    other = load_pack(write_pack("base", second(), folder="other"))
    with pytest.raises(PackError, match=r"two packs are called 'base'.*base/pack\.yaml:1"):
        combine([base, other])
    assert len(combine([base, base]).packs) == 1


def test_extended_packs_are_found_below_the_roots(write_pack: WritePack, base: Pack, tmp_path: Path) -> None:
    own = load_pack(write_pack("own", second(), "extends: base"))
    (write_pack("broken") / "pack.yaml").write_text("id: [base")
    manifest = base.folder / "pack.yaml"
    manifest.write_text(manifest.read_text().replace("id: base", "id: 'base'"))
    assert [pack.id for pack in gather([own], finder([tmp_path]))] == ["base", "own"]
    with pytest.raises(PackError, match="nobody has"):
        gather([own], finder([tmp_path / "own"]))


def test_references_lead_to_todays_ids(write_pack: WritePack, base: Pack) -> None:
    own = load_pack(write_pack("own", second(after="[base.A0, B0]", specialises="base.A1", aliases="B0")))
    with pytest.raises(RuleError, match="used twice"):
        combine([load_pack(write_pack("own", second(aliases="B1"), folder="x"))])
    rule = combine([base, own]).rules["own.B1"].rule
    assert rule.after == ("base.A1", "own.B1")
    assert own.rules["own.B1"].rule.after == ("base.A0", "B0")


def test_removed_rules_are_replaced_or_refused(write_pack: WritePack) -> None:
    manifest = """\
    removed:
      - {id: OLD, since: "1.1", reason: merged, replaced_by: B1}
      - {id: GONE, since: "1.2", reason: the law went}
    """
    own = load_pack(write_pack("own", second(replaced_by="OLD"), manifest))
    assert combine([own]).rules["own.B1"].rule.replaced_by == "own.B1"
    assert combine([own]).ids.canonical("own.OLD") == "own.B1"
    other = load_pack(write_pack("own", second(after="GONE"), manifest, folder="o"))
    with pytest.raises(RuleError, match=r"removed in version 1\.2: the law went"):
        combine([other])
    again = load_pack(write_pack("own", second().replace("B1", "GONE"), manifest, folder="a"))
    with pytest.raises(RuleError, match=r"'own\.GONE' is used twice.*topic\.yaml:2"):
        combine([again])
    entries = ("{id: X, since: '1.0', reason: r, replaced_by: Y}", "{id: Y, since: '1.0', reason: r, replaced_by: X}")
    loop = f"removed: [{', '.join(entries)}]\n"
    with pytest.raises(PackError, match=r"own\.Y' was removed"):
        combine([load_pack(write_pack("own", second(), loop, folder="l"))])


def test_clashing_aliases_name_both_places(write_pack: WritePack, base: Pack) -> None:
    own = load_pack(write_pack("own", second(aliases="base.A0")))
    with pytest.raises(RuleError, match=r"'base\.A0' is used twice.*base/topic\.yaml:3"):
        combine([base, own])


def test_an_unknown_reference_is_an_error_and_a_foreign_one_is_noted(write_pack: WritePack, base: Pack) -> None:
    slip = load_pack(write_pack("own", second(after="bsae.A1")))
    with pytest.raises(RuleError, match=r"no rule is called 'bsae\.A1'.*did you mean base\.A1"):
        combine([base, slip])
    unknown = load_pack(write_pack("own", second(after="base.Z9"), folder="u"))
    with pytest.raises(RuleError, match=r"no rule is called 'base\.Z9'"):
        combine([base, unknown])
    foreign = load_pack(write_pack("own", second(after="elsewhere.Z9"), folder="f"))
    (noted,) = combine([base, foreign]).foreign
    assert (noted.rule, noted.reference, noted.place.line) == ("own.B1", "elsewhere.Z9", 17)


def test_a_rule_explains_one_of_a_pack_that_does_not_know_it(write_pack: WritePack, base: Pack) -> None:
    own = load_pack(write_pack("own", second(explains="base.A0")))
    found = combine([base, own]).rules
    assert found["own.B1"].rule.explains == ("base.A1",)
    assert found["base.A1"].rule.after == ("own.B1",)
    assert combine([base]).rules["base.A1"].rule.after == ()
    twice = load_pack(write_pack("two", second(explains="[base.A1, base.A0]")))
    assert combine([base, own, twice]).rules["base.A1"].rule.after == ("own.B1", "two.B1")


def test_two_rules_that_explain_each_other_go_in_a_circle(write_pack: WritePack, base: Pack) -> None:
    own = load_pack(write_pack("own", second(explains="base.A1", after="base.A1")))
    found = [entry.name for pack in (base, own) for entry in lint(pack, ruleset_of(base, own))]
    assert found.count("circle") == 1
    (noted,) = combine([own]).foreign[:1]
    assert noted.reference == "base.A1"


def test_tables_of_one_name_are_one_table(write_pack: WritePack, base: Pack) -> None:
    table = {"tables/t.csv": "key,a\n1,x\n"}
    one = load_pack(write_pack("one", second(), files=table))
    same = load_pack(write_pack("two", second(), files=table))
    other = load_pack(write_pack("six", second(), files={"tables/t.csv": "key,a\n1,y\n"}))
    assert combine([one, same]).tables == {"t": {"1": {"a": "x"}}}
    with pytest.raises(PackError, match="different tables 't'"):
        combine([one, other])
