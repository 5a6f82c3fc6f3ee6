"""Reads answers of the UK Trade Tariff service, kept as JSON: one commodity a file.

Two forms are read: the answer as the service gives it, and the short form that names conditions `conditions`. What the
codes in them mean stands in `schemas/tariff/trade-tariff.yaml`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, Final

from casrules.errors import PackError, place_of
from casrules.limits import Limits
from casrules.packs.yaml_text import read_yaml
from casrules.resources import schemas_folder
from casrules.tariff.measures import Alternative, Direction, Requirement, TariffInfo
from casrules.tariff.measures import Role as AlternativeRole
from casrules.tariff.table import EVERYWHERE, Area, Measure, MeasureTable
from casrules.tariff.tables import digest_of

DIRECTIONS: Final[Mapping[Direction, str]] = {"import": "import_measures", "export": "export_measures"}
SERVICES: Final = ("uk", "xi")
_TAG = re.compile(r"<[^>]*>")
_CURRENCY = re.compile(r"\b[A-Z]{3}\b(?=\s*/)")
Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Reading:
    """What the codes of the answers mean: the content of `schemas/tariff/trade-tariff.yaml`."""

    refusing_actions: frozenset[str]
    refusing_words: tuple[str, ...]
    preference: frozenset[str]
    waiver: re.Pattern[str]
    country: Mapping[str, str]
    kilograms: Mapping[str, Decimal]
    pieces: frozenset[str]
    everywhere: frozenset[str]
    groups: Mapping[str, Mapping[str, Area]]

    def refuses(self, condition: Json) -> bool:
        """Whether an action turns the goods away."""
        code = condition.get("action_code")
        if code:
            return code in self.refusing_actions
        action = str(condition.get("action") or "").lower()
        return any(words in action for words in self.refusing_words)


@cache
def shipped_reading() -> Reading:
    """The meaning of the codes as the library ships it."""
    content = read_yaml(schemas_folder() / "tariff" / "trade-tariff.yaml").content
    return Reading(
        refusing_actions=frozenset(content["refusing_actions"]),
        refusing_words=tuple(content["refusing_words"]),
        preference=frozenset((*content["claimed_by_preference"], *content["claimed_by_preferential_quota"])),
        waiver=re.compile(content["waiver"]),
        country=content["country"],
        kilograms={unit: Decimal(factor) for unit, factor in content["kilograms"].items()},
        pieces=frozenset(content["pieces"]),
        everywhere=frozenset(content["everywhere"]),
        groups={
            service: {group: Area(but=frozenset(area["but"])) for group, area in areas.items()}
            for service, areas in content["groups"].items()
        },
    )


def read_answers(path: Path, service: str, limits: Limits) -> MeasureTable:
    """The measures of a file, or of all JSON files of a folder, as far as they are of the service.

    A commodity that stands in several files is taken from the first by name. Raises PackError for a file that is no
    such answer.
    """
    files = sorted(path.glob("*.json")) if path.is_dir() else [path]
    if not files:
        raise PackError("no JSON files", place=place_of(path), remedy="one file for each commodity")
    reading, taken = shipped_reading(), dict[str, list[Measure]]()
    used: list[Path] = []
    areas = dict(reading.groups.get(service, {}))
    for file in files:
        answer = _answer(file, limits)
        commodity = answer.get("commodity") or answer.get("goods_nomenclature_item_id")
        if _service(answer) != service or commodity in taken:
            continue
        used.append(file)
        taken[str(commodity)] = list(_measures(answer, str(commodity), reading))
        areas.update(_members(answer))
    if not used:
        raise PackError(f"no measures of the service {service}", place=place_of(path), remedy="name another service")
    info = TariffInfo(f"trade-tariff.{service}", "UK Trade Tariff", "answers kept as JSON", "", digest_of(used))
    return MeasureTable(info, tuple(m for found in taken.values() for m in found), areas, frozenset(taken))


def _answer(file: Path, limits: Limits) -> Json:
    if file.stat().st_size > limits.pack_bytes:
        raise PackError("the file is larger than limits.pack_bytes", place=place_of(file), remedy="raise the limit")
    try:
        found = json.loads(file.read_bytes(), parse_float=Decimal)
    except ValueError as error:
        raise PackError(f"this is not JSON: {error}", place=place_of(file), remedy="keep the answer as it is") from None
    lists = isinstance(found, dict) and all(isinstance(found.get(name), list) for name in DIRECTIONS.values())
    if not lists or not (found.get("commodity") or found.get("goods_nomenclature_item_id")):
        problem = "this is no answer about a commodity"
        raise PackError(problem, place=place_of(file), remedy="it has a commodity, import_measures and export_measures")
    answer: Json = found
    return answer


def _service(answer: Json) -> str:
    raw = answer.get("meta", {}).get("duty_calculator", {}).get("source", SERVICES[0])
    return str(answer.get("service") or raw)


def _measures(answer: Json, commodity: str, reading: Reading) -> Iterator[Measure]:
    """The requirements of an answer: each group of conditions that ends in a refusal."""
    for direction, name in DIRECTIONS.items():
        for measure in answer[name]:
            for group in _groups(measure.get("conditions") or measure.get("measure_conditions") or ()):
                alternatives = _alternatives(group, reading)
                if alternatives:
                    yield _measure(measure, alternatives, commodity, direction, reading)


def _groups(conditions: Iterable[Json]) -> Iterable[list[Json]]:
    """Conditions with one code are alternatives; those with different codes must all be met."""
    found: dict[str, list[Json]] = {}
    for condition in conditions:
        found.setdefault(str(condition.get("condition_code")), []).append(condition)
    return found.values()


def _alternatives(group: Sequence[Json], reading: Reading) -> tuple[Alternative, ...]:
    """The ways to meet a group, empty where it demands nothing: where no row is left over that refuses the goods.

    A group without any document is about duties or the classification, not about documents.
    """
    allowed = [row for row in group if not reading.refuses(row)]
    refused = any(reading.refuses(row) and not row.get("document_code") and not _limit(row) for row in group)
    if not refused or not any(row.get("document_code") for row in allowed):
        return ()
    return tuple(dict.fromkeys(_alternative(row, reading) for row in allowed))


def _limit(row: Json) -> bool:
    return row.get("condition_duty_amount") is not None


def _alternative(row: Json, reading: Reading) -> Alternative:
    code = row.get("document_code")
    if code:
        exempts = row.get("measure_condition_class") == "exemption" or reading.waiver.fullmatch(code)
        return Alternative("waiver" if exempts else "document", str(code))
    text = " ".join(_TAG.sub("", str(row.get("requirement") or "")).split())
    if not _limit(row):
        return Alternative("unclear", text=text)
    most, unit = Decimal(row["condition_duty_amount"]), str(row.get("condition_measurement_unit_code") or "")
    currency = str(row.get("condition_monetary_unit_code") or "") or "".join(_CURRENCY.findall(text)[:1])
    if currency:
        role: AlternativeRole = "price" if unit in reading.pieces else "unclear"
        return Alternative(role, most=most, currency=currency) if role == "price" else Alternative(role, text=text)
    if unit in reading.kilograms:
        return Alternative("mass", most=most * reading.kilograms[unit])
    return Alternative("unclear", text=text)


def _measure(
    measure: Json, alternatives: tuple[Alternative, ...], commodity: str, direction: Direction, reading: Reading
) -> Measure:
    kind = measure["measure_type"]
    raw = isinstance(kind, dict)
    kind_id = str(kind["id"] if raw else kind)
    area = measure["geographical_area"]
    area_id = str(area["id"] if isinstance(area, dict) else area)
    excluded = frozenset(str(x["id"] if isinstance(x, dict) else x) for x in measure.get("excluded_countries") or ())
    claim = "preference" if kind_id in reading.preference else ""
    requirement = Requirement(
        measure=str(measure["id"]),
        alternatives=alternatives,
        kind=kind_id,
        title=str(kind["description"] if raw else measure.get("measure_type_description") or ""),
        area=area_id,
        claim=claim,
        order_number=_code(measure.get("order_number"), "number"),
        additional_code=_code(measure.get("additional_code"), "code"),
    )
    since = measure.get("start") or measure.get("effective_start_date") or ""
    until = measure.get("end") or measure.get("effective_end_date") or ""
    everywhere = area_id in reading.everywhere
    country = reading.country[claim or direction]
    place = EVERYWHERE if everywhere else area_id
    return Measure(requirement, commodity, direction, country, place, excluded, since[:10], until[:10])


def _code(value: Any, name: str) -> str:
    return str((value.get(name) if isinstance(value, dict) else value) or "")


def _members(answer: Json) -> Iterator[tuple[str, Area]]:
    """Groups whose members the answer names."""
    for name in DIRECTIONS.values():
        for measure in answer[name]:
            area = measure["geographical_area"]
            children = area.get("children_geographical_areas") if isinstance(area, dict) else None
            if children:
                yield str(area["id"]), Area(frozenset(str(child["id"]) for child in children))
