"""Following mapping paths through the element tables of a message."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from casrules.messages.paths import Path, Step
from casrules.messages.schema_tables import Child, SchemaTables


class Position(NamedTuple):
    """An element below another: its place in the schema's order, and its row of the table."""

    order: int
    child: Child


@dataclass(frozen=True)
class TablePaths:
    """Looks up the children of structures by local name; remembers what it looked up."""

    tables: SchemaTables
    root: str
    _children: dict[str, Mapping[str, Position]] = field(default_factory=dict, repr=False, compare=False)

    def children(self, structure: str) -> Mapping[str, Position]:
        """The children of a structure by local name."""
        found = self._children.get(structure)
        if found is None:
            found = {}
            for order, child in enumerate(self.tables.children(structure)):
                name = child.element.rpartition(":")[2]
                found.setdefault(name, Position(order, child))
            self._children[structure] = found
        return found

    def structure_at(self, structure: str, steps: tuple[Step, ...]) -> str | None:
        """The structure (or simple type) at the end of `steps`; None where the table has no such path."""
        for step in steps:
            position = self.children(structure).get(step.local)
            if position is None or not self._possible(position.child.type, step):
                return None
            structure = position.child.type
        return structure

    def has(self, structure: str, path: Path) -> bool:
        """Whether the table has the path, with its attribute and what its conditions ask for."""
        found = self.structure_at(structure, path.steps)
        return found is not None and (not path.attribute or self._has_attribute(found, path.attribute))

    def position(self, structure: str, local: str) -> Position | None:
        """The child `local` of a structure, if it has one."""
        return self.children(structure).get(local)

    def _possible(self, structure: str, step: Step) -> bool:
        return all(
            self._has_target(structure, condition.target)
            for condition in step.conditions
            if condition.test in ("equals", "present")
        )

    def _has_target(self, structure: str, target: tuple[str, ...]) -> bool:
        for name in target:
            if name.startswith("@"):
                return self._has_attribute(structure, name[1:])
            position = self.children(structure).get(name.rpartition(":")[2])
            if position is None:
                return False
            structure = position.child.type
        return True

    def _has_attribute(self, structure: str, name: str) -> bool:
        local = name.rpartition(":")[2]
        return any(found.name.rpartition(":")[2] == local for found in self.tables.attributes(structure))
