from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from casrules.declaration import AddEntity, RemoveValue, SetValue
from casrules.dictionary import shipped_dictionary
from casrules.engine.catalog import Catalog
from casrules.messages.binding import binder_for
from casrules.messages.fitting import fitting_row, given_by
from casrules.messages.message_mapping import EntityAt, MessageMapping
from casrules.messages.origins import Origins
from casrules.messages.writing import write_edits
from casrules.resources import schemas_folder

from .sample import IN_HOUSE, path

EXAMPLES = {
    "aes": ("CC515C", "examples/aes/cc515c-export.xml"),
    "import": ("CC415B", "examples/import/cc415b-h1.xml"),
    "cds": ("IMPORT", "examples/cds/import-h1.xml"),
}


@cache
def mapping_of(family: str) -> MessageMapping:
    catalog = Catalog.load(schemas_folder(), shipped_dictionary())
    found = catalog.families.by_id[family]
    message = found.message(EXAMPLES[family][0])
    assert message is not None
    return catalog.mapping(found, message, found.sets[0].id)


def item_of(mapping: MessageMapping) -> EntityAt:
    return mapping.ways_to(("consignment", "houses", "items"))[0][-1]


@pytest.mark.parametrize("family", EXAMPLES)
@pytest.mark.parametrize("kind", ["TRA", "GN"])
def test_an_entity_goes_to_the_row_that_says_what_it_says(family: str, kind: str) -> None:
    row = fitting_row(item_of(mapping_of(family)), "additional_codes", {"kind": kind, "code": "1234"})
    assert row is not None
    assert given_by(row)["kind"] == kind


def test_a_row_that_can_hold_the_values_is_chosen_before_one_that_cannot() -> None:
    row = fitting_row(item_of(mapping_of("import")), "additional_codes", {"code": "1", "issuing_country": "DE"})
    assert row is not None and given_by(row)["kind"] == "GN"


def test_an_entity_that_says_nothing_goes_to_the_first_row_and_one_without_row_nowhere() -> None:
    place = item_of(mapping_of("aes"))
    rows = [row for row in place.below if row.names[-1] == "additional_codes"]
    assert fitting_row(place, "additional_codes", {}) is rows[0]
    assert fitting_row(place, "houses", {}) is None


@pytest.mark.parametrize("family", EXAMPLES)
def test_what_is_added_reads_back_with_its_kind(repository: Path, family: str) -> None:
    message, file = mapping_of(family), EXAMPLES[family][1]
    codes = path(IN_HOUSE + "items:0.additional_codes")
    added = {"kind": "GN", "code": "X123"}
    written = write_edits((repository / file).read_bytes(), message, [AddEntity(codes, added)])
    record = binder_for(message).bind(etree.fromstring(written)).record
    assert added in record["consignment"]["houses"][0]["items"][0]["additional_codes"]


def test_a_joined_value_whose_parts_ask_for_each_other_is_written_in_one_element(repository: Path) -> None:
    message, procedure = mapping_of("cds"), path(IN_HOUSE + "items:0.procedure")
    source = (repository / EXAMPLES["cds"][1]).read_bytes()
    without = write_edits(source, message, [RemoveValue(procedure)])
    assert "procedure" not in first_item(without, message)
    assert first_item(write_edits(without, message, [SetValue(procedure, "4051")]), message)["procedure"] == "4051"


def first_item(source: bytes, message: MessageMapping) -> dict[str, Any]:
    found: dict[str, Any] = binder_for(message).bind(etree.fromstring(source)).record
    item: dict[str, Any] = found["consignment"]["houses"][0]["items"][0]
    return item


def test_an_absent_house_without_an_element_is_shown_by_what_it_would_hold() -> None:
    message = mapping_of("aes")
    tree = etree.fromstring(
        "<e:CC515C xmlns:e='http://ecs.dgtaxud.ec'><GoodsShipment><Consignment/></GoodsShipment></e:CC515C>"
    )
    origin = Origins(tree, message).locate(path("consignment.houses"))
    assert origin.missing is not None and origin.missing.endswith("GoodsItem"), origin
