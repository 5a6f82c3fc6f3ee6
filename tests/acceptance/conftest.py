"""What the acceptance tests share: one engine, and one report for every message of the corpus."""

from __future__ import annotations

import traceback
from dataclasses import dataclass
from pathlib import Path

import pytest

from casrules import Engine
from casrules.findings import Report

from .documents import CorpusFile, corpus_files


@dataclass(frozen=True)
class CorpusRun:
    """All messages of the corpus validated once, at the date each gives itself."""

    files: tuple[CorpusFile, ...]
    reports: dict[str, Report]
    exceptions: dict[str, str]


@pytest.fixture(scope="session")
def engine() -> Engine:
    """The engine with everything that ships."""
    return Engine()


@pytest.fixture(scope="session")
def corpus_run(corpus: Path, engine: Engine) -> CorpusRun:
    """A report (or the stack trace that must not be) for each message of the corpus."""
    reports: dict[str, Report] = {}
    exceptions: dict[str, str] = {}
    files = tuple(corpus_files(corpus))
    for file in files:
        try:
            reports[file.name] = engine.validate(file.path, rule_runs=True)
        except Exception:
            exceptions[file.name] = traceback.format_exc(limit=-3)
    return CorpusRun(files, reports, exceptions)
