"""Reads YAML in which every scalar is text, and remembers the line of everything.

`NO` stays Norway and `0101` stays a code: types are given by the models, never guessed from the spelling. Tags,
duplicate keys, and files beyond the caps on size, depth and aliases are load errors with file and line.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from casrules.errors import PackError, Place, place_of
from casrules.limits import DEFAULT_LIMITS, Limits

Loader: type = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
ValuePath = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """One YAML file: nested dicts, lists and texts in `content`; `lines` gives the line of each path into it."""

    path: Path
    content: Any
    lines: dict[ValuePath, int]

    def place(self, *path: str | int) -> Place:
        """Where the value at `path` stands; the nearest enclosing value where `path` itself is absent."""
        for length in range(len(path), -1, -1):
            line = self.lines.get(path[:length])
            if line is not None:
                return place_of(self.path, line)
        return place_of(self.path)


def read_yaml(path: Path, limits: Limits = DEFAULT_LIMITS) -> Document:
    """Read one YAML file as texts; raises PackError with file and line for anything that is not plain data."""
    size = path.stat().st_size
    if size > limits.pack_bytes:
        raise PackError(
            f"the file has {size:,} bytes, more than the {limits.pack_bytes:,} allowed",
            place=place_of(path),
            remedy="split it by topic, or raise limits.pack_bytes",
        )
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise PackError(
            f"not UTF-8 text: {error.reason}", place=place_of(path), remedy="save it as UTF-8"
        ) from None
    return parse_yaml(text, path, limits)


def parse_yaml(text: str, path: Path, limits: Limits = DEFAULT_LIMITS) -> Document:
    """Like read_yaml, for text that is already in memory; `path` is used for places only."""
    try:
        _check_events(text, path, limits)
        node = yaml.compose(text, Loader=Loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        place = place_of(path, mark.line + 1, mark.column + 1) if mark else place_of(path)
        raise PackError(
            f"not valid YAML: {error.problem}", place=place, remedy="check indentation and quotes"
        ) from None
    except yaml.YAMLError as error:
        raise PackError(
            f"not valid YAML: {error}", place=place_of(path), remedy="remove control characters"
        ) from None
    lines: dict[ValuePath, int] = {}
    content = None if node is None else _plain(node, (), lines, path)
    return Document(path, content, lines)


def _check_events(text: str, path: Path, limits: Limits) -> None:
    depth = aliases = 0
    for event in yaml.parse(text, Loader=Loader):
        line = event.start_mark.line + 1
        tag = getattr(event, "tag", None)
        if tag is not None:
            raise PackError(
                f"the tag {tag} is not allowed", place=place_of(path, line), remedy="write plain data"
            )
        if isinstance(event, yaml.AliasEvent):
            aliases += 1
        elif isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > limits.pack_depth:
            raise PackError(f"nested deeper than {limits.pack_depth} levels", place=place_of(path, line))
        if aliases > limits.pack_aliases:
            raise PackError(f"more than {limits.pack_aliases} aliases", place=place_of(path, line))


def _plain(node: yaml.Node, at: ValuePath, lines: dict[ValuePath, int], path: Path) -> Any:
    line = node.start_mark.line + 1
    lines[at] = line
    if len(lines) > DEFAULT_LIMITS.pack_values:
        raise PackError(
            f"more than {DEFAULT_LIMITS.pack_values:,} values", place=place_of(path, line), remedy="split it"
        )
    if isinstance(node, yaml.ScalarNode):
        return _scalar(node)
    if isinstance(node, yaml.SequenceNode):
        return [_plain(child, (*at, index), lines, path) for index, child in enumerate(node.value)]
    return _mapping(node, at, lines, path)


def _scalar(node: yaml.ScalarNode) -> str | None:
    if not node.style and node.value in ("", "~", "null"):
        return None
    return str(node.value)


def _mapping(node: yaml.Node, at: ValuePath, lines: dict[ValuePath, int], path: Path) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key_node, value_node in node.value:
        place = place_of(path, key_node.start_mark.line + 1, key_node.start_mark.column + 1)
        if not isinstance(key_node, yaml.ScalarNode):
            raise PackError("a key must be a plain text", place=place)
        key = str(key_node.value)
        if key in found:
            raise PackError(f"the key {key!r} is written twice", place=place, remedy="remove one of them")
        if key == "<<":
            raise PackError("merge keys (<<) are not supported", place=place, remedy="repeat the values")
        found[key] = _plain(value_node, (*at, key), lines, path)
    return found
