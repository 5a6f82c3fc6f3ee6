"""What begins or stops applying between two days."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from casrules.errors import Place
from casrules.packs import Pack, PackedConfiguration
from casrules.packs.models import Law


@dataclass(frozen=True, slots=True)
class Turn:
    """A configuration rule, or row of a table, that begins to apply on `day` or applies on it no more."""

    day: date
    kind: Literal["begins", "ends"]
    rule: str
    title: str
    law: tuple[Law, ...]
    because: tuple[str, ...]
    place: Place

    @property
    def basis(self) -> str:
        """The legal basis and the alerts it prevents, in words; "" where neither is given."""
        laws = [", ".join(filter(None, (law.act, law.place))) for law in self.law]
        return "; ".join([*laws, *self.because])

    def __str__(self) -> str:
        """`2026-01-01 ends acme.origin: Goods come from Japan (2015/2446, Annex B) at rules.yaml:3`."""
        basis = f" ({self.basis})" if self.basis else ""
        return f"{self.day} {self.kind} {self.rule}: {self.title}{basis} at {self.place}"


def preview(packs: Iterable[Pack], since: date, until: date) -> tuple[Turn, ...]:
    """The configuration rules that begin or end in the days after `since` up to `until`, by day, then kind and id.

    An end is told on the first day without the rule. Days of a row are within those of its table, and those of a rule
    within its pack's.
    """
    found = [turn for pack in packs for rule in pack.configuration.values() for turn in _turns(rule)]
    return tuple(
        sorted((one for one in found if since < one.day <= until), key=lambda one: (one.day, one.kind, one.rule))
    )


def _turns(rule: PackedConfiguration) -> Iterator[Turn]:
    head, valid = rule.written.head, rule.packed.rule.valid
    if valid.since is not None and valid.until is not None and valid.until < valid.since:
        return
    days: list[tuple[date, Literal["begins", "ends"]]] = []
    if valid.since is not None:
        days.append((valid.since, "begins"))
    if valid.until is not None and valid.until < date.max:
        days.append((valid.until + timedelta(days=1), "ends"))
    for day, kind in days:
        yield Turn(day, kind, rule.id, head.title, head.law, head.because, rule.packed.place("valid"))
