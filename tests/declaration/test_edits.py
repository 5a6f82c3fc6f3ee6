from __future__ import annotations

import copy
from decimal import Decimal
from typing import Any

import pytest

from casrules.declaration import (
    AddEntity,
    Edit,
    RecordPath,
    RemoveEntity,
    RemoveValue,
    SetValue,
    apply_edits,
    from_pointer,
    value_at,
    walk,
)
from casrules.errors import DictionaryError, UsageError

RECORD: dict[str, Any] = {
    "lrn": "L",
    "consignment": {"houses": [{"items": [{"number": 1, "packages": [{"type": "BX"}]}, {"number": 2}, {}]}]},
}
ITEMS = "/consignment/houses/0/items"


def at(pointer: str) -> RecordPath:
    return from_pointer(pointer)


def test_edits_make_a_new_record() -> None:
    before = copy.deepcopy(RECORD)
    edited = apply_edits(
        RECORD,
        [
            SetValue(at("/consignment/gross_mass"), "12.5"),
            SetValue(at("/declarant/address/city"), "Town"),
            SetValue(at(f"{ITEMS}/0/net_mass"), 3),
            RemoveValue(at("/lrn")),
            RemoveValue(at("/holder/id")),
            AddEntity(at(f"{ITEMS}/1/supporting_documents"), {"type": "C001", "quantity": "2"}),
        ],
    )
    assert before == RECORD
    assert edited == {
        "consignment": {
            "gross_mass": Decimal("12.5"),
            "houses": [
                {
                    "items": [
                        {"number": 1, "packages": [{"type": "BX"}], "net_mass": Decimal(3)},
                        {
                            "number": 2,
                            "supporting_documents": [
                                {"kind": "supporting", "level": "item", "type": "C001", "quantity": Decimal(2)}
                            ],
                        },
                        {},
                    ]
                }
            ],
        },
        "declarant": {"address": {"city": "Town"}},
    }


def test_paths_are_those_before_the_batch() -> None:
    edits = [RemoveEntity(at(f"{ITEMS}/0")), SetValue(at(f"{ITEMS}/1/number"), 9), RemoveEntity(at(f"{ITEMS}/2"))]
    assert apply_edits(RECORD, edits)["consignment"] == {"houses": [{"items": [{"number": 9}]}]}
    assert apply_edits(RECORD, reversed_edits := edits[::-1]) == apply_edits(RECORD, edits), reversed_edits


def test_a_list_that_gets_empty_is_missing() -> None:
    edited = apply_edits(RECORD, [RemoveEntity(at(f"{ITEMS}/0/packages/0"))])
    assert "packages" not in edited["consignment"]["houses"][0]["items"][0]


def test_edits_are_idempotent_where_they_set() -> None:
    edits = [SetValue(at("/lrn"), "X"), RemoveValue(at(f"{ITEMS}/0/number"))]
    once = apply_edits(RECORD, edits)
    assert apply_edits(once, edits) == once


@pytest.mark.parametrize(
    ("edit", "problem"),
    [
        (SetValue(at("/consignment/gross_mass"), "1,5"), "a number such as 12.5"),
        (SetValue(at("/consignment/gross_mass"), Decimal("NaN")), "type decimal"),
        (SetValue(at(f"{ITEMS}/0/number"), True), "type integer"),
        (SetValue(at("/lrn"), 5), "type text"),
        (SetValue(at("/lrn"), " "), "type text"),
        (SetValue(at(f"{ITEMS}/7/number"), 1), "nothing at /consignment/houses/0/items/7"),
        (SetValue((), 1), "needs the path"),
        (SetValue(at("/consignment"), 1), "is an entity"),
        (SetValue((("items", 0), ("number", None)), 1), "edit consignment.houses.items"),
        (RemoveValue(at("/consignment")), "use RemoveEntity"),
        (RemoveEntity(at("/declarant")), "nothing at /declarant"),
        (RemoveEntity(at("/lrn")), "nothing at /lrn"),
        (AddEntity(at("/consignment"), {}), "already"),
        (AddEntity(at("/lrn"), {}), "use SetValue"),
        (AddEntity(at("/supporting_documents"), {"text": 5}), "type text"),
        (AddEntity(at("/declarant"), {"address": "x"}), "a dict of its values"),
        (AddEntity(at("/guarantees"), {"references": {}}), "a list of dicts"),
        (AddEntity(at(f"{ITEMS}"), {"documents": []}), "is a view"),
    ],
)
def test_what_cannot_be_edited_is_refused(edit: Edit, problem: str) -> None:
    with pytest.raises(UsageError, match=problem):
        apply_edits(RECORD, [edit])


def test_unknown_names_are_refused_with_the_nearest() -> None:
    with pytest.raises(DictionaryError, match="did you mean lrn"):
        apply_edits(RECORD, [SetValue((("lnr", None),), "x")])


def test_walking_a_record_gives_every_value_with_its_path() -> None:
    found = dict(walk(RECORD))
    assert found[at(f"{ITEMS}/0/packages/0/type")] == "BX"
    assert found[at(f"{ITEMS}/2")] == {}
    assert all(value_at(RECORD, path) == value for path, value in found.items())
    assert value_at(RECORD, at(f"{ITEMS}/9/number")) is None
    assert value_at(RECORD, at("/lrn/x")) is None
