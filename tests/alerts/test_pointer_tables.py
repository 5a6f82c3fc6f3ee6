"""Section codes and tags of CDS, both ways."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from casrules.alerts import Knowledge
from casrules.alerts.answers import RawPointer
from casrules.alerts.pointer_tables import PointerTable, load_pointer_table
from casrules.alerts.pointers import resolve
from casrules.errors import PackError

HEAD = "parent,code,element,numbering,today\n"


def _ways(table: PointerTable, parent: str = "", depth: int = 7) -> Iterator[tuple[str, ...]]:
    for row in table.rows.values():
        if row.parent == parent and not row.today and depth:
            yield (row.element,)
            yield from ((row.element, *rest) for rest in _ways(table, row.element, depth - 1))


def test_every_way_of_the_table_reads_back_to_the_same_elements(knowledge: Knowledge) -> None:
    table = knowledge.pointers["cds"]
    ways = [way for way in _ways(table) if way[0] == "Declaration"]
    assert len(ways) > 450
    for way in ways:
        pointer = table.pointer([(name, None) for name in way])
        assert pointer is not None
        target = resolve(RawPointer("wco", pointer, table="cds"), knowledge.pointers)
        assert tuple(step.name for step in target.steps) == way
        assert target.problem == ""


def test_numbers_are_written_where_a_class_repeats(knowledge: Knowledge) -> None:
    steps = [("Declaration", None), ("GoodsShipment", 1), ("GovernmentAgencyGoodsItem", 2), ("UCR", 1)]
    assert knowledge.pointers["cds"].pointer(steps) == "42A/67A/68A[2]/35B"
    assert knowledge.pointers["cds"].pointer([("Declaration", None), ("Nothing", None)]) is None


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("parent,code\n", "columns"),
        (HEAD + ",42A,Declaration,,\n,42A,Other,,\n", "twice"),
        (HEAD + ",42A,,,\n", "a row needs"),
        (HEAD + ",42A,Declaration\n", "a row needs"),
    ],
)
def test_a_broken_table_says_where(write: Callable[..., Path], text: str, wrong: str) -> None:
    folder = write(pointers_broken=text)
    with pytest.raises(PackError, match=wrong) as caught:
        load_pointer_table(folder / "pointers/broken.csv")
    assert caught.value.place is not None
    assert caught.value.place.line
