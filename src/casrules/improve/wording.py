"""From numbers of literals to the conditions and the action people read."""

from __future__ import annotations

from typing import Literal

import numpy as np

from casrules.improve.arrays import Mask
from casrules.improve.coding import Coded
from casrules.improve.literals import LiteralTable, Operator
from casrules.improve.rule import MinedRule
from casrules.improve.schema import Action, Condition

_NEGATED: dict[Operator, Literal["ne", "not_prefix", "not_has", "not_null"]] = {
    "eq": "ne",
    "prefix": "not_prefix",
    "has": "not_has",
    "is_null": "not_null",
}


def worded(coded: Coded, table: LiteralTable, rule: MinedRule, right: Mask) -> tuple[tuple[Condition, ...], Action]:
    """Conditions and action of a rule; `right` are the rows it covers in which people did it.

    A condition on the field that is set becomes part of the action: `change` where it asks for one value, `only if
    empty` where it asks for none. A filled field is overridden only where history shows people overriding it.
    """
    action = rule.edit.action
    conditions = [_positive(table, term) for term in rule.terms]
    if action.op in ("set", "copy"):
        own = [it for it in conditions if it.field == action.field]
        rest = [it for it in conditions if it.field != action.field]
        if own and own[0].op == "is_null":
            conditions, action = rest, action.model_copy(update={"only_if_empty": True})
        elif own and own[0].op == "eq" and action.op == "set":
            change = {"op": "change", "field": action.field, "from": own[0].values[0], "to": action.value}
            conditions, action = rest, Action.model_validate(change)
        elif not own and not _overridden(coded, action, right):
            action = action.model_copy(update={"only_if_empty": True})
    conditions.extend(_negative(table, literal) for literal in rule.exceptions)
    return tuple(conditions), action


def _overridden(coded: Coded, action: Action, right: Mask) -> bool:
    field = coded.field(action.field or "")
    return field is not None and bool(np.any(field.before[right] != 0))


def _positive(table: LiteralTable, term: tuple[int, ...]) -> Condition:
    literals = [it for it in (table.literals[number] for number in term) if it]
    first = literals[0]
    if len(literals) > 1:
        values = tuple(sorted(it.value for it in literals))
        return Condition(field=first.field, op="in" if first.op == "eq" else first.op, value=values)
    value = None if first.op == "is_null" else first.value
    return Condition(field=first.field, op=first.op, value=value)


def _negative(table: LiteralTable, number: int) -> Condition:
    literal = table.literals[number]
    assert literal is not None
    value = None if literal.op == "is_null" else literal.value
    return Condition(field=literal.field, op=_NEGATED[literal.op], value=value)
