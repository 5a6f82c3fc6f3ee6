"""Whether a message's schema has what a pointer says is missing: a name that it does not have is a slip, not a gap."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from casrules.messages.message_mapping import MessageMapping
from casrules.messages.paths import Step

DEEPEST = 20


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
    return structure is None or _has(mapping, structure, names)


def has_path(mapping: MessageMapping, names: Sequence[str]) -> bool:
    """Whether the message has an element at these local names from its root; the root's own name may come first."""
    root = mapping.tables.root
    return _has(mapping, root, names) or _has(mapping, root, names[1:])


def ways_by_name(mapping: MessageMapping) -> Mapping[str, Sequence[tuple[str, ...]]]:
    """Local name in small letters → the local names that lead from the root to each element of that name."""
    found: dict[str, list[tuple[str, ...]]] = {}
    waiting: list[tuple[str, tuple[str, ...]]] = [(mapping.tables.root, ())]
    while waiting:
        structure, way = waiting.pop()
        for local, position in mapping.tables.children(structure).items():
            found.setdefault(local.casefold(), []).append((*way, local))
            if len(way) < DEEPEST:
                waiting.append((position.child.type, (*way, local)))
    return found


def _has(mapping: MessageMapping, structure: str, names: Sequence[str]) -> bool:
    for name in names:
        if name.startswith("@"):
            attributes = mapping.tables.tables.attributes(structure)
            return any(found.name.rpartition(":")[2] == name[1:] for found in attributes)
        position = mapping.tables.position(structure, name)
        if position is None:
            return False
        structure = position.child.type
    return True
