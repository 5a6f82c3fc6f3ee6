from __future__ import annotations

from pathlib import Path

import pytest

from casrules.errors import PackError, RuleError
from casrules.language import sentence
from casrules.packs import Pack, load_pack, pack_folders
from casrules.packs.models import Validity
from casrules.resources import rulesets_folder

from .conftest import CLEAN, WritePack, ruleset_of


def test_a_rule_knows_its_home_and_its_lines(clean: Pack) -> None:
    rule = clean.rules["made.up.A1"]
    assert (rule.pack, rule.pack_version, rule.pack_digest) == ("made.up", "1.2.0", clean.digest)
    assert rule.place("require").line == 10
    assert rule.place("examples", "invalid", 0).line == 15
    assert rule.place("branches", 3, "when").line == 2, "what is not there stands where the rule does"


def test_the_packs_scope_and_days_narrow_the_rules(write_pack: WritePack) -> None:
    manifest = "scope: {family: ncts, role: declaration}\nvalid: {from: 2025-01-01, to: 2025-12-31}\n"
    topic = CLEAN.replace("    for: item", "    for: item\n    scope: {role: amendment}\n    valid: {from: 2024-01-01}")
    rule = load_pack(write_pack(topic=topic, manifest=manifest)).rules["made.up.A1"]
    assert (rule.scope.family, rule.scope.role) == (("ncts",), ("amendment",))
    assert [rule.rule.valid.covers(day) for day in ("2024-12-31", "2025-01-01", "2025-12-31", "2026-01-01", None)] == [
        False, True, True, False, False,
    ]  # fmt: skip


def test_days_that_do_not_overlap_cover_nothing() -> None:
    first, second = (Validity.model_validate({"from": f"{year}-01-01", "to": f"{year}-12-31"}) for year in (2023, 2025))
    never = first.within(second)
    assert not any(never.covers(f"{year}-06-01") for year in range(2022, 2027))


