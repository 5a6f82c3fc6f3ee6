"""Packs compiled to one file of plain data: what reading YAML and checking rules gave, guarded by digests.

A pack or a rule is taken from the file only where the bytes of the pack, the dictionary and the language are those it
was made from; everything else is read anew. The file is two lines of JSON: reading it executes nothing. The second has
the trees of all checked rules, which are made when the first is asked for; the first has its digest.
"""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path
from typing import Any, Final

import casrules
from casrules.collecting import collector_paused
from casrules.dictionary import Dictionary
from casrules.errors import PackError, Place, place_of
from casrules.language import CheckedRule
from casrules.limits import DEFAULT_LIMITS, Limits
from casrules.packs.checked_data import CheckedReader, CheckedWriter, shape
from casrules.packs.decisions import Row
from casrules.packs.loading import Pack, PackedRule, build_pack, load_pack
from casrules.packs.raw import RawPack, digest_of, pack_files, read_pack
from casrules.packs.yaml_lines import Lines
from casrules.resources import rulesets_folder, schemas_folder

COMPILED_FILE: Final = "compiled.json"
FORMAT: Final = 2
_ROOMS: Final = ("dictionary", "language", "packs")


@dataclass(frozen=True, slots=True)
class CheckedEntry:
    """A rule as it was checked: with these parameters and message families."""

    packed: PackedRule
    families: frozenset[str]
    checked: CheckedRule
    computations: Mapping[str, CheckedRule]


@dataclass(frozen=True)
class KeptRule:
    """A checked rule of a compiled file, made when it is asked for."""

    entry: Mapping[str, Any]
    compiled: CompiledPacks

    @cached_property
    def checked(self) -> CheckedRule:
        """The checked rule."""
        return self.compiled.reader.rule(self.entry["checked"])

    @cached_property
    def computations(self) -> dict[str, CheckedRule]:
        """The checked expressions of its fixes."""
        return {text: self.compiled.reader.rule(number) for text, number in self.entry["computations"].items()}


@dataclass(frozen=True)
class CompiledPacks:
    """A compiled file that is current. Safe to share between threads."""

    packs: Mapping[str, Any]
    rules: Mapping[str, Any]
    rows: bytes
    dictionary: Dictionary
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False, compare=False)
    _kept: list[CheckedReader] = field(default_factory=list, repr=False, compare=False)

    @property
    def reader(self) -> CheckedReader:
        """What makes the checked rules; made once."""
        with self._lock:
            if not self._kept:
                with collector_paused():
                    self._kept.append(CheckedReader(json.loads(self.rows), self.dictionary))
            return self._kept[0]

    def pack(self, folder: Path, limits: Limits = DEFAULT_LIMITS) -> Pack | None:
        """The pack in `folder`, if its files are, byte for byte, what was compiled."""
        files = {name: (folder / name).read_bytes() for name in pack_files(folder, limits)}
        found = self.packs.get(digest_of(files))
        return build_pack(_raw(found, folder)) if found is not None else None

    def find(self, packed: PackedRule, families: frozenset[str], code_lists: Collection[str]) -> KeptRule | None:
        """The checked rule and the checked expressions of its fixes; None where they were not compiled like this.

        `code_lists` are those that exist: a rule that uses another one is to be checked again.
        """
        entry = self.rules.get(packed.id)
        if entry is None or entry["pack"] != packed.pack_digest:
            return None
        if entry["params"] != packed.rule.params or entry["families"] != sorted(families):
            return None
        if not all(name in code_lists for name in entry["lists"]):
            return None
        return KeptRule(entry, self)


def load_packs(folders: Sequence[Path], compiled: CompiledPacks | None, limits: Limits = DEFAULT_LIMITS) -> list[Pack]:
    """The packs in `folders`, from `compiled` where it has them as they are now."""
    found = (compiled.pack(folder, limits) if compiled is not None else None for folder in folders)
    return [pack or load_pack(folder, limits) for folder, pack in zip(folders, found, strict=True)]


def shipped_compiled(dictionary: Dictionary) -> CompiledPacks | None:
    """The file compiled when the library was built; None where there is none or it is out of date."""
    return read_compiled(rulesets_folder() / COMPILED_FILE, dictionary)


