"""Whether a message's schema has what a pointer says is missing: a name that it does not have is a slip, not a gap."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from casrules.messages.message_mapping import MessageMapping
from casrules.messages.paths import Step


def can_hold(mapping: MessageMapping, above: Any, names: Sequence[str]) -> bool:
    """Whether elements (or at the end an attribute) of these local names may stand below the element `above`.

    True where the schema's tables do not have `above` itself, since then nothing is known.
    """
    tables = mapping.tables
    way: list[str] = []
    while above is not None and above.getparent() is not None:
        way.append(str(above.tag).rpartition("}")[2])
        above = above.getparent()
    structure = tables.structure_at(tables.root, tuple(Step(name) for name in reversed(way)))
    if structure is None:
        return True
    for name in names:
        if name.startswith("@"):
            return any(found.name.rpartition(":")[2] == name[1:] for found in tables.tables.attributes(structure))
        position = tables.position(structure, name)
        if position is None:
            return False
        structure = position.child.type
    return True
