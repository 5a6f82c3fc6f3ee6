"""The element tables of a message family, as frozen values.

A folder `schemas/tables/<set>/` says in plain tables which elements a message has, how often, and in which
format (docs/schema-tables.md). `load_tables` reads it; the schema writer turns it into XSDs; everyone else
looks up an element's occurrence, format and label by path.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

TEXT = "."
ANY = "*"
COMPOSITORS = ("sequence", "choice")

_WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")


class SchemaTableError(ValueError):
    """A table folder that contradicts itself; the message names the file, the structure and the remedy."""


@dataclass(frozen=True, slots=True)
class SimpleType:
    """A text format. `patterns` are levels that must all hold, each a tuple of alternatives."""

    name: str
    base: str
    facets: Mapping[str, str] = field(default_factory=dict)
    patterns: tuple[tuple[str, ...], ...] = ()
    codes: tuple[str, ...] = ()

    @property
    def max_length(self) -> int | None:
        """The greatest number of characters, where the format says one."""
        written = self.facets.get("maxLength") or self.facets.get("length")
        return int(written) if written else None


@dataclass(frozen=True, slots=True)
class Child:
    """A child element of a structure; `max` None is unbounded. `*` stands for any element."""

    element: str
    min: int
    max: int | None
    type: str

    @property
    def is_reference(self) -> bool:
        """Whether the child is a root of another namespace, written `prefix:Name`."""
        return ":" in self.element


@dataclass(frozen=True, slots=True)
class Group:
    """A sequence or choice inside a structure."""

    compositor: str
    min: int
    max: int | None
    members: tuple[Child | Group, ...]


@dataclass(frozen=True, slots=True)
class Attribute:
    """An attribute of a structure."""

    name: str
    required: bool
    type: str


@dataclass(frozen=True, slots=True)
class Structure:
    """The content of an element: children in order, attributes, or the format of its text."""

    name: str
    content: tuple[Child | Group, ...] = ()
    attributes: tuple[Attribute, ...] = ()
    text: str = ""


@dataclass(frozen=True, slots=True)
class SchemaFile:
    """One XSD of a set: its namespace prefix, its root elements (element to structure), what it imports."""

    name: str
    namespace: str
    roots: Mapping[str, str]
    imports: tuple[str, ...] = ()
    variant: bool = False


@dataclass(frozen=True, slots=True)
class ElementRow:
    """One element of a message on a walk. `path` starts with the root's name; attributes end in `/@name`.

    `min` is 0 inside a choice or an optional group; `max` None is unbounded.
    """

    path: str
    min: int
    max: int | None
    type: str
    depth: int

    @property
    def element(self) -> str:
        """The element's own name."""
        return self.path.rpartition("/")[2]


@dataclass(frozen=True, slots=True)
class SchemaTables:
    """All tables of one set."""

    id: str
    title: str
    version: str
    status: str
    order: str
    children_form: str
    namespaces: Mapping[str, str]
    schemas: Mapping[str, SchemaFile]
    structures: Mapping[str, Structure]
    types: Mapping[str, SimpleType]
    labels: Mapping[str, str] = field(default_factory=dict)

    @property
    def roots(self) -> Mapping[str, str]:
        """Root element to structure, without the variants."""
        return {
            root: structure
            for schema in self.schemas.values()
            if not schema.variant
            for root, structure in schema.roots.items()
        }

    @property
    def reconstructed(self) -> bool:
        """Whether the set is believed rather than known, so that a structural finding is a warning."""
        return self.status == "reconstructed"

    def schema_of(self, root: str) -> SchemaFile:
        """The XSD that holds a root element. Raises KeyError for an unknown root."""
        for schema in self.schemas.values():
            if root in schema.roots and not schema.variant:
                return schema
        raise KeyError(root)

    def children(self, structure: str) -> tuple[Child, ...]:
        """The child elements of a structure in order, groups resolved; () for a simple type."""
        found = self.structures.get(structure)
        return tuple(_flat(found.content, 1, 1)) if found else ()

    def attributes(self, structure: str) -> tuple[Attribute, ...]:
        """The attributes of a structure; () for a simple type."""
        found = self.structures.get(structure)
        return found.attributes if found else ()

    def simple_type(self, name: str) -> SimpleType:
        """The text format behind a type name: a row of types.csv, a built-in, or the text of a structure.

        Raises KeyError for a structure with children and for an unknown name.
        """
        structure = self.structures.get(name)
        if structure is not None:
            if not structure.text:
                raise KeyError(name)
            return self.simple_type(structure.text)
        if name.startswith("xs:"):
            return SimpleType(name, name)
        return self.types[name]

    def label(self, element: str) -> str:
        """The element's name in plain words."""
        name = element.rpartition(":")[2].lstrip("@")
        return self.labels.get(name) or plain_words(name)

    def walk(self, root: str, schema: str | None = None) -> Iterator[ElementRow]:
        """Every element and attribute of a message, in message order, the root first.

        `schema` names the XSD where a root has variants. A structure inside itself is not entered again.
        Raises KeyError for an unknown root.
        """
        structure = self.schemas[schema].roots[root] if schema else self.roots[root]
        yield from self._walk(ElementRow(root, 1, 1, structure, 0), ())

    def _walk(self, row: ElementRow, inside: tuple[str, ...]) -> Iterator[ElementRow]:
        yield row
        if row.type in inside:
            return
        inside = (*inside, row.type)
        for attribute in self.attributes(row.type):
            path = f"{row.path}/@{attribute.name}"
            yield ElementRow(path, int(attribute.required), 1, attribute.type, row.depth + 1)
        for child in self.children(row.type):
            name = child.element.rpartition(":")[2]
            yield from self._walk(
                ElementRow(f"{row.path}/{name}", child.min, child.max, child.type, row.depth + 1), inside
            )


def plain_words(name: str) -> str:
    """An element name split into words: `referenceNumberUCR` is `reference number UCR`."""
    words = _WORDS.findall(name)
    return " ".join(word if word.isupper() and len(word) > 1 else word.lower() for word in words)


def load_tables(folder: Path | str) -> SchemaTables:
    """Read the tables of one set. Raises SchemaTableError where a table contradicts itself."""
    from casrules.messages.schema_table_files import read_tables

    return read_tables(Path(folder))


def _flat(members: tuple[Child | Group, ...], low: int, high: int | None) -> Iterator[Child]:
    for member in members:
        most = _times(member.max, high)
        least = member.min * low
        if isinstance(member, Child):
            yield Child(member.element, least, most, member.type)
        else:
            yield from _flat(member.members, 0 if member.compositor == "choice" else least, most)


def _times(one: int | None, other: int | None) -> int | None:
    if one == 0 or other == 0:
        return 0
    return None if one is None or other is None else one * other
