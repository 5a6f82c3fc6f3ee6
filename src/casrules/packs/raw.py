"""A pack as it stands in its files, before anything is made of it: plain data with lines, and its digest."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from casrules.errors import PackError, place_of
from casrules.limits import DEFAULT_LIMITS, Limits
from casrules.packs.decisions import Row, read_csv_rows
from casrules.packs.tables import Table, read_table
from casrules.packs.translations import translated_topic
from casrules.packs.yaml_lines import Lines
from casrules.packs.yaml_text import parse_yaml, read_text

MANIFEST = "pack.yaml"
TABLES = "tables"
DECISIONS = "decisions"
_KNOWN = (
    "a pack holds pack.yaml, topic files *.yaml, their texts in other languages (masses.de.yaml), "
    "and the folders tables and decisions"
)


@dataclass(frozen=True, slots=True)
class RawPack:
    """The files of a pack, read: manifest, topics and translations by file name, rows of decision tables, tables."""

    folder: Path
    digest: str
    manifest: Lines
    topics: Mapping[str, Lines]
    decisions: Mapping[str, tuple[Row, ...]]
    tables: Mapping[str, Table]
    translations: Mapping[str, Lines] = field(default_factory=dict)


def read_pack(folder: Path, limits: Limits = DEFAULT_LIMITS) -> RawPack:
    """Read all files of the pack in `folder`; PackError with file and line for what cannot be read or nobody loads."""
    texts = {name: read_text(folder / name, limits) for name in pack_files(folder, limits)}

    def yaml(name: str) -> Lines:
        return parse_yaml(texts[name], folder / name, limits).lines

    def place(name: str) -> str:
        return place_of(folder / name).file

    return RawPack(
        folder=folder,
        digest=digest_of({name: text.encode() for name, text in texts.items()}),
        manifest=yaml(MANIFEST),
        topics={name: yaml(name) for name in texts if _is_topic(name)},
        decisions={
            name.removeprefix(f"{DECISIONS}/"): tuple(read_csv_rows(texts[name], place(name)))
            for name in texts
            if name.startswith(f"{DECISIONS}/")
        },
        tables={
            Path(name).stem: read_table(texts[name], place(name)) for name in texts if name.startswith(f"{TABLES}/")
        },
        translations={name: yaml(name) for name in texts if translated_topic(name)},
    )


def pack_files(folder: Path, limits: Limits = DEFAULT_LIMITS) -> list[str]:
    """The names of a pack's files, relative to its folder, sorted; PackError for a file that nobody loads."""
    if not (folder / MANIFEST).is_file():
        remedy = f"a pack is a folder with a {MANIFEST}"
        raise PackError(f"{folder.name} is not a rule pack", place=place_of(folder), remedy=remedy)
    found = sorted(_walk(folder))
    total = sum((folder / name).stat().st_size for name in found)
    if total > limits.pack_bytes:
        raise PackError(
            f"the pack has {total:,} bytes, more than the {limits.pack_bytes:,} allowed",
            place=place_of(folder),
            remedy="split the pack, or raise limits.pack_bytes",
        )
    return found


def digest_of(files: Mapping[str, bytes]) -> str:
    """The sha256 over names and bytes of files; it changes whenever a byte, a name or the number of files does."""
    total = hashlib.sha256()
    for name in sorted(files):
        total.update(f"{name}\0{len(files[name])}\0".encode())
        total.update(files[name])
    return total.hexdigest()


def pack_folders(root: Path) -> list[Path]:
    """The folders below `root` that hold a pack, in order of name."""
    return sorted(path.parent for path in root.rglob(MANIFEST))


def _is_topic(name: str) -> bool:
    return name != MANIFEST and "/" not in name and name.endswith(".yaml") and name.count(".") == 1


def _is_translation(path: Path) -> bool:
    found = translated_topic(path.name)
    if found is None or found[0] == MANIFEST:
        return False
    if not path.with_name(found[0]).is_file():
        raise _stranger(path, f"texts in another language stand beside their topic file, and there is no {found[0]}")
    return True


def _walk(folder: Path) -> Iterator[str]:
    for path in folder.iterdir():
        if path.name.startswith("."):
            continue
        if path.is_dir():
            yield from _below(path)
        elif _is_topic(path.name) or path.name == MANIFEST or _is_translation(path):
            yield path.name
        else:
            raise _stranger(path, _KNOWN)


def _below(folder: Path) -> Iterator[str]:
    if folder.name not in (TABLES, DECISIONS):
        if not pack_folders(folder):
            raise _stranger(folder, "a folder inside a pack is tables, decisions, or another pack")
        return
    for path in folder.iterdir():
        if path.suffix != ".csv":
            raise _stranger(path, f"the folder {folder.name} holds CSV files")
        yield f"{folder.name}/{path.name}"


def _stranger(path: Path, remedy: str) -> PackError:
    return PackError(f"nobody loads {path.name}", place=place_of(path), remedy=remedy)
