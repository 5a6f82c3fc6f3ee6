"""Follows a family's mapping through the structures of its tables: which rows bind which leaf of a message.

Unlike a walk by plain names it keeps namespaces apart: `res:Declaration` and `Declaration` are two elements.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path as FilePath

from casrules.dictionary import Element, shipped_dictionary
from casrules.messages.paths import Condition, Path, parse_paths
from casrules.messages.schema_tables import SchemaTables, load_tables

SCHEMAS = FilePath(__file__).resolve().parents[2] / "schemas"
Steps = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a mapping and its line in the file."""

    line: int
    context: str
    element: str
    paths: tuple[Path, ...]
    below: str
    convert: str
    only: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Bound:
    """What one path of a row reaches: place, format, how often it may be there, and under which conditions."""

    steps: Steps
    row: Row
    element: Element
    type: str
    max: int | None
    conditions: tuple[tuple[str, tuple[Condition, ...]], ...]

    @property
    def path(self) -> str:
        """The place without conditions."""
        return "/".join(self.steps)


@dataclass(frozen=True)
class Family:
    """A family's mapping and its tables; `default` is the table prefix of steps without one."""

    name: str
    default: str = ""

    @cached_property
    def tables(self) -> SchemaTables:
        """The tables of the set that has the family's name."""
        return load_tables(SCHEMAS / "tables" / self.name)

    @cached_property
    def rows(self) -> tuple[Row, ...]:
        """All rows in order."""
        with (SCHEMAS / "families" / self.name / "mapping.csv").open(encoding="utf-8", newline="") as stream:
            reader = csv.DictReader(stream, strict=True)
            return tuple(
                Row(
                    reader.line_num,
                    row["context"],
                    row["element"],
                    parse_paths(row["path"]) if row["path"] else (),
                    row["as"],
                    row["convert"],
                    tuple(row["only"].split()),
                )
                for row in reader
            )

    def leaves(self, structure: str, at: Steps = ()) -> Iterator[Steps]:
        """Every value and attribute that a message of this structure can hold."""
        for attribute in self.tables.attributes(structure):
            yield (*at, f"@{attribute.name}")
        children = self.children(structure)
        if not children:
            yield at
        for name, (kind, _) in children.items():
            yield from self.leaves(kind, (*at, name))

    def children(self, structure: str) -> Mapping[str, tuple[str, int | None]]:
        """The children by qualified name: their structure or format, and how often they may be there."""
        own = structure.rpartition(":")[0]
        return {
            child.element if ":" in child.element or not own else f"{own}:{child.element}": (
                child.type,
                child.max,
            )
            for child in self.tables.children(structure)
        }

    def bindings(self, message: str, root: str, start: str) -> list[Bound]:
        """Everything the mapping reaches in a message whose root element has the structure `root`."""
        (path,) = parse_paths(start)
        found = self._reach(path, root, (), root)
        assert found is not None, f"{root} has no {start}"
        steps, kind, _ = found
        return list(self._follow(message, "declaration", "declaration", kind, steps, (), root))

    def _follow(
        self,
        message: str,
        context: str,
        entity: str,
        structure: str,
        at: Steps,
        above: tuple[tuple[str, tuple[Condition, ...]], ...],
        root: str,
    ) -> Iterator[Bound]:
        words = shipped_dictionary()
        for row in self.rows:
            if row.context != context or (row.only and message not in row.only):
                continue
            element = words.element(entity, row.element)
            for path in row.paths:
                found = self._reach(path, structure, at, root)
                if found is None:
                    continue
                steps, kind, most = found
                own = [(f"{'/'.join(at)}/{step.name}", step.conditions) for step in path.steps if step.conditions]
                conditions = (*above, *own)
                yield Bound(steps, row, element, kind, most, conditions)
                if not element.is_scalar:
                    below = row.below or element.type
                    yield from self._follow(message, below, element.type, kind, steps, conditions, root)

    def _reach(self, path: Path, structure: str, at: Steps, root: str) -> tuple[Steps, str, int | None] | None:
        """Where a path leads to: the steps from the root, the format there, and the most it occurs."""
        kind, steps, most = (root, (), 1) if path.absolute else (structure, at, 1)
        limit: int | None = most
        for step in path.steps:
            name = step.name if ":" in step.name or not self.default else f"{self.default}:{step.name}"
            found = self.children(kind).get(name)
            if found is None:
                return None
            kind, steps = found[0], (*steps, name)
            limit = None if limit is None or found[1] is None else limit * found[1]
            for condition in step.conditions:
                missing = [target for target in condition.target[:1] if not self._has(kind, target)]
                assert not missing, f"{path}: no {missing} below {name}"
        if not path.attribute:
            return steps, kind, limit
        types = {attribute.name: attribute.type for attribute in self.tables.attributes(kind)}
        return ((*steps, f"@{path.attribute}"), types[path.attribute], limit) if path.attribute in types else None

    def _has(self, structure: str, name: str) -> bool:
        if name.startswith("@"):
            return any(f"@{attribute.name}" == name for attribute in self.tables.attributes(structure))
        qualified = name if ":" in name or not self.default else f"{self.default}:{name}"
        return qualified in self.children(structure)
