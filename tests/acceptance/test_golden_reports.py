"""The canonical reports of the example messages, kept beside this file.

After a change that is meant, `CASRULES_WRITE_GOLDEN=1 pytest tests/acceptance/test_golden_reports.py` writes them
anew: read the difference before you keep it.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from casrules import Engine

from ..conftest import REPOSITORY
from .documents import example_answers, example_files

GOLDEN = Path(__file__).with_name("golden")
AS_OF = "2025-06-01"
"""The date of examples that give none themselves."""
EXAMPLES = example_files(REPOSITORY)
NO_MESSAGES = {".py", ".md", ".csv", ".yaml"}
REGENERATE = bool(os.environ.get("CASRULES_WRITE_GOLDEN"))


def name_of(path: Path) -> str:
    return path.relative_to(REPOSITORY / "examples").as_posix().replace("/", "__") + ".json"


def report_of(engine: Engine, path: Path) -> dict[str, Any]:
    """The canonical report without what changes at every release: tool and packs, with their versions and digests."""
    content = path.read_bytes()
    report = engine.validate(content)
    if report.as_of.date is None and report.document.family:
        report = engine.validate(content, as_of=AS_OF)
    found: dict[str, Any] = json.loads(report.to_json())
    found["tool"]["version"] = ""
    found["packs"] = []
    return found


@pytest.mark.parametrize("path", EXAMPLES, ids=[name_of(path) for path in EXAMPLES])
def test_an_example_gives_its_kept_report(engine: Engine, path: Path) -> None:
    golden = GOLDEN / name_of(path)
    text = json.dumps(report_of(engine, path), indent=1, sort_keys=True) + "\n"
    if REGENERATE:
        golden.write_text(text, encoding="utf-8")
    assert golden.is_file(), "no report is kept for this example: see the head of this file"
    assert text == golden.read_text(encoding="utf-8")


def test_every_kept_report_has_its_example() -> None:
    kept = {path.name for path in GOLDEN.iterdir()}
    assert kept - {name_of(path) for path in EXAMPLES} == set()


def test_every_file_among_the_examples_is_a_message_or_known() -> None:
    files = [
        path for path in (REPOSITORY / "examples").rglob("*") if path.is_file() and "__pycache__" not in path.parts
    ]
    read = {*EXAMPLES, *(answer for answer, _ in example_answers(REPOSITORY))}
    pages = "".join(page.read_text(encoding="utf-8") for page in (REPOSITORY / "docs").glob("*.md"))
    told = {path for path in files if path.relative_to(REPOSITORY).as_posix() in pages}  # their commands are run
    unknown = [path for path in files if path not in read | told and path.suffix not in NO_MESSAGES]
    assert unknown == [], "the examples have a file that no test reads"


@pytest.mark.parametrize("path", EXAMPLES, ids=[name_of(path) for path in EXAMPLES])
def test_an_example_does_what_its_name_says(engine: Engine, path: Path) -> None:
    report = report_of(engine, path)
    outcome, errors = report["verdict"]["outcome"], report["totals"]["errors"]
    if "slips" in path.name or path.parent.name == "broken":
        assert outcome == "reject"
        assert errors
    else:
        assert outcome == "accept", report["verdict"]
    if path.parent.name != "broken":
        assert report["document"]["family"], "an example that nobody recognises"
