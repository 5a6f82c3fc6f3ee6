"""Tables to XSDs: one small, readable schema per entry of a set's `schemas` list.

`python -m casrules.messages.schema_writer` writes `schemas/xsd/<set>/` anew from `schemas/tables/<set>/`.
The text depends on the tables alone, so that a test can hold the shipped files against them.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from lxml import etree

from casrules.messages.schema_tables import (
    ANY,
    Attribute,
    Child,
    Group,
    SchemaFile,
    SchemaTableError,
    SchemaTables,
    SimpleType,
    Structure,
    load_tables,
)

XS = "http://www.w3.org/2001/XMLSchema"


def schema_texts(tables: SchemaTables) -> dict[str, bytes]:
    """Every XSD of a set, by file name."""
    return {f"{name}.xsd": schema_text(tables, name) for name in tables.schemas}


def schema_text(tables: SchemaTables, schema: str, roots: Iterable[str] = ()) -> bytes:
    """The bytes of one XSD. `roots` limits it to these root elements and what they need."""
    return _Writer(tables, tables.schemas[schema], frozenset(roots)).text()


def write_schemas(tables_folder: Path, xsd_folder: Path) -> list[Path]:
    """Write the XSDs of every set below a folder of tables; files no table asks for are removed."""
    written: list[Path] = []
    for folder in sorted(path.parent for path in tables_folder.glob("*/set.yaml")):
        target = xsd_folder / folder.name
        target.mkdir(parents=True, exist_ok=True)
        texts = schema_texts(load_tables(folder))
        for stale in (path for path in target.glob("*.xsd") if path.name not in texts):
            stale.unlink()
        for name, text in texts.items():
            (target / name).write_bytes(text)
            written.append(target / name)
    return written


class _Writer:
    """Builds one XSD from the structures its roots reach."""

    def __init__(self, tables: SchemaTables, schema: SchemaFile, only: frozenset[str]) -> None:
        self.tables = tables
        self.schema = schema
        self.roots = {root: name for root, name in schema.roots.items() if not only or root in only}
        self.structures: dict[str, Structure] = {}
        self.types: dict[str, SimpleType] = {}
        used = {schema.namespace, *(tables.schemas[name].namespace for name in schema.imports)}
        self.prefixes = {"xs": XS} | {name: uri for name, uri in tables.namespaces.items() if name in used}

    def text(self) -> bytes:
        for structure in self.roots.values() if self.schema.roots else self._own():
            self._collect(structure)
        top = self._head()
        for name in self.schema.imports:
            other = self.tables.schemas[name]
            uri = self.tables.namespaces[other.namespace]
            etree.SubElement(top, _xs("import"), namespace=uri, schemaLocation=f"{name}.xsd")
        for root, structure in self.roots.items():
            etree.SubElement(top, _xs("element"), name=root, type=self._type(structure))
        for found in self.structures.values():
            self._complex_type(top, found)
        for name in sorted(self.types):
            _simple_type(top, self.types[name])
        etree.indent(top)
        return etree.tostring(top, xml_declaration=True, encoding="UTF-8") + b"\n"

    def _head(self) -> etree._Element:
        top = etree.Element(_xs("schema"), nsmap=self.prefixes)
        top.set("targetNamespace", self.prefixes[self.schema.namespace])
        top.set("elementFormDefault", self.tables.children_form)
        top.set("version", self.tables.version)
        note = f" {self.tables.title}. Written from schemas/tables/{self.tables.id}; do not edit. "
        top.append(etree.Comment(note))
        return top

    def _own(self) -> list[str]:
        """The structures of the schema's namespace, for a schema without roots, which others import."""
        return [name for name in self.tables.structures if name.rpartition(":")[0] == self.schema.namespace]

    def _collect(self, name: str) -> None:
        known = name in self.types or name in self.structures or not name
        if known or name.startswith("xs:") or name.rpartition(":")[0] not in ("", self.schema.namespace):
            return
        if name in self.tables.types:
            self.types[name] = self.tables.types[name]
            return
        structure = self.tables.structures[name]
        self.structures[name] = structure
        if structure.text:
            self._collect(structure.text)
        for attribute in structure.attributes:
            self._collect(attribute.type)
        for child in self.tables.children(name):
            if not child.is_reference and child.element != ANY:
                self._collect(child.type)

    def _type(self, name: str) -> str:
        """A type name as the XSD refers to it."""
        prefix, _, local = name.rpartition(":")
        if not prefix:
            return f"{self.schema.namespace}:{local}"
        if prefix not in self.prefixes:
            raise SchemaTableError(f"{self.tables.id}: {self.schema.name} uses {name}; import a schema of {prefix}")
        return name

    def _complex_type(self, top: etree._Element, structure: Structure) -> None:
        kind = etree.SubElement(top, _xs("complexType"), name=structure.name.rpartition(":")[2])
        if structure.text:
            content = etree.SubElement(kind, _xs("simpleContent"))
            kind = etree.SubElement(content, _xs("extension"), base=self._type(structure.text))
        elif structure.content:
            self._content(kind, structure)
        for attribute in structure.attributes:
            self._attribute(kind, attribute)

    def _content(self, kind: etree._Element, structure: Structure) -> None:
        if self.tables.order == "any":
            choice = etree.SubElement(kind, _xs("choice"), minOccurs="0", maxOccurs="unbounded")
            known = {child.element: child for child in self.tables.children(structure.name)}
            for child in known.values():
                self._member(choice, Child(child.element, 1, 1, child.type))
            return
        members = structure.content
        if len(members) == 1 and isinstance(members[0], Group):
            self._member(kind, members[0])
            return
        sequence = etree.SubElement(kind, _xs("sequence"))
        for member in members:
            self._member(sequence, member)

    def _member(self, parent: etree._Element, member: Child | Group) -> None:
        if isinstance(member, Group):
            node = etree.SubElement(parent, _xs(member.compositor))
            for inner in member.members:
                self._member(node, inner)
        elif member.element == ANY:
            node = etree.SubElement(parent, _xs("any"), namespace="##any", processContents="skip")
        elif member.is_reference:
            node = etree.SubElement(parent, _xs("element"), ref=member.element)
        else:
            node = etree.SubElement(parent, _xs("element"), name=member.element)
            if member.type:
                node.set("type", self._type(member.type))
        if member.min != 1:
            node.set("minOccurs", str(member.min))
        if member.max != 1:
            node.set("maxOccurs", "unbounded" if member.max is None else str(member.max))

    def _attribute(self, kind: etree._Element, attribute: Attribute) -> None:
        node = etree.SubElement(kind, _xs("attribute"), name=attribute.name, type=self._type(attribute.type))
        if attribute.required:
            node.set("use", "required")


