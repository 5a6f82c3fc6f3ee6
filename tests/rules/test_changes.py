from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml

from casrules.findings import AddEntity, CopyValue, RemoveEntity, SetValue

from .failing import ITEMS, MASS, only


def with_fix(text: str) -> str:
    return MASS + "    fix:\n      - {title: Mend it, applicability: unsafe, " + text + "}\n"


def edits(folder: Path, text: str, record: dict[str, Any] = ITEMS) -> Any:
    [fix] = only(folder, with_fix(text), record).fixes
    assert (fix.title, fix.applicability, fix.rule) == ("Mend it", "unsafe", "p.R1")
    return fix.edits


def test_values_are_set_at_the_entity_that_failed(tmp_path: Path) -> None:
    [edit] = edits(tmp_path, 'set: {item.gross_mass: "10"}')
    assert isinstance(edit, SetValue)
    assert (edit.target.record, edit.value) == ("/consignment/houses/0/items/0/gross_mass", "10")
    assert edit.target.path == "items[number=1].gross_mass"


def test_ancestors_are_reached_from_the_entity(tmp_path: Path) -> None:
    [edit] = edits(tmp_path, 'set: {consignment.gross_mass: "10", }')
    assert edit.target.record == "/consignment/gross_mass"
    [edit] = edits(tmp_path, 'set: {declaration.lrn: "B", }')
    assert edit.target.record == "/lrn"


def test_values_are_copied_side_by_side(tmp_path: Path) -> None:
    swap = "copy: {item.gross_mass: item.net_mass, item.net_mass: item.gross_mass}"
    found = edits(tmp_path, swap)
    assert all(isinstance(edit, CopyValue) for edit in found)
    assert [(edit.target.record[-10:], edit.source.record[-10:]) for edit in found] == [
        ("gross_mass", "0/net_mass"), ("0/net_mass", "gross_mass"),
    ]  # fmt: skip


def test_values_are_computed_exactly(tmp_path: Path) -> None:
    total = 'compute: {consignment.gross_mass: "sum(i.gross_mass for i in house.items)"}'
    [edit] = edits(tmp_path, total)
    assert isinstance(edit, SetValue)
    assert (edit.target.record, edit.value) == ("/consignment/gross_mass", "12.50")


def test_entities_are_added_and_removed(tmp_path: Path) -> None:
    [edit] = edits(tmp_path, "add: {item.supporting_documents: {type: Y901, reference: R}}")
    assert isinstance(edit, AddEntity)
    assert edit.target.record == "/consignment/houses/0/items/0/supporting_documents"
    assert [(field.name, field.value) for field in edit.fields] == [("type", "Y901"), ("reference", "R")]
    [edit] = edits(tmp_path, "remove: [item.packages]")
    assert isinstance(edit, RemoveEntity)


@pytest.mark.parametrize(
    "text",
    [
        "copy: {item.gross_mass: declaration.mrn}",
        'compute: {item.gross_mass: "consignment.gross_mass + item.supplementary_units"}',
        'set: {declaration.lrn: "B"}, copy: {item.gross_mass: declaration.mrn}',
    ],
)
def test_a_fix_whose_value_nobody_has_is_left_out(tmp_path: Path, text: str) -> None:
    assert only(tmp_path, with_fix(text), ITEMS).fixes == ()


SUGGEST = """
    suggest:
      - title: Take the mass from the packing list
        match: [declaration.importer.id, item.commodity_code]
        default: {item.gross_mass: ask}
"""


def test_a_suggestion_is_plain_data_with_the_values_it_is_for(tmp_path: Path) -> None:
    [found] = only(tmp_path, MASS + SUGGEST, ITEMS).suggestions
    assert (found.mode, found.ask) == ("ask", ("item.gross_mass",))
    assert [(match.field, match.value) for match in found.match] == [
        ("declaration.importer.id", "GB123456789000"), ("item.commodity_code", "85423190"),
    ]  # fmt: skip
    told = yaml.safe_load(found.rule_data)
    assert told.pop("id").startswith("R1-")
    assert told == {
        "title": "Take the mass from the packing list",
        "for": "item",
        "match": {"declaration.importer.id": "GB123456789000", "item.commodity_code": "85423190"},
        "mode": "ask",
        "default": {"item.gross_mass": "ask"},
        "because": "p.R1",
    }


def test_a_suggestion_whose_values_are_all_known_may_be_applied(tmp_path: Path) -> None:
    known = SUGGEST.replace("default: {item.gross_mass: ask}", 'mode: apply\n        set: {item.gross_mass: "10"}')
    [found] = only(tmp_path, MASS + known, ITEMS).suggestions
    assert (found.mode, found.ask) == ("apply", ())


def test_what_is_not_in_the_declaration_must_be_missing_again(tmp_path: Path) -> None:
    record = {**ITEMS, "importer": {}}
    [found] = only(tmp_path, MASS + SUGGEST, record).suggestions
    assert [match.value for match in found.match] == [None, "85423190"]
    assert yaml.safe_load(found.rule_data)["match"] == {
        "declaration.importer.id": "missing",
        "item.commodity_code": "85423190",
    }


def test_declarations_that_lack_the_same_row_share_a_key(tmp_path: Path) -> None:
    one = only(tmp_path, MASS + SUGGEST, ITEMS)
    other = only(tmp_path, MASS + SUGGEST, {**ITEMS, "lrn": "B2"})
    foreign = only(tmp_path, MASS + SUGGEST, {**ITEMS, "importer": {"id": "GB999999999000"}})
    assert one.correlation_key == other.correlation_key != ""
    assert foreign.correlation_key != one.correlation_key
    assert only(tmp_path, MASS, ITEMS).correlation_key == ""


def test_yaml_of_a_suggestion_keeps_texts_that_look_like_numbers(tmp_path: Path) -> None:
    record = {**ITEMS, "importer": {"id": "0123"}, "consignment": {**ITEMS["consignment"], "gross_mass": Decimal("1")}}
    [found] = only(tmp_path, MASS + SUGGEST, record).suggestions
    assert yaml.safe_load(found.rule_data)["match"]["declaration.importer.id"] == "0123"