def read_compiled(path: Path, dictionary: Dictionary) -> CompiledPacks | None:
    """The compiled file at `path`; None where there is none, or it is not one of this library and dictionary."""
    try:
        head, _, rows = path.read_bytes().partition(b"\n")
        content = json.loads(head)
        if content["guard"] != guard() or content["rows"] != hashlib.sha256(rows).hexdigest():
            return None
        return CompiledPacks(content["packs"], content["rules"], rows, dictionary)
    except (OSError, ValueError, KeyError, TypeError, RecursionError):  # DataError is a ValueError
        return None


def compiled_text(packs: Iterable[Pack], entries: Iterable[CheckedEntry]) -> str:
    """The compiled file of `packs`, whose files must not have changed since they were loaded."""
    raws = {pack.digest: read_pack(pack.folder) for pack in packs}
    for digest, raw in raws.items():
        if raw.digest != digest:
            raise PackError("the pack has changed meanwhile", place=place_of(raw.folder), remedy="load it again")
    writer = CheckedWriter()
    rules = {entry.packed.id: _entry_data(entry, writer) for entry in entries if _keepable(entry, raws)}
    rows = _json(writer.rows) + "\n"
    content = {
        "guard": guard(),
        "packs": {digest: _raw_data(raws[digest]) for digest in sorted(raws)},
        "rules": rules,
        "rows": hashlib.sha256(rows.encode("ascii")).hexdigest(),
    }
    return f"{_json(content)}\n{rows}"


def _json(content: Any) -> str:
    return json.dumps(content, ensure_ascii=True, separators=(",", ":"), check_circular=False)


@cache
def guard() -> str:
    """What a compiled file depends on besides the packs: version and code of the library, tables of the dictionary."""
    package = Path(__file__).resolve().parents[1]
    sources = {
        f"{room}/{path.name}": path.read_bytes() for room in _ROOMS for path in sorted((package / room).glob("*.py"))
    }
    tables = {path.name: path.read_bytes() for path in (schemas_folder() / "dictionary").glob("*.csv")}
    parts = f"{FORMAT}|{casrules.__version__}|{shape()}|{digest_of(sources)}|{digest_of(tables)}"
    return hashlib.sha256(parts.encode()).hexdigest()


def _keepable(entry: CheckedEntry, raws: Mapping[str, RawPack]) -> bool:
    """Whether what the rule was checked against is all in the compiled packs: its pack, and the tables it looks up."""
    raw = raws.get(entry.packed.pack_digest)
    return raw is not None and entry.checked.tables <= raw.tables.keys()


def _entry_data(entry: CheckedEntry, writer: CheckedWriter) -> dict[str, Any]:
    return {
        "pack": entry.packed.pack_digest,
        "params": entry.packed.rule.params,
        "families": sorted(entry.families),
        "lists": sorted(entry.checked.code_lists),
        "checked": writer.add(entry.checked),
        "computations": {text: writer.add(checked) for text, checked in entry.computations.items()},
    }


def _raw_data(raw: RawPack) -> dict[str, Any]:
    return {
        "manifest": _lines_data(raw.manifest),
        "topics": {name: _lines_data(lines) for name, lines in raw.topics.items()},
        "decisions": {name: [[row.cells, row.place.line] for row in rows] for name, rows in raw.decisions.items()},
        "tables": raw.tables,
        "translations": {name: _lines_data(lines) for name, lines in raw.translations.items()},
        "digest": raw.digest,
    }


def _lines_data(lines: Lines) -> list[Any]:
    return [lines.content, lines.numbers]


def _raw(data: Any, folder: Path) -> RawPack:
    def lines(name: str, entry: Any) -> Lines:
        return Lines((folder / name).as_posix(), entry[0], tuple(entry[1]))

    def rows(name: str, entries: Any) -> tuple[Row, ...]:
        file = (folder / "decisions" / name).as_posix()
        return tuple(Row(cells, Place(file, line)) for cells, line in entries)

    return RawPack(
        folder=folder,
        digest=data["digest"],
        manifest=lines("pack.yaml", data["manifest"]),
        topics={name: lines(name, entry) for name, entry in data["topics"].items()},
        decisions={name: rows(name, entries) for name, entries in data["decisions"].items()},
        tables=data["tables"],
        translations={name: lines(name, entry) for name, entry in data["translations"].items()},
    )
