"""Official schema sets, registered by path: found by root element, mended where that is safe, compiled when needed.

A folder may hold several versions and variants of one root. An official schema is used for the schema set whose own
structure, as this project wrote it, it resembles most: a version stated in a file or a folder's name proves nothing.
"""

from __future__ import annotations

import itertools
import tempfile
import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING
from xml.sax.saxutils import quoteattr

from lxml import etree

from casrules.errors import SchemaSetError, place_of
from casrules.messages.family import SchemaSet
from casrules.messages.official_files import SchemaFile, SchemaFolder
from casrules.messages.reading import hardened_parser
from casrules.messages.schema_sets import CompiledSchema, ShippedSchemas
from casrules.messages.structures import Fact, structure_of

if TYPE_CHECKING:
    from xmlschema import XMLSchema10

MOST_CANDIDATES = 64


@dataclass(frozen=True, slots=True)
class Bundle:
    """The files that together make one root's schema: the one that declares the root, and those a wrapper adds."""

    main: str
    added: tuple[str, ...] = ()

    def __str__(self) -> str:
        """`main.xsd + added.xsd`."""
        return " + ".join((self.main, *self.added))


@dataclass(frozen=True)
class OfficialSets:
    """The schemas of one registered folder, with this project's own where the folder has none.

    `broken` in `files` are the files that cannot be used; what does not need them still works.
    """

    files: SchemaFolder
    shipped: ShippedSchemas | None = None
    _compiled: dict[tuple[str, str, str | None], CompiledSchema | None] = field(
        default_factory=dict, repr=False, compare=False
    )
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False, compare=False)

    @property
    def roots(self) -> frozenset[str]:
        """`{namespace}Name` of every element that a usable file declares at its top."""
        return frozenset(name for file in self.files.files.values() for name in file.elements)

    def find(self, schema_set: SchemaSet, root: str, table: str | None) -> CompiledSchema | None:
        """The official schema of a root in a set, else the shipped one. SchemaSetError if it cannot be compiled."""
        key = (schema_set.id, root, table)
        with self._lock:
            if key not in self._compiled:
                own = self.shipped.find(schema_set, root, table) if self.shipped else None
                bundles = self._choose(schema_set, root, table)
                self._compiled[key] = self._first_usable(bundles, own.labels if own else {}) or own
        return self._compiled[key]

    def _first_usable(self, bundles: Sequence[Bundle], labels: Mapping[str, str]) -> CompiledSchema | None:
        errors: list[SchemaSetError] = []
        for bundle in bundles:
            try:
                return self.compile(bundle, labels)
            except SchemaSetError as error:
                errors.append(error)
        if errors:
            raise errors[0]
        return None

    def _choose(self, schema_set: SchemaSet, root: str, table: str | None) -> list[Bundle]:
        """The bundles that are more like the set's own structure than like another set's, the best first."""
        bundles = list(itertools.islice(self._bundles(root), MOST_CANDIDATES))
        own = self.shipped.structure(schema_set.id, root, table) if self.shipped else frozenset()
        rivals = self.shipped.rivals(schema_set.id, root) if self.shipped else []
        if not own:
            if rivals:
                return []
            same = [bundle for bundle in bundles if self.files.files[bundle.main].version == schema_set.version]
            return same or bundles
        ranked: list[tuple[float, bool, Bundle]] = []
        for bundle in bundles:
            structure = self._structure(bundle, root)
            alike = _likeness(structure, own)
            stated = self.files.files[bundle.main].version == schema_set.version
            if not any(_likeness(structure, rival) > alike for rival in rivals):
                ranked.append((alike, stated, bundle))
        return [bundle for *_, bundle in sorted(ranked, key=lambda one: one[:2], reverse=True)]

    def _structure(self, bundle: Bundle, root: str) -> frozenset[Fact]:
        reached = self.files.reached(bundle.main, *bundle.added)
        return structure_of((self.files.document(name) for name in reached), root)

    def _bundles(self, root: str) -> Iterator[Bundle]:
        """Every way to make a schema of a root: wildcards that ask for a namespace get a file that has it."""
        for name, file in sorted(self.files.files.items()):
            if root not in file.elements:
                continue
            reached = [self.files.files[one] for one in self.files.reached(name)]
            missing = sorted(_missing(reached))
            choices = [self.files.providers(namespace, name) for namespace in missing]
            for added in itertools.product(*filter(None, choices)):
                if not self._clashes(name, *added):
                    yield Bundle(name, added)

    def _clashes(self, *names: str) -> bool:
        """Whether two of the files needed declare the same element: only one of them could be loaded."""
        declared = [name for one in self.files.reached(*names) for name in self.files.files[one].elements]
        return len(declared) != len(set(declared))

    def compile(self, bundle: Bundle, labels: Mapping[str, str] | None = None) -> CompiledSchema:
        """Compile one bundle; SchemaSetError with file and line if it is broken."""
        names = self.files.reached(bundle.main, *bundle.added)
        with tempfile.TemporaryDirectory(prefix="casrules-") as folder:
            wrapper = self._write(bundle, names, Path(folder))
            try:
                verdict = etree.XMLSchema(etree.parse(str(wrapper), hardened_parser()))
            except (etree.XMLSchemaParseError, etree.XMLSyntaxError) as error:
                raise self._error(error, names) from error

        def build() -> XMLSchema10:
            from xmlschema import XMLSchema10 as Structure

            with tempfile.TemporaryDirectory(prefix="casrules-") as folder:
                path = self._write(bundle, names, Path(folder))
                return Structure(str(path), allow="local", defuse="always")

        def compiled() -> etree.XMLSchema:
            with tempfile.TemporaryDirectory(prefix="casrules-") as folder:
                return etree.XMLSchema(etree.parse(str(self._write(bundle, names, Path(folder))), hardened_parser()))

        return CompiledSchema(f"official/{bundle}", verdict, build, compiled, labels or {})

    def _write(self, bundle: Bundle, names: Sequence[str], folder: Path) -> Path:
        """Write mended copies under plain names, and a wrapper over the bundle; the path of the wrapper."""
        numbers = {name: f"{number}.xsd" for number, name in enumerate(names)}
        for name, number in numbers.items():
            (folder / number).write_bytes(self.files.mended(name, numbers))
        links = "".join(_link(self.files.files[name], numbers[name]) for name in (bundle.main, *bundle.added))
        wrapper = folder / "wrapper.xsd"
        text = f'<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">{links}</xs:schema>'
        wrapper.write_text(text, encoding="utf-8")
        return wrapper

    def _error(self, error: etree.LxmlError, names: Sequence[str]) -> SchemaSetError:
        """libxml2's first complaint, with the name of the original file instead of the copy's."""
        log = list(getattr(error, "error_log", ()))
        placed = next((entry for entry in log if Path(entry.filename or "").stem.isdigit()), None)
        what = placed.message if placed else str(error)
        place = None
        if placed:
            place = place_of(names[int(Path(placed.filename).stem)], placed.line)
        remedy = "mend the schema file; messages were not checked against it"
        if self.files.broken:
            remedy += f"; also not usable: {next(iter(self.files.broken.values()))}"
        return SchemaSetError(f"the schema cannot be used: {what.strip()}", place=place, remedy=remedy)

    def check(self) -> list[SchemaSetError]:
        """Everything wrong with the folder: files that cannot be read, roots whose schema does not compile."""
        problems = dict.fromkeys(str(error) for error in self.files.broken.values())
        found = list(self.files.broken.values())
        for root in sorted(self.roots):
            try:
                for bundle in itertools.islice(self._bundles(root), 1):
                    self.compile(bundle)
            except SchemaSetError as error:
                if str(error) not in problems:
                    problems[str(error)] = None
                    found.append(error)
        return found


