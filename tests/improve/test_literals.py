"""Counting by columns, by matrix and by index says what counting row by row says."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import numpy as np
import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from casrules.improve.coding import BINS, Coded, encode
from casrules.improve.literal_columns import literal_table
from casrules.improve.literals import Literal, tally, tally_some
from casrules.improve.schema import Schema
from casrules.improve.source import FrameTable, History

SCHEMA = Schema.model_validate(
    {
        "history_start": "2024-01-01",
        "history_end": "2024-04-01",
        "fields": [
            {"name": "who", "level": "header", "kind": "code"},
            {"name": "what", "level": "item", "kind": "hierarchy", "prefix_levels": [1, 2]},
            {"name": "papers", "level": "item", "kind": "list", "entry": "TYPE|REFERENCE"},
        ],
    }
)
row = st.fixed_dictionaries(
    {
        "minute": st.integers(0, 91 * 24 * 60 - 1),
        "who": st.sampled_from([None, "a", "b"]),
        "what": st.sampled_from([None, "1", "11", "12", "21"]),
        "papers": st.lists(st.sampled_from(["X|1", "X|2", "Y|", "Z|9"]), max_size=4),
    }
)


def coded(rows: list[dict[str, Any]]) -> Coded:
    plain = [
        {
            "decl_id": f"{number:03d}",
            "item_no": 1,
            "time": datetime(2024, 1, 1) + timedelta(minutes=it["minute"]),
            "outcome": "accepted",
            "violations": [],
            **{f"{side}_{name}": it[name] for name in ("who", "what", "papers") for side in "ba"},
        }
        for number, it in enumerate(rows)
    ]
    texts = {f"{side}_{name}": pl.String for side in "ba" for name in ("who", "what")}
    lists = {f"{side}_papers": pl.List(pl.String) for side in "ba"} | {"violations": pl.List(pl.String)}
    return encode(History(SCHEMA, FrameTable(pl.DataFrame(plain, schema_overrides=texts | lists))))


def naive(rows: list[dict[str, Any]], literal: Literal) -> list[bool]:
    """In order of time, then of declaration."""
    ordered = sorted(enumerate(rows), key=lambda it: (it[1]["minute"], it[0]))
    found = []
    for _, it in ordered:
        value = it[literal.field]
        if literal.op == "eq":
            found.append(value == literal.value)
        elif literal.op == "is_null":
            found.append(value is None)
        elif literal.op == "prefix":
            found.append(value is not None and value.startswith(literal.value))
        else:
            found.append(any(entry.split("|")[0] == literal.value for entry in value))
    return found


@settings(max_examples=60, deadline=None)
@given(st.lists(row, min_size=1, max_size=40), st.data())
def test_every_way_of_counting_agrees_with_counting_row_by_row(rows: list[dict[str, Any]], data: Any) -> None:
    history = coded(rows)
    table = literal_table(history, 1)
    chosen = np.array(sorted(data.draw(st.sets(st.integers(0, len(rows) - 1)))), np.int32)
    counts, by_bin = table.counts(chosen), tally(table, chosen, history.bin)
    numbers = np.arange(1, len(table), dtype=np.int32)
    some = tally_some(table, numbers, chosen, history.bin)
    for number, literal in enumerate(table.literals):
        if literal is None:
            continue
        truth = np.array(naive(rows, literal))
        assert table.index[number].tolist() == np.flatnonzero(truth).tolist()
        assert table.holds(number, chosen).tolist() == truth[chosen].tolist()
        assert counts[number] == truth[chosen].sum()
        bins = np.bincount(history.bin[chosen[truth[chosen]]], minlength=BINS)
        assert by_bin[number].tolist() == bins.tolist() == some[number - 1].tolist()


@settings(max_examples=30, deadline=None)
@given(st.lists(row, min_size=5, max_size=40), st.integers(1, 6))
def test_only_literals_that_hold_often_enough_are_kept(rows: list[dict[str, Any]], least: int) -> None:
    table = literal_table(coded(rows), least)
    for literal in table.literals[1:]:
        assert literal is not None and sum(naive(rows, literal)) >= least


def test_a_prefix_knows_the_shorter_one() -> None:
    rows = [{"minute": it, "who": "a", "what": "11", "papers": []} for it in range(3)]
    table = literal_table(coded(rows), 1)
    names = {it.value: number for number, it in enumerate(table.literals) if it and it.op == "prefix"}
    assert table.parent[names["11"]] == names["1"] and table.parent[names["1"]] == 0


def test_bins_are_equal_and_in_order_of_time() -> None:
    rows = [{"minute": it * 24 * 60, "who": "a", "what": "11", "papers": []} for it in range(91)]
    bins = coded(rows).bin
    assert (np.diff(bins) >= 0).all() and bins[0] == 0 and bins[-1] == BINS - 1
    assert np.bincount(bins).max() - np.bincount(bins).min() <= 1
