"""Entries that say one thing together."""

from __future__ import annotations

from casrules.alerts import Knowledge
from casrules.alerts.answers import Entry
from casrules.alerts.grouping import grouped

from .conftest import cds_answer, wco_error
from .test_extracting import answer_of


def _groups(knowledge: Knowledge, *errors: tuple[str, str]) -> list[Entry]:
    shape = next(shape for shape in knowledge.shapes if shape.id == "uk.cds.notification")
    answer = answer_of(cds_answer(*(wco_error(*error) for error in errors)), knowledge)
    return grouped(answer.entries, shape)


def _pointers(entries: list[Entry]) -> list[list[str]]:
    return [[pointer.text for pointer in entry.pointers] for entry in entries]


def test_entries_of_one_code_on_one_item_are_one(knowledge: Knowledge) -> None:
    found = _groups(
        knowledge,
        ("CDS12056", "42A/67A/68A[1]/02A[1]/D006"),
        ("CDS12056", "42A/D013"),
        ("CDS12056", "42A/67A/68A[1]/70A[2]/166"),
    )
    assert len(found) == 1
    assert found[0].count == 3
    assert len(found[0].pointers) == 3


def test_items_are_kept_apart(knowledge: Knowledge) -> None:
    pairs = [("CDS12056", f"42A/67A/68A[{item}]/02A/{tag}") for item in (1, 2) for tag in ("D006", "D031")]
    assert [len(pointers) for pointers in _pointers(_groups(knowledge, *pairs))] == [2, 2]


def test_other_codes_stand_alone(knowledge: Knowledge) -> None:
    found = _groups(knowledge, ("CDS10020", "42A/D013"), ("CDS10020", "42A/D026"), ("CDS12056", "42A/D013"))
    assert [entry.count for entry in found] == [1, 1, 1]


def test_equal_entries_are_counted(knowledge: Knowledge) -> None:
    found = _groups(knowledge, *[("CDS10020", "42A/D013")] * 5)
    assert [(entry.number, entry.count) for entry in found] == [(1, 5)]


def test_a_repeated_pointer_begins_anew(knowledge: Knowledge) -> None:
    found = _groups(knowledge, ("CDS12056", "42A/D013"), ("CDS12056", "42A/D026"), ("CDS12056", "42A/D013"))
    assert [len(pointers) for pointers in _pointers(found)] == [2, 1]
