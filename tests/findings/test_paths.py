from __future__ import annotations

import copy
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casrules.dictionary import shipped_dictionary
from casrules.findings import PathWriter, RecordPath, from_pointer, to_pointer

DICTIONARY = shipped_dictionary()


def in_item(house: int, item: int, *rest: tuple[str, int | None]) -> RecordPath:
    return (("consignment", None), ("houses", house), ("items", item), *rest)


def declaration(*houses: list[dict[str, Any]]) -> dict[str, Any]:
    built = [{"sequence_number": n, "items": items} for n, items in enumerate(houses, 1)]
    return {"consignment": {"gross_mass": Decimal("12.5"), "houses": built}}


def text(record: dict[str, Any], path: RecordPath) -> str:
    return PathWriter(record, DICTIONARY).text(path)


def test_an_item_is_called_by_its_number_without_the_house() -> None:
    record = declaration([{"number": 1}, {"number": 3}], [{"number": 4}])
    assert text(record, in_item(0, 1, ("gross_mass", None))) == "items[number=3].gross_mass"
    assert text(record, in_item(1, 0)) == "items[number=4]"


def test_the_house_is_shown_only_where_the_number_alone_is_not_unique() -> None:
    record = declaration([{"number": 1}], [{"number": 1}, {"number": 2}])
    assert text(record, in_item(1, 0)) == "consignment.houses[sequence_number=2].items[number=1]"
    assert text(record, in_item(1, 1)) == "items[number=2]"


def test_where_the_key_is_missing_or_twice_there_the_position_counts_from_one() -> None:
    record = declaration([{"number": 1}, {}, {"number": 3}, {"number": 3}])
    assert text(record, in_item(0, 1)) == "items[#2]"
    assert text(record, in_item(0, 3)) == "items[#4]"
    record = declaration([{}], [{}])
    assert text(record, in_item(1, 0)) == "consignment.houses[sequence_number=2].items[#1]"


def test_documents_have_keys_of_several_parts_without_their_kind() -> None:
    documents = [
        {"kind": "supporting", "type": "N380", "reference": "INV 1.a"},
        {"kind": "supporting", "type": "N730"},
    ]
    record = declaration([{"number": 1, "supporting_documents": documents}])
    first = in_item(0, 0, ("supporting_documents", 0), ("type", None))
    assert text(record, first) == "items[number=1].supporting_documents[type=N380,reference=INV 1.a].type"
    assert text(record, (*first[:3], ("supporting_documents", 1))) == "items[number=1].supporting_documents[type=N730]"


def test_a_key_that_could_be_misread_is_quoted() -> None:
    record = declaration([{"number": 1, "supporting_documents": [{"type": "N380", "reference": 'a]."b'}]}])
    path = in_item(0, 0, ("supporting_documents", 0))
    assert text(record, path) == r'items[number=1].supporting_documents[type=N380,reference="a].\"b"]'


def test_values_outside_lists_and_the_declaration_itself() -> None:
    record = declaration([])
    assert text(record, (("consignment", None), ("gross_mass", None))) == "consignment.gross_mass"
    assert text(record, (("consignment", None), ("houses", 0))) == "consignment.houses[sequence_number=1]"
    assert text(record, ()) == "declaration"


def test_a_path_the_dictionary_does_not_know_is_written_by_position() -> None:
    assert text({}, (("unheard_of", 2), ("part", None))) == "unheard_of[#3].part"


def test_facts_come_from_the_dictionary() -> None:
    record = declaration([{"number": 7}])
    facts = PathWriter(record, DICTIONARY).facts(in_item(0, 0, ("gross_mass", None)))
    assert (facts.path, facts.number, facts.old_number, facts.unit) == (
        "items[number=7].gross_mass", "18 04 001 000", "6/5", "kg",
    )  # fmt: skip
    assert facts.record == "/consignment/houses/0/items/0/gross_mass"
    assert PathWriter(record, DICTIONARY).facts((("unheard_of", None),)).number == ""


NAMES = st.text("ab/~._", min_size=1, max_size=4)


@given(st.lists(st.tuples(NAMES, st.one_of(st.none(), st.integers(0, 99))), max_size=5).map(tuple))
def test_pointers_go_both_ways(path: RecordPath) -> None:
    assert from_pointer(to_pointer(path)) == path


NUMBERS = st.one_of(st.none(), st.integers(1, 3))
ITEMS = st.builds(
    lambda number, references: {
        **({} if number is None else {"number": number}),
        "supporting_documents": [{"type": "N", "reference": text} for text in references],
    },
    NUMBERS,
    st.lists(st.text('a]=.,["# 1\\', max_size=3), max_size=3),
)
RECORDS = st.lists(st.lists(ITEMS, max_size=3), max_size=3).map(lambda houses: declaration(*houses))


def every_path(record: dict[str, Any]) -> list[RecordPath]:
    found = []
    for house, content in enumerate(record["consignment"]["houses"]):
        found.append((("consignment", None), ("houses", house)))
        for number, item in enumerate(content["items"]):
            found.append(in_item(house, number))
            for each in range(len(item["supporting_documents"])):
                found.append(in_item(house, number, ("supporting_documents", each)))
    return found


@given(RECORDS)
def test_no_two_places_share_a_path_or_an_identity(record: dict[str, Any]) -> None:
    writer, paths = PathWriter(record, DICTIONARY), every_path(record)
    assert len({writer.text(path) for path in paths}) == len(paths)
    assert len({writer.identity(path) for path in paths}) == len(paths)


@given(RECORDS, st.text(max_size=5))
def test_identities_do_not_depend_on_values_that_are_no_keys(record: dict[str, Any], value: str) -> None:
    changed = copy.deepcopy(record)
    changed["consignment"]["gross_mass"] = Decimal(99)
    for house in changed["consignment"]["houses"]:
        for item in house["items"]:
            item["description"] = value
    before, after = PathWriter(record, DICTIONARY), PathWriter(changed, DICTIONARY)
    assert [before.identity(p) for p in every_path(record)] == [after.identity(p) for p in every_path(record)]


def test_an_identity_keeps_the_house_so_a_new_house_changes_nothing() -> None:
    one, two = declaration([{"number": 1}]), declaration([{"number": 1}], [{"number": 1}])
    path = in_item(0, 0)
    assert PathWriter(one, DICTIONARY).identity(path) == PathWriter(two, DICTIONARY).identity(path)
    assert text(one, path) != text(two, path)


@pytest.mark.parametrize("key", [object(), [1], {"a": 1}])
def test_a_key_that_could_not_be_read_is_no_key(key: object) -> None:
    assert text(declaration([{"number": key}]), in_item(0, 0)) == "items[#1]"


def test_many_findings_in_one_long_list_cost_linear_time() -> None:
    record = declaration([{"number": n} for n in range(9_999)])
    reads = 0

    class Counted(list):  # type: ignore[type-arg]
        def __iter__(self):  # type: ignore[no-untyped-def]
            nonlocal reads
            reads += 1
            return super().__iter__()

    record["consignment"]["houses"][0]["items"] = Counted(record["consignment"]["houses"][0]["items"])
    writer = PathWriter(record, DICTIONARY)
    texts = {writer.text(in_item(0, n)) for n in range(9_999)}
    assert len(texts) == 9_999
    assert reads <= 3