def _simple_type(top: etree._Element, simple: SimpleType) -> None:
    kind = etree.SubElement(top, _xs("simpleType"), name=simple.name)
    *inner, last = simple.patterns or ((),)
    restriction = _restriction(kind, simple.base, inner)
    for facet, value in simple.facets.items():
        etree.SubElement(restriction, _xs(facet), value=value)
    for facet, value in _patterns_and_codes(last, simple.codes):
        etree.SubElement(restriction, _xs(facet), value=value)


def _restriction(kind: etree._Element, base: str, levels: list[tuple[str, ...]]) -> etree._Element:
    """A restriction whose base holds the pattern levels before the last, nested."""
    node = etree.SubElement(kind, _xs("restriction"))
    if not levels:
        node.set("base", base)
        return node
    nested = _restriction(etree.SubElement(node, _xs("simpleType")), base, levels[:-1])
    for pattern in levels[-1]:
        etree.SubElement(nested, _xs("pattern"), value=pattern)
    return node


def _patterns_and_codes(level: tuple[str, ...], codes: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    yield from (("pattern", pattern) for pattern in level)
    yield from (("enumeration", code) for code in codes)


def _xs(name: str) -> str:
    return f"{{{XS}}}{name}"


def main(folder: Path = Path("schemas")) -> int:
    """Write all XSDs of the schemas folder of a checkout; returns 0."""
    written = write_schemas(folder / "tables", folder / "xsd")
    sys.stdout.write(f"{len(written)} schemas written\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(*(Path(argument) for argument in sys.argv[1:2])))
