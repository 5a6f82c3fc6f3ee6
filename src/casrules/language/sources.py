"""What a rule looks like before it is checked: texts with their places, as a pack's loader hands them over."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from casrules.errors import Place

Scalar = str | int | bool | Decimal
"""A parameter's value: a text takes the type of what it is used with, the others keep theirs."""


@dataclass(frozen=True, slots=True)
class Text:
    """A text of a pack and the place where it begins."""

    value: str
    place: Place | None = None


def as_text(value: Text | str, place: Place | None) -> Text:
    """`value` with a place: its own, else `place`."""
    if isinstance(value, Text):
        return value if value.place or place is None else Text(value.value, place)
    return Text(value, place)


@dataclass(frozen=True, slots=True)
class BranchSource:
    """One check of a rule; `key` is empty for a rule's only check. `at` holds paths, the first is primary."""

    require: Text | str
    key: str = ""
    when: Text | str | None = None
    at: tuple[Text | str, ...] = ()
    message: Text | str | None = None


@dataclass(frozen=True, slots=True)
class RuleSource:
    """A rule as a pack writes it, reduced to what the language reads.

    `target` is what the rule visits (`for:`). Give `require` for one check or `branches` for several; `when`, `at` and
    `message` of the rule hold for every branch that has none of its own (`when` holds in addition to a branch's own).
    `families` are the message families of the rule's scope; empty means all. `alternatives` are templates, like
    messages.
    """

    id: str
    target: Text | str
    require: Text | str | None = None
    when: Text | str | None = None
    branches: tuple[BranchSource, ...] = ()
    let: Mapping[str, Text | str] = field(default_factory=dict)
    params: Mapping[str, Scalar | tuple[Scalar, ...]] = field(default_factory=dict)
    at: tuple[Text | str, ...] = ()
    message: Text | str | None = None
    place: Place | None = None
    families: frozenset[str] = frozenset()
    alternatives: tuple[Text | str, ...] = ()
