"""Which lists of a message want a sequence number in each of their entries."""

from __future__ import annotations

from casrules.declaration.numbering import SEQUENCE_NUMBER
from casrules.messages.message_mapping import EntityAt, MessageMapping
from casrules.messages.paths import Path


def numbered_lists(mapping: MessageMapping) -> frozenset[str]:
    """The dotted names of the lists whose entries must have a sequence number by the message's tables."""
    return frozenset(
        ".".join(place.names)
        for place in mapping.top.walk()
        if place.many
        for value in place.values
        if value.element.name == SEQUENCE_NUMBER and value.paths and _demanded(value.paths[0], place, mapping)
    )


def _demanded(path: Path, place: EntityAt, mapping: MessageMapping) -> bool:
    structure = place.structure
    for step in path.steps:
        position = mapping.tables.position(structure, step.local)
        if position is None or position.child.min < 1:
            return False
        structure = position.child.type
    return not path.absolute and not path.attribute
