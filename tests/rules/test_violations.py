from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from casrules.dictionary import Invalid
from casrules.rules.violations import SENTENCE_CHARACTERS, shown_value

from .failing import ITEMS, MASS, drafts, failures, only, plan_of, writer


def test_a_violation_says_what_where_and_why(tmp_path: Path) -> None:
    found = only(tmp_path, MASS, ITEMS)
    assert (found.rule, found.pack_version, found.severity, found.source) == ("p.R1", "1.0.0", "error", "inconsistency")
    assert found.title == "Rule 1"
    assert found.message.text == "Item 1: 10 kg is more than 9.5 kg."
    assert [(one.name, one.value) for one in found.message.arguments] == [
        ("item.number", "1"), ("item.net_mass", "10"), ("item.gross_mass", "9.50"),
    ]  # fmt: skip
    assert found.explain == "casrules explain p.R1"
    assert found.why is not None
    assert found.why.condition == "item.net_mass <= item.gross_mass"
    assert {(value.value, value.unit) for value in found.why.values} == {("10", "kg"), ("9.50", "kg")}


def test_places_are_paths_pointers_and_values(tmp_path: Path) -> None:
    primary, related = only(tmp_path, MASS, ITEMS).locations
    assert (primary.role, related.role) == ("primary", "related")
    assert primary.record == primary.pointer == "/consignment/houses/0/items/0/net_mass"
    assert primary.path == "items[number=1].net_mass"
    assert (primary.declared, primary.effective) == ("10", "10")
    assert primary.label and primary.number
    assert related.record == "/consignment/houses/0/items/0/gross_mass"


def test_places_in_a_source_have_its_text_and_line(tmp_path: Path) -> None:
    primary = only(tmp_path, MASS, ITEMS, located=True).primary
    assert primary is not None
    assert (primary.xpath, primary.line) == ("/consignment/houses/items/net_mass", 7)
    assert (primary.declared, primary.effective, primary.pointer) == (" 10 ", "10", "")


MISSING = """
    for: item
    when: item.number == 2
    require: present(item.commodity_code)
    at: [item.commodity_code]
    message: "Item {item.number}: no code."
"""


@pytest.mark.parametrize("located", [True, False])
def test_what_is_missing_is_named_at_its_parent(tmp_path: Path, located: bool) -> None:
    primary = only(tmp_path, MISSING, ITEMS, located=located).primary
    assert primary is not None
    assert primary.missing == "commodity_code"
    assert (primary.declared, primary.effective) == (None, None)
    assert primary.record == "/consignment/houses/0/items/1/commodity_code"
    assert primary.xpath == ("/consignment/houses/items" if located else "")


def test_fingerprints_know_rule_document_entity_and_field_only(tmp_path: Path) -> None:
    one = only(tmp_path, MASS, ITEMS)
    heavier = changed(ITEMS, net_mass=Decimal("12"), description="x")
    renumbered = changed(ITEMS, number=7)
    assert only(tmp_path, MASS, heavier).fingerprint == one.fingerprint
    assert only(tmp_path, MASS, renumbered).fingerprint != one.fingerprint
    other_place = MASS.replace("at: [item.net_mass, item.gross_mass]", "at: [item.gross_mass]")
    assert only(tmp_path, other_place, ITEMS).fingerprint != one.fingerprint
    plan = plan_of(tmp_path, MASS)
    [failure] = failures(plan, ITEMS)
    assert writer(plan, ITEMS, document="other").draft(failure).violation.fingerprint != one.fingerprint


BRANCHES = """
    for: item
    remedy: Look again.
    branches:
      - {key: light, require: item.gross_mass >= 5, message: "Item {item.number} is too light."}
      - {key: heavy, require: item.gross_mass <= 5, message: "Item {item.number} is too heavy.", remedy: Weigh it.}
"""


def test_branches_are_findings_of_their_own(tmp_path: Path) -> None:
    found = [draft.violation for draft in drafts(tmp_path, BRANCHES, ITEMS)]
    told = {(one.branch, one.message.key, one.message.text, one.remedy) for one in found}
    assert told == {
        ("light", "p.R1.light", "Item 2 is too light.", "Look again."),
        ("heavy", "p.R1.heavy", "Item 1 is too heavy.", "Weigh it."),
    }
    assert len({one.fingerprint for one in found}) == 2


def test_a_draft_knows_its_entity_and_what_it_comes_after(tmp_path: Path) -> None:
    [draft] = drafts(tmp_path, MASS, ITEMS)
    assert draft.entity == (("consignment", None), ("houses", 0), ("items", 0))
    assert draft.after == ()


def test_law_and_alternatives_are_handed_on(tmp_path: Path) -> None:
    more = MASS + "    law: {act: 2015/2446, place: Annex B}\n    alternatives: [Y901, Y902]\n    severity: warning\n"
    found = only(tmp_path, more, ITEMS)
    assert [(law.act, law.place) for law in found.law] == [("2015/2446", "Annex B")]
    assert found.alternatives == ("Y901", "Y902")
    assert found.severity == "warning"


def test_a_sentence_quotes_a_long_value_in_part(tmp_path: Path) -> None:
    rule = '\n    require: declaration.lrn == "A1"\n    message: "The LRN is {declaration.lrn}."\n'
    found = only(tmp_path, rule, {"lrn": "x" * 100_000})
    assert len(found.message.text) < SENTENCE_CHARACTERS + 50
    assert found.message.text.endswith("… (100,000 characters).")
    assert found.primary is not None and found.primary.declared == "x" * 100_000


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (None, None), (True, "1"), (False, "0"), (12, "12"), (Decimal("1.50"), "1.50"), ("a", "a"),
        (Invalid("1,5"), "1,5"), (["a", Decimal("2"), None], "a, 2, "),
    ],
)  # fmt: skip
def test_values_are_shown_as_they_were_written(value: Any, shown: str | None) -> None:
    assert shown_value(value) == shown


def changed(record: dict[str, Any], **values: Any) -> dict[str, Any]:
    """The record with other values in its first item."""
    house = record["consignment"]["houses"][0]
    first = {**house["items"][0], **values}
    houses = [{**house, "items": [first, *house["items"][1:]]}]
    return {**record, "consignment": {**record["consignment"], "houses": houses}}
