"""Record paths (names and positions) and their JSON Pointers."""

from __future__ import annotations

RecordPath = tuple[tuple[str, int | None], ...]
"""Steps of (name, index) from the declaration: index from 0 in lists, None for single elements."""


def to_pointer(path: RecordPath) -> str:
    """The JSON Pointer of a record path: `/consignment/houses/0/items/2`."""
    parts: list[str] = []
    for name, index in path:
        parts.append("/" + name.replace("~", "~0").replace("/", "~1"))
        if index is not None:
            parts.append(f"/{index}")
    return "".join(parts)


def from_pointer(pointer: str) -> RecordPath:
    """The record path of a JSON Pointer; a part of digits only is the index of the name before it."""
    path: list[tuple[str, int | None]] = []
    for part in pointer.split("/")[1:]:
        if path and path[-1][1] is None and part.isascii() and part.isdigit():
            path[-1] = (path[-1][0], int(part))
        else:
            path.append((part.replace("~1", "/").replace("~0", "~"), None))
    return tuple(path)
