"""The bare structure of a schema below one root: who is in whom, and how often. Enough to see which set it is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from lxml import etree

XS = "{http://www.w3.org/2001/XMLSchema}"
_MODELS = frozenset(
    f"{XS}{name}" for name in ("sequence", "choice", "all", "complexContent", "restriction", "redefine")
)

Fact = tuple[str, str, str, str]
"""Name of an element, name of a child, least and most occurrences as written."""


@dataclass
class _Reader:
    """Walks schema documents by local names: sets do not use one name for two types that matter here."""

    types: dict[str, etree._Element] = field(default_factory=dict)
    groups: dict[str, etree._Element] = field(default_factory=dict)
    elements: dict[tuple[str, str], etree._Element] = field(default_factory=dict)
    facts: set[Fact] = field(default_factory=set)
    done: set[tuple[str, int]] = field(default_factory=set)

    def add(self, document: etree._Element) -> None:
        namespace = document.get("targetNamespace") or ""
        for child in document:
            name = child.get("name") or ""
            if child.tag == f"{XS}complexType":
                self.types[name] = child
            elif child.tag == f"{XS}group":
                self.groups[name] = child
            elif child.tag == f"{XS}element":
                self.elements[namespace, name] = child

    def walk(self, name: str, element: etree._Element) -> None:
        kind = element.find(f"{XS}complexType")
        if kind is None:
            kind = self.types.get(_local(element.get("type")))
        if kind is None or (name, id(kind)) in self.done:
            return
        self.done.add((name, id(kind)))
        for child, declared in self._children(kind):
            fact = (name, child, declared.get("minOccurs", "1"), declared.get("maxOccurs", "1"))
            self.facts.add(fact)
            self.walk(child, self._global(declared) if declared.get("ref") else declared)

    def _children(self, node: etree._Element) -> Iterator[tuple[str, etree._Element]]:
        for child in node:
            if child.tag == f"{XS}element":
                yield _local(child.get("name") or child.get("ref")), child
            elif child.tag == f"{XS}group" and child.get("ref"):
                yield from self._children(self.groups.get(_local(child.get("ref")), child))
            elif child.tag == f"{XS}extension":
                base = self.types.get(_local(child.get("base")))
                if base is not None:
                    yield from self._children(base)
                yield from self._children(child)
            elif child.tag == f"{XS}any":
                wanted = (child.get("namespace") or "").split()
                yield from ((name, one) for (uri, name), one in self.elements.items() if uri in wanted)
            elif child.tag in _MODELS:
                yield from self._children(child)

    def _global(self, reference: etree._Element) -> etree._Element:
        name = _local(reference.get("ref"))
        return next((one for (_, known), one in self.elements.items() if known == name), reference)


def structure_of(documents: Iterable[Any], root: str) -> frozenset[Fact]:
    """All facts below the root `{namespace}Name`, from the parsed documents of its schema."""
    reader = _Reader()
    kept = list(documents)
    for document in kept:
        reader.add(document)
    name = etree.QName(root)
    element = reader.elements.get((name.namespace or "", name.localname))
    if element is not None:
        reader.walk(name.localname, element)
    return frozenset(reader.facts)


def _local(name: str | None) -> str:
    return (name or "").rpartition(":")[2]
