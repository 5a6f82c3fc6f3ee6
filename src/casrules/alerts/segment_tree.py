"""An EDIFACT interchange as a plain tree, in which the groups of a message nest as its type says.

The root is `edifact`; below it are the service segments and one node a message, named by its type (`CONTRL`). A segment
has the nodes `e1`, `e2`, … for its elements, with the first component as their text, all components as `c1`, `c2`, …
and `all` of them together. A segment that begins a group holds what the group holds, and `above`: the elements of the
segment that the group lies in, or the segments at the head of the message. Attributes: `segment` (number in the file)
and `position` (in the message).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from casrules.alerts.nodes import Node
from casrules.messages.edifact import Interchange
from casrules.messages.edifact_segments import Segment
from casrules.messages.edifact_syntax import EdifactSyntax, edifact_syntax

ROOT = "edifact"
ABOVE = "above"
UNKNOWN_TYPE = "message"
HEAD_SEGMENTS = 30
_SERVICE = frozenset({"UNB", "UNG", "UNE", "UNZ"})


def segment_tree(interchange: Interchange) -> Node:
    """The tree of all segments of an interchange."""
    builder = _Builder(edifact_syntax())
    for segment in interchange.segments:
        builder.add(segment)
    return Node(ROOT, children=builder.top)


@dataclass(slots=True)
class _Group:
    """An open group: where its children go, the groups that may begin in it, what those see above them."""

    children: list[Node]
    groups: Mapping[str, Any]
    above: list[Node]


@dataclass(slots=True)
class _Builder:
    syntax: EdifactSyntax
    top: list[Node] = field(default_factory=list)
    open: list[_Group] = field(default_factory=list)

    def add(self, segment: Segment) -> None:
        """Put one segment where it belongs."""
        node, children = _node(segment)
        if segment.tag in _SERVICE or (not self.open and segment.tag != "UNH"):
            self.open = []
            self.top.append(node)
            return
        if segment.tag == "UNH":
            type_ = segment.value(2) or UNKNOWN_TYPE
            message: list[Node] = [node]
            self.top.append(Node(type_, children=message, line=segment.line))
            self.open = [_Group(message, self.syntax.groups.get(type_, {}), [node])]
            return
        if segment.tag == "UNT":
            self.open[0].children.append(node)
            self.open = []
            return
        self._into_group(segment.tag, node, children)

    def _into_group(self, tag: str, node: Node, children: list[Node]) -> None:
        for depth in range(len(self.open), 0, -1):
            group = self.open[depth - 1]
            if tag in group.groups:
                del self.open[depth:]
                group.children.append(node)
                own = list(children)
                above = Node(ABOVE, children=group.above)
                children.append(above)
                self.open.append(_Group(children, group.groups[tag], [*own, above]))
                return
        self.open[-1].children.append(node)
        if len(self.open) == 1 and len(self.open[0].above) < HEAD_SEGMENTS:
            self.open[0].above.append(node)


def _node(segment: Segment) -> tuple[Node, list[Node]]:
    children = list(_elements(segment))
    attributes = {"segment": str(segment.number), "position": str(segment.position)}
    return Node(segment.tag, attributes=attributes, children=children, line=segment.line), children


def _elements(segment: Segment) -> Iterable[Node]:
    for at, parts in enumerate(segment.elements, 1):
        if any(parts):
            below = [Node(f"c{number}", part) for number, part in enumerate(parts, 1) if part]
            below.append(Node("all", " ".join(filter(None, parts))))
            yield Node(f"e{at}", parts[0], children=below)
