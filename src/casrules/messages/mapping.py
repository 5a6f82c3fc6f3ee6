"""Reads `mapping.csv` of a message family and checks it against the dictionary, row by row."""

from __future__ import annotations

import csv
import difflib
from collections.abc import Iterable, Iterator
from collections.abc import Mapping as MappingABC
from dataclasses import dataclass
from pathlib import Path as FilePath
from typing import NoReturn, Protocol

from casrules.dictionary import Dictionary, Element
from casrules.errors import MappingError, Place, place_of
from casrules.messages.converters import Constant, Converter, Plain, parse_converter
from casrules.messages.data_file import read_data
from casrules.messages.message_mapping import MessageMapping
from casrules.messages.paths import Path, parse_paths, qualified, qualified_attribute
from casrules.messages.places import expand
from casrules.messages.schema_tables import SchemaTables

COLUMNS = ("context", "element", "path", "as", "convert", "only")


class MessageShape(Protocol):
    """What the mapping needs to know of a message; the family's manifest has it."""

    @property
    def id(self) -> str:
        """The message's identifier within its family."""

    @property
    def start(self) -> str:
        """Path from the root element to the element of the context `declaration`."""

    @property
    def table(self) -> str | None:
        """The structure of the root in the tables; None: the identifier."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row: an element of a context's entity, where it is, and how it is read.

    `below` is the context of what is under an entity; empty for values.
    """

    line: int
    context: str
    element: Element
    paths: tuple[Path, ...]
    below: str
    converter: Converter
    only: frozenset[str]

    @property
    def is_constant(self) -> bool:
        """Whether the row has a constant instead of a place."""
        return isinstance(self.converter, Constant)


@dataclass(frozen=True)
class Mapping:
    """All rows of a family by context, and the entity of each context. Immutable."""

    file: str
    namespaces: MappingABC[str, str]
    dictionary: Dictionary
    rows: MappingABC[str, tuple[Row, ...]]
    entities: MappingABC[str, str]

    def for_message(self, message: MessageShape, tables: SchemaTables) -> MessageMapping:
        """The rows whose paths the message's table has, laid out from its root element.

        Raises MappingError where the manifest names a structure or a start that the tables lack.
        """
        return expand(self, message, tables)

    def all_rows(self) -> Iterator[Row]:
        """Every row, context by context."""
        for rows in self.rows.values():
            yield from rows

    def unused_rows(self, messages: Iterable[MessageMapping]) -> list[Row]:
        """Rows that none of `messages` can use: their paths are in no table."""
        used = {row.line for message in messages for row in message.rows}
        return [row for row in self.all_rows() if row.line not in used]


def load_mapping(family_folder: FilePath, dictionary: Dictionary) -> Mapping:
    """Read `mapping.csv` (and the namespaces of `family.yaml`) of a family.

    Raises MappingError with file, line and remedy for unknown names, broken paths or converters, unreachable
    contexts.
    """
    file = family_folder / "mapping.csv"
    manifest = read_data(family_folder / "family.yaml") or {}
    namespaces = {str(prefix or ""): str(uri) for prefix, uri in (manifest.get("namespaces") or {}).items()}
    cells = list(_cells(file))
    entities = _contexts(file, cells, dictionary)
    reader = _RowReader(file, namespaces, dictionary, entities)
    rows: dict[str, list[Row]] = {}
    for line, cell in cells:
        row = reader.read(line, cell)
        rows.setdefault(row.context, []).append(row)
    return Mapping(
        file.as_posix(),
        namespaces,
        dictionary,
        {name: tuple(found) for name, found in rows.items()},
        entities,
    )


def _cells(file: FilePath) -> Iterator[tuple[int, dict[str, str]]]:
    with file.open(encoding="utf-8", newline="") as stream:
        reader = csv.DictReader(stream, strict=True)
        if tuple(reader.fieldnames or ()) != COLUMNS:
            _fail(f"the columns are {reader.fieldnames}", place_of(file, 1), f"they must be {','.join(COLUMNS)}")
        for row in reader:
            place = place_of(file, reader.line_num)
            if None in row or None in row.values():
                _fail("the row has too many or too few cells", place, "quote cells that contain commas")
            yield reader.line_num, {name: value.strip() for name, value in row.items()}


