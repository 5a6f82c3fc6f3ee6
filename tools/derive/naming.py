"""Gives the shapes of a set names of our own and lays them out as tables."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from itertools import takewhile

from casrules.messages.schema_tables import Attribute, Child, Group, SimpleType, Structure
from derive.official import ChildShape, ContentShape, GroupShape, Shape, TextShape

WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+|.")
ATTRIBUTE_KINDS = {
    "listID": "code",
    "schemeID": "identifier",
    "unitCode": "quantity",
    "currencyID": "amount",
    "formatCode": "dateTime",
    "languageID": "text",
}
STRINGS = ("xs:string", "xs:token", "xs:normalizedString")


class Namer:
    """Collects shapes with the element names that use them, then names each shape once."""

    def __init__(self) -> None:
        self.used_by: dict[Shape, Counter[str]] = {}
        self.root_names: dict[Shape, str] = {}

    def add_root(self, name: str, shape: Shape) -> None:
        self.root_names.setdefault(shape, name)
        self._add(name, shape)

    def _add(self, element: str, shape: Shape) -> None:
        known = shape in self.used_by
        self.used_by.setdefault(shape, Counter())[element] += 1
        if known or isinstance(shape, TextShape):
            return
        if shape.text:
            self._add(element, shape.text)
        for name, _, text in shape.attributes:
            self._add(name, text)
        for child in children(shape.members):
            self._add(child.element.rpartition(":")[2], child.shape)

    def name_all(self) -> dict[Shape, str]:
        """Roots first, then structures in order of first use, then simple types."""
        taken: set[str] = set()
        names: dict[Shape, str] = {}
        for shape, name in self.root_names.items():
            names[shape] = _free(_prefixed(shape, name), taken)
        for shape, elements in self.used_by.items():
            if isinstance(shape, ContentShape) and shape not in names:
                frequent = min(elements, key=lambda name: (-elements[name], name))
                name = _usual(elements) or (_by_kind(shape) if shape.text else frequent)
                names[shape] = _free(_prefixed(shape, name), taken)
        for shape, elements in self.used_by.items():
            if isinstance(shape, TextShape):
                names[shape] = text_name(shape, _usual(elements) or _by_kind(shape), taken)
        return names


def text_name(shape: TextShape, element: str, taken: set[str]) -> str:
    """`an..22`, `n..16.2`, or the name of the element that uses the format most."""
    if not (shape.facets or shape.patterns or shape.codes):
        return shape.base
    facets = dict(shape.facets)
    rest = facets.keys() - {
        "minLength",
        "maxLength",
        "length",
        "totalDigits",
        "fractionDigits",
        "minInclusive",
    }
    if shape.patterns or shape.codes or rest:
        return _free(element, taken)
    if shape.base in STRINGS and facets.keys() <= {"minLength", "maxLength", "length"}:
        most = facets.get("maxLength")
        exact = facets.get("length") or (most if most == facets.get("minLength") else None)
        if exact or most:
            return _free(f"an{exact}" if exact else f"an..{most}", taken)
    if "totalDigits" in facets:
        fraction = facets.get("fractionDigits", "0")
        return _free(f"n..{facets['totalDigits']}" + ("" if fraction == "0" else f".{fraction}"), taken)
    return _free(element, taken)


def structures(names: dict[Shape, str]) -> dict[str, Structure]:
    found = {name: shape for shape, name in names.items() if isinstance(shape, ContentShape)}
    return {name: _structure(name, shape, names) for name, shape in found.items()}


def simple_types(names: dict[Shape, str]) -> dict[str, SimpleType]:
    found = {name: shape for shape, name in names.items() if isinstance(shape, TextShape)}
    return {
        name: SimpleType(name, found[name].base, dict(found[name].facets), found[name].patterns, found[name].codes)
        for name in sorted(found, key=lambda name: (name.lower(), name))
        if not name.startswith("xs:")
    }


def children(members: tuple[ChildShape | GroupShape, ...]) -> Iterator[ChildShape]:
    for member in members:
        if isinstance(member, ChildShape):
            yield member
        else:
            yield from children(member.members)


def _structure(name: str, shape: ContentShape, names: dict[Shape, str]) -> Structure:
    return Structure(
        name=name,
        content=tuple(_member(member, names) for member in shape.members),
        attributes=tuple(Attribute(each, required, names[text]) for each, required, text in shape.attributes),
        text=names[shape.text] if shape.text else "",
    )


def _member(member: ChildShape | GroupShape, names: dict[Shape, str]) -> Child | Group:
    if isinstance(member, ChildShape):
        return Child(member.element, member.min, member.max, names[member.shape])
    inner = tuple(_member(each, names) for each in member.members)
    return Group(member.compositor, member.min, member.max, inner)


def _prefixed(shape: Shape, name: str) -> str:
    return f"{shape.namespace}:{name}" if isinstance(shape, ContentShape) and shape.namespace else name


def _usual(elements: Counter[str]) -> str:
    """The name most users have; else the last or first words all share; else nothing."""
    first = min(elements, key=lambda name: (-elements[name], name))
    if elements[first] * 2 > elements.total():
        return first
    words = [WORDS.findall(name) for name in elements]
    if len({each[-1] for each in words}) == 1:
        return words[0][-1]
    return "".join(columns[0] for columns in takewhile(lambda each: len(set(each)) == 1, zip(*words, strict=False)))


def _by_kind(shape: Shape) -> str:
    """A name for a text whose users share none: the kind of content and its greatest length."""
    if isinstance(shape, TextShape):
        facets = dict(shape.facets)
        length = facets.get("maxLength") or facets.get("length") or facets.get("totalDigits") or ""
        kind = "text" if shape.base in STRINGS else shape.base[3:]
        return f"{kind}..{length}" if length else kind
    if shape.text is None:
        raise ValueError(shape)
    attributes = {name for name, _, _ in shape.attributes}
    kind = next((kind for name, kind in ATTRIBUTE_KINDS.items() if name in attributes), "attributed")
    return _by_kind(shape.text).replace("text", kind).replace("decimal", kind)


def _free(name: str, taken: set[str]) -> str:
    number, wanted = 1, name
    while wanted.rpartition(":")[2] in taken:
        number += 1
        wanted = f"{name}-{number}"
    taken.add(wanted.rpartition(":")[2])
    return wanted
