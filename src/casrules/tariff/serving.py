"""Serves a tariff to the rules: what it asks of each item stands in the record, as any other value.

The elements `item.tariff_requirements` and `item.tariff_known` are in the dictionary and in no message: only here do
they get values, so rules that read them run where a tariff is given, and nowhere else.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from casrules.dictionary import Dictionary
from casrules.dictionary.elements import SERVED
from casrules.packs.yaml_text import read_yaml
from casrules.resources import schemas_folder
from casrules.tariff.measures import Alternative, Direction, Requirement, TariffMeasures, Trade

ITEMS: Final = ("consignment", "houses", "items")
DIRECTIONS: Final[tuple[Direction, ...]] = ("import", "export")
Values = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Asked:
    """Which elements of an item, or of what is above it, hold what the tariff is asked; by the field of `Trade`."""

    elements: Mapping[str, tuple[str, ...]]

    @property
    def names(self) -> frozenset[str]:
        """All those elements."""
        return frozenset(name for names in self.elements.values() for name in names)

    def trade(self, levels: Sequence[Values], direction: Direction, day: str | None) -> Trade | None:
        """The question about an item; `levels` are the item and the entities above it. None without a commodity."""
        found = {field: _first(levels, names) for field, names in self.elements.items()}
        commodity = found.pop("commodity", None)
        return Trade(commodity, direction, day, **found) if commodity else None


@cache
def asked() -> Asked:
    """What `schemas/tariff/trade.yaml` says."""
    content = read_yaml(schemas_folder() / "tariff" / "trade.yaml").content
    return Asked({field: tuple(names) for field, names in content.items()})


def direction_of(flow: str) -> Direction | None:
    """The direction of a message's flow; None where no tariff is asked (transit, entry)."""
    return next((direction for direction in DIRECTIONS if direction == flow), None)


def carried_with(carried: frozenset[str], dictionary: Dictionary) -> frozenset[str]:
    """What a message can carry once a tariff is served; the same where it has no items."""
    items = ".".join(ITEMS)
    if items not in carried:
        return carried
    return carried | {f"{items}.{path}" for path in _served(dictionary)}


def serve(record: dict[str, Any], tariff: TariffMeasures, direction: Direction, day: str | None) -> None:
    """Put what the tariff asks into the record's items; what stood there before is replaced.

    Each question is asked once. Raises whatever the provider raises.
    """
    answers: dict[Trade, Sequence[Requirement] | None] = {}
    wanted = asked()
    for levels in _items(record):
        item = levels[0]
        for name in SERVED:
            item.pop(name, None)
        trade = wanted.trade(levels, direction, day)
        if trade is None:
            continue
        if trade not in answers:
            answers[trade] = tariff.requirements(trade)
        found = answers[trade]
        item["tariff_known"] = found is not None
        if found:
            item["tariff_requirements"] = [_entry(requirement) for requirement in found]


def _items(record: dict[str, Any]) -> Iterator[tuple[dict[str, Any], ...]]:
    consignment: dict[str, Any] = record.get("consignment") or {}
    for house in consignment.get("houses", ()):
        for item in house.get("items", ()):
            yield item, house, consignment, record


def _first(levels: Sequence[Values], names: Sequence[str]) -> str | None:
    for level in levels:
        for name in names:
            found = level.get(name)
            if isinstance(found, str):
                return found
    return None


def _entry(requirement: Requirement) -> dict[str, Any]:
    values = {
        "measure": requirement.measure, "type": requirement.kind, "title": requirement.title,
        "area": requirement.area, "claim": requirement.claim, "order_number": requirement.order_number,
        "additional_code": requirement.additional_code, "needed": requirement.needed,
    }  # fmt: skip
    entry: dict[str, Any] = {name: value for name, value in values.items() if value}
    entry["alternatives"] = [_alternative(found) for found in requirement.alternatives]
    return entry


def _alternative(alternative: Alternative) -> dict[str, Any]:
    values = {
        "role": alternative.role, "document": alternative.document, "most": alternative.most,
        "currency": alternative.currency, "text": alternative.shown,
    }  # fmt: skip
    return {name: value for name, value in values.items() if value not in (None, "")}


def _served(dictionary: Dictionary) -> Iterator[str]:
    def below(entity: str, path: str) -> Iterator[str]:
        for name, element in dictionary.entities[entity].elements.items():
            yield f"{path}.{name}"
            if not element.is_scalar:
                yield from below(element.type, f"{path}.{name}")

    for name in SERVED:
        yield name
        element = dictionary.find("item", name)
        if element is not None and not element.is_scalar:
            yield from below(element.type, name)
