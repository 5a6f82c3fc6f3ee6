from __future__ import annotations

from pathlib import Path

import pytest

from casrules.errors import PackError
from casrules.packs import Pack, load_pack, pack_folders
from casrules.packs.lint import LintFinding, lint
from casrules.packs.translations import RuleTexts, english_digest, translated_topic
from casrules.packs.wording import read_words, words_in
from casrules.resources import rulesets_folder, schemas_folder

from .conftest import CLEAN, WritePack, ruleset_of

OF = "b2abae4d"
GERMAN = """\
translations:
  A1:
    of: {of}
    title: Die Eigenmasse übersteigt die Rohmasse nicht
    message: "Position {{item.number}}: {{item.net_mass:mass}} über {{item.gross_mass:mass}}."
    remedy: Die Massen vergleichen.
"""
BRANCHES = """\
rules:
  - id: B1
    title: Masses are given
    law: [{act: "2015/2446", place: "Annex B"}]
    for: item
    remedy: Weigh the goods.
    alternatives: [the net mass, the gross mass]
    branches:
      - {key: net, require: present(item.net_mass), message: "Item {item.number} has no net mass."}
      - {key: gross, require: present(item.gross_mass), message: "Item {item.number} has no mass.", remedy: Weigh it.}
"""


def translated(write_pack: WritePack, text: str, topic: str = CLEAN, file: str = "topic.de.yaml") -> Pack:
    return load_pack(write_pack(topic=topic, files={file: text}))


def german(pack: Pack, rule: str = "A1") -> RuleTexts:
    return pack.rules[f"made.up.{rule}"].translations["de"].texts


def today(pack: Pack, rule: str = "A1") -> str:
    return english_digest(pack.rules[f"made.up.{rule}"].rule)


def test_texts_stand_beside_the_topic_by_rule_and_language(write_pack: WritePack) -> None:
    pack = load_pack(write_pack(files={"topic.de.yaml": GERMAN.format(of=OF), "topic.fr.yaml": FRENCH}))
    rule = pack.rules["made.up.A1"]
    assert {lang: found.texts.title for lang, found in rule.translations.items()} == {
        "de": "Die Eigenmasse übersteigt die Rohmasse nicht",
        "fr": "La masse nette",
    }
    assert rule.rule.title == "Net mass does not exceed gross mass"
    assert str(rule.translations["de"].place("message")).endswith("topic.de.yaml:5")


FRENCH = "translations: {A1: {title: La masse nette}}\n"


def test_a_text_alone_is_the_message_of_its_branch(write_pack: WritePack) -> None:
    text = "translations: {B1: {branches: {net: Ohne Eigenmasse, gross: {message: Ohne Masse, remedy: Wiegen}}}}"
    texts = german(translated(write_pack, text, BRANCHES), "B1")
    assert texts.branches["net"].message == "Ohne Eigenmasse" and texts.branches["net"].remedy is None
    assert texts.branches["gross"].remedy == "Wiegen"


@pytest.mark.parametrize(
    ("text", "problem", "remedy"),
    [
        ("translations: {A2: {title: T}}", "topic.de.yaml:1: there is no rule 'A2' to translate", "did you mean 'A1'"),
        ("translations:\n  A1:\n    titel: T", "topic.de.yaml:3: unknown key 'titel'", "did you mean 'title'"),
        ("translations: {A1: {branches: {x: T}}}", "A1 has no branch 'x'", ""),
        ("translations: {A1: {alternatives: [a]}}", "A1 has 0 alternatives, 1 are translated", "same order"),
        ("translations: {A1: {of: 0123abcd}}", "no text of A1 is translated", ""),
        ("translations: {A1: {of: today, title: T}}", "of:", ""),
        ("translations: {}", "translations:", ""),
        ("rules: []", "unknown key 'rules'", ""),
        ("translations: {A1: {title: a}, A1: {title: b}}", "A1", ""),
    ],
)
def test_what_is_wrong_is_told_with_its_place(write_pack: WritePack, text: str, problem: str, remedy: str) -> None:
    with pytest.raises(PackError) as raised:
        translated(write_pack, text)
    assert problem in f"{raised.value.place}: {raised.value.problem}"
    assert remedy in raised.value.remedy


def test_the_branches_of_a_rule_are_translated_one_by_one(write_pack: WritePack) -> None:
    with pytest.raises(PackError, match="a message for each branch") as raised:
        translated(write_pack, "translations: {B1: {message: T}}", BRANCHES)
    assert "net, gross" in raised.value.remedy
    with pytest.raises(PackError, match="no branch 'nett'") as raised:
        translated(write_pack, "translations: {B1: {branches: {nett: T}}}", BRANCHES)
    assert "'net'" in raised.value.remedy


def test_a_rule_of_another_topic_is_translated_there(write_pack: WritePack) -> None:
    files = {"other.yaml": BRANCHES, "topic.de.yaml": "translations: {B1: {title: T}}"}
    with pytest.raises(PackError, match="no rule 'B1'") as raised:
        load_pack(write_pack(files=files))
    assert "beside it" in raised.value.remedy


@pytest.mark.parametrize("file", ["elsewhere.de.yaml", "topic.en.yaml", "topic.deu.yaml", "topic.de.at.yaml"])
def test_a_file_of_texts_for_nothing_is_a_stranger(write_pack: WritePack, file: str) -> None:
    with pytest.raises(PackError, match="nobody loads"):
        translated(write_pack, GERMAN.format(of=OF), file=file)


