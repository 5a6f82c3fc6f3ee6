"""Makes and removes elements where the schema has them, with what a mapping's conditions ask for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from lxml import etree

from casrules.messages.binder.runtime import XmlElement, tag_of, target_text
from casrules.messages.message_mapping import EntityAt, MessageMapping
from casrules.messages.paths import Path, Step, qualified, qualified_attribute
from casrules.messages.xml_steps import matching


class TreeChanges(Protocol):
    """What changes one tree, and may keep account of it."""

    root: XmlElement

    def set_text(self, element: XmlElement, text: str) -> None:
        """Replace the text of a leaf."""

    def set_attribute(self, element: XmlElement, name: str, value: str | None) -> None:
        """Write or remove an attribute."""

    def insert(self, parent: XmlElement, after: XmlElement | None, element: XmlElement) -> None:
        """Add a new element right after a child of `parent`, or as its first child."""

    def remove(self, element: XmlElement) -> None:
        """Remove an element with all that is in it."""


class ElementBuilder:
    """Adds to and removes from one tree, through its splicer."""

    def __init__(self, mapping: MessageMapping, splicer: TreeChanges) -> None:
        self._namespaces = mapping.namespaces
        self._tables = mapping.tables
        self._splicer = splicer

    def entity(self, base: XmlElement, structure: str, row: EntityAt) -> XmlElement:
        """A new element for an entity below `base`: of a list, from the last step on that may repeat."""
        steps = row.path.steps
        reused = len(steps) - 1
        if row.many:
            repeats = [at for at, step in enumerate(steps) if self._repeats(structure, steps[:at], step)]
            reused = repeats[-1] if repeats else reused
        return self._build(base, structure, steps, reused)

    def value(self, base: XmlElement, structure: str, path: Path) -> Any:
        """The element, or (element, attribute), of a value that is not there yet."""
        steps = path.steps
        element = self._build(base, structure, steps, len(steps))
        if not path.attribute:
            return element
        return element, qualified_attribute(path.attribute, self._namespaces)

    def remove_value(self, found: Any, base: XmlElement, path: Path) -> None:
        """Remove a value's element or attribute, and optional parents left empty, up to `base`."""
        if found is None:
            return
        element = found
        if isinstance(found, tuple):
            element, name = found
            self._splicer.set_attribute(element, name, None)
            if path.steps:
                self._prune(element, base, path.steps)
        elif element is base:
            self._splicer.set_text(element, "")
        else:
            self.remove(element, base, path)

    def remove(self, element: XmlElement, base: XmlElement, path: Path) -> None:
        """Remove an element, and optional parents that nothing is left in, up to `base`."""
        parent = element.getparent()
        self._splicer.remove(element)
        if parent is not None and parent is not base:
            self._prune(parent, base, path.steps[:-1])

    def _prune(self, element: XmlElement, base: XmlElement, steps: Sequence[Step]) -> None:
        for step in reversed(steps):
            parent = element.getparent()
            if element is base or parent is None or not self._is_void(element, step):
                return
            if not self._is_optional(element):
                return
            self._splicer.remove(element)
            element = parent

    def _is_void(self, element: XmlElement, step: Step) -> bool:
        """Whether nothing is left but what the step's own conditions ask for."""
        asked = {self._target(c.target[0]) for c in step.conditions if c.test == "equals"}
        left = [child for child in element if tag_of(child) not in asked]
        attributes = [name for name in element.attrib if f"@{name}" not in asked]
        return not left and not attributes and not (element.text or "").strip()

    def _is_optional(self, element: XmlElement) -> bool:
        """Whether the table lets the element be absent from its parent."""
        names: list[str] = []
        at = element
        while at is not None and at is not self._splicer.root:
            names.append(at.tag.rpartition("}")[2])
            at = at.getparent()
        parent = self._tables.structure_at(self._tables.root, tuple(Step(name) for name in reversed(names[1:])))
        position = self._tables.position(parent, names[0]) if parent and names else None
        return position is not None and position.child.min == 0

    def _repeats(self, structure: str, above: tuple[Step, ...], step: Step) -> bool:
        parent = self._tables.structure_at(structure, above)
        position = self._tables.position(parent, step.local) if parent else None
        return position is not None and position.child.max != 1

    def _build(self, base: XmlElement, structure: str, steps: tuple[Step, ...], reused: int) -> XmlElement:
        """Follow `steps`, the first `reused` of them through what is there; make the rest."""
        element = base
        for at, step in enumerate(steps):
            there = next(matching(element, step, self._namespaces), None) if at < reused else None
            element = there if there is not None else self._child(element, structure, step)
            position = self._tables.position(structure, step.local)
            structure = position.child.type if position else ""
        return element

    def _child(self, parent: XmlElement, structure: str, step: Step) -> XmlElement:
        child = self._insert(parent, structure, step.name)
        position = self._tables.position(structure, step.local)
        below = position.child.type if position else ""
        for condition in step.conditions:
            if condition.test != "equals" or target_text(child, self._targets(condition.target), tag_of):
                continue
            at, kind = child, below
            for name in condition.target:
                if name.startswith("@"):
                    self._splicer.set_attribute(at, self._target(name)[1:], condition.value)
                    break
                next_position = self._tables.position(kind, name.rpartition(":")[2])
                at = self._insert(at, kind, name)
                kind = next_position.child.type if next_position else ""
            else:
                self._splicer.set_text(at, condition.value)
        return child

    def _insert(self, parent: XmlElement, structure: str, name: str) -> XmlElement:
        """A new child after the last one that the schema does not want behind it."""
        orders = {local: position.order for local, position in self._tables.children(structure).items()}
        own = orders.get(name.rpartition(":")[2], len(orders))
        behind = parent.iterchildren("*", reversed=True)
        after = next((child for child in behind if orders.get(child.tag.rpartition("}")[2], -1) <= own), None)
        element = etree.Element(qualified(name, self._namespaces))
        self._splicer.insert(parent, after, element)
        return element

    def _target(self, name: str) -> str:
        if name.startswith("@"):
            return "@" + qualified_attribute(name[1:], self._namespaces)
        return qualified(name, self._namespaces)

    def _targets(self, names: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(map(self._target, names))


def in_writing_order(paths: Sequence[Path]) -> list[int]:
    """The positions of a value's paths in the order to write them: first those whose presence others ask for."""
    asked = {target for path in paths for step in path.steps for target in _asked_for(step)}
    return sorted(range(len(paths)), key=lambda at: not (paths[at].steps and paths[at].steps[-1].name in asked))


def _asked_for(step: Step) -> list[str]:
    return [condition.target[-1] for condition in step.conditions if condition.test == "present"]