@pytest.mark.parametrize(
    ("old", "new", "line", "problem"),
    [
        ("severity", "severity", 0, ""),
        ("id: A1", "id: A 1", 2, "an id begins with a letter and holds letters, digits, - and _.*'A 1' is written"),
        ("    for: item", "    form: item", 8, r"unknown key 'form' \(did you mean 'for'\?\)"),
        ("    title: Net mass does not exceed gross mass\n", "", 2, "the key 'title' is missing"),
        ("    for: item", "    for: item\n    severity: errror", 9, r"severity.*'errror' is written.*mean 'error'"),
        ("    for: item", "    for: item\n    valid: {from: 21.1.2025}", 9, "YYYY-MM-DD.*21.1.2025"),
        ("    for: item", "    for: item\n    valid: {from: 2025}", 9, "YYYY-MM-DD.*'2025'"),
        ("    for: item", "    for: item\n    valid: {from: 2025-02-01, to: 2025-01-01}", 9, "before `from`"),
        ("id: A1", "id: A 1", 2, "'A 1' is written"),
        ("    require: item.net_mass <= item.gross_mass + tolerance\n", "", 2, "either `require`"),
        ("    for: item", "    for: item\n    source: recalled", 2, "recalled rule cannot be stable"),
        ("{act: \"2015/2446\"", "{atc: \"2015/2446\"", 4, "unknown key 'atc'.*'act'"),
        ("valid: [{given:", "valid: [{gven:", 14, "unknown key 'gven'.*'given'"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_with_line_value_and_nearest_name(
    write_pack: WritePack, old: str, new: str, line: int, problem: str
) -> None:
    folder = write_pack(topic=CLEAN.replace(old, new))
    if not problem:
        assert load_pack(folder).rules
        return
    with pytest.raises(RuleError, match=problem) as caught:
        load_pack(folder)
    assert caught.value.place is not None and caught.value.place.line == line


@pytest.mark.parametrize(
    ("manifest", "problem"),
    [
        ("id: Made Up\ntitle: T\nversion: 1.0.0\n", "id.*'Made Up' is written"),
        ("id: made.up\ntitle: T\nversion: one\n", "version.*'one' is written"),
        ("id: made.up\nversion: 1.0.0\n", "'title' is missing"),
        ("- id\n", "keys are wanted"),
        ("", "keys are wanted"),
    ],
)
def test_a_wrong_manifest_is_an_error(write_pack: WritePack, manifest: str, problem: str) -> None:
    folder = write_pack()
    (folder / "pack.yaml").write_text(manifest)
    with pytest.raises(PackError, match=problem) as caught:
        load_pack(folder)
    assert caught.value.place is not None and caught.value.place.file.endswith("pack.yaml")


def test_an_id_that_stands_twice_names_both_places(write_pack: WritePack) -> None:
    folder = write_pack(files={"zebra.yaml": CLEAN})
    with pytest.raises(RuleError, match=r"zebra\.yaml:2: the rule 'A1' exists twice.*topic\.yaml:2"):
        load_pack(folder)


def test_a_topic_without_rules_and_a_folder_without_a_manifest_are_errors(
    write_pack: WritePack, tmp_path: Path
) -> None:
    with pytest.raises(PackError, match="neither rules nor decisions"):
        load_pack(write_pack(topic="topic: empty\n"))
    with pytest.raises(PackError, match="is not a rule pack"):
        load_pack(tmp_path)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("key,a\n1,x\n1,y\n", "stands twice"),
        ("key,a\n1\n", "1 cells under 2 columns"),
        ("key\n1\n", "at least one more"),
        ("key,a\n,x\n", "without a key"),
        ('key,a\n1,"x\n', "not a CSV file"),
    ],
)
def test_a_wrong_table_is_an_error_with_its_line(write_pack: WritePack, text: str, problem: str) -> None:
    with pytest.raises(PackError, match=problem) as caught:
        load_pack(write_pack(files={"tables/t.csv": text}))
    assert caught.value.place is not None and caught.value.place.line is not None


def test_the_digest_changes_with_every_byte_and_name(write_pack: WritePack) -> None:
    table = {"tables/t.csv": "key,a\n1,x\n"}
    folders = [
        write_pack(files=table, folder="one"),
        write_pack(files={"tables/u.csv": table["tables/t.csv"]}, folder="two"),
        write_pack(files=table, topic=CLEAN + "\n", folder="three"),
        write_pack(files=table, manifest="licence: none", folder="four"),
    ]
    digests = [load_pack(folder).digest for folder in folders]
    assert len(set(digests)) == len(digests)
    assert load_pack(write_pack(files=table, folder="five")).digest == digests[0]


def test_every_shipped_pack_loads() -> None:
    packs = [load_pack(folder) for folder in pack_folders(rulesets_folder())]
    assert {"common", "eu.ncts"} <= {pack.id for pack in packs}
    for pack in packs:
        for name, rule in pack.rules.items():
            assert name.startswith(f"{pack.id}.")
            line = (
                Path(rule.place("id").file).read_text(encoding="utf-8").splitlines()[(rule.place("id").line or 0) - 1]
            )
            assert rule.table or f"id: {rule.rule.id}" in line


WORDS = 'tables: {{t: {{{column}: "{words}"}}}}'
TABLE = {"tables/t.csv": "key,a\n1,x\n"}


def test_a_pack_says_what_the_columns_of_its_tables_hold(write_pack: WritePack) -> None:
    topic = CLEAN.replace("when: heavy", 'when: heavy and lookup("t", item.commodity_code, "a") == "x"')
    manifest = WORDS.format(column="a", words="the colour of {key}")
    worded, plain = (
        load_pack(write_pack(topic=topic, files=TABLE, manifest=m, folder=f"pack{len(m)}")) for m in (manifest, "")
    )
    told, untold = (sentence(ruleset_of(pack).rules["made.up.A1"].checked.branches[0]) for pack in (worded, plain))
    assert "the colour of the commodity code of the item equals" in told
    assert "the a of the commodity code of the item in the table of t equals" in untold


@pytest.mark.parametrize(
    ("manifest", "problem", "remedy"),
    [
        (WORDS.format(column="b", words="the b of {key}"), "the table 't' has no column 'b'", "known: a"),
        (WORDS.format(column="a", words="the a of it"), "words about a column hold {key}", ""),
        ('tables: {u: {a: "the a of {key}"}}', "there is no tables/u.csv", "t"),
    ],
)
def test_words_about_no_table_are_refused(write_pack: WritePack, manifest: str, problem: str, remedy: str) -> None:
    with pytest.raises(PackError) as raised:
        load_pack(write_pack(files=TABLE, manifest=manifest))
    assert problem in raised.value.problem and remedy in raised.value.remedy
    assert str(raised.value.place).endswith("pack.yaml:4")
