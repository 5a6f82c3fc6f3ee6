"""Cuts a message's mapping down to the fields that are needed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from casrules.messages.message_mapping import EntityAt, MessageMapping

Needed = dict[str, "Needed"]


def project(mapping: MessageMapping, needed: Iterable[str]) -> EntityAt:
    """The places and values that the dotted paths name, views included.

    An entity that shares its parent's element is left out of the record when empty: where anything of it is
    needed, all that tells whether it is empty is kept, so that a projection has the entities that the whole
    record has.
    """
    tree: Needed = {}
    for path in needed:
        for stored in mapping.stored_paths(path):
            branch = tree
            for name in stored.split("."):
                branch = branch.setdefault(name, {})
    return _cut(mapping.top, tree)


def _cut(place: EntityAt, needed: Needed) -> EntityAt:
    whole = place.path.is_self and place.owner is not None
    values = tuple(value for value in place.values if whole or value.element.name in needed)
    below = tuple(
        _cut(child, needed.get(child.names[-1], {})) for child in place.below if whole or child.names[-1] in needed
    )
    constants: Mapping[str, str] = {name: text for name, text in place.constants.items() if name in needed}
    return replace(place, values=values, below=below, constants=constants)
