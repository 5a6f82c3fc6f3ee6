"""A plain sentence from a condition."""

from __future__ import annotations

from casrules.language.tree import Node


def prose(node: Node) -> str:
    """The condition in words; for now as it is written in the rule."""
    return " ".join(node.text.split())
