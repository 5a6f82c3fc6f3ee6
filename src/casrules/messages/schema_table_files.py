"""Reading and writing the table files of a schema set (docs/schema-tables.md)."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from casrules.messages.data_file import read_data
from casrules.messages.schema_tables import (
    ANY,
    COMPOSITORS,
    TEXT,
    Attribute,
    Child,
    Group,
    SchemaFile,
    SchemaTableError,
    SchemaTables,
    SimpleType,
    Structure,
)

FACETS = (
    "length",
    "minLength",
    "maxLength",
    "totalDigits",
    "fractionDigits",
    "minInclusive",
    "maxInclusive",
    "minExclusive",
    "maxExclusive",
    "whiteSpace",
)
ELEMENT_COLUMNS = ("structure", "element", "min", "max", "type")
TYPE_COLUMNS = ("type", "base", *FACETS, "pattern", "codes")
INLINE_CODES = 12
_OR, _AND = " || ", " && "


def read_tables(folder: Path) -> SchemaTables:
    """Read a table folder and check that every name it uses is defined."""
    about: dict[str, Any] = read_data(folder / "set.yaml")
    lists: dict[str, list[str]] = {}
    for row in _rows(folder / "enumerations.csv", optional=True):
        lists.setdefault(row["list"], []).append(row["code"])
    types = {row["type"]: _simple_type(row, lists) for row in _rows(folder / "types.csv")}
    tables = SchemaTables(
        id=about["id"],
        title=about["title"],
        version=str(about["version"]),
        status=about["status"],
        order=about["order"],
        children_form=about["children"],
        namespaces=dict(about["namespaces"]),
        schemas={name: _schema_file(name, entry) for name, entry in about["schemas"].items()},
        structures=_structures(folder / "elements.csv"),
        types=types,
        labels={row["element"]: row["label"] for row in _rows(folder / "labels.csv", optional=True)},
    )
    _check(tables, folder)
    return tables


def write_tables(tables: SchemaTables) -> dict[str, str]:
    """The text of every table file of a set, by file name."""
    lists: dict[str, tuple[str, ...]] = {}
    types = [_type_row(simple, lists) for simple in tables.types.values()]
    codes = [(name, code) for name, listed in lists.items() for code in listed]
    files = {
        "set.yaml": _about(tables),
        "elements.csv": _csv(ELEMENT_COLUMNS, _element_rows(tables.structures.values())),
        "types.csv": _csv(TYPE_COLUMNS, types),
    }
    if codes:
        files["enumerations.csv"] = _csv(("list", "code"), codes)
    if tables.labels:
        files["labels.csv"] = _csv(("element", "label"), sorted(tables.labels.items()))
    return files


def _rows(path: Path, optional: bool = False) -> Iterator[dict[str, str]]:
    if optional and not path.exists():
        return
    with path.open(encoding="utf-8", newline="") as stream:
        yield from csv.DictReader(stream)


def _simple_type(row: Mapping[str, str], lists: Mapping[str, list[str]]) -> SimpleType:
    written = row["codes"]
    codes: Iterable[str] = written.split("|") if written else ()
    if written.startswith("list:"):
        codes = lists.get(written[5:], ())
        if not codes:
            raise SchemaTableError(f"types.csv: {row['type']} names the empty list {written[5:]}")
    return SimpleType(
        name=row["type"],
        base=row["base"],
        facets={facet: row[facet] for facet in FACETS if row.get(facet)},
        patterns=tuple(tuple(level.split(_OR)) for level in row["pattern"].split(_AND) if row["pattern"]),
        codes=tuple(codes),
    )


def _schema_file(name: str, entry: Mapping[str, Any]) -> SchemaFile:
    return SchemaFile(
        name=name,
        namespace=entry["namespace"],
        roots=dict(entry["roots"]),
        imports=tuple(entry.get("imports", ())),
        variant=bool(entry.get("variant", False)),
    )


def _structures(path: Path) -> dict[str, Structure]:
    grouped: dict[str, list[dict[str, str]]] = {}
    for row in _rows(path):
        grouped.setdefault(row["structure"], []).append(row)
    return {name: _structure(name, rows) for name, rows in grouped.items()}


def _structure(name: str, rows: Iterable[dict[str, str]]) -> Structure:
    attributes: list[Attribute] = []
    open_groups: list[tuple[dict[str, str], list[Child | Group]]] = []
    members: list[Child | Group] = []
    text = ""
    for row in rows:
        element = row["element"]
        if element == TEXT:
            text = row["type"]
        elif element.startswith("@"):
            attributes.append(Attribute(element[1:], row["min"] == "1", row["type"]))
        elif element.startswith("("):
            open_groups.append((row, members))
            members = []
        elif element == ")":
            if not open_groups:
                raise SchemaTableError(f"elements.csv: {name} closes a group it did not open")
            opening, outer = open_groups.pop()
            outer.append(_group(name, opening, members))
            members = outer
        elif element:
            members.append(Child(element, int(row["min"]), _most(row["max"]), row["type"]))
    if open_groups:
        raise SchemaTableError(f"elements.csv: {name} leaves a group open; add a row with )")
    return Structure(name, tuple(members), tuple(attributes), text)


def _group(name: str, opening: Mapping[str, str], members: list[Child | Group]) -> Group:
    compositor = opening["element"][1:]
    if compositor not in COMPOSITORS:
        raise SchemaTableError(f"elements.csv: {name} has the group {opening['element']}; use (choice or (sequence")
    return Group(compositor, int(opening["min"]), _most(opening["max"]), tuple(members))


def _most(written: str) -> int | None:
    return None if written == "*" else int(written)


def _check(tables: SchemaTables, folder: Path) -> None:
    known = tables.structures.keys() | tables.types.keys()
    used: dict[str, str] = {}
    for structure in tables.structures.values():
        for child in tables.children(structure.name):
            if not child.type and child.element != ANY:
                raise SchemaTableError(f"{folder.name}: {child.element} of {structure.name} has no type")
            used.update({child.type: structure.name} if child.type else {})
        used.update((attribute.type, structure.name) for attribute in structure.attributes)
        used.update({structure.text: structure.name} if structure.text else {})
    for schema in tables.schemas.values():
        used.update((structure, schema.name) for structure in schema.roots.values())
    for name, where in used.items():
        if name not in known and not name.startswith("xs:"):
            raise SchemaTableError(f"{folder.name}: {where} uses the type {name}, which no table defines")
    both = tables.structures.keys() & tables.types.keys()
    if both:
        raise SchemaTableError(f"{folder.name}: {sorted(both)} are both structures and simple types")


def _element_rows(structures: Iterable[Structure]) -> Iterator[tuple[str, ...]]:
    for structure in structures:
        name = structure.name
        if structure.text:
            yield name, TEXT, "1", "1", structure.text
        for attribute in structure.attributes:
            yield name, f"@{attribute.name}", str(int(attribute.required)), "1", attribute.type
        yield from _member_rows(name, structure.content)
        if not (structure.text or structure.attributes or structure.content):
            yield name, "", "", "", ""


def _member_rows(name: str, members: Iterable[Child | Group]) -> Iterator[tuple[str, ...]]:
    for member in members:
        most = "*" if member.max is None else str(member.max)
        if isinstance(member, Child):
            yield name, member.element, str(member.min), most, member.type
        else:
            yield name, f"({member.compositor}", str(member.min), most, ""
            yield from _member_rows(name, member.members)
            yield name, ")", "", "", ""


def _type_row(simple: SimpleType, lists: dict[str, tuple[str, ...]]) -> tuple[str, ...]:
    alternatives = [pattern for level in simple.patterns for pattern in level]
    if any(mark in pattern for pattern in alternatives for mark in (_OR, _AND)):
        raise SchemaTableError(f"types.csv cannot hold a pattern of {simple.name}")
    codes = "|".join(simple.codes)
    if len(simple.codes) > INLINE_CODES:
        lists[simple.name] = simple.codes
        codes = f"list:{simple.name}"
    elif codes.startswith("list:") or any("|" in code or not code for code in simple.codes):
        raise SchemaTableError(f"types.csv cannot hold a code of {simple.name}")
    pattern = _AND.join(_OR.join(level) for level in simple.patterns)
    facets = (simple.facets.get(facet, "") for facet in FACETS)
    return (simple.name, simple.base, *facets, pattern, codes)


def _about(tables: SchemaTables) -> str:
    schemas: dict[str, dict[str, Any]] = {}
    for schema in tables.schemas.values():
        entry: dict[str, Any] = {"namespace": schema.namespace}
        entry.update({"variant": True} if schema.variant else {})
        entry.update({"imports": list(schema.imports)} if schema.imports else {})
        schemas[schema.name] = {**entry, "roots": dict(schema.roots)}
    about = {
        "id": tables.id,
        "title": tables.title,
        "version": tables.version,
        "status": tables.status,
        "order": tables.order,
        "children": tables.children_form,
        "namespaces": dict(tables.namespaces),
        "schemas": schemas,
    }
    return yaml.safe_dump(about, sort_keys=False, width=110)


def _csv(columns: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(rows)
    return stream.getvalue()
