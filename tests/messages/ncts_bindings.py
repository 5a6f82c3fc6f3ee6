"""Follows a family's mapping through the schema tables: which rows bind which leaf of a message."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from casrules.dictionary import Dictionary, shipped_dictionary
from casrules.messages.schema_tables import SchemaTables, load_tables

SCHEMAS = Path(__file__).resolve().parents[2] / "schemas"
FAMILY = SCHEMAS / "families" / "ncts"
SETS = ("ncts-p5", "ncts-p6")
UNBOUND = {
    "FunctionalError": "errors are read into findings by the reader of answers, not into the record",
    "XMLError": "errors are read into findings by the reader of answers, not into the record",
}


@dataclass(frozen=True, slots=True)
class Shape:
    """What the mapping needs to know of a message."""

    id: str
    start: str = "."
    table: str | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a mapping and its line in the file."""

    line: int
    context: str
    element: str
    paths: tuple[str, ...]
    target: str
    convert: str
    only: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Bound:
    """A leaf or a group of a message that a row reaches, with the format the tables give it."""

    path: str
    row: Row
    entity: str
    base: str
    codes: tuple[str, ...]


@cache
def mapping() -> tuple[Row, ...]:
    with (FAMILY / "mapping.csv").open(encoding="utf-8", newline="") as stream:
        reader = csv.DictReader(stream, strict=True)
        return tuple(
            Row(
                reader.line_num,
                row["context"],
                row["element"],
                tuple(row["path"].split(" + ")),
                row["as"],
                row["convert"],
                tuple(row["only"].split()),
            )
            for row in reader
        )


@cache
def tables(name: str) -> SchemaTables:
    return load_tables(SCHEMAS / "tables" / name)


@cache
def messages() -> tuple[tuple[str, str], ...]:
    """Every (set, message) of the family."""
    return tuple((name, message) for name in SETS for message in tables(name).roots)


def leaves(name: str, message: str) -> set[str]:
    """The paths, from the root element, of every value a message can hold."""
    held = tables(name)
    return {row.path for row in held.walk(message) if not held.children(row.type)}


@cache
def bindings(name: str, message: str) -> tuple[Bound, ...]:
    """Everything the mapping reaches in one message."""
    return tuple(_follow(tables(name), shipped_dictionary(), message, "declaration", "declaration", message, ()))


def _follow(
    held: SchemaTables,
    words: Dictionary,
    message: str,
    context: str,
    entity: str,
    at: str,
    inside: tuple[str, ...],
) -> Iterator[Bound]:
    for row in mapping():
        if row.context != context or (row.only and message not in row.only):
            continue
        element = words.element(entity, row.element)
        for written in row.paths:
            path = _joined(at, written)
            kind = _type_at(held, path)
            if kind is None:
                continue
            if element.is_scalar:
                simple = held.simple_type(kind)
                yield Bound(path, row, entity, simple.base, simple.codes)
            else:
                yield Bound(path, row, entity, "", ())
                below = row.target or element.type
                if (below, path) not in inside:
                    deeper = (*inside, (below, path))
                    yield from _follow(held, words, message, below, element.type, path, deeper)


def _joined(at: str, written: str) -> str:
    assert written == "." or written.startswith("./"), f"{written}: this family's paths have no predicates"
    return at if written == "." else at + written[1:]


@cache
def _types(name: str, message: str) -> dict[str, str]:
    return {row.path: row.type for row in tables(name).walk(message)}


def _type_at(held: SchemaTables, path: str) -> str | None:
    return _types(held.id, path.partition("/")[0]).get(path)
