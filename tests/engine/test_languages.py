from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from casrules import Engine
from casrules.errors import UsageError
from casrules.findings import Report, Violation

from .conftest import RULE

GERMAN = """\
translations:
  mass:
    title: Die Eigenmasse ist höchstens die Rohmasse
    message: "{item.gross_mass:mass} ist weniger als {item.net_mass:mass} (Position {item.number})."
    remedy: Nachwiegen.
"""
BRANCHES = """\
rules:
  - id: mass
    title: Masses fit
    scope: {family: [ncts]}
    for: item
    remedy: Weigh again.
    alternatives: ["{item.gross_mass:mass} as net mass"]
    branches:
      - {key: net, require: item.net_mass <= item.gross_mass, message: "Net {item.net_mass:mass}."}
      - {key: gross, require: item.gross_mass < 1, message: "Gross {item.gross_mass:mass}.", remedy: Weigh less.}
"""
SOME_GERMAN = """\
translations:
  mass:
    remedy: Nachwiegen.
    alternatives: ["{item.gross_mass:mass} als Eigenmasse"]
    branches: {net: "{item.net_mass:mass} netto."}
"""


@pytest.fixture
def translated(pack: Callable[..., Path]) -> Callable[..., Path]:
    """Writes a pack with a German file beside its rules."""

    def write(rules: str = RULE, german: str = GERMAN) -> Path:
        folder = pack(rules)
        (folder / "rules.de.yaml").write_text(german, encoding="utf-8")
        return folder

    return write


@pytest.fixture
def heavy(departure: bytes) -> bytes:
    """A departure whose first item weighs more net than gross."""
    changed = departure.replace(b"<netMass>", b"<netMass>9", 1)
    assert changed != departure
    return changed


def only(report: Report) -> Violation:
    (found,) = report.violations
    return found


def test_a_call_asks_for_a_language_and_an_engine_has_one(translated: Callable[..., Path], heavy: bytes) -> None:
    engine = Engine([translated()])
    english, german = only(engine.validate(heavy)), only(engine.validate(heavy, lang="de"))
    assert english.message.lang == "en" and english.title == "Net mass is at most gross mass"
    assert german.message.lang == "de" and german.title == "Die Eigenmasse ist höchstens die Rohmasse"
    assert english.message.text == "Item 1: 91130 kg is more than 1240.5 kg."
    assert german.message.text == "1240.5 kg ist weniger als 91130 kg (Position 1)."
    assert german.message.arguments == english.message.arguments
    assert german.remedy == "Nachwiegen."
    (german_by_default,) = Engine([translated()], lang="de").validate_many([heavy])
    assert only(german_by_default) == german
    assert only(Engine([translated()], lang="de").validate(heavy, lang="en")) == english


def test_only_texts_differ_between_languages(translated: Callable[..., Path], heavy: bytes) -> None:
    engine = Engine([translated()])
    one, other = (engine.validate(heavy, lang=lang).model_dump(mode="json") for lang in ("en", "de"))
    for report in (one, other):
        for key in ("title", "message", "remedy"):
            text = report["violations"][0].pop(key)
            if key == "message":
                report["violations"][0]["message"] = {"key": text["key"], "arguments": text["arguments"]}
    assert json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)


def test_each_text_falls_back_to_english_alone(translated: Callable[..., Path], heavy: bytes) -> None:
    report = Engine([translated(BRANCHES, SOME_GERMAN)]).validate(heavy, lang="de")
    net, gross = (next(found for found in report.violations if found.branch == key) for key in ("net", "gross"))
    assert (net.branch, net.message.lang, net.title, net.remedy) == ("net", "de", "Masses fit", "Nachwiegen.")
    assert net.message.text.endswith("kg netto.") and net.alternatives[0].endswith("kg als Eigenmasse")
    assert (gross.branch, gross.message.lang, gross.remedy) == ("gross", "en", "Weigh less.")
    assert gross.message.text.startswith("Gross ")


def test_the_librarys_own_words_are_in_the_language_of_the_message(
    translated: Callable[..., Path], departure: bytes
) -> None:
    rules = RULE.replace("item.net_mass <= item.gross_mass", "item.gross_mass < 0").replace(
        '"Item {item.number}', '"Item {declaration.mrn}'
    )
    folder = translated(rules, GERMAN.replace("{item.number}", "{declaration.mrn}"))
    texts = [Engine([folder]).validate(departure, lang=lang).violations[0].message.text for lang in ("en", "de")]
    assert "not given" in texts[0] and "(Position nicht angegeben)" in texts[1]


def test_what_a_rule_visits_has_its_name_in_the_language(departure: bytes) -> None:
    engine = Engine(["common"])
    changed = departure.replace(b"<identificationNumber>", b"<identificationNumber>?", 1)
    assert changed != departure
    found = {
        lang: [
            v.message.text for v in engine.validate(changed, lang=lang).violations if v.rule == "common.eori_malformed"
        ]
        for lang in ("en", "de")
    }
    assert found["en"] and "of the holder of the transit procedure" in found["en"][0]
    assert found["de"][0].startswith("Inhaber des Versandverfahrens: Die Identifikationsnummer ?")


def test_a_language_nobody_has_is_english(engine: Engine, departure: bytes) -> None:
    assert engine.validate(departure, lang="xx") == engine.validate(departure)


def test_the_page_of_a_rule_is_in_the_language(engine: Engine) -> None:
    german, english = (
        engine.explain("common.proof_of_origin_missing", lang="de"),
        engine.explain("common.proof_of_origin_missing"),
    )
    assert german.title.startswith("Eine Präferenz") and german.message.startswith("Position {item.number}")
    assert german.alternatives[0] == "N954 Warenverkehrsbescheinigung EUR.1"
    assert english.alternatives[0] == "N954 movement certificate EUR.1"
    assert (german.requires, german.law, german.examples) == (english.requires, english.law, english.examples)
    branches = engine.explain("common.party_not_identified", lang="de")
    assert branches.message.count("\n") == 1 and branches.remedy.startswith("Die EORI-Nummer angeben")


@pytest.mark.parametrize("lang", ["", "DE", "deu", "de-AT", "german"])
def test_a_language_is_two_letters(engine: Engine, departure: bytes, lang: str) -> None:
    with pytest.raises(UsageError, match="not a language"):
        engine.validate(departure, lang=lang)
    with pytest.raises(UsageError, match="not a language"):
        Engine(lang=lang)
