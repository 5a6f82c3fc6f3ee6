"""Reads the XSD files of an official schema set as they come, and mends what is safe to mend.

Mended: spaces and wrong slashes in a schemaLocation, a location that is missing or leads nowhere while exactly the
namespace or the file name is in the folder, a byte order mark, a DOCTYPE without meaning for a schema. Nothing is read
outside the folder and nothing is fetched.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path, PurePosixPath
from urllib.parse import unquote

from lxml import etree

from casrules.errors import SchemaSetError, UsageError, place_of
from casrules.messages.decoding import decode
from casrules.messages.faults import shipped_texts
from casrules.messages.reading import hardened_parser

XS = "{http://www.w3.org/2001/XMLSchema}"
MOST_FILES = 5_000
MOST_BYTES = 64 * 1024 * 1024
_LINK = re.compile(rb"<(?:[\w.-]+:)?(?:import|include|redefine)\b[^>]*>", re.DOTALL)
_DECLARATION = re.compile(rb"^\s*<\?xml.*?\?>", re.DOTALL)
_DOCTYPE = re.compile(rb"<!DOCTYPE[^\[>]*(?:\[.*?\]\s*)?>", re.DOTALL)
_VERSION_MARK = re.compile(rb"""\s[\w.-]+:(?:min|max)Version\s*=\s*(?:"[^"]*"|'[^']*')""")
_LOCATION = re.compile(rb"""\sschemaLocation\s*=\s*(?:"[^"]*"|'[^']*')""")


@dataclass(frozen=True, slots=True)
class Link:
    """One import or include: the namespace it names (None for an include) and where it says the file is."""

    namespace: str | None
    location: str | None


@dataclass(frozen=True)
class SchemaFile:
    """One XSD: what it declares at the top and whom it needs. `path` is relative to the folder, with slashes."""

    path: str
    text: bytes = field(repr=False)
    namespace: str = ""
    version: str = ""
    elements: frozenset[str] = frozenset()
    links: tuple[Link, ...] = ()
    open_namespaces: frozenset[str] = frozenset()


@dataclass(frozen=True)
class SchemaFolder:
    """All XSD files of a folder that can be read, and those that cannot, with the reason."""

    folder: Path
    files: Mapping[str, SchemaFile]
    broken: Mapping[str, SchemaSetError]

    @classmethod
    def read(cls, folder: Path) -> SchemaFolder:
        """Read every `*.xsd` below `folder`; UsageError if there is none or the folder is beyond all measure."""
        root = folder.resolve()
        paths = sorted(path for path in root.rglob("*.xsd") if path.is_file() and path.resolve().is_relative_to(root))
        if not paths:
            raise UsageError(f"there are no .xsd files in {folder}", remedy="give the folder of a schema set")
        if len(paths) > MOST_FILES or sum(path.stat().st_size for path in paths) > MOST_BYTES:
            raise UsageError(f"{folder} holds more schemas than any set needs", remedy="give the folder of one set")
        files: dict[str, SchemaFile] = {}
        broken: dict[str, SchemaSetError] = {}
        for path in paths:
            name = path.relative_to(root).as_posix()
            try:
                files[name] = _read_file(path, name)
            except SchemaSetError as error:
                broken[name] = error
        return cls(root, files, broken)

    @cached_property
    def _by_namespace(self) -> Mapping[str, tuple[str, ...]]:
        found: dict[str, list[str]] = {}
        for name, file in self.files.items():
            found.setdefault(file.namespace, []).append(name)
        return {namespace: tuple(names) for namespace, names in found.items()}

    def target(self, source: SchemaFile, link: Link) -> str | None:
        """The file a link means: where it says, else the nearest with the file name or with the namespace."""
        if link.location:
            wanted = unquote(link.location.strip()).replace("\\", "/")
            there = _joined(PurePosixPath(source.path).parent, wanted)
            if there in self.files or there in self.broken:
                return there
            last = wanted.rpartition("/")[2].lower()
            named = [name for name in (*self.files, *self.broken) if name.rpartition("/")[2].lower() == last]
            if named:
                return _nearest(source.path, named)
        if link.namespace:
            providers = [name for name in self._by_namespace.get(link.namespace, ()) if name != source.path]
            if providers:
                return _nearest(source.path, providers)
        return None

    def reached(self, *names: str) -> list[str]:
        """The files that these need, themselves included; SchemaSetError if one of them cannot be read."""
        found: dict[str, None] = {}
        waiting = list(names)
        while waiting:
            name = waiting.pop()
            if name in found:
                continue
            if name in self.broken:
                raise self.broken[name]
            found[name] = None
            file = self.files[name]
            waiting += filter(None, (self.target(file, link) for link in file.links))
        return list(found)

    def providers(self, namespace: str, near: str) -> list[str]:
        """Files of a namespace that declare elements, the nearest to the file `near` first."""
        having = [name for name in self._by_namespace.get(namespace, ()) if self.files[name].elements]
        return sorted(having, key=lambda name: (_distance(near, name), name))

    def document(self, name: str) -> etree._Element:
        """The parsed file."""
        return etree.fromstring(self.files[name].text, hardened_parser())

    def mended(self, name: str, numbers: Mapping[str, str]) -> bytes:
        """The text of a file with every link leading to the file name that `numbers` gives to its target."""
        file = self.files[name]
        links = iter(file.links)

        def rewritten(match: re.Match[bytes]) -> bytes:
            link = next(links, None)
            tag = _LOCATION.sub(b"", match[0])
            target = self.target(file, link) if link else None
            if target is None or target not in numbers:
                return tag
            at = tag.rindex(b"/>") if tag.endswith(b"/>") else len(tag) - 1
            return tag[:at] + f' schemaLocation="{numbers[target]}"'.encode() + tag[at:]

        # Sets written as plain XSD 1.0 are marked as 1.1; a reader that heeds the mark would skip all of them.
        return _VERSION_MARK.sub(b"", _LINK.sub(rewritten, _without_comments(file.text)))


