"""Reads YAML in which every scalar is text, and remembers the line of everything.

`NO` stays Norway and `0101` stays a code: types are given by the models, never guessed from the spelling. Tags, merge
keys, duplicate keys, and files beyond the caps on size, depth, values and aliases are load errors with file and line.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from casrules.errors import PackError, Place, place_of
from casrules.limits import DEFAULT_LIMITS, Limits
from casrules.packs.yaml_lines import Lines, ValuePath

Loader: type = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_EMPTY = frozenset({"", "~", "null"})


@dataclass(frozen=True, slots=True)
class Document:
    """One YAML file: nested dicts, lists and texts in `content`; `lines` knows where each of them stands."""

    path: Path
    content: Any
    lines: Lines

    def place(self, *path: str | int) -> Place:
        """Where the value at `path` stands; the nearest enclosing value where `path` itself is absent."""
        return self.lines.place(*path)


def read_yaml(path: Path, limits: Limits = DEFAULT_LIMITS) -> Document:
    """Read one YAML file as texts; raises PackError with file and line for anything that is not plain data."""
    return parse_yaml(read_text(path, limits), path, limits)


_ADVICE = (
    ("tab character", "indent by spaces"),
    (
        "mapping values are not allowed",
        "begin the line below the keys it belongs to, and quote a text that holds a colon",
    ),
    ("did not find expected", "begin the line below the keys it belongs to, and close brackets and quotes above it"),
)
"""Words of the parser, and what is mostly behind them."""


def read_text(path: Path, limits: Limits = DEFAULT_LIMITS) -> str:
    """The text of a pack's file; PackError where it is too large, unreadable or not UTF-8."""
    try:
        with path.open("rb") as stream:
            content = stream.read(limits.pack_bytes + 1)
    except OSError as error:
        raise PackError(f"the file cannot be read: {error.strerror or error}", place=place_of(path)) from None
    if len(content) > limits.pack_bytes:
        raise PackError(
            f"the file has more than the {limits.pack_bytes:,} bytes allowed",
            place=place_of(path),
            remedy="split it by topic, or raise limits.pack_bytes",
        )
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        problem = f"not UTF-8 text: {error.reason}"
        raise PackError(problem, place=place_of(path, line), remedy="save it as UTF-8") from None


def parse_yaml(text: str, path: Path, limits: Limits = DEFAULT_LIMITS) -> Document:
    """Like read_yaml, for text that is already in memory; `path` is used for places only."""
    try:
        return _Reader(path, limits).document(yaml.parse(text, Loader=Loader))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        place = place_of(path, mark.line + 1, mark.column + 1) if mark else place_of(path)
        remedy = next(
            (advice for words, advice in _ADVICE if words in str(error.problem)), "check indentation and quotes"
        )
        raise PackError(f"not valid YAML: {error.problem}", place=place, remedy=remedy) from None
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1 if isinstance(error.position, int) else None
        place = place_of(path, line)
        raise PackError(f"not valid YAML: {error.reason}", place=place, remedy="remove control characters") from None


@dataclass(frozen=True, slots=True)
class _Anchored:
    """What an anchor names: the value, the position of its first line number, how many values, how many levels."""

    value: Any
    first: int
    size: int
    height: int


class _Reader:
    """Builds plain data from the parser's events, in one pass, counting what it costs."""

    def __init__(self, path: Path, limits: Limits) -> None:
        self.path = path
        self.limits = limits
        self.numbers: list[int] = []
        self.anchors: dict[str, _Anchored] = {}
        self.aliases = 0

    def document(self, events: Iterator[Any]) -> Document:
        """The one document of a file; an empty file has None."""
        content = None
        for event in events:
            if isinstance(event, yaml.DocumentStartEvent) and (self.numbers or event.version or event.tags):
                raise self.fault("a file holds one document, without directives", event, "split the file")
            if isinstance(event, yaml.NodeEvent):
                content = self.value(event, events, 1)
        return Document(self.path, content, Lines(self.path.as_posix(), content, tuple(self.numbers)))

    def value(self, event: Any, events: Iterator[Any], depth: int) -> Any:
        """The plain value that begins with `event`."""
        if isinstance(event, yaml.AliasEvent):
            return self.alias(event, depth)
        if event.tag is not None:
            raise self.fault(f"the tag {event.tag} is not allowed", event, "write plain data")
        if depth > self.limits.pack_depth:
            raise self.fault(f"nested deeper than {self.limits.pack_depth} levels", event, "flatten it")
        first = len(self.numbers)
        self.count(1, event)
        self.numbers.append(event.start_mark.line + 1)
        found: Any
        if isinstance(event, yaml.ScalarEvent):
            found = None if not event.style and event.value in _EMPTY else str(event.value)
        elif isinstance(event, yaml.SequenceStartEvent):
            found = self.sequence(events, depth)
        else:
            found = self.mapping(events, depth)
        if event.anchor is not None:
            self.anchors[event.anchor] = _Anchored(found, first, len(self.numbers) - first, _height(found))
        return found

    def sequence(self, events: Iterator[Any], depth: int) -> list[Any]:
        """The rest of a list."""
        found: list[Any] = []
        for event in events:
            if isinstance(event, yaml.SequenceEndEvent):
                break
            found.append(self.value(event, events, depth + 1))
        return found

    def mapping(self, events: Iterator[Any], depth: int) -> dict[str, Any]:
        """The rest of a mapping; keys are plain texts, each once."""
        found: dict[str, Any] = {}
        for event in events:
            if isinstance(event, yaml.MappingEndEvent):
                break
            if not isinstance(event, yaml.ScalarEvent) or event.tag is not None:
                raise self.fault("a key must be a plain text", event, "quote it")
            key = str(event.value)
            if key in found:
                raise self.fault(f"the key {key!r} is written twice", event, "remove one of them")
            if key == "<<":
                raise self.fault("merge keys (<<) are not supported", event, "repeat the values")
            found[key] = self.value(next(events), events, depth + 1)
        return found

    def alias(self, event: Any, depth: int) -> Any:
        """What an alias stands for, counted again with all that is in it."""
        self.aliases += 1
        if self.aliases > self.limits.pack_aliases:
            raise self.fault(f"more than {self.limits.pack_aliases} aliases", event, "repeat the values")
        if event.anchor not in self.anchors:
            raise self.fault(
                f"the alias *{event.anchor} stands for nothing finished", event, "an alias follows its anchor"
            )
        found = self.anchors[event.anchor]
        self.count(found.size, event)
        if depth + found.height > self.limits.pack_depth + 1:
            raise self.fault(f"nested deeper than {self.limits.pack_depth} levels", event, "flatten it")
        self.numbers.extend(self.numbers[found.first : found.first + found.size])
        return found.value

    def count(self, size: int, event: Any) -> None:
        """Refuse a file that holds, with its aliases written out, more values than allowed."""
        if len(self.numbers) + size > self.limits.pack_values:
            raise self.fault(f"more than {self.limits.pack_values:,} values", event, "split it by topic")

    def fault(self, problem: str, event: Any, remedy: str) -> PackError:
        """A PackError at the event."""
        mark = event.start_mark
        return PackError(problem, place=place_of(self.path, mark.line + 1, mark.column + 1), remedy=remedy)


def _height(value: Any) -> int:
    children = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return 1 + max((_height(child) for child in children), default=0)


__all__ = ["Document", "ValuePath", "parse_yaml", "read_text", "read_yaml"]
