"""Which kind of answer a tree is: the shape whose conditions hold, the one with most conditions where several do."""

from __future__ import annotations

from itertools import islice

import re2

from casrules.alerts.extracting import read
from casrules.alerts.knowledge import Knowledge
from casrules.alerts.nodes import Node, select, texts
from casrules.alerts.shape_models import Format, Shape

ENVELOPE_NODES = 2_000
"""How far into a document an answer may begin: envelopes are small."""


def recognise(tree: Node, format_: Format, knowledge: Knowledge, namespaces: str = "") -> tuple[Shape, Node] | None:
    """The shape of an answer and the node it begins at, below any envelope; None for a kind nobody knows.

    `namespaces` are those of the document, joined by spaces.
    """
    best: tuple[int, Shape, Node] | None = None
    for node in islice(tree.walk(), ENVELOPE_NODES):
        named = knowledge.roots.get(node.name, ())
        for shape in (*named, *(knowledge.roots.get("", ()) if node is tree else ())):
            if shape.recognise.format == format_ and fits(shape, node, namespaces):
                weight = weight_of(shape)
                if best is None or weight > best[0]:
                    best = (weight, shape, node)
    return (best[1], best[2]) if best else None


def fits(shape: Shape, root: Node, namespaces: str = "") -> bool:
    """Whether every condition of the shape holds at `root`; a namespace only where the document has any."""
    wanted = shape.recognise
    if wanted.namespace and namespaces and not re2.search(wanted.namespace, namespaces):
        return False
    if not all(select(root, root, path) for path in wanted.has):
        return False
    for path, allowed in wanted.values.items():
        if not any(text in allowed for text in texts(root, root, path)):
            return False
    if wanted.coded and not any(
        read(entry.code, node, root) for entry in shape.entries for node in select(root, root, entry.path)
    ):
        return False
    return all(
        any(re2.search(pattern, text) for text in texts(root, root, path)) for path, pattern in wanted.matches.items()
    )


def weight_of(shape: Shape) -> int:
    """How much a shape asks for."""
    wanted = shape.recognise
    asked = bool(wanted.root) + bool(wanted.namespace) + wanted.coded
    return asked + len(wanted.has) + len(wanted.values) + len(wanted.matches)
