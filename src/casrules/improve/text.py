"""A rule as one plain sentence that names every value."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from casrules.improve.schema import Action, Condition

_PHRASES = {
    "eq": "{field} is {values}",
    "in": "{field} is one of {values}",
    "ne": "{field} is not {values}",
    "not_in": "{field} is none of {values}",
    "prefix": "{field} starts with {values}",
    "not_prefix": "{field} does not start with {values}",
    "is_null": "{field} is empty",
    "not_null": "{field} is filled",
    "has": "{field} contain {values}",
    "not_has": "{field} do not contain {values}",
}


def sentence(
    conditions: Sequence[Condition], action: Action, valid_from: date | None = None, valid_to: date | None = None
) -> str:
    """When …, …: the whole rule in one sentence."""
    when = " and ".join(phrase(it) for it in conditions)
    period = "".join(f", {word} {day.isoformat()}" for word, day in (("from", valid_from), ("until", valid_to)) if day)
    return f"{f'When {when}' if when else 'Always'}{period}: {action_phrase(action)}."


def phrase(condition: Condition) -> str:
    """One condition."""
    return _PHRASES[condition.op].format(field=condition.field, values=", ".join(condition.values))


def action_phrase(action: Action) -> str:
    """What is done, with its values."""
    empty = " where it is empty" if action.only_if_empty else ""
    phrases = {
        "set": f"set {action.field} to {action.value}{empty}",
        "change": f"change {action.field} from {action.source} to {action.to}",
        "copy": f"copy {action.source} to {action.field}{empty}",
        "add_doc": f"add {action.type} to {action.list}{_reference(action)}",
        "remove_doc": f"remove {action.type} from {action.list}",
        "add_info": f"add {action.code} to {action.list}",
        "remove_info": f"remove {action.code} from {action.list}",
    }
    return phrases[action.op]


def _reference(action: Action) -> str:
    ref = action.ref
    if ref is None or ref.mode == "none":
        return " without a reference"
    if ref.mode == "constant":
        return f" with the reference {ref.value}"
    if ref.mode == "lookup":
        return f" with the reference looked up by {' and '.join(ref.key)}"
    return "; a person gives the reference"


def needs(action: Action) -> str:
    """What a person must give before the rule can act; empty where nothing."""
    ref = action.ref
    if ref and ref.mode == "lookup":
        return f"a table of references of {action.type} by {' and '.join(ref.key)}"
    if ref and ref.mode == "prompt":
        return f"the reference of {action.type}, for each declaration"
    return ""
