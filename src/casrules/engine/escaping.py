"""Finds pairs of declaration and answer in a folder, by what they are and by their references, and measures them."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from casrules.alerts.escapes import AnsweredPair, measure_escapes
from casrules.errors import UsageError, place_of
from casrules.findings import Report
from casrules.findings.escapes import EscapeReport

SUFFIXES = (".xml", ".json", ".edi", ".txt")
_DAY = re.compile(r"20[0-9]{2}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1[0-9]|2[0-8])")
COLUMNS = ("declaration", "answer")
DECISIONS = ("accepted", "released", "registered", "rejected")


class Validate(Protocol):
    """Checks one declaration."""

    def __call__(self, source: Path, /, *, as_of: str | None = None) -> Report:
        """The report on the declaration at a path."""
        ...


class Decode(Protocol):
    """Decodes one answer."""

    def __call__(self, answer: Path, /, *, original: Path | None = None) -> Report:
        """The report on the answer at a path, beside its declaration."""
        ...


@dataclass(frozen=True)
class Pairing:
    """The pairs of a folder: (declaration, answer); `left_out` says which files are in none, and why."""

    pairs: tuple[tuple[Path, Path], ...]
    left_out: tuple[str, ...] = ()


@dataclass
class _Folder:
    """The files of a folder by what they are: declarations with LRN and MRN, answers with theirs."""

    declarations: list[tuple[Path, str, str]] = field(default_factory=list)
    answers: list[tuple[Path, str, str]] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)


def escapes_of(folder: Path, manifest: Path | None, validate: Validate, decode: Decode) -> EscapeReport:
    """The measure over the pairs of `folder`, or of `manifest`: CSV with the columns declaration and answer."""
    pairing = _listed(manifest, folder) if manifest is not None else _found(folder, validate, decode)
    pairs = (_pair(declaration, answer, folder, validate, decode) for declaration, answer in pairing.pairs)
    return measure_escapes(pairs, pairing.left_out)


def _pair(declaration: Path, answer: Path, folder: Path, validate: Validate, decode: Decode) -> AnsweredPair:
    """Both reports; without a date of its own the declaration is checked on the day of the answer."""
    answered = decode(answer, original=declaration)
    predicted = validate(declaration)
    told = answered.answer
    day = _DAY.match((told.decided or told.issued) if told else "")
    if predicted.as_of.date is None and day:
        predicted = validate(declaration, as_of=day[0])
    return AnsweredPair(_name(answer, folder), predicted, answered)


def _listed(manifest: Path, folder: Path) -> Pairing:
    try:
        rows = list(csv.DictReader(manifest.read_text(encoding="utf-8-sig").splitlines()))
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"the manifest cannot be read: {error}", place=place_of(manifest)) from None
    if not rows or not all(row.get(column) for row in rows for column in COLUMNS):
        raise UsageError(
            "the manifest needs the columns declaration and answer, filled in every row", place=place_of(manifest)
        )
    return Pairing(tuple((folder / row["declaration"], folder / row["answer"]) for row in rows))


def _found(folder: Path, validate: Validate, decode: Decode) -> Pairing:
    if not folder.is_dir():
        raise UsageError(f"{folder.as_posix()} is not a folder", remedy="name the folder of declarations and answers")
    files = _sorted(folder, validate, decode)
    pairs: list[tuple[Path, Path]] = []
    for answer, lrn, mrn in files.answers:
        declaration = _declaration(answer, (lrn, mrn), files, folder)
        if declaration is None:
            files.left_out.append(f"{_name(answer, folder)}: no declaration of this LRN or MRN")
        else:
            pairs.append((declaration, answer))
    return Pairing(tuple(pairs), tuple(files.left_out))


def _sorted(folder: Path, validate: Validate, decode: Decode) -> _Folder:
    found = _Folder()
    for path in sorted(folder.rglob("*")):
        if path.suffix.lower() not in SUFFIXES or not path.is_file():
            continue
        answer = decode(path)
        if answer.answer is not None and answer.answer.shape:
            if answer.answer.outcome in DECISIONS:
                found.answers.append((path, answer.document.lrn, answer.document.mrn))
            continue
        document = validate(path).document
        if document.role in ("declaration", "amendment", "notification", "invalidation"):
            found.declarations.append((path, document.lrn, document.mrn))
        else:
            found.left_out.append(f"{_name(path, folder)}: neither a declaration nor an answer that is known")
    return found


def _declaration(answer: Path, references: tuple[str, str], files: _Folder, folder: Path) -> Path | None:
    """The declaration an answer is about: of its LRN or MRN, the nearest; else the only one beside or above it."""
    lrn, mrn = references
    named = [
        path for path, its_lrn, its_mrn in files.declarations if (lrn and lrn == its_lrn) or (mrn and mrn == its_mrn)
    ]
    if named:
        return max(named, key=lambda path: (_shared_parts(path, answer), path.as_posix()))
    if lrn or mrn:
        return None
    for above in _up(answer, folder):
        beside = [path for path, *_ in files.declarations if path.parent == above]
        if beside:
            return beside[0] if len(beside) == 1 else None
    return None


def _shared_parts(one: Path, other: Path) -> int:
    pairs = zip(one.parts, other.parts, strict=False)
    return next((at for at, (left, right) in enumerate(pairs) if left != right), min(len(one.parts), len(other.parts)))


def _up(path: Path, folder: Path) -> Iterator[Path]:
    for above in path.parents:
        yield above
        if above == folder:
            return


def _name(path: Path, folder: Path) -> str:
    return path.relative_to(folder).as_posix() if path.is_relative_to(folder) else path.as_posix()
