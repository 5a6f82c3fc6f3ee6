"""Compiled schemas: for libxml2, which decides, and for xmlschema, which knows the structure when it must be told.

Each XSD is compiled once, when it is first needed, and shared by all threads.
"""

from __future__ import annotations

import csv
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from lxml import etree

from casrules.errors import SchemaSetError, place_of
from casrules.messages.data_file import read_data
from casrules.messages.family import SchemaSet
from casrules.messages.reading import hardened_parser
from casrules.messages.structures import Fact, structure_of

if TYPE_CHECKING:
    from xmlschema import XMLSchema10


@dataclass(frozen=True)
class CompiledSchema:
    """One root's schema. `labels` name elements whose names do not read by themselves.

    lxml keeps the last errors on the schema object, so threads that share one overwrite each other's: verdicts come
    from `verdict`, errors from `witness`, a second schema that is used under the `lock` alone.
    """

    id: str
    verdict: etree.XMLSchema
    build_model: Callable[[], XMLSchema10] = field(repr=False)
    build_witness: Callable[[], etree.XMLSchema] = field(repr=False)
    labels: Mapping[str, str] = field(default_factory=dict, repr=False)
    lock: threading.Lock = field(default_factory=threading.Lock, repr=False, compare=False)

    @cached_property
    def witness(self) -> etree.XMLSchema:
        """The schema whose errors may be read; built when a message fails for the first time, under the lock."""
        return self.build_witness()

    @cached_property
    def model(self) -> XMLSchema10:
        """The structure as xmlschema reads it; built when a message fails for the first time."""
        with self.lock:
            return self.__dict__.get("model") or self.build_model()


class Schemas(Protocol):
    """Where validation finds the schema of a message."""

    def find(self, schema_set: SchemaSet, root: str, table: str | None) -> CompiledSchema | None:
        """The schema of `{namespace}Root` in a set; None if the set does not have it.

        `table` tells several shapes of one root apart. Raises SchemaSetError if it cannot be compiled.
        """


@dataclass(frozen=True)
class ShippedSchemas:
    """The schemas that this project writes itself, from `schemas/tables` and `schemas/xsd`."""

    folder: Path
    _sets: dict[str, _ShippedSet | None] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def load(cls, folder: Path) -> ShippedSchemas:
        """The schemas below the folder `schemas`; compiled ones are shared per folder."""
        return _shipped(folder.resolve())

    def find(self, schema_set: SchemaSet, root: str, table: str | None) -> CompiledSchema | None:
        """The schema of a root in a set; None if the set is not here or lacks the root."""
        found = self._set(schema_set.id)
        return found.find(root, table) if found else None

    def structure(self, set_id: str, root: str, table: str | None) -> frozenset[Fact]:
        """The structure below a root in a set; empty if the set does not have it."""
        found = self._set(set_id)
        return found.structure(root, table) if found else frozenset()

    def rivals(self, set_id: str, root: str) -> list[frozenset[Fact]]:
        """The same for every other set that has the root."""
        others = sorted(path.name for path in (self.folder / "tables").iterdir() if path.name != set_id)
        return list(filter(None, (self.structure(other, root, None) for other in others)))

    def _set(self, set_id: str) -> _ShippedSet | None:
        if set_id not in self._sets:
            about = self.folder / "tables" / set_id / "set.yaml"
            self._sets[set_id] = _ShippedSet.read(about, self.folder) if about.is_file() else None
        return self._sets[set_id]


@cache
def _shipped(folder: Path) -> ShippedSchemas:
    return ShippedSchemas(folder)


@dataclass(frozen=True)
class _ShippedSet:
    """One set: which file has which root, in which shape."""

    id: str
    folder: Path
    namespaces: Mapping[str, str]
    files: Mapping[str, Mapping[str, Any]]
    labels: Mapping[str, str]
    _compiled: dict[str, CompiledSchema] = field(default_factory=dict, repr=False, compare=False)
    _found: dict[tuple[str, str | None], CompiledSchema | None] = field(default_factory=dict, repr=False, compare=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False, compare=False)

    @classmethod
    def read(cls, about: Path, folder: Path) -> _ShippedSet:
        read = read_data(about)
        labels: dict[str, str] = {}
        told = about.with_name("labels.csv")
        if told.is_file():
            with told.open(encoding="utf-8", newline="") as stream:
                labels = {row["element"]: row["label"] for row in csv.DictReader(stream)}
        xsd_folder = folder / "xsd" / about.parent.name
        return cls(about.parent.name, xsd_folder, read["namespaces"], read["schemas"], labels)

    def find(self, root: str, table: str | None) -> CompiledSchema | None:
        if (root, table) not in self._found:
            self._found[root, table] = self._compile(root, table)
        return self._found[root, table]

    def _compile(self, root: str, table: str | None) -> CompiledSchema | None:
        name = self._file(root, table)
        if name is None:
            return None
        with self._lock:
            if name not in self._compiled:
                path = self.folder / f"{name}.xsd"
                self._compiled[name] = compile_file(f"{self.id}/{name}", path, self.labels)
        return self._compiled[name]

    def structure(self, root: str, table: str | None) -> frozenset[Fact]:
        """The structure below a root, in the shape of `table`."""
        main = self._file(root, table)
        if main is None:
            return frozenset()
        waiting, files = [main], {main}
        while waiting:
            imported = set(self.files[waiting.pop()].get("imports") or ()) - files
            files |= imported
            waiting += imported
        paths = (self.folder / f"{name}.xsd" for name in sorted(files))
        return structure_of((etree.parse(str(path), hardened_parser()).getroot() for path in paths), root)

    def _file(self, root: str, table: str | None) -> str | None:
        """The file with this root: in the shape asked for, beside it, else the usual one."""
        having = [name for name, entry in self.files.items() if root in self._roots(entry)]
        shaped = [name for name, entry in self.files.items() if table in (entry.get("roots") or {}).values()]
        for name in shaped:
            beside = (name, *(self.files[name].get("imports") or ()))
            for one in beside:
                if one in having:
                    return str(one)
        usual = [name for name in having if not self.files[name].get("variant")]
        return next(iter(usual or having), None)

    def _roots(self, entry: Mapping[str, Any]) -> frozenset[str]:
        namespace = self.namespaces.get(entry.get("namespace") or "", "")
        names = entry.get("roots") or {}
        return frozenset(f"{{{namespace}}}{name}" if namespace else str(name) for name in names)


def compile_file(identifier: str, path: Path, labels: Mapping[str, str]) -> CompiledSchema:
    """Compile one XSD with all it includes; SchemaSetError with file and line if it is broken."""

    def compiled() -> etree.XMLSchema:
        return etree.XMLSchema(etree.parse(str(path), hardened_parser()))

    try:
        verdict = compiled()
    except (etree.XMLSyntaxError, etree.XMLSchemaParseError) as error:
        raise schema_error(path, error) from error

    def build() -> XMLSchema10:
        from xmlschema import XMLSchema10 as Structure

        return Structure(str(path), allow="local", defuse="always")

    return CompiledSchema(identifier, verdict, build, compiled, labels)


def schema_error(path: Path | str, error: etree.LxmlError) -> SchemaSetError:
    """What libxml2 says against a schema, with the place of its first error."""
    first = next(iter(error.error_log), None)  # type: ignore[call-overload]
    line = first.line if first is not None and first.line > 0 else None
    return SchemaSetError(
        f"the schema cannot be used: {str(error).strip()}",
        place=place_of(path, line),
        remedy="mend or replace the schema file; the message was not checked",
    )