def test_the_manifest_has_no_translation(write_pack: WritePack) -> None:
    with pytest.raises(PackError, match="nobody loads"):
        load_pack(write_pack(files={"pack.de.yaml": GERMAN.format(of=OF)}))


def test_names_of_files_say_topic_and_language() -> None:
    assert translated_topic("masses.de.yaml") == ("masses.yaml", "de")
    assert [translated_topic(name) for name in ("masses.yaml", "masses.en.yaml", "a.b.de.yaml", "masses.de.csv")] == [
        None
    ] * 4


def test_a_placeholder_the_english_text_lacks_is_refused_with_its_place(write_pack: WritePack) -> None:
    pack = translated(write_pack, GERMAN.format(of=OF).replace("net_mass:mass", "netmass:mass"))
    with pytest.raises(PackError, match="the translation has") as raised:
        ruleset_of(pack)
    assert str(raised.value.place).endswith("topic.de.yaml:5")
    assert "{item.netmass:mass}" in raised.value.problem
    assert raised.value.remedy == "the English text has {item.net_mass:mass}"


def test_rows_of_a_decision_table_are_translated_by_their_ids(write_pack: WritePack) -> None:
    from .test_decisions import HEAD, ROWS

    topic = "decisions:\n" + HEAD.replace("HIT", "first") + ROWS
    pack = translated(write_pack, "translations: {grn.with: {title: Mit Nummer}}", topic)
    assert german(pack, "grn.with").title == "Mit Nummer"


def objections(pack: Pack) -> list[LintFinding]:
    return [entry for entry in lint(pack, ruleset_of(pack)) if entry.name.startswith("translation")]


def test_lint_tells_what_has_changed_since_it_was_translated(write_pack: WritePack) -> None:
    number = today(load_pack(write_pack()))
    assert objections(translated(write_pack, GERMAN.format(of=number))) == []
    changed = CLEAN.replace("Compare the two masses.", "Compare both masses.")
    pack = translated(write_pack, GERMAN.format(of=number), changed)
    (found,) = objections(pack)
    assert (found.code, found.place.line, found.detail) == ("P135", 3, f"de; then of: {today(pack)}")
    (found,) = objections(translated(write_pack, GERMAN.format(of="''")))
    assert (found.code, found.detail) == ("P137", f"of: {number}")


def test_lint_tells_what_the_translation_hides_and_what_is_missing(write_pack: WritePack) -> None:
    number = today(load_pack(write_pack()))
    text = GERMAN.format(of=number).replace(" über {item.gross_mass:mass}", "").replace("    remedy: Die", "    # Die")
    found = objections(translated(write_pack, text))
    assert [(entry.code, entry.detail) for entry in found] == [
        ("P138", "de: remedy"),
        ("P136", "item.gross_mass:mass"),
    ]
    text = f"translations: {{B1: {{of: {'0' * 8}, title: T, branches: {{gross: Ohne}}}}}}"
    codes = [(entry.code, entry.detail) for entry in objections(translated(write_pack, text, BRANCHES))]
    assert ("P138", "de: message of net") in codes and ("P138", "de: remedy of gross") in codes
    assert ("P138", "de: alternatives") in codes and ("P136", "item.number") in codes


def test_lint_tells_a_rule_left_out_of_a_topic(write_pack: WritePack) -> None:
    topic = CLEAN + BRANCHES.removeprefix("rules:\n")
    found = objections(translated(write_pack, GERMAN.format(of=today(load_pack(write_pack()))), topic))
    assert [(entry.code, entry.rule, entry.detail) for entry in found] == [("P138", "made.up.B1", "de")]


def test_the_digest_changes_with_every_text_and_with_nothing_else(write_pack: WritePack) -> None:
    rule = load_pack(write_pack(topic=BRANCHES)).rules["made.up.B1"].rule
    texts = [
        {"title": "x"},
        {"remedy": "x"},
        {"alternatives": ("x",)},
        {"branches": (rule.branches[0].model_copy(update={"message": "x"}), rule.branches[1])},
        {"branches": (rule.branches[0], rule.branches[1].model_copy(update={"remedy": "x"}))},
    ]
    changed = {english_digest(rule.model_copy(update=update)) for update in texts}
    assert len(changed) == len(texts) and english_digest(rule) not in changed
    assert english_digest(rule.model_copy(update={"severity": "info", "description": "x"})) == english_digest(rule)


def test_the_languages_of_shipped_packs_are_complete_and_have_words() -> None:
    packs = [load_pack(folder) for folder in pack_folders(rulesets_folder())]
    languages = {lang for pack in packs for rule in pack.rules.values() for lang in rule.translations}
    assert "de" in languages
    for lang in languages:
        assert (schemas_folder() / "languages" / f"{lang}.yaml").is_file()
    common = next(pack for pack in packs if pack.id == "common")
    assert all(rule.translations.keys() == {"de"} for rule in common.rules.values())
    assert objections(common) == []


def test_words_of_a_language_are_all_there_or_told(tmp_path: Path) -> None:
    assert words_in("de").not_given == "nicht angegeben" and words_in("de").names["declarant"] == "Anmelder"
    assert words_in("xx") == words_in("en")
    path = tmp_path / "fr.yaml"
    path.write_text("words: {not_given: non indiqué, yes: oui, no: non}\n", encoding="utf-8")
    with pytest.raises(PackError, match="characters"):
        read_words(path)
