"""Entities that are added get the next sequence number where their list has such numbers."""

from __future__ import annotations

from typing import Any

import pytest

from casrules.declaration import AddEntity, RecordPath, SetValue, with_numbers
from casrules.dictionary import shipped_dictionary

DOCUMENTS: RecordPath = (("supporting_documents", None),)
NAMES = frozenset({"supporting_documents"})


def added(there: list[dict[str, Any]], *values: dict[str, Any], demanded: frozenset[str] = NAMES) -> list[Any]:
    record = {"supporting_documents": there} if there else {}
    edits = [AddEntity(DOCUMENTS, given) for given in values]
    found = with_numbers(edits, record, shipped_dictionary(), demanded)
    return [edit.values.get("sequence_number") for edit in found if isinstance(edit, AddEntity)]


@pytest.mark.parametrize(
    ("there", "numbers"),
    [([], [1, 2]), ([{"sequence_number": 1}], [2, 3]), ([{"sequence_number": 7}, {"sequence_number": 2}], [8, 9])],
)
def test_the_next_free_number(there: list[dict[str, Any]], numbers: list[int]) -> None:
    assert added(there, {"type": "N935"}, {"type": "N380"}) == numbers


def test_a_number_that_is_given_stays() -> None:
    assert added([{"sequence_number": 1}], {"sequence_number": 9, "type": "N935"}, {"type": "N380"}) == [9, 10]


def test_without_demand_the_siblings_decide() -> None:
    none: frozenset[str] = frozenset()
    assert added([], {"type": "N935"}, demanded=none) == [None]
    assert added([{"type": "N380"}], {"type": "N935"}, demanded=none) == [None]
    assert added([{"sequence_number": 1}], {"type": "N935"}, demanded=none) == [2]


def test_what_has_no_number_and_what_adds_nothing_stays() -> None:
    found: list[Any] = [AddEntity((("importer", None),), {"id": "GB1"}), SetValue((("lrn", None),), "A")]
    assert with_numbers(found, {}, shipped_dictionary(), frozenset({"importer"})) == found
