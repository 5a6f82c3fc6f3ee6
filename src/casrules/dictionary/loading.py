"""Reads the dictionary's tables (`schemas/dictionary/*.csv`) and checks them as a whole."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from casrules.dictionary.elements import SCALAR_TYPES, Dictionary, Element, Entity
from casrules.errors import DictionaryError, place_of
from casrules.resources import schemas_folder

Row = tuple[Path, int, dict[str, str]]


@cache
def shipped_dictionary() -> Dictionary:
    """The dictionary that comes with the library, read once."""
    return load_dictionary(schemas_folder() / "dictionary")


def load_dictionary(folder: Path) -> Dictionary:
    """Read `entities*.csv`, `elements*.csv` and `views*.csv` of `folder` into one dictionary.

    Raises DictionaryError naming file and line for an unknown type, an unknown entity or a duplicate element.
    """
    entities: dict[str, dict[str, Element]] = {}
    heads: dict[str, tuple[str, tuple[str, ...], str]] = {}
    for path, line, row in _rows(folder, "entities"):
        if row["entity"] in heads:
            raise DictionaryError(f"entity {row['entity']!r} is declared twice", place=place_of(path, line))
        heads[row["entity"]] = (row["label"], tuple(row["keys"].split()), row["number"])
        entities[row["entity"]] = {}
    for path, line, row in (*_rows(folder, "elements"), *_rows(folder, "views")):
        _add(entities, _element(row), path, line)
    built = {name: Entity(name, label, keys, number, entities[name]) for name, (label, keys, number) in heads.items()}
    return Dictionary(built)


def _rows(folder: Path, stem: str) -> Iterator[Row]:
    for path in sorted(folder.glob(f"{stem}*.csv")):
        with path.open(encoding="utf-8", newline="") as stream:
            reader = csv.DictReader(stream, strict=True)
            for row in reader:
                yield path, reader.line_num, {key: (value or "").strip() for key, value in row.items()}


def _element(row: dict[str, str]) -> Element:
    if "parts" in row:
        view = tuple(tuple(part.strip().split(".")) for part in row["parts"].split("+"))
        return Element(
            row["entity"],
            row["name"],
            row["type"],
            True,
            label=row["label"],
            singular=row["singular"],
            view=view,
        )
    return Element(
        row["entity"], row["name"], row["type"], row["many"] == "*", row["unit"], row["number"], row["old_number"],
        row["label"] or row["name"].replace("_", " "), row["privacy"] or "none", row["singular"], row["kind"],
    )  # fmt: skip


def _add(entities: dict[str, dict[str, Element]], element: Element, path: Path, line: int) -> None:
    place = place_of(path, line)
    owner = entities.get(element.entity)
    if owner is None:
        raise DictionaryError(f"unknown entity {element.entity!r}", place=place)
    if element.name in owner:
        raise DictionaryError(f"{element.entity}.{element.name} is declared twice", place=place)
    if element.type not in SCALAR_TYPES and element.type not in entities:
        known = ", ".join(SCALAR_TYPES)
        raise DictionaryError(f"unknown type {element.type!r}", place=place, remedy=f"a known entity, or {known}")
    if element.many and element.is_scalar:
        raise DictionaryError(
            f"{element.entity}.{element.name} is a list of values", place=place, remedy="lists hold entities"
        )
    owner[element.name] = element