def register(folder: Path, shipped: ShippedSchemas | None = None) -> OfficialSets:
    """Register the schema sets below `folder`.

    Raises UsageError if there are none, and SchemaSetError, naming file and line, if no root can be used at all.
    """
    sets = OfficialSets(SchemaFolder.read(folder), shipped)
    if not sets.roots and sets.files.broken:
        raise next(iter(sets.files.broken.values()))
    errors: list[SchemaSetError] = []
    for root in sorted(sets.roots):
        try:
            if any(True for _ in sets._bundles(root)):
                return sets
        except SchemaSetError as error:
            errors.append(error)
    raise errors[0]


def _missing(reached: Sequence[SchemaFile]) -> set[str]:
    """Namespaces that strict wildcards ask for and that no reached file declares elements of."""
    having = {file.namespace for file in reached if file.elements}
    return {name for file in reached for name in file.open_namespaces if name not in having}


def _likeness(one: frozenset[Fact], two: frozenset[Fact]) -> float:
    return len(one & two) / len(one | two) if one | two else 0.0


def _link(file: SchemaFile, location: str) -> str:
    if not file.namespace:
        return f"<xs:include schemaLocation={quoteattr(location)}/>"
    return f"<xs:import namespace={quoteattr(file.namespace)} schemaLocation={quoteattr(location)}/>"
