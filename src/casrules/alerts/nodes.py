"""An answer as a plain tree, whatever it was written in, and the paths by which shapes read it.

Paths are those of mappings, by local names: `./Error/Code`, `./Pointer[TagID]`, `./@code`; `/./Declaration/ID` begins
at the answer's own root. A reader of another format builds the same tree: elements and keys become nodes,
repeated ones repeat.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from casrules.messages.paths import Condition, Path, Step, parse_path

JSON_ROOT = "json"
JSON_ENTRY = "entry"


@dataclass(slots=True)
class Node:
    """One element, object, key or segment: local name, own text, attributes, children, line (from 1) if known."""

    name: str
    text: str = ""
    attributes: Mapping[str, str] = field(default_factory=dict)
    children: Sequence[Node] = ()
    line: int | None = None

    def walk(self) -> Iterator[Node]:
        """This node and all below it, level by level."""
        level: Sequence[Node] = (self,)
        while level:
            yield from level
            level = [child for node in level for child in node.children]


def from_xml(element: Any) -> Node:
    """The tree of an XML element, without namespaces, comments and instructions."""
    children = [from_xml(child) for child in element if isinstance(child.tag, str)]
    attributes = {_local(name): value for name, value in element.attrib.items()} if element.attrib else {}
    text = (element.text or "").strip() if not children else ""
    return Node(_local(element.tag), text, attributes, children, element.sourceline)


def from_json(value: Any, name: str = JSON_ROOT) -> Node:
    """The tree of a JSON value: keys become nodes, a list repeats its key, entries of a list at the top `entry`."""
    if isinstance(value, Mapping):
        children: list[Node] = []
        for key, below in value.items():
            entries = below if isinstance(below, list) else [below]
            children += [from_json(entry, str(key)) for entry in entries if entry is not None]
        return Node(name, children=children)
    if isinstance(value, list):
        return Node(name, children=[from_json(entry, JSON_ENTRY) for entry in value if entry is not None])
    return Node(name, str(value).lower() if isinstance(value, bool) else str(value))


@lru_cache(maxsize=4096)
def read_path(text: str) -> Path:
    """The parsed path; ValueError, with the position, for one outside the language."""
    return parse_path(text)


def select(node: Node, root: Node, path: str) -> list[Node]:
    """The nodes at a path from `node` (from `root` where it begins with `/.`), in order."""
    parsed = read_path(path)
    level = [root if parsed.absolute else node]
    for step in parsed.steps:
        level = [child for above in level for child in _matching(above, step)]
    return level


def texts(node: Node, root: Node, path: str) -> Iterator[str]:
    """The texts at a path that are not blank; an attribute's where the path ends at one."""
    attribute = read_path(path).attribute
    for found in select(node, root, path):
        text = (found.attributes.get(attribute, "") if attribute else found.text).strip()
        if text:
            yield text


def _matching(node: Node, step: Step) -> list[Node]:
    wanted = step.local
    found = [child for child in node.children if child.name == wanted]
    for condition in step.conditions:
        found = _filtered(found, condition)
    return found


def _filtered(nodes: list[Node], condition: Condition) -> list[Node]:
    if condition.test == "position":
        at = int(condition.value)
        return nodes[at - 1 : at]
    if condition.test == "equals":
        return [node for node in nodes if condition.value in _targets(node, condition.target)]
    return [node for node in nodes if bool(_there(node, condition.target)) == (condition.test == "present")]


def _targets(node: Node, target: tuple[str, ...]) -> list[str]:
    if target[-1].startswith("@"):
        return [found.attributes.get(target[-1][1:], "") for found in _there(node, target[:-1])]
    return [found.text for found in _there(node, target)]


def _there(node: Node, target: tuple[str, ...]) -> list[Node]:
    level = [node]
    for name in target:
        if name.startswith("@"):
            return [found for found in level if name[1:] in found.attributes]
        local = name.rpartition(":")[2]
        level = [child for above in level for child in above.children if child.name == local]
    return level


def _local(name: str) -> str:
    return name.rpartition("}")[2]
