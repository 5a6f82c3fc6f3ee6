"""A declaration's values as flat text by JSON Pointer, and what the dictionary says of a pointer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from casrules.declaration import Declaration, from_pointer, to_pointer, walk, write_value
from casrules.dictionary import Dictionary, Element
from casrules.history.events import Values


def flat_values(declaration: Declaration | Mapping[str, Any]) -> Values:
    """The values of a declaration, or of a record as the dictionary names it, as a history keeps them.

    A value that cannot be read as its type is kept as it was written; entities without a value are not kept.
    """
    found = declaration.paths() if isinstance(declaration, Declaration) else walk(declaration)
    return {to_pointer(path): write_value(value) for path, value in found if not isinstance(value, dict)}


def element_at(pointer: str, dictionary: Dictionary) -> Element | None:
    """The element of the dictionary at a pointer; None where it has none."""
    entity, found = dictionary.root, None
    for name, _ in from_pointer(pointer):
        found = dictionary.find(entity, name)
        if found is None:
            return None
        entity = found.type
    return found
