"""Our own form of a tariff: a folder with `tariff.yaml`, `measures.csv` and, for groups of countries, `areas.csv`.

A row of `measures.csv` is one alternative; the rows of one measure and group are the alternatives of one requirement.
"""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Final, cast, get_args

from pydantic import Field

from casrules.errors import PackError, Place, place_of
from casrules.limits import DEFAULT_LIMITS, Limits
from casrules.packs.model_errors import read_model
from casrules.packs.models import PackModel
from casrules.packs.yaml_text import read_text, read_yaml
from casrules.tariff.measures import Alternative, Direction, Requirement, Role, TariffInfo
from casrules.tariff.table import EVERYWHERE, Area, Measure, MeasureTable, areas_of

MANIFEST: Final = "tariff.yaml"
MEASURES: Final = "measures.csv"
AREAS: Final = "areas.csv"
REQUIRED: Final = ("measure", "commodity", "direction", "role")
OPTIONAL: Final = (
    "group", "document", "most", "currency", "text", "type", "title", "area", "excluded", "country", "from", "to",
    "claim", "order_number", "additional_code",
)  # fmt: skip
COUNTRIES: Final = ("origin", "preferential_origin", "dispatch", "destination")
CLAIMS: Final = ("", "preference")
Row = Mapping[str, str]


class Manifest(PackModel):
    """`tariff.yaml`: what the tariff is. `covers` are beginnings of commodity codes; without it, all codes."""

    id: str = Field(min_length=1)
    title: str = ""
    source: str = Field(min_length=1)
    as_of: str = ""
    covers: tuple[str, ...] = ()


def read_tables(folder: Path, limits: Limits = DEFAULT_LIMITS) -> MeasureTable:
    """Read a tariff in our own form; raises PackError with file and line for what is wrong in it."""
    manifest = read_model(Manifest, read_yaml(folder / MANIFEST, limits).lines)
    measures, areas = folder / MEASURES, folder / AREAS
    if not measures.is_file():
        raise PackError(f"there is no {MEASURES}", place=place_of(folder), remedy="see docs/tariff-measures.md")
    groups = _areas(areas, limits) if areas.is_file() else {}
    files = [folder / MANIFEST, measures, *([areas] if areas.is_file() else [])]
    return MeasureTable(
        TariffInfo(manifest.id, manifest.title, manifest.source, manifest.as_of, digest_of(files)),
        tuple(_measures(measures, limits)),
        groups,
        frozenset(manifest.covers),
    )


