"""Measures in memory: found by commodity, filtered by direction, day, country and area."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from casrules.tariff.measures import Direction, Requirement, TariffInfo, Trade

Country = str
DIGITS = 10
EVERYWHERE = "*"


@dataclass(frozen=True, slots=True)
class Area:
    """The countries of a group: those of `members`, or with `but` all except those."""

    members: frozenset[Country] = frozenset()
    but: frozenset[Country] | None = None

    def holds(self, country: Country) -> bool:
        """Whether the country is in the group."""
        return country not in self.but if self.but is not None else country in self.members


@dataclass(frozen=True, slots=True)
class Measure:
    """A requirement and when it binds.

    `commodity` is a code of two to ten digits; the measure holds for all codes below it. `area` is a country, a group
    or `*`; `excluded` are countries and groups. `country` says which country of the declaration is meant: origin,
    preferential_origin, dispatch or destination. `since` and `until` (YYYY-MM-DD, inclusive) are empty where open.
    """

    requirement: Requirement
    commodity: str
    direction: Direction
    country: str
    area: str = EVERYWHERE
    excluded: frozenset[str] = frozenset()
    since: str = ""
    until: str = ""

    def covers(self, day: str | None) -> bool:
        """Whether it is in force on the day; without a day, whether it has no last one."""
        if day is None:
            return not self.until
        return self.since <= day and (not self.until or day <= self.until)


@dataclass(frozen=True)
class MeasureTable:
    """A tariff held in memory: a `TariffMeasures`.

    `areas` are groups by id. A measure for a group nobody has described binds nobody, as does one from which such a
    group is excluded: `undescribed` names them.
    `covers` are the beginnings of commodity codes the tariff speaks of; empty means the whole nomenclature.
    """

    info: TariffInfo
    measures: tuple[Measure, ...]
    areas: Mapping[str, Area] = field(default_factory=dict)
    covers: frozenset[str] = frozenset()

    def requirements(self, trade: Trade) -> Sequence[Requirement] | None:
        """What is asked of the item, in the order of the measures' commodity (general ones first), then of the file."""
        code = trade.commodity.strip()
        if not code.isdigit() or not self._knows(code):
            return None
        padded = code.ljust(DIGITS, "0")
        found = (measure for length in _LENGTHS for measure in self._by_code.get(padded[:length], ()))
        return [measure.requirement for measure in found if self._binds(measure, trade)]

    @cached_property
    def undescribed(self) -> tuple[str, ...]:
        """Groups that measures name and nobody has described."""
        named = {area for measure in self.measures for area in (measure.area, *measure.excluded)}
        return tuple(sorted(area for area in named if not self._described(area)))

    @cached_property
    def _by_code(self) -> dict[str, tuple[Measure, ...]]:
        found: dict[str, list[Measure]] = {}
        for measure in self.measures:
            found.setdefault(stem(measure.commodity), []).append(measure)
        return {code: tuple(measures) for code, measures in found.items()}

    @cached_property
    def _covered(self) -> frozenset[str]:
        return frozenset(stem(code) for code in self.covers)

    def _knows(self, code: str) -> bool:
        if not self.covers:
            return True
        padded = code.ljust(DIGITS, "0")
        return any(padded[:length] in self._covered for length in _LENGTHS)

    def _binds(self, measure: Measure, trade: Trade) -> bool:
        if measure.direction != trade.direction or not measure.covers(trade.on):
            return False
        country: str | None = getattr(trade, measure.country)
        if measure.area == EVERYWHERE and not measure.excluded:
            return True
        # a country that is not declared is in no group: whoever demands the country says so
        if country is None or not self._within(measure.area, country):
            return False
        # who is in an undescribed group is not known: perhaps this country is excluded
        return not any(self._within(area, country) or not self._described(area) for area in measure.excluded)

    def _described(self, area: str) -> bool:
        return _is_country(area) or area in self.areas

    def _within(self, area: str, country: Country) -> bool:
        if area in (EVERYWHERE, country):
            return True
        group = self.areas.get(area)
        return group is not None and group.holds(country)


_LENGTHS = range(2, DIGITS + 1)


def stem(code: str) -> str:
    """A commodity code without the pairs of zeros that only fill it up: 0101210000 → 010121, 0100000000 → 01."""
    digits = code.strip()
    while len(digits) > 2 and digits.endswith("00") and len(digits) % 2 == 0:
        digits = digits[:-2]
    return digits


def areas_of(rows: Iterable[tuple[str, Country]]) -> dict[str, Area]:
    """Groups from pairs of group and member."""
    found: dict[str, set[Country]] = {}
    for area, country in rows:
        found.setdefault(area, set()).add(country)
    return {area: Area(frozenset(members)) for area, members in found.items()}


def _is_country(area: str) -> bool:
    return area == EVERYWHERE or (len(area) == 2 and area.isalpha())
