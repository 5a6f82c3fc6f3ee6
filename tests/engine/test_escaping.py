"""Pairs of a folder, found by what files are and by their references."""

from __future__ import annotations

from pathlib import Path

import pytest

from casrules import Engine


@pytest.fixture
def declaration(repository: Path) -> bytes:
    return (repository / "examples/cds/import-h1-slips.xml").read_bytes()


@pytest.fixture
def answer(repository: Path) -> bytes:
    return (repository / "examples/answers/import-h1-slips.xml").read_bytes()


def _write(folder: Path, **files: bytes) -> None:
    folder.mkdir(exist_ok=True)
    for name, content in files.items():
        (folder / f"{name}.xml").write_bytes(content)


def test_names_do_not_matter_references_do(engine: Engine, tmp_path: Path, declaration: bytes, answer: bytes) -> None:
    other = declaration.replace(b"TERRA-25-07-0191", b"TERRA-25-07-0192")
    _write(tmp_path / "out", b=declaration, c=other)
    _write(tmp_path / "in", a=answer)
    report = engine.escapes(tmp_path)
    assert (report.pairs, report.rejected, report.predicted) == (1, 1, 4)


def test_an_answer_without_references_goes_to_the_only_declaration_beside_it(
    engine: Engine, tmp_path: Path, declaration: bytes, answer: bytes
) -> None:
    nameless = answer.replace(b"TERRA-25-07-0191", b"").replace(b"25GB7K2MRT0XQ4LBA5", b"")
    _write(tmp_path, a=nameless, b=declaration)
    assert engine.escapes(tmp_path).pairs == 1
    _write(tmp_path, c=declaration)
    assert engine.escapes(tmp_path).pairs == 0


def test_what_has_no_counterpart_is_left_out_and_told(
    engine: Engine, tmp_path: Path, declaration: bytes, answer: bytes
) -> None:
    _write(tmp_path, a=answer.replace(b"TERRA-25-07-0191", b"X"), b=declaration, c=b"<strange/>")
    report = engine.escapes(tmp_path)
    assert report.pairs == 0
    assert [text.partition(":")[0] for text in report.left_out] == ["c.xml", "a.xml"]


def test_the_measure_is_the_same_twice(engine: Engine, tmp_path: Path, declaration: bytes, answer: bytes) -> None:
    _write(tmp_path, a=answer, b=declaration)
    assert engine.escapes(tmp_path).to_json() == engine.escapes(tmp_path).to_json()
