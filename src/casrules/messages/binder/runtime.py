"""What generated binders call: texts of elements, conditions, memory of values already read in this run."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from casrules.dictionary.values import Invalid
from casrules.messages.converters import Converter

XmlElement = Any
"""An lxml element; typed as Any because lxml ships no types."""


class TextMemory(dict[str, Any]):
    """Raw text → value (None for blank text), read once; `invalid`: whether one could not be read."""

    def __init__(self, converter: Converter) -> None:
        super().__init__()
        self._read = converter.read
        self.invalid = False

    def __missing__(self, raw: str) -> object:
        text = raw.strip()
        value = self[raw] = self._read((text,)) if text else None
        if type(value) is Invalid:
            self.invalid = True
        return value


class PiecesMemory(dict[tuple[str | None, ...], Any]):
    """Stripped texts of several paths → value; None where all are missing."""

    def __init__(self, converter: Converter) -> None:
        super().__init__()
        self._read = converter.read
        self.invalid = False

    def __missing__(self, pieces: tuple[str | None, ...]) -> object:
        value = self[pieces] = self._read(pieces)
        if type(value) is Invalid:
            self.invalid = True
        return value


def memory_for(converter: Converter) -> TextMemory | PiecesMemory:
    """An empty memory of the converter's values."""
    return TextMemory(converter) if converter.paths == 1 else PiecesMemory(converter)


def whole_text(element: XmlElement) -> str | None:
    """The element's own text, comments and processing instructions left out."""
    text: str | None = element.text
    if not len(element):
        return text
    parts = [text, *(child.tail for child in element if not isinstance(child.tag, str))]
    return "".join(part for part in parts if part) or None


def local_name(element: XmlElement) -> str | None:
    """The name without its namespace; None for comments and processing instructions."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else None


def tag_of(element: XmlElement) -> str | None:
    """lxml's name `{namespace}local`; None for comments and processing instructions."""
    tag = element.tag
    return tag if isinstance(tag, str) else None


def child_text(element: XmlElement, tag: str) -> str | None:
    """The stripped text of the first child `tag`; None where there is none. The hot form of `target_text`."""
    for child in element:
        if child.tag == tag:
            text: str = (child.text if not len(child) else whole_text(child)) or ""
            return text.strip()
    return None


def target_text(
    element: XmlElement, target: tuple[str, ...], name_of: Callable[[XmlElement], str | None]
) -> str | None:
    """The stripped text of a condition's first target below `element`; None where there is none."""
    for name in target:
        if name.startswith("@"):
            value = element.get(name[1:])
            return None if value is None else value.strip()
        element = next(children(element, name, name_of), None)
        if element is None:
            return None
    return (whole_text(element) or "").strip()


def children(element: XmlElement, name: str, name_of: Callable[[XmlElement], str | None]) -> Iterator[XmlElement]:
    """The children of one name."""
    return (child for child in element if name_of(child) == name)
