"""The universe of an action: the rows it would change, and those of them where people ended up with just that.

One definition gives confidence, backtest and prevented alerts together. A message that already carries the
document is neither a success nor a failure of the rule that adds it.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from casrules.improve.arrays import Codes, Mask
from casrules.improve.coding import Coded
from casrules.improve.edits import translated
from casrules.improve.schema import Action, Condition

ENTRY_EDITS = ("add_doc", "remove_doc", "add_info", "remove_info")
"""Edits of list fields."""


def acts(coded: Coded, action: Action) -> Mask:
    """Rows that the action would change, of any outcome."""
    if action.op in ENTRY_EDITS:
        has = _has(coded, action, after=False)
        return has if action.op.startswith("remove") else ~has
    before, _, value = _sides(coded, action)
    there = value != 0
    if action.op == "change":
        field = coded.field(action.field or "")
        code = field.code(action.source) if field else -1
        changed: Mask = there & (before == code)
        return changed
    found: Mask = there & ((before == 0) if action.only_if_empty else (before != value))
    return found


def satisfied(coded: Coded, action: Action) -> Mask:
    """Rows whose message after is as the action would have made it."""
    if action.op in ENTRY_EDITS:
        has = _has(coded, action, after=True)
        return ~has if action.op.startswith("remove") else has
    _, after, value = _sides(coded, action)
    same: Mask = (after == value) & (value != 0)
    return same


def _sides(coded: Coded, action: Action) -> tuple[Codes, Codes, Codes]:
    """The field before and after, and what the action would write; 0 where that is nothing."""
    field = coded.field(action.field or "")
    if field is None:
        return (np.zeros(coded.height, np.int32),) * 3
    if action.op != "copy":
        code = field.code(action.to if action.op == "change" else action.value)
        return field.before, field.after, np.full(coded.height, code, np.int32)
    source = coded.field(action.source or "")
    value = np.zeros(coded.height, np.int32) if source is None else translated(source, field)
    return field.before, field.after, value


def _has(coded: Coded, action: Action, *, after: bool) -> Mask:
    key = action.type or action.code
    mask = np.zeros(coded.height, bool)
    for entries in coded.lists:
        if action.list in (None, entries.spec.name) and entries.spec.referenced == action.op.endswith("_doc"):
            mask |= entries.has(entries.code(key), after=after)
    return mask


def matching(coded: Coded, conditions: Sequence[Condition]) -> Mask:
    """Rows whose message before meets all conditions; a field that is not there meets none."""
    mask = np.ones(coded.height, bool)
    for condition in conditions:
        mask &= _meets(coded, condition)
    return mask


def _meets(coded: Coded, condition: Condition) -> Mask:
    entries = coded.list(condition.field)
    if entries is not None:
        mask = np.zeros(coded.height, bool)
        for value in condition.values:
            mask |= entries.has(entries.code(value))
        return ~mask if condition.op == "not_has" else mask
    field = coded.field(condition.field)
    if field is None:
        return np.zeros(coded.height, bool)
    values = condition.values
    if condition.op in ("is_null", "not_null"):
        empty: Mask = field.before == 0
        return empty if condition.op == "is_null" else ~empty
    prefix = condition.op in ("prefix", "not_prefix")
    allowed = field.allowed(lambda text: text.startswith(values) if prefix else text in values)
    found: Mask = allowed[field.before]
    return ~found if condition.op in ("ne", "not_in", "not_prefix") else found
