"""Writes edits of a declaration back into the message: only what is edited changes."""

from __future__ import annotations

import codecs
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

from casrules.declaration.edits import (
    AddEntity,
    Edit,
    RemoveEntity,
    RemoveValue,
    SetValue,
    checked,
    element_at,
    missing_entry,
    typed,
)
from casrules.declaration.values import Value
from casrules.errors import UsageError
from casrules.findings.pointers import RecordPath, to_pointer
from casrules.messages.binder.runtime import XmlElement, whole_text
from casrules.messages.binding import binder_for
from casrules.messages.element_building import ElementBuilder, in_writing_order
from casrules.messages.fitting import fitting_row
from casrules.messages.message_mapping import EntityAt, MessageMapping, ValueAt
from casrules.messages.origins import place_below
from casrules.messages.paths import qualified_attribute
from casrules.messages.reading import read
from casrules.messages.splicing import Splicer
from casrules.messages.xml_steps import follow

Tree = dict[Any, Any]
NOTHING: Mapping[str, Any] = MappingProxyType({})


def write_edits(source: bytes, mapping: MessageMapping, edits: Sequence[Edit]) -> bytes:
    """The message with the edits; the source itself, byte by byte, wherever nothing is edited.

    New elements go where the schema wants them. Raises UsageError for a source that cannot be read, for an
    edit of what the message cannot carry or does not hold, and for a value that is not of its type.
    """
    if not edits:
        return source
    intake = read(source)
    if intake.tree is None:
        problem = "; ".join(fault.text for fault in intake.faults)
        raise UsageError(f"the message cannot be edited: {problem}")
    try:
        splicer = Splicer(intake.text, intake.tree.getroot())
    except ValueError as error:
        raise UsageError(f"the message cannot be edited: {error}") from error
    writer = _Writer(mapping, splicer)
    writer.apply(edits)
    mark, encoding = _mark(source, intake.encoding)
    return mark + splicer.result().decode().encode(encoding, "xmlcharrefreplace")


def _mark(source: bytes, encoding: str) -> tuple[bytes, str]:
    """The byte order mark that the source begins with, and the encoding of what follows it."""
    marks = {codecs.BOM_UTF8: "utf-8", codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}
    return next(((mark, told) for mark, told in marks.items() if source.startswith(mark)), (b"", encoding))


