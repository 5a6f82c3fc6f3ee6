from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from casrules.dictionary import shipped_dictionary
from casrules.engine.catalog import Catalog
from casrules.messages.family import Family, Message
from casrules.resources import schemas_folder


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return Catalog.load(schemas_folder(), shipped_dictionary())


def every_message(catalog: Catalog) -> list[tuple[Family, Message]]:
    return [(family, message) for family in catalog.families for message in family.messages]


def test_every_message_has_a_schema_set_and_a_mapping_in_each(catalog: Catalog) -> None:
    without: list[str] = []
    empty: list[str] = []
    for family, message in every_message(catalog):
        sets = catalog.sets_of(family, message)
        if not sets:
            without.append(f"{family.id}.{message.id}")
        mappings = [catalog.mapping(family, message, found.id) for found in sets]
        if any(not mapping.carried for mapping in mappings):
            empty.append(f"{family.id}.{message.id}")
    assert (without, empty) == ([], [])


def test_sets_keep_the_order_of_the_manifest(catalog: Catalog) -> None:
    family, message = catalog.families.parse_format("ncts.CC015C")
    assert message is not None
    assert [found.id for found in catalog.sets_of(family, message)] == ["ncts-p5", "ncts-p6"]


def test_a_mapping_is_read_once_by_many_threads() -> None:
    catalog = Catalog.load(schemas_folder(), shipped_dictionary())
    family, message = catalog.families.parse_format("ens.CC315A")
    assert message is not None
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: catalog.mapping(family, message, "ens"), range(32)))
    assert len({id(one) for one in found}) == 1
