"""The documents of the acceptance tests: real messages of the corpus, and the examples of the repository."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

CORPUS_FOLDERS = ("eu/messages", "uk/messages")
ANSWERS = "answers"
ANSWER_KEY = ".expected.xml"
"""The end of a file name that holds what a customs test expects, and is no message."""


@dataclass(frozen=True)
class CorpusFile:
    """One message of the corpus: its path below the corpus, and the set (folder) it is from."""

    path: Path
    name: str

    @property
    def set(self) -> str:
        """The folder of the collection it belongs to: `ncts5_testpack_v7`, `tt4_2`."""
        return self.name.split("/")[2]


def corpus_files(corpus: Path) -> list[CorpusFile]:
    """Every XML and JSON message of the corpus, sorted."""
    found = (path for folder in CORPUS_FOLDERS for path in (corpus / folder).rglob("*") if _is_message(path))
    return [CorpusFile(path, path.relative_to(corpus).as_posix()) for path in sorted(found)]


def example_files(repository: Path) -> list[Path]:
    """Every example message of the repository, sorted; answers are not among them."""
    found = (path for path in (repository / "examples").rglob("*") if path.suffix in {".xml", ".json"})
    return sorted(path for path in found if path.parent.name != ANSWERS)


def example_answers(repository: Path) -> list[tuple[Path, Path]]:
    """Every example answer in XML with the message of the same name that it answers, sorted."""
    answers = sorted((repository / "examples" / ANSWERS).glob("*.xml"))
    return [
        (answer, next(path for path in example_files(repository) if path.name == answer.name)) for answer in answers
    ]


def rows(path: Path) -> Iterator[dict[str, str]]:
    """The rows of one of the corpus's tables."""
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def _is_message(path: Path) -> bool:
    return path.suffix in {".xml", ".json"} and not path.name.endswith(ANSWER_KEY)
