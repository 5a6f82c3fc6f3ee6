"""What quantifiers make of their elements, in three values."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from casrules.language.visiting import Bound


class Entry(NamedTuple):
    """An element's contribution: whether the filter surely takes it, what the body gives, the element."""

    taken: bool
    value: Any
    element: Bound

    @property
    def is_known(self) -> bool:
        """True where the value, or each part of it, is known."""
        return None not in self.value if isinstance(self.value, tuple) else self.value is not None


def fold(kind: str, entries: list[Entry]) -> Any:
    """The result of quantifier `kind` over the elements its filter does not refuse; None is unknown."""
    return _FOLDS[kind](entries)


def known(entries: list[Entry]) -> bool:
    """True where no filter and no value is unknown."""
    return all(entry.taken and entry.is_known for entry in entries)


def _some(entries: list[Entry]) -> bool | None:
    if any(entry.taken and entry.value is True for entry in entries):
        return True
    return None if any(entry.value is not False for entry in entries) else False


def _every(entries: list[Entry]) -> bool | None:
    if any(entry.taken and entry.value is False for entry in entries):
        return False
    return None if any(entry.value is not True for entry in entries) else True


def _none(entries: list[Entry]) -> bool | None:
    found = _some(entries)
    return None if found is None else not found


def _count(entries: list[Entry]) -> int | None:
    return len(entries) if known(entries) else None


def _sum(entries: list[Entry]) -> Any:
    return sum(entry.value for entry in entries) if known(entries) else None


def _extreme(choose: Callable[..., Any]) -> Callable[[list[Entry]], Any]:
    def fold_extreme(entries: list[Entry]) -> Any:
        return choose(entry.value for entry in entries) if entries and known(entries) else None

    return fold_extreme


def _sure(entries: list[Entry]) -> list[Any]:
    return [entry.value for entry in entries if entry.taken and entry.is_known]


def _unique(entries: list[Entry]) -> bool | None:
    sure = _sure(entries)
    if len(set(sure)) < len(sure):
        return False
    return True if len(entries) < 2 or len(sure) == len(entries) else None


def _same(entries: list[Entry]) -> bool | None:
    sure = _sure(entries)
    if len(set(sure)) > 1:
        return False
    return True if len(entries) < 2 or len(sure) == len(entries) else None


def _consecutive(entries: list[Entry]) -> bool | None:
    if not all(entry.taken for entry in entries):
        return None
    if any(entry.value is not None and entry.value != place for place, entry in enumerate(entries, 1)):
        return False
    return None if any(entry.value is None for entry in entries) else True


_FOLDS: dict[str, Callable[[list[Entry]], Any]] = {
    "any": _some,
    "all": _every,
    "none": _none,
    "count": _count,
    "sum": _sum,
    "min": _extreme(min),
    "max": _extreme(max),
    "unique": _unique,
    "same": _same,
    "consecutive": _consecutive,
}
