"""What every mapping of a family must hold, told as lists of what does not."""

from __future__ import annotations

import csv
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from types import SimpleNamespace
from typing import Any

import yaml

from casrules.dictionary import Element, shipped_dictionary
from casrules.messages.mapping import Mapping, load_mapping
from casrules.messages.message_mapping import MessageMapping
from casrules.messages.paths import parse_paths
from casrules.messages.schema_tables import SchemaTables, load_tables

from .mapping_walk import SCHEMAS, Bound, Family, Row

READ_AS = {
    "decimal": {"xs:decimal", "xs:integer"},
    "integer": {"xs:integer"},
    "date": {"xs:date"},
    "datetime": {"xs:dateTime"},
    "code": {"xs:token", "xs:normalizedString", "xs:string", "xs:integer"},
    "text": {"xs:token", "xs:normalizedString", "xs:string"},
    "flag": {"xs:token"},
}


@dataclass(frozen=True)
class FamilyOfSet(Family):
    """A family with the tables of one of its sets."""

    set: str = ""

    @cached_property
    def tables(self) -> SchemaTables:
        return load_tables(SCHEMAS / "tables" / self.set)

    @cached_property
    def rows(self) -> tuple[Row, ...]:
        """The rows that have a place: constants have none."""
        with (SCHEMAS / "families" / self.name / "mapping.csv").open(encoding="utf-8", newline="") as stream:
            reader = csv.DictReader(stream, strict=True)
            return tuple(
                Row(
                    reader.line_num,
                    row["context"],
                    row["element"],
                    parse_paths(row["path"]),
                    row["as"],
                    row["convert"],
                    tuple(row["only"].split()),
                )
                for row in reader
                if row["path"]
            )


@dataclass(frozen=True)
class Bindings:
    """What a family's mapping binds, message by message, over all sets of its manifest."""

    family: str

    @cached_property
    def manifest(self) -> Any:
        return yaml.safe_load((SCHEMAS / "families" / self.family / "family.yaml").read_text("utf-8"))

    @cached_property
    def messages(self) -> list[str]:
        return [entry["id"] for entry in self.manifest["messages"]]

    def entry(self, message: str) -> Any:
        return next(entry for entry in self.manifest["messages"] if entry["id"] == message)

    def structure(self, message: str) -> str:
        return str(self.entry(message).get("table", message))

    def of_set(self, message: str) -> FamilyOfSet:
        """The family with the tables that have the message."""
        for schema_set in self.manifest["sets"]:
            family = FamilyOfSet(self.family, set=schema_set["id"])
            if self.structure(message) in family.tables.roots.values():
                return family
        raise AssertionError(f"no set of the family has {message}")

    def bound(self, message: str) -> list[Bound]:
        return self.of_set(message).bindings(message, self.structure(message), self.entry(message)["start"])

    @cached_property
    def mapping(self) -> Mapping:
        """The mapping as the library reads it."""
        return load_mapping(SCHEMAS / "families" / self.family, shipped_dictionary())

    def read(self, message: str) -> MessageMapping:
        """One message's mapping as the library lays it out."""
        entry = self.entry(message)
        shape = SimpleNamespace(id=message, start=entry["start"], table=entry.get("table"))
        return self.mapping.for_message(shape, self.of_set(message).tables)

    def numbers(self, message: str) -> set[str]:
        """The data element numbers of everything a message can carry."""
        return {number(path) for path in self.read(message).carried}


def number(path: str) -> str:
    """The data element number of a dotted path from the declaration."""
    elements: tuple[Element, ...] = shipped_dictionary().resolve("declaration", path.split("."))
    return elements[-1].numbered(elements[:-1])


def values(bounds: Iterable[Bound]) -> list[Bound]:
    """What binds a value, not an entity."""
    return [bound for bound in bounds if bound.element.is_scalar]


def unbound_leaves(family: Family, structure: str, bounds: Iterable[Bound]) -> set[str]:
    """Leaves of the message that no row binds."""
    return {"/".join(leaf) for leaf in family.leaves(structure)} - {bound.path for bound in values(bounds)}


def leaves_bound_twice(bounds: Iterable[Bound]) -> list[str]:
    """Leaves that two rows bind, or one row on two ways."""
    return [path for path, count in Counter(bound.path for bound in values(bounds)).items() if count > 1]


def elements_from_two_places(bounds: Iterable[Bound]) -> list[tuple[str, str, str]]:
    """Single elements of one entity in one place that more than one row gives."""
    lines: dict[tuple[str, str, str], set[int]] = defaultdict(set)
    for bound in bounds:
        if bound.element.many:
            continue
        owner = "/".join(bound.steps)
        for path in bound.row.paths:
            owner = owner.removesuffix(str(path).removeprefix("/").removeprefix("./").removeprefix("."))
        lines[(owner, bound.row.context, bound.row.element)].add(bound.row.line)
    return [place for place, found in lines.items() if len(found) > 1]


def unreached(rows: Iterable[Row], bounds: Iterable[Bound]) -> list[tuple[int, str]]:
    """Paths, with the line of their row, whose last step no message has."""
    reached = {(bound.row.line, bound.steps[-1]) for bound in bounds if bound.steps}
    found = []
    for row in rows:
        for path in row.paths:
            last = f"@{path.attribute}" if path.attribute else path.steps[-1].name if path.steps else ""
            if last and (row.line, last) not in reached:
                found.append((row.line, str(path)))
    return found


def misread_formats(family: Family, bounds: Iterable[Bound]) -> list[tuple[str, str, str]]:
    """Values whose format in the tables the dictionary's type cannot read."""
    wrong = []
    for bound in values(bounds):
        simple = family.tables.simple_type(bound.type)
        is_flag = set(simple.codes) == {"0", "1"}
        if simple.base not in READ_AS[bound.element.type] or is_flag != (bound.element.type == "flag"):
            wrong.append((bound.path, simple.base, bound.element.type))
    return wrong


def repeated_single_entities(bounds: Iterable[Bound]) -> list[str]:
    """Groups that may repeat in the message but are one entity in the dictionary."""
    return [b.path for b in bounds if not b.element.is_scalar and b.max != 1 and not b.element.many]
