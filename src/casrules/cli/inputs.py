"""The documents a command is asked to read: files, folders, standard input."""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from casrules.limits import DEFAULT_LIMITS, Limits

SUFFIXES = (".xml", ".json")
ANSWERS = (*SUFFIXES, ".edi", ".edifact", ".txt", ".http", ".log")
"""Of answers; what customs, ports and transports send is not always XML."""
STDIN = "-"


@dataclass(frozen=True, slots=True)
class Inputs:
    """Names of documents in order, and for each kind of file left out in folders, how many there were."""

    names: tuple[str, ...]
    skipped: tuple[tuple[str, int], ...] = ()

    @property
    def skipped_text(self) -> str:
        """`skipped 3 files: 2 .pdf, 1 without suffix`; empty where nothing was."""
        total = sum(number for _, number in self.skipped)
        kinds = ", ".join(f"{number} {suffix or 'without suffix'}" for suffix, number in self.skipped)
        return f"skipped {total} {'file' if total == 1 else 'files'}: {kinds}" if total else ""


def collect(sources: Sequence[str], suffixes: Sequence[str] = SUFFIXES) -> Inputs:
    """Files as they are named, folders by the files with one of the suffixes below them (hidden ones left out), sorted.

    Nothing is opened; a file named twice is read once.
    """
    names: dict[str, None] = {}
    skipped: Counter[str] = Counter()
    for source in sources:
        if source != STDIN and Path(source).is_dir():
            for path in _below(Path(source)):
                if path.suffix.lower() in suffixes:
                    names[str(path)] = None
                else:
                    skipped[path.suffix.lower()] += 1
        else:
            names[source] = None
    return Inputs(tuple(names), tuple(sorted(skipped.items())))


def _below(folder: Path) -> Iterable[Path]:
    for place, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(files):
            if not name.startswith("."):
                yield Path(place, name)


def read(name: str, limits: Limits = DEFAULT_LIMITS) -> bytes:
    """The bytes of a document: one more than allowed at most, so that the engine can say it is too long.

    Raises OSError where the file cannot be opened or read.
    """
    most = limits.message_bytes + 1
    if name == STDIN:
        return sys.stdin.buffer.read(most)
    with Path(name).open("rb") as stream:
        return stream.read(most)


def shown_name(name: str) -> str:
    """The name a report carries, with forward slashes."""
    return "<stdin>" if name == STDIN else Path(name).as_posix()