def _contexts(file: FilePath, cells: list[tuple[int, dict[str, str]]], dictionary: Dictionary) -> dict[str, str]:
    """The entity of each context, found from the root context through the rows that lead to it."""
    by_context: dict[str, list[tuple[int, dict[str, str]]]] = {}
    for line, cell in cells:
        by_context.setdefault(cell["context"], []).append((line, cell))
    entities = {dictionary.root: dictionary.root}
    waiting = [dictionary.root]
    while waiting:
        context = waiting.pop()
        for line, cell in by_context.get(context, ()):
            element = dictionary.find(entities[context], cell["element"])
            if element is None or element.is_scalar:
                continue
            below = cell["as"] or element.type
            if below not in entities:
                entities[below] = element.type
                waiting.append(below)
            elif entities[below] != element.type:
                problem = f"the context {below!r} is of the entity {entities[below]!r}, not {element.type!r}"
                _fail(problem, place_of(file, line), "name another context in the column `as`")
    for context, found in by_context.items():
        if context not in entities:
            _fail(
                f"no row leads to the context {context!r}",
                place_of(file, found[0][0]),
                _hint(context, entities),
            )
    return entities


@dataclass(frozen=True, slots=True)
class _RowReader:
    """Reads and checks single rows."""

    file: FilePath
    namespaces: MappingABC[str, str]
    dictionary: Dictionary
    entities: MappingABC[str, str]

    def read(self, line: int, cell: MappingABC[str, str]) -> Row:
        place = place_of(self.file, line)
        element = self._element(cell, place)
        try:
            paths = parse_paths(cell["path"]) if cell["path"] else ()
            self._check_prefixes(paths)
            converter = parse_converter(cell["convert"], element.type) if element.is_scalar else Plain("text")
        except ValueError as error:
            raise MappingError(str(error), place=place) from error
        below = "" if element.is_scalar else cell["as"] or element.type
        row = Row(
            line, cell["context"], element, paths, below, converter, frozenset(cell["only"].split())
        )  # fmt: skip
        self._check(row, cell, place)
        return row

    def _element(self, cell: MappingABC[str, str], place: Place) -> Element:
        entity = self.entities[cell["context"]]
        element = self.dictionary.find(entity, cell["element"])
        if element is None:
            known = self.dictionary.entities[entity].elements
            _fail(f"{entity} has no element {cell['element']!r}", place, _hint(cell["element"], known))
        if element.view:
            joined = " + ".join(".".join(part) for part in element.view)
            _fail(f"{entity}.{element.name} is a view", place, f"map the lists it joins: {joined}")
        return element

    def _check_prefixes(self, paths: Iterable[Path]) -> None:
        for path in paths:
            for step in path.steps:
                qualified(step.name, self.namespaces)
                for condition in step.conditions:
                    for name in condition.target:
                        qualified_attribute(name.lstrip("@"), self.namespaces)
            qualified_attribute(path.attribute, self.namespaces)

    def _check(self, row: Row, cell: MappingABC[str, str], place: Place) -> None:
        wanted = row.converter.paths
        if len(row.paths) != wanted:
            _fail(
                f"the row has {len(row.paths)} paths",
                place,
                f"its converter needs {wanted}, separated by ` + `",
            )
        if row.element.is_scalar and cell["as"]:
            _fail(f"{row.element.name} is a value", place, "leave the column `as` empty")
        if not row.element.is_scalar:
            if cell["convert"]:
                _fail(f"{row.element.name} is an entity", place, "leave the column `convert` empty")
            if row.paths[0].attribute:
                _fail("an entity cannot be an attribute", place, "end the path with an element")
            if row.paths[0].absolute and (row.element.many or row.context != self.dictionary.root):
                _fail("only a single entity of the declaration can be at the document's root", place, "")


def _hint(name: str, known: Iterable[str]) -> str:
    names = list(known)
    near = difflib.get_close_matches(name, names, n=1, cutoff=0.5)
    return f"did you mean {near[0]}?" if near else f"known: {', '.join(sorted(names))}"


def _fail(problem: str, place: Place, remedy: str) -> NoReturn:
    raise MappingError(problem, place=place, remedy=remedy)