class _Writer:
    """Applies edits to the tree through the origins of one traced binding, kept in step with the changes."""

    def __init__(self, mapping: MessageMapping, splicer: Splicer) -> None:
        self._mapping = mapping
        self._dictionary = mapping.dictionary
        self._splicer = splicer
        self._builder = ElementBuilder(mapping, splicer)
        self._tree: Tree = binder_for(mapping).trace(splicer.root)[1]
        if not self._tree:
            raise UsageError("the message has no declaration to edit")

    def apply(self, edits: Sequence[Edit]) -> None:
        """All edits; their paths speak of the declaration before the first of them."""
        removed = [self._entity(edit.path) for edit in edits if isinstance(edit, RemoveEntity)]
        for edit in edits:
            if isinstance(edit, SetValue):
                place, tree = self._holder(edit.path, make=True)
                element = element_at(edit.path, self._dictionary)
                self._set(place, tree, edit.path, typed(element, edit.value))
            elif isinstance(edit, RemoveValue):
                self._remove_value(edit)
            elif isinstance(edit, AddEntity):
                self._add(edit)
        for place, tree, above in removed:
            self._remove_entity(place, tree, above)

    # Finding

    def _holder(self, path: RecordPath, make: bool) -> tuple[EntityAt, Tree]:
        """The place and origins of the entity that holds the last step of `path`."""
        element_at(path, self._dictionary)
        place, tree = self._mapping.top, self._tree
        for depth, (name, index) in enumerate(path[:-1]):
            below = tree.get(name)
            if index is not None:
                below = below[index] if isinstance(below, list) and index < len(below) else None
                if below is None:
                    raise missing_entry(path[: depth + 1])
            if below is None:
                if not make:
                    return place, {None: tree[None]}
                place, below = self._make(place, tree, name, path)
            else:
                place = place_below(self._mapping, place, name, tree[None], below[None])
            tree = below
        return place, tree

    def _entity(self, path: RecordPath) -> tuple[EntityAt, Tree, XmlElement]:
        holder, tree = self._holder(path, make=False)
        name, index = path[-1]
        below = tree.get(name)
        if index is not None:
            below = below[index] if isinstance(below, list) and index < len(below) else None
        if not isinstance(below, dict):
            raise missing_entry(path)
        return place_below(self._mapping, holder, name, tree[None], below[None]), below, tree[None]

    # Entities

    def _make(
        self, place: EntityAt, tree: Tree, name: str, path: RecordPath, values: Mapping[str, Any] = NOTHING
    ) -> tuple[EntityAt, Tree]:
        """A new entity `name` for `values` below `place`, empty, at the end of its list or at its single place."""
        row = fitting_row(place, name, values)
        if row is None:
            raise _cannot_carry(path, self._mapping)
        base = self._base(row.path.absolute, tree)
        element = base if row.path.is_self else self._builder.entity(base, self._structure(row, place), row)
        made: Tree = {None: element}
        if row.many:
            tree.setdefault(name, []).append(made)
        else:
            tree[name] = made
        return row, made

    def _add(self, edit: AddEntity) -> None:
        element = element_at(edit.path, self._dictionary)
        if element.is_scalar:
            raise UsageError(f"{to_pointer(edit.path)} is a value", remedy="use SetValue")
        holder, tree = self._holder(edit.path, make=True)
        name = element.name
        if name in tree and not element.many:
            raise UsageError(f"there is a {element.label} already at {to_pointer(edit.path)}", remedy="set its values")
        values = checked(element, edit.values, self._dictionary)
        self._fill(*self._make(holder, tree, name, edit.path, values), values, edit.path)

    def _fill(self, place: EntityAt, tree: Tree, values: Mapping[str, Any], path: RecordPath) -> None:
        for name, value in values.items():
            below_path = (*path, (name, None))
            if isinstance(value, dict):
                self._fill(*self._make(place, tree, name, below_path, value), value, below_path)
            elif isinstance(value, list):
                for entry in value:
                    self._fill(*self._make(place, tree, name, below_path, entry), entry, below_path)
            elif place.constants.get(name) != value:
                self._set(place, tree, below_path, value)

    def _remove_entity(self, place: EntityAt, tree: Tree, above: XmlElement) -> None:
        element = tree[None]
        if element is not above:
            self._builder.remove(element, above, place.path)
            return
        for name in [name for name in tree if name is not None]:
            below = tree[name]
            for entry in below if isinstance(below, list) else [below]:
                if isinstance(entry, dict):
                    row = place_below(self._mapping, place, name, element, entry[None])
                    self._remove_entity(row, entry, element)
            if not isinstance(below, dict) and not (isinstance(below, list) and isinstance(below[0], dict)):
                self._clear(place, tree, name)

    # Values

    def _set(self, place: EntityAt, tree: Tree, path: RecordPath, value: Value) -> None:
        name = path[-1][0]
        row = self._row(place, tree, name)
        if row is None:
            raise _cannot_carry(path, self._mapping)
        places = self._existing(row, tree)
        current = tuple(None if found is None else _text(found) for found in places)
        try:
            texts = row.converter.write(value, current)
        except ValueError as error:
            raise UsageError(f"{to_pointer(path)}: {error}") from error
        for at in in_writing_order(row.paths):
            xml_path, found, text = row.paths[at], places[at], texts[at]
            base = self._base(xml_path.absolute, tree)
            if text is None:
                self._builder.remove_value(found, base, xml_path)
                continue
            structure = self._mapping.tables.root if xml_path.absolute else place.structure
            self._write(self._builder.value(base, structure, xml_path) if found is None else found, text)
        self._remember(row, tree)

    def _write(self, found: Any, text: str) -> None:
        if isinstance(found, tuple):
            element, name = found
            self._splicer.set_attribute(element, name, text)
        elif _text(found) != text:
            self._splicer.set_text(found, text)

    def _remove_value(self, edit: RemoveValue) -> None:
        element = element_at(edit.path, self._dictionary)
        if not element.is_scalar:
            raise UsageError(f"{to_pointer(edit.path)} is an entity", remedy="use RemoveEntity")
        place, tree = self._holder(edit.path, make=False)
        if element.name in tree:
            self._clear(place, tree, element.name)

    def _clear(self, place: EntityAt, tree: Tree, name: str) -> None:
        """Remove a value wherever a row would find it; what other values are in stays."""
        for row in [row for row in place.values if row.element.name == name]:
            for xml_path, found in zip(row.paths, self._existing(row, {None: tree[None]}), strict=True):
                if found is None or isinstance(found, tuple) or not _holds_others(tree, name, found):
                    self._builder.remove_value(found, self._base(xml_path.absolute, tree), xml_path)
                    continue
                try:
                    rest = row.converter.without((_text(found),))
                except ValueError as error:
                    raise UsageError(f"{name} cannot be removed alone: {error}") from error
                self._splicer.set_text(found, rest)
        tree.pop(name, None)

    def _row(self, place: EntityAt, tree: Tree, name: str) -> ValueAt | None:
        """The row that bound the value; where there is none yet, the first."""
        rows = [row for row in place.values if row.element.name == name]
        held = tree.get(name)
        held = held if isinstance(held, list) else [held]
        for row in rows if name in tree else ():
            if any(found is not None and found in held for found in self._existing(row, tree)):
                return row
        return rows[0] if rows else None

    def _existing(self, row: ValueAt, tree: Tree) -> list[Any]:
        """What is there at each path of a row: an element, (element, attribute), or None."""
        found: list[Any] = []
        for path in row.paths:
            element = follow(self._base(path.absolute, tree), path.steps, self._mapping.namespaces)
            if path.attribute and element is not None:
                name = qualified_attribute(path.attribute, self._mapping.namespaces)
                found.append((element, name) if name in element.attrib else None)
            else:
                found.append(element)
        return found

    def _remember(self, row: ValueAt, tree: Tree) -> None:
        found = self._existing(row, tree)
        tree[row.element.name] = found[0] if len(found) == 1 else found

    def _base(self, absolute: bool, tree: Tree) -> XmlElement:
        return self._splicer.root if absolute else tree[None]

    def _structure(self, row: EntityAt, place: EntityAt) -> str:
        return self._mapping.tables.root if row.path.absolute else place.structure


def _holds_others(tree: Tree, name: str, element: XmlElement) -> bool:
    """Whether another value of the same entity comes from `element`, its attributes or what is in it."""
    for other, origin in tree.items():
        if other in (None, name):
            continue
        for found in origin if isinstance(origin, list) else [origin]:
            at = found[0] if isinstance(found, tuple) else found.get(None) if isinstance(found, dict) else found
            while at is not None and at is not tree[None]:
                if at is element:
                    return True
                at = at.getparent()
    return False


def _text(found: Any) -> str | None:
    if isinstance(found, tuple):
        element, name = found
        text: str | None = element.get(name)
    else:
        text = whole_text(found)
    return (text or "").strip() or None


def _cannot_carry(path: RecordPath, mapping: MessageMapping) -> UsageError:
    return UsageError(f"{mapping.message} cannot carry {to_pointer(path)}", remedy="choose another element")
