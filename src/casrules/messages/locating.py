"""Where an element is in the original: an XPath that resolves, and the line of its start tag.

Both are computed only for a finding. libxml2 keeps a line in 16 bits and guesses beyond 65,535 from the text
nearby, off by the lines of that text; from there on the start tags of the source are counted instead.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from lxml import etree

LAST_SAFE_LINE = 65_534
TAG = re.compile(
    rb"<!--.*?-->|<!\[CDATA\[.*?\]\]>|<\?.*?\?>|</[^>]*>|"
    rb"(?P<start><[^!?/>][^>\"']*(?:\"[^\"]*\"[^>\"']*|'[^']*'[^>\"']*)*>)",
    re.DOTALL,
)
_size: Any = etree.XPath("count(descendant-or-self::*)")


@dataclass(frozen=True, slots=True)
class _Brood:
    """The children of one element: by position the number among namesakes; by name how many there are."""

    ordinals: array[int]
    totals: Mapping[str, int]


@dataclass(frozen=True)
class Places:
    """Finds places in one parsed message. Not for sharing between threads."""

    tree: etree._ElementTree
    source: bytes
    preferred: Mapping[str, str] = field(default_factory=dict)
    _broods: dict[str, _Brood] = field(default_factory=dict, repr=False)
    _sizes: dict[str, array[int]] = field(default_factory=dict, repr=False)

    @cached_property
    def namespaces(self) -> dict[str, str]:
        """Prefix → namespace of the XPaths: the family's prefixes, else the message's own, else n1, n2…"""
        known = {prefix: uri for prefix, uri in self.preferred.items() if prefix}
        for prefix, uri in self.tree.getroot().nsmap.items():
            if prefix and prefix not in known and uri not in known.values():
                known[prefix] = uri
        return known

    def xpath(self, element: etree._Element) -> str:
        """The absolute XPath of `element`; a position is given where there are several of the name."""
        parent = element.getparent()
        if parent is None:
            return "/" + self.name(element.tag)
        above = self.xpath(parent)
        brood = self._brood(above, parent)
        return self.child_xpath(above, element.tag, brood.ordinals[parent.index(element)], brood.totals[element.tag])

    def child_xpath(self, above: str, tag: str, ordinal: int, total: int) -> str:
        """The XPath of the `ordinal`-th of `total` children called `tag` below the path `above`."""
        return f"{above}/{self.name(tag)}" + (f"[{ordinal}]" if total > 1 else "")

    def name(self, tag: str) -> str:
        """A tag in `{namespace}name` form as a step of an XPath."""
        if not tag.startswith("{"):
            return tag
        uri, _, local = tag[1:].partition("}")
        for prefix, known in self.namespaces.items():
            if known == uri:
                return f"{prefix}:{local}"
        numbers = (f"n{number}" for number in range(1, len(self.namespaces) + 2))
        prefix = next(candidate for candidate in numbers if candidate not in self.namespaces)
        self.namespaces[prefix] = uri
        return f"{prefix}:{local}"

    def find(self, xpath: str) -> etree._Element | None:
        """The element (or the owner of the attribute) at `xpath`."""
        found: Any = self.tree.xpath(xpath.rpartition("/@")[0] or xpath, namespaces=self.namespaces)
        return found[0] if found else None

    def line(self, element: etree._Element) -> int | None:
        """The line, from 1, where the start tag of `element` ends."""
        line: Any = element.sourceline
        if line is None or line <= LAST_SAFE_LINE:
            return None if line is None else int(line)
        lines, order = self._start_lines, self._order(element)
        return lines[order] if order < len(lines) else int(line)

    @cached_property
    def _start_lines(self) -> array[int]:
        lines, line, seen = array("L"), 1, 0
        source = self.source
        for match in TAG.finditer(source):
            if match["start"] is not None:
                end = match.end()
                line += source.count(b"\n", seen, end)
                seen = end
                lines.append(line)
        return lines

    def _order(self, element: etree._Element) -> int:
        """How many elements begin before `element` in the document."""
        parent = element.getparent()
        if parent is None:
            return 0
        return self._order(parent) + 1 + self._before(self.xpath(parent), parent)[parent.index(element)]

    def _before(self, path: str, parent: etree._Element) -> array[int]:
        """By position of a child: how many elements its earlier siblings and their descendants are."""
        if path not in self._sizes:
            before, elements = array("L"), 0
            for child in parent:
                before.append(elements)
                if isinstance(child.tag, str):
                    elements += int(_size(child))
            self._sizes[path] = before
        return self._sizes[path]

    def _brood(self, path: str, parent: etree._Element) -> _Brood:
        if path not in self._broods:
            counted: dict[str, int] = {}
            ordinals = array("L")
            for child in parent:
                tag = child.tag if isinstance(child.tag, str) else ""
                counted[tag] = counted.get(tag, 0) + 1
                ordinals.append(counted[tag])
            self._broods[path] = _Brood(ordinals, counted)
        return self._broods[path]

    def ordinal(self, parent: etree._Element, child: etree._Element) -> tuple[int, int]:
        """The number of `child` among its namesakes, from 1, and how many there are."""
        brood = self._brood(self.xpath(parent), parent)
        return brood.ordinals[parent.index(child)], brood.totals[child.tag]
