"""Equal bytes, packs and date give an equal report, byte by byte: whatever the hash seed, threads, order or company."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from casrules import Engine
from casrules.findings import Report

from ..conftest import CORPUS
from .documents import corpus_files, example_files

EVERY = 200
THREADS = 8


@pytest.fixture(scope="module")
def documents(repository: Path) -> list[Path]:
    """All examples and, where the corpus is, a part of it."""
    sampled = [file.path for file in corpus_files(CORPUS)][::EVERY] if CORPUS.is_dir() else []
    return [*example_files(repository), *sampled]


@pytest.fixture(scope="module")
def singles(documents: list[Path], engine: Engine) -> list[str]:
    """The canonical report of each document."""
    return [engine.validate(path, rule_runs=True).to_json() for path in documents]


@pytest.fixture(scope="module")
def digests(documents: list[Path]) -> list[str]:
    return run("0", "given", documents)


def run(seed: str, order: str, documents: list[Path]) -> list[str]:
    """The digests of the reports as another process makes them."""
    command = [sys.executable, str(Path(__file__).with_name("digest_run.py")), order, *map(str, documents)]
    environment = {**os.environ, "PYTHONHASHSEED": seed}
    done = subprocess.run(command, capture_output=True, text=True, timeout=200, check=False, env=environment)
    assert done.returncode == 0, done.stderr[-2_000:]
    return done.stdout.split()


@pytest.mark.parametrize(("seed", "order"), [("random", "given"), ("1", "reversed")])
def test_neither_hash_seed_nor_order_of_packs_changes_anything(
    seed: str, order: str, documents: list[Path], digests: list[str]
) -> None:
    assert len(digests) == len(documents)
    assert differing(documents, digests, run(seed, order, documents)) == []


def test_threads_change_nothing(documents: list[Path], singles: list[str]) -> None:
    """A new engine for many threads at once: they race to prepare what each message needs."""
    shared = Engine()
    jobs = [(at, path) for at, path in enumerate(documents) for _ in range(3)]
    random.Random(7).shuffle(jobs)
    with ThreadPoolExecutor(THREADS) as pool:
        reports = pool.map(lambda job: shared.validate(job[1], rule_runs=True).to_json(), jobs)
        wrong = [path.name for (at, path), text in zip(jobs, reports, strict=True) if text != singles[at]]
    assert wrong == []


def test_a_batch_gives_what_each_document_gives_alone(documents: list[Path], engine: Engine) -> None:
    backwards = [*reversed(documents)]
    batch = [report.to_json() for report in Engine().validate_many(backwards)]
    alone = [engine.validate(path).to_json() for path in backwards]
    assert differing(backwards, batch, alone) == []


def test_other_documents_before_change_nothing(repository: Path) -> None:
    """A new engine for each of a few documents gives what one engine gives after all the others."""
    paths = example_files(repository)[::9]
    assert [Engine().validate(path).to_json() for path in paths] == [
        report.to_json() for report in Engine().validate_many(paths)
    ]


def test_a_report_reads_back_as_itself(singles: list[str]) -> None:
    again = [Report.from_json(text).to_json() for text in singles]
    assert again == singles


def differing(documents: list[Path], one: list[str], other: list[str]) -> list[str]:
    """The names of the documents whose reports differ."""
    return [path.name for path, left, right in zip(documents, one, other, strict=True) if left != right]
