"""Lays a mapping out over one message: every entity and value at every place that the message's table has."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from casrules.declaration.record import placed_values
from casrules.dictionary import Element
from casrules.errors import MappingError, Place
from casrules.messages.message_mapping import EntityAt, MessageMapping, ValueAt
from casrules.messages.paths import Path, parse_path
from casrules.messages.schema_tables import SchemaTables
from casrules.messages.table_paths import TablePaths

if TYPE_CHECKING:
    from casrules.messages.mapping import Mapping, MessageShape, Row

DEEPEST = 40


def expand(mapping: Mapping, message: MessageShape, tables: SchemaTables) -> MessageMapping:
    """The mapping of one message; MappingError where manifest and tables disagree."""
    table = message.table or message.id
    root = table if table in tables.structures else tables.roots.get(table)
    if root is None:
        raise MappingError(f"the tables of {tables.id} have no structure {table!r}", place=Place(mapping.file))
    start = parse_path(message.start)
    paths = TablePaths(tables, root)
    structure = paths.structure_at(root, start.steps)
    if structure is None:
        raise MappingError(f"{table} has no element at the start {message.start!r}", place=Place(mapping.file))
    expansion = _Expansion(mapping, message.id, paths, root)
    top = expansion.entity(_Here(mapping.dictionary.root, structure, ()), None, Path(), 0)
    return MessageMapping(message.id, mapping.dictionary, mapping.namespaces, start, top, paths, expansion.found)


@dataclass(frozen=True, slots=True)
class _Here:
    """Where the expansion is: context, structure of its element, dictionary names from the declaration."""

    context: str
    structure: str
    names: tuple[str, ...]


class _Expansion:
    def __init__(self, mapping: Mapping, message: str, paths: TablePaths, root: str) -> None:
        self.mapping = mapping
        self.message = message
        self.paths = paths
        self.root = root
        self.found: list[Row] = []

    def entity(self, here: _Here, owner: Element | None, path: Path, line: int) -> EntityAt:
        if len(here.names) > DEEPEST:
            place = Place(self.mapping.file, line)
            raise MappingError(f"the context {here.context!r} leads to itself", place=place)
        values: list[ValueAt] = []
        below: list[EntityAt] = []
        for row in self.mapping.rows.get(here.context, ()):
            if (row.only and self.message not in row.only) or not self._possible(row, here):
                continue
            self.found.append(row)
            names = (*here.names, row.element.name)
            if row.element.is_scalar:
                values.append(ValueAt(row.element, names, row.paths, row.converter))
            else:
                child = _Here(row.below, self._structure(row.paths[0], here), names)
                below.append(self.entity(child, row.element, row.paths[0], row.line))
        entity = self.mapping.entities[here.context]
        mapped = {value.element.name for value in values}
        given = placed_values(owner, self.mapping.dictionary) if owner else {}
        constants = {name: text for name, text in given.items() if name not in mapped}
        return EntityAt(entity, owner, here.names, path, here.structure, tuple(values), tuple(below), constants)

    def _possible(self, row: Row, here: _Here) -> bool:
        """Whether the table has the row's paths; of several joined ones, the first."""
        if row.is_constant:
            return True
        return all(self.paths.has(self.root if path.absolute else here.structure, path) for path in row.paths[:1])

    def _structure(self, path: Path, here: _Here) -> str:
        found = self.paths.structure_at(self.root if path.absolute else here.structure, path.steps)
        return found or ""
