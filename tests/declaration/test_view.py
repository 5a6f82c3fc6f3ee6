from __future__ import annotations

import copy
import pickle
from decimal import Decimal
from typing import Any

import pytest

from casrules.declaration import Declaration, Invalid, from_pointer
from casrules.errors import DictionaryError

RECORD: dict[str, Any] = {
    "lrn": "L-1",
    "previous_documents": [{"kind": "previous", "reference": "P"}],
    "declarant": {"id": "XX1", "name": "A very long name that does not fit on a line"},
    "consignment": {
        "gross_mass": Invalid("1,5", "a number"),
        "houses": [
            {"items": [{"number": 1, "net_mass": Decimal("2.5"), "supporting_documents": [{"reference": "D"}]}]},
            {},
            {"items": [{"number": 2}]},
        ],
    },
}
DECLARATION = Declaration(RECORD, "ncts.CC015C")


def test_values_entities_and_lists_by_name() -> None:
    assert DECLARATION.lrn == "L-1"
    assert DECLARATION.declarant.id == "XX1"
    assert DECLARATION.consignment.houses[0].items[0].net_mass == Decimal("2.5")
    assert DECLARATION.consignment.gross_mass == Invalid("1,5", "a number")


def test_what_is_missing() -> None:
    assert DECLARATION.mrn is None
    assert DECLARATION.representative is None
    assert DECLARATION.declarant.address is None
    assert DECLARATION.guarantees == ()


def test_views_join_what_is_stored() -> None:
    assert [item.number for item in DECLARATION.items] == [1, 2]
    assert DECLARATION.consignment.items == DECLARATION.items
    assert [document.reference for document in DECLARATION.items[0].documents] == ["D"]
    assert [document.kind for document in DECLARATION.documents] == ["previous"]
    assert Declaration({}).items == ()


def test_unknown_names_raise_with_the_nearest() -> None:
    with pytest.raises(DictionaryError, match="did you mean net_mass"):
        DECLARATION.items[0].nett_mass  # noqa: B018


def test_a_declaration_is_read_only() -> None:
    with pytest.raises(AttributeError, match="read-only"):
        DECLARATION.lrn = "x"
    with pytest.raises(AttributeError, match="read-only"):
        del DECLARATION.lrn
    DECLARATION.to_dict()["consignment"]["houses"].clear()
    assert len(DECLARATION.items) == 2


def test_iteration_paths_and_plain_data() -> None:
    assert list(DECLARATION.declarant) == ["id", "name"]
    assert "id" in DECLARATION.declarant and "address" not in DECLARATION.declarant
    assert DECLARATION.to_dict() == RECORD
    paths = dict(DECLARATION.paths())
    assert paths[from_pointer("/consignment/houses/2/items/0/number")] == 2
    assert paths[from_pointer("/consignment/houses/1")] == {}
    assert "supporting_documents" in dir(DECLARATION.items[0])


def test_what_notebooks_show() -> None:
    assert repr(DECLARATION) == "<Declaration L-1: ncts.CC015C, 2 items>"
    assert repr(Declaration({})) == "<Declaration without a reference: 0 items>"
    assert repr(DECLARATION.declarant) == "party(id=XX1, name=A very long name that does no…)"
    assert repr(DECLARATION.consignment) == "consignment(gross_mass=invalid '1,5', houses=[3])"


def test_declarations_can_be_copied_and_pickled() -> None:
    for twin in (pickle.loads(pickle.dumps(DECLARATION)), copy.deepcopy(DECLARATION)):
        assert twin == DECLARATION and twin.family == "ncts.CC015C"
    assert Declaration({"lrn": "other"}) != DECLARATION
    assert DECLARATION != "L-1"
