"""Fixtures shared by all tests: where the repository and, if present, the corpus of real messages are."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[1]
CORPUS = Path(os.environ.get("CASRULES_CORPUS", REPOSITORY.parent / "shared" / "corpus"))


@pytest.fixture(scope="session")
def repository() -> Path:
    """The repository's root folder."""
    return REPOSITORY


@pytest.fixture(scope="session")
def corpus() -> Path:
    """The folder of real messages; the test is skipped where it is absent."""
    if not CORPUS.is_dir():
        pytest.skip(f"the corpus of real messages is not at {CORPUS.name}/ beside the project")
    return CORPUS
