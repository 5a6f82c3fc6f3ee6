"""Reads official schemas (through xmlschema's model) into unnamed shapes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import xmlschema
from xmlschema.validators import XsdAnyElement, XsdElement, XsdGroup

from casrules.messages.schema_table_files import FACETS

XSD = "{http://www.w3.org/2001/XMLSchema}"


@dataclass(frozen=True)
class TextShape:
    """A simple type without its name."""

    base: str
    facets: tuple[tuple[str, str], ...] = ()
    patterns: tuple[tuple[str, ...], ...] = ()
    codes: tuple[str, ...] = ()


@dataclass(frozen=True)
class ChildShape:
    element: str
    min: int
    max: int | None
    shape: Shape


@dataclass(frozen=True)
class GroupShape:
    compositor: str
    min: int
    max: int | None
    members: tuple[ChildShape | GroupShape, ...]


@dataclass(frozen=True)
class ContentShape:
    """A complex type without its name; `namespace` is empty where the children have none."""

    namespace: str
    text: TextShape | None
    attributes: tuple[tuple[str, bool, TextShape], ...]
    members: tuple[ChildShape | GroupShape, ...]


Shape = TextShape | ContentShape


def open_schema(namespace: str, sources: list[Path], imports: dict[str, Path] | None = None) -> Any:
    """One xmlschema model of several files; the 1.1 reader, since some files ask for it by vc:minVersion.

    Imports come first: where two folders of a set define a type differently, the imported one holds.
    """
    lines = [
        f'<xs:schema xmlns:xs="{XSD[1:-1]}" targetNamespace="{namespace}">',
        *(f'<xs:import namespace="{uri}" schemaLocation="{path.as_uri()}"/>' for uri, path in (imports or {}).items()),
        *(f'<xs:include schemaLocation="{path.as_uri()}"/>' for path in sources),
        "</xs:schema>",
    ]
    return xmlschema.XMLSchema11("".join(lines), base_url=str(sources[0].parent), allow="local")


class ShapeReader:
    """Turns xmlschema components into shapes. `imported` has the roots of imported schemas, by prefix."""

    def __init__(self, prefixes: dict[str, str], imported: dict[str, dict[str, Shape]]) -> None:
        self.prefixes = {uri: prefix for prefix, uri in prefixes.items()}
        self.imported = imported
        self.seen: dict[int, Shape] = {}

    def roots(self, schema: Any, wanted: str) -> Iterator[tuple[str, Shape]]:
        for name, element in sorted(schema.elements.items()):
            local = name.rpartition("}")[2]
            if fnmatch(local, wanted):
                yield local, self.shape(element.type)

    def shape(self, kind: Any) -> Shape:
        if id(kind) not in self.seen:
            self.seen[id(kind)] = self._content(kind) if kind.is_complex() else text_shape(kind)
        return self.seen[id(kind)]

    def _content(self, kind: Any) -> ContentShape:
        if kind.mixed or kind.abstract:
            raise SystemExit(f"{kind}: mixed and abstract types are not handled")
        attributes = tuple(self._attribute(name, each) for name, each in kind.attributes.items())
        if kind.has_simple_content():
            return ContentShape("", text_shape(kind.content), attributes, ())
        members = self._spliced(kind.content)
        namespaces = {name for name in _local_namespaces(kind.content) if name}
        if len(namespaces) > 1:
            raise SystemExit(f"{kind}: children of several namespaces")
        prefix = self.prefixes[namespaces.pop()] if namespaces else ""
        return ContentShape(prefix, None, attributes, members)

    def _attribute(self, name: str | None, each: Any) -> tuple[str, bool, TextShape]:
        if name is None or name.startswith("{") or each.fixed or each.default or each.use == "prohibited":
            raise SystemExit(f"attribute {name}: not handled")
        return name, each.use == "required", text_shape(each.type)

    def _spliced(self, group: Any) -> tuple[ChildShape | GroupShape, ...]:
        """The members of a type's outer group, or the group itself if it is not a plain sequence."""
        found = self._group(group)
        if found is None:
            return ()
        plain = isinstance(found, GroupShape) and found.compositor == "sequence"
        return found.members if plain and (found.min, found.max) == (1, 1) else (found,)

    def _group(self, group: Any) -> ChildShape | GroupShape | None:
        members: list[ChildShape | GroupShape] = []
        for each in group:
            member = self._member(each)
            nested = isinstance(member, GroupShape) and member.compositor == group.model == "sequence"
            if nested and (member.min, member.max) == (1, 1):
                members.extend(member.members)
            elif member is not None:
                members.append(member)
        once = (group.min_occurs, group.max_occurs) == (1, 1)
        if len(members) == 1 and (once or (members[0].min, members[0].max) == (1, 1)):
            return members[0] if once else _with_occurs(members[0], group.min_occurs, group.max_occurs)
        if group.model not in ("sequence", "choice"):
            raise SystemExit(f"{group}: not handled")
        return GroupShape(group.model, group.min_occurs, group.max_occurs, tuple(members)) if members else None

    def _member(self, each: Any) -> ChildShape | GroupShape | None:
        if isinstance(each, XsdGroup):
            return self._group(each)
        if isinstance(each, XsdAnyElement):
            return self._wildcard(each)
        if each.nillable or each.fixed is not None or each.default is not None or each.abstract:
            raise SystemExit(f"{each}: not handled")
        if each.ref is not None:
            return self._reference(each, each.target_namespace, each.local_name)
        return ChildShape(each.local_name, each.min_occurs, each.max_occurs, self.shape(each.type))

    def _wildcard(self, each: Any) -> ChildShape:
        (uri,) = each.namespace
        (root,) = self.imported[self.prefixes[uri]]
        if each.process_contents != "strict":
            raise SystemExit(f"{each}: not handled")
        return self._reference(each, uri, root)

    def _reference(self, each: Any, uri: str, root: str) -> ChildShape:
        prefix = self.prefixes[uri]
        return ChildShape(f"{prefix}:{root}", each.min_occurs, each.max_occurs, self.imported[prefix][root])


