"""Messages made up from the tables, so that elements no message of the corpus has are met too."""

from __future__ import annotations

import random
from collections.abc import Iterable
from pathlib import Path

from lxml import etree

from casrules.messages.schema_tables import Child, Group, SchemaFile, SchemaTables
from casrules.messages.schema_writer import schema_text

REPEATS = 3


def texts_below(folders: Iterable[Path]) -> list[str]:
    """All different texts and attribute values of a corpus, sorted: the candidates for values."""
    found: set[str] = set()
    for path in sorted(path for folder in folders for path in folder.rglob("*.xml")):
        try:
            message = etree.parse(path).getroot()
        except etree.XMLSyntaxError:
            continue
        for element in message.iter(etree.Element):
            found.update(element.attrib.values())
            found.update([element.text] if element.text and not len(element) else [])
    return sorted(found)


class Filler:
    """Fills messages of one XSD with values that its formats accept."""

    def __init__(self, tables: SchemaTables, schema: SchemaFile, candidates: Iterable[str]) -> None:
        self.tables = tables
        self.schema = schema
        self.candidates = list(candidates)
        self.accepted: dict[str, list[str]] = {}
        self.checks = _format_checks(tables)

    def message(self, root: str, chance: random.Random, fullness: float) -> etree._Element:
        """A message; `fullness` is the share of optional elements that are present."""
        uri = self.tables.namespaces[self.schema.namespace]
        element = etree.Element(f"{{{uri}}}{root}")
        self._fill(element, self.schema.roots[root], chance, fullness)
        return element

    def _fill(self, element: etree._Element, kind: str, chance: random.Random, fullness: float) -> None:
        structure = self.tables.structures.get(kind)
        if structure is None:
            element.text = self._value(kind, chance)
            return
        for attribute in structure.attributes:
            if attribute.required or chance.random() < fullness:
                element.set(attribute.name, self._value(attribute.type, chance))
        if structure.text:
            element.text = self._value(structure.text, chance)
        namespace = kind.rpartition(":")[0]
        for member in structure.content:
            self._member(element, member, namespace, chance, fullness)

    def _member(
        self,
        element: etree._Element,
        member: Child | Group,
        namespace: str,
        chance: random.Random,
        fullness: float,
    ) -> None:
        for _ in range(self._times(member, chance, fullness)):
            if isinstance(member, Group):
                choice = member.compositor == "choice"
                for inner in [chance.choice(member.members)] if choice else member.members:
                    self._member(element, inner, namespace, chance, fullness)
                continue
            prefix, _, name = member.element.rpartition(":")
            uri = self.tables.namespaces.get(prefix or namespace)
            child = etree.SubElement(element, f"{{{uri}}}{name}" if uri else name)
            kind = member.type
            if prefix:
                imported = (self.tables.schemas[each] for each in self.schema.imports)
                kind = next(each.roots[name] for each in imported if each.namespace == prefix)
            self._fill(child, kind, chance, fullness)

    def _times(self, member: Child | Group, chance: random.Random, fullness: float) -> int:
        if member.min == 0 and chance.random() >= fullness:
            return 0
        if chance.random() < 0.85:
            return max(member.min, 1)
        most = REPEATS if member.max is None else min(member.max, REPEATS)
        return max(member.min, chance.randint(1, most))

    def _value(self, kind: str, chance: random.Random) -> str:
        if kind not in self.accepted:
            check = self.checks[kind]
            self.accepted[kind] = [text for text in self.candidates if _accepts(check, text)]
        return chance.choice(self.accepted[kind] or [""])


def _format_checks(tables: SchemaTables) -> dict[str, etree.XMLSchema]:
    """A schema per simple type, with one root `v`."""
    checks: dict[str, etree.XMLSchema] = {}
    kinds = {each.text for each in tables.structures.values() if each.text} | set(tables.types)
    kinds |= {each.type for found in tables.structures.values() for each in found.attributes}
    kinds |= {each.type for name in tables.structures for each in tables.children(name)}
    for kind in kinds - tables.structures.keys() - {""}:
        prefix = next(iter(tables.namespaces))
        probe = SchemaFile("probe", prefix, {"v": kind})
        alone = SchemaTables(
            id="probe",
            title="Probe",
            version="1",
            status="official-facts",
            order="strict",
            children_form="unqualified",
            namespaces={prefix: "urn:probe"},
            schemas={"probe": probe},
            structures={},
            types=tables.types,
        )
        checks[kind] = etree.XMLSchema(etree.fromstring(schema_text(alone, "probe")))
    return checks


def _accepts(check: etree.XMLSchema, text: str) -> bool:
    element = etree.Element("{urn:probe}v")
    element.text = text
    return bool(check.validate(element))
