"""The table of ordinary functions: signature, result, and what they compute from known arguments.

An argument that is missing or unknown makes the result unknown; the functions themselves see known values only.
Presence, quantifiers, `listed` and `lookup` are forms of their own in the tree.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from casrules.language import checks, dates, numbers
from casrules.language.patterns import matcher
from casrules.language.types import (
    BOOLEAN_TYPE,
    DATE,
    DATE_TYPE,
    DATETIME,
    NUMBER,
    NUMBER_TYPE,
    TEXT,
    TEXT_TYPE,
    Type,
)

QUANTIFIERS: Final = ("any", "all", "none", "count", "sum", "min", "max", "unique", "consecutive", "same")
FORMS: Final = ("present", "missing", *QUANTIFIERS, "listed", "lookup", "date")


@dataclass(frozen=True, slots=True)
class Parameter:
    """What an argument must be: one of `kinds`; `literal` when it must be written out; a default makes it optional."""

    kinds: tuple[str, ...]
    literal: bool = False
    optional: bool = False
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Function:
    """A function of the language; `partial` when it can be unknown for known arguments."""

    name: str
    parameters: tuple[Parameter, ...]
    result: Type
    call: Callable[..., Any]
    partial: bool = False

    @property
    def signature(self) -> str:
        """For messages: `within(number, number, number)`."""
        return f"{self.name}({', '.join(' or '.join(p.kinds) for p in self.parameters)})"


def _matches(text: str, pattern: str) -> bool:
    return matcher(pattern)(text) is not None


_text = Parameter((TEXT,))
_written = Parameter((TEXT,), literal=True)
_number = Parameter((NUMBER,))
_day = Parameter((DATE, DATETIME))
_places = Parameter((NUMBER,), literal=True)
_system = Parameter((TEXT,), literal=True, optional=True, choices=checks.MRN_SYSTEMS)


def _check(name: str, call: Callable[..., bool], *more: Parameter) -> Function:
    return Function(name, (_text, *more), BOOLEAN_TYPE, call)


_ALL = (
    Function("matches", (_text, _written), BOOLEAN_TYPE, _matches),
    Function("startswith", (_text, _text), BOOLEAN_TYPE, str.startswith),
    Function("endswith", (_text, _text), BOOLEAN_TYPE, str.endswith),
    Function("length", (_text,), NUMBER_TYPE, len),
    Function("upper", (_text,), TEXT_TYPE, str.upper),
    Function("date", (Parameter((DATETIME,)),), DATE_TYPE, dates.date_of),
    Function("days_between", (_day, _day), NUMBER_TYPE, dates.days_between, partial=True),
    Function("abs", (_number,), NUMBER_TYPE, abs),
    Function("round", (_number, _places), NUMBER_TYPE, numbers.rounded, partial=True),
    Function("within", (_number, _number, _number), BOOLEAN_TYPE, numbers.within),
    _check("valid_eori", checks.valid_eori),
    _check("valid_mrn", checks.valid_mrn, _system),
    _check("valid_grn", checks.valid_grn),
    _check("valid_container", checks.valid_container),
    _check("valid_ucr", checks.valid_ucr),
    _check("valid_ducr", checks.valid_ducr),
    _check("valid_commodity", checks.valid_commodity),
)

FUNCTIONS: Final = {function.name: function for function in _ALL}
KNOWN_NAMES: Final = frozenset({*FUNCTIONS, *FORMS})
"""Every name that can be called."""
