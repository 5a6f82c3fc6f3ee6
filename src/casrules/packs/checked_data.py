"""Checked rules as plain data and back: dataclasses and named tuples of a closed list become rows of class and fields.

All rules share one list of rows in which equal parts stand once; a row names earlier rows by number. Elements and ways
are references into the dictionary, so that what is read back shares its objects. Nothing but the classes named here can
come out, whatever is read: no pickle, no imports, no code.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import fields
from decimal import Decimal
from typing import Any, Final

from casrules.dictionary import Chain, Dictionary, Element
from casrules.language import Argument, CheckedBranch, CheckedRule, Template, tree
from casrules.language.types import Type

CLASSES: Final[tuple[type[Any], ...]] = (
    Type, tree.Literal, tree.ReferenceDate, tree.Path, tree.Compare, tree.Member, tree.Arithmetic, tree.And, tree.Or,
    tree.Not, tree.Presence, tree.Quantifier, tree.Tuple, tree.Call, tree.Prefix, tree.Listed, tree.Lookup,
    tree.Hop, Argument, Template, CheckedBranch, CheckedRule,
)  # fmt: skip
_SEQUENCE, _SET, _DECIMAL, _ELEMENT, _CHAIN = "()", "{}", "0.0", "element", "chain"
_FIELDS: Final[dict[type[Any], tuple[str, ...]]] = {
    kind: getattr(kind, "_fields", None) or tuple(field.name for field in fields(kind)) for kind in CLASSES
}


class DataError(ValueError):
    """The data do not describe checked rules of this dictionary."""


def shape() -> str:
    """The classes with their fields: data written under one shape are never read under another."""
    return ";".join(f"{kind.__name__}({','.join(names)})" for kind, names in _FIELDS.items())


class CheckedWriter:
    """Collects checked rules; `rows` are what CheckedReader reads."""

    def __init__(self) -> None:
        self.rows: list[list[Any]] = []
        self._known: dict[str, int] = {}

    def add(self, rule: CheckedRule) -> int:
        """The number of the rule's row; DataError for a part that is not of a class on the list."""
        number: int = self._value(rule)[0]
        return number

    def _value(self, value: Any) -> Any:
        """A scalar as it is; anything else as [number of its row]."""
        if value is None or isinstance(value, (str, bool, int)):
            return value
        row = self._row(value)
        key = json.dumps(row)
        number = self._known.get(key)
        if number is None:
            number = self._known[key] = len(self.rows)
            self.rows.append(row)
        return [number]

    def _row(self, value: Any) -> list[Any]:
        if isinstance(value, Decimal):
            return [_DECIMAL, str(value)]
        if type(value) is tuple:
            return [_SEQUENCE, *map(self._value, value)]
        if isinstance(value, frozenset):
            return [_SET, *map(self._value, sorted(value))]
        if isinstance(value, Element):
            return [_ELEMENT, value.entity, value.name]
        if isinstance(value, Chain):
            return [_CHAIN, value.path]
        names = _FIELDS.get(type(value))
        if names is None:
            raise DataError(f"{type(value).__name__} has no form as data")
        return [type(value).__name__, *(self._value(getattr(value, name)) for name in names)]


class CheckedReader:
    """Reads rows back against one dictionary; every row is made once, so that rules share what they have in common."""

    def __init__(self, rows: Sequence[Sequence[Any]], dictionary: Dictionary) -> None:
        self._made: list[Any] = []
        made = self._made
        makers = _makers(dictionary)
        try:
            for kind, *parts in rows:
                made.append(makers[kind]([made[part[0]] if type(part) is list else part for part in parts]))
        except (KeyError, TypeError, IndexError, ArithmeticError, ValueError) as error:
            raise DataError(f"row {len(made)}: {error}") from None

    def rule(self, number: int) -> CheckedRule:
        """The checked rule in a row; DataError where it is none."""
        found = self._made[number] if 0 <= number < len(self._made) else None
        if not isinstance(found, CheckedRule):
            raise DataError(f"row {number} is not a rule")
        return found


def _makers(dictionary: Dictionary) -> dict[str, Callable[[list[Any]], Any]]:
    chains: dict[str, Chain] = {"": dictionary.chains_to(dictionary.root)[0]}
    entities = dictionary.entities

    def chain(parts: list[Any]) -> Chain:
        if parts[0] not in chains:
            chains.update({found.path: found for found in dictionary.all_chains})
        return chains[parts[0]]

    return {
        _SEQUENCE: tuple,
        _SET: frozenset,
        _DECIMAL: lambda parts: Decimal(parts[0]),
        _ELEMENT: lambda parts: entities[parts[0]].elements[parts[1]],
        _CHAIN: chain,
        **{kind.__name__: _maker(kind, names) for kind, names in _FIELDS.items()},
    }


def _maker(kind: type[Any], names: tuple[str, ...]) -> Callable[[list[Any]], Any]:
    def make(parts: list[Any]) -> Any:
        return kind(**dict(zip(names, parts, strict=True)))

    return make
