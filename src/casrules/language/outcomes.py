"""What evaluating a rule yields: one outcome for each visited entity and branch, and the explanation of one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from casrules.dictionary import Invalid
from casrules.language.checked import RecordPath
from casrules.language.tree import Value

PASSED: Final = "passed"
FAILED: Final = "failed"
NOT_APPLICABLE: Final = "not_applicable"
INCONCLUSIVE: Final = "inconclusive"
NOT_EVALUATED: Final = "not_evaluated"
ERROR: Final = "error"
STATUSES: Final = (ERROR, NOT_EVALUATED, FAILED, PASSED, INCONCLUSIVE, NOT_APPLICABLE)
"""All statuses; a rule's status over a declaration is the first of these that occurs."""

Table = Mapping[str, Mapping[str, Value]]
"""Rows by key, each a mapping of column to value."""


class PartialCodes(frozenset[str]):
    """Codes of a list that is known in part only: whether another code is in the list, nobody knows."""

    __slots__ = ()


def _none_available(_name: str) -> None:
    return None


@dataclass(frozen=True, slots=True)
class EvaluationContext:
    """What a rule may use besides the record.

    `reference_date` is YYYY-MM-DD or None where unknown. `code_lists` gives a list's codes valid on that date
    (`PartialCodes` of a list that is not complete), `tables` a look-up table; None means not available, and a rule that
    needs it is not evaluated.
    """

    reference_date: str | None = None
    code_lists: Callable[[str], frozenset[str] | None] = _none_available
    tables: Callable[[str], Table | None] = _none_available


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one branch says about one visited entity; `chain` and `branch` count from 0, `instance` is where it is."""

    branch: int
    chain: int
    status: str
    instance: RecordPath
    reason: str = ""


@dataclass(frozen=True, slots=True)
class ReadValue:
    """A value that was read: where, and what was there (None: missing)."""

    path: RecordPath
    value: Value | Invalid | None


@dataclass(frozen=True, slots=True)
class FailingPart:
    """The smallest part of a condition that decided: its text, its value, what it read."""

    text: str
    value: bool | None
    reads: tuple[RecordPath, ...]


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a branch says what it says about one entity.

    `witnesses` are the list elements that made a quantifier fail. `locations` are record paths, the primary one first
    (from `at`, else what the failing parts read); `related` everything else that was read.
    """

    status: str
    instance: RecordPath
    reads: tuple[ReadValue, ...]
    failing: tuple[FailingPart, ...]
    witnesses: tuple[RecordPath, ...]
    locations: tuple[RecordPath, ...]
    related: tuple[RecordPath, ...]
    reason: str = ""