def text_shape(kind: Any) -> TextShape:
    """The facets of a simple type over all its levels of restriction."""
    facets: dict[str, str] = {}
    patterns: list[tuple[str, ...]] = []
    codes: tuple[str, ...] = ()
    while not kind.name or not kind.name.startswith(XSD):
        if kind.is_complex():
            kind = kind.content
            continue
        if kind.is_union() or kind.is_list():
            raise SystemExit(f"{kind}: lists and unions are not handled")
        own = _own_facets(kind)
        for name, values in own.items():
            if name in FACETS:
                facets.setdefault(name, values[0])
        if own.get("pattern") and tuple(own["pattern"]) not in patterns:
            patterns.insert(0, tuple(own["pattern"]))
        codes = codes or tuple(own.get("enumeration", ()))
        kind = kind.base_type
    ordered = tuple((name, facets[name]) for name in FACETS if name in facets)
    return TextShape(f"xs:{kind.local_name}", ordered, tuple(patterns), codes)


def _own_facets(kind: Any) -> dict[str, list[str]]:
    node = kind.elem if kind.elem.tag == f"{XSD}restriction" else kind.elem.find(f"{XSD}restriction")
    found: dict[str, list[str]] = {}
    if node is None:
        raise SystemExit(f"{kind}: no restriction")
    for facet in node:
        if isinstance(facet.tag, str) and "value" in facet.attrib:
            if facet.get("fixed") == "true":
                raise SystemExit(f"{kind}: fixed facets are not handled")
            found.setdefault(facet.tag.removeprefix(XSD), []).append(facet.attrib["value"])
    return found


def _with_occurs(member: ChildShape | GroupShape, low: int, high: int | None) -> ChildShape | GroupShape:
    if isinstance(member, ChildShape):
        return ChildShape(member.element, low, high, member.shape)
    return GroupShape(member.compositor, low, high, member.members)


def _local_namespaces(group: Any) -> Iterator[str]:
    for each in group:
        if isinstance(each, XsdGroup):
            yield from _local_namespaces(each)
        elif isinstance(each, XsdElement) and each.ref is None:
            yield each.name[1:].partition("}")[0] if each.name.startswith("{") else ""
