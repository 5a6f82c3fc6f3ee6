"""Tests drawn from the history: messages a rule must change just so, and messages it must leave alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from casrules.improve.arrays import Mask
from casrules.improve.coding import Coded, CodedField, CodedList, Entries
from casrules.improve.measured import Measured, counts_once
from casrules.improve.schema import Action, Condition
from casrules.improve.settings import Settings
from casrules.improve.suggestion import HistoryTest
from casrules.improve.universe import acts, matching, satisfied


def draw_tests(
    coded: Coded, conditions: Sequence[Condition], action: Action, measured: Measured, settings: Settings
) -> tuple[HistoryTest, ...]:
    """The latest fixes; for each condition a message that misses only it and was left alone; one that needs nothing."""
    fixed = np.flatnonzero(measured.right)[::-1][: settings.examples]
    tests = [_test(coded, "fixes", int(row), action) for row in fixed]
    seen: set[int] = set()
    for where in _untouched(coded, conditions, action, measured):
        rows = np.flatnonzero(where)[::-1][: settings.examples]
        row = next((int(it) for it in rows if int(it) not in seen), None)
        if row is not None and len(seen) < settings.examples:
            seen.add(row)
            tests.append(_test(coded, "leaves_alone", row, action))
    return tuple(tests)


def _untouched(coded: Coded, conditions: Sequence[Condition], action: Action, measured: Measured) -> Iterator[Mask]:
    alone = coded.accepted & ~satisfied(coded, action)
    if counts_once(coded, action):
        alone &= coded.first
    would = acts(coded, action)
    for condition in conditions:
        rest = [it for it in conditions if it is not condition]
        yield alone & would & matching(coded, rest) & ~measured.meets
    yield alone & would & ~measured.meets
    yield coded.accepted & measured.meets & ~would


def _test(coded: Coded, kind: str, row: int, action: Action) -> HistoryTest:
    before = {name: value for name, value in _values(coded, row) if value}
    target = action.field or action.list or ""
    return HistoryTest.model_validate(
        {
            "kind": kind,
            "declaration": coded.names[row],
            "item": int(coded.items[row]),
            "date": coded.date_of(coded.day[row]),
            "before": before,
            "after": {target: _value(coded, target, row, after=True)},
        }
    )


def _values(coded: Coded, row: int) -> Iterator[tuple[str, str | tuple[str, ...] | None]]:
    for spec in (*(it.spec for it in coded.fields), *(it.spec for it in coded.lists)):
        yield spec.name, _value(coded, spec.name, row, after=False)


def _value(coded: Coded, name: str, row: int, *, after: bool) -> str | tuple[str, ...] | None:
    found: CodedField | CodedList | None = coded.field(name) or coded.list(name)
    if isinstance(found, CodedField):
        code = int((found.after if after else found.before)[row])
        return found.values[code - 1] if code else None
    return None if found is None else _entries(found, found.after if after else found.before, row)


def _entries(found: CodedList, entries: Entries, row: int) -> tuple[str, ...]:
    first, end = np.searchsorted(entries.rows, [row, row + 1])
    keys = [found.values[int(code) - 1] for code in entries.keys[first:end]]
    if not found.spec.referenced:
        return tuple(sorted(keys))
    references = entries.references[int(first) : int(end)].to_list()
    return tuple(sorted(f"{key}|{reference}" for key, reference in zip(keys, references, strict=True)))