def digest_of(files: Iterable[Path]) -> str:
    """The sha256, hexadecimal, over names and bytes of files."""
    digest = hashlib.sha256()
    for path in files:
        content = path.read_bytes()
        digest.update(f"{path.name}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()


def _rows(path: Path, required: Iterable[str], optional: Iterable[str], limits: Limits) -> Iterator[tuple[Place, Row]]:
    reader = csv.reader(read_text(path, limits).splitlines(keepends=True), strict=True)
    try:
        header = [name.strip() for name in next(reader, [])]
        missing, strange = set(required) - set(header), set(header) - {*required, *optional}
        if missing or strange:
            problem = f"no column {min(missing)!r}" if missing else f"unknown column {min(strange)!r}"
            known = ", ".join((*required, *optional))
            raise PackError(problem, place=place_of(path, 1), remedy=f"the columns are {known}")
        for cells in reader:
            place = place_of(path, reader.line_num)
            if len(cells) > len(header):
                raise PackError("more cells than columns", place=place, remedy="quote a text that holds a comma")
            row = dict.fromkeys((*required, *optional), "") | dict(zip(header, map(str.strip, cells), strict=False))
            if any(row.values()):
                yield place, row
    except csv.Error as error:
        problem = f"not a CSV file: {error}"
        raise PackError(problem, place=place_of(path, reader.line_num), remedy="check the quotes") from None


def _areas(path: Path, limits: Limits) -> dict[str, Area]:
    pairs = []
    for place, row in _rows(path, ("area", "country"), (), limits):
        _asserted(bool(row["area"] and row["country"]), "a row names a group and one country", place)
        pairs.append((row["area"], row["country"]))
    return areas_of(pairs)


def _measures(path: Path, limits: Limits) -> Iterator[Measure]:
    """One measure for each measure and group, in order of their first rows."""
    found: dict[tuple[str, ...], tuple[Row, list[Alternative]]] = {}
    for place, row in _rows(path, REQUIRED, OPTIONAL, limits):
        alternative = _alternative(row, place)
        key = (row["measure"], row["group"], row["commodity"], row["direction"])
        head, alternatives = found.setdefault(key, (row, []))
        if not alternatives:
            _check(row, place)
        differing = next((name for name in _OF_MEASURE if head[name] != row[name]), None)
        problem = f"{differing} differs from the first row of measure {row['measure']}"
        _asserted(differing is None, problem, place, "repeat the value, or give the row a group of its own")
        alternatives.append(alternative)
    for row, alternatives in found.values():
        yield _measure(row, tuple(alternatives))


_OF_MEASURE = ("area", "excluded", "country", "from", "to", "claim", "order_number", "additional_code")


def _measure(row: Row, alternatives: tuple[Alternative, ...]) -> Measure:
    requirement = Requirement(
        row["measure"], alternatives, row["type"], row["title"], row["area"], row["claim"], row["order_number"],
        row["additional_code"],
    )  # fmt: skip
    direction = cast(Direction, row["direction"])
    country = row["country"] or ("origin" if direction == "import" else "destination")
    excluded = frozenset(row["excluded"].split())
    area = row["area"] or EVERYWHERE
    return Measure(requirement, row["commodity"], direction, country, area, excluded, row["from"], row["to"])


def _check(row: Row, place: Place) -> None:
    code = row["commodity"]
    _asserted(bool(row["measure"]), "a row without a measure", place, "give each measure an id")
    _asserted(code.isdigit() and len(code) in (2, 4, 6, 8, 10), f"{code!r} is no commodity code", place)
    _among(row, "direction", get_args(Direction), place)
    _among(row, "country", ("", *COUNTRIES), place)
    _among(row, "claim", CLAIMS, place)
    for name in ("from", "to"):
        _asserted(not row[name] or _is_day(row[name]), f"{row[name]!r} is not a date", place, "write YYYY-MM-DD")
    _asserted(not row["to"] or row["from"] <= row["to"], "the measure ends before it begins", place)


def _alternative(row: Row, place: Place) -> Alternative:
    _among(row, "role", get_args(Role), place)
    role = cast(Role, row["role"])
    most = _decimal(row["most"], place) if row["most"] else None
    _asserted(bool(row["document"]) == (role in ("document", "waiver")), f"a {role} with or without a code", place)
    _asserted((most is not None) == (role in ("mass", "price")), f"a {role} with or without `most`", place)
    _asserted(bool(row["currency"]) == (role == "price"), f"a {role} with or without a currency", place)
    return Alternative(role, row["document"], most, row["currency"], row["text"])


def _decimal(written: str, place: Place) -> Decimal:
    try:
        found = Decimal(written)
    except InvalidOperation:
        found = Decimal("NaN")
    _asserted(found.is_finite() and found >= 0, f"{written!r} is not a number", place, "write it as 12.5")
    return found


def _is_day(written: str) -> bool:
    try:
        return date.fromisoformat(written).isoformat() == written
    except ValueError:
        return False


def _among(row: Row, name: str, known: Iterable[str], place: Place) -> None:
    _asserted(row[name] in known, f"{name} is {row[name]!r}", place, f"one of {', '.join(filter(None, known))}")


def _asserted(holds: bool, problem: str, place: Place, remedy: str = "see docs/tariff-measures.md") -> None:
    if not holds:
        raise PackError(problem, place=place, remedy=remedy)