def _read_file(path: Path, name: str) -> SchemaFile:
    decoded = decode(path.read_bytes(), shipped_texts())
    if decoded.text is None:
        raise SchemaSetError(f"the schema is not readable: {decoded.faults[0].text}", place=place_of(name))
    text = _DECLARATION.sub(_blank_lines, decoded.text, count=1)
    text = _DOCTYPE.sub(_blank_lines, text, count=1)
    try:
        root = etree.fromstring(text, hardened_parser())
    except etree.XMLSyntaxError as error:
        place = place_of(name, error.lineno)
        raise SchemaSetError(f"the schema is not well formed: {error.msg}", place=place) from error
    if root.tag != f"{XS}schema":
        raise SchemaSetError(f"the file is not a schema: its root is {root.tag}", place=place_of(name, 1))
    namespace = root.get("targetNamespace") or ""
    own = f"{{{namespace}}}" if namespace else ""
    return SchemaFile(
        name,
        text,
        namespace,
        root.get("version") or "",
        frozenset(f"{own}{element.get('name')}" for element in root.iterchildren(f"{XS}element")),
        tuple(_links(root)),
        frozenset(_open_namespaces(root, namespace)),
    )


def _links(root: etree._Element) -> Iterator[Link]:
    for child in root.iter(f"{XS}import", f"{XS}include", f"{XS}redefine"):
        namespace = child.get("namespace") or "" if child.tag == f"{XS}import" else None
        yield Link(namespace, child.get("schemaLocation"))


def _open_namespaces(root: etree._Element, own: str) -> Iterator[str]:
    """Namespaces whose elements a strict wildcard asks for by name."""
    for wildcard in root.iter(f"{XS}any"):
        if wildcard.get("processContents", "strict") == "strict":
            names = (wildcard.get("namespace") or "##any").split()
            yield from (name for name in names if not name.startswith("##") and name != own)


def _blank_lines(match: re.Match[bytes]) -> bytes:
    """Nothing but the line ends, so that later lines keep their numbers."""
    return b"\n" * match[0].count(b"\n")


def _without_comments(text: bytes) -> bytes:
    return re.sub(rb"<!--.*?-->", _blank_lines, text, flags=re.DOTALL)


def _joined(folder: PurePosixPath, location: str) -> str:
    """`location` seen from `folder`, without `..`; a way out of the folder leads nowhere."""
    parts: list[str] = list(folder.parts)
    for part in PurePosixPath(location).parts:
        if part == "..":
            if not parts:
                return ""
            parts.pop()
        elif part != ".":
            parts.append(part)
    return "/".join(parts)


def _distance(one: str, two: str) -> int:
    first, second = one.split("/")[:-1], two.split("/")[:-1]
    shared = next((at for at, pair in enumerate(zip(first, second, strict=False)) if pair[0] != pair[1]), None)
    common = min(len(first), len(second)) if shared is None else shared
    return len(first) + len(second) - 2 * common


def _nearest(near: str, names: list[str]) -> str:
    return min(names, key=lambda name: (_distance(near, name), name))
