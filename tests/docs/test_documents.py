"""The documentation is true: its Python runs, its command output is what commands print, its links lead somewhere."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT)) if str(ROOT) not in sys.path else None

from tools.docs.console import refreshed  # noqa: E402
from tools.docs.reference import pages  # noqa: E402
from tools.docs.walkthrough import walked  # noqa: E402

DOCUMENTS = [ROOT / "README.md", ROOT / "examples" / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
PYTHON = re.compile(r"^```python\n(.*?)^```$", re.M | re.S)
LINK = re.compile(r"(?<!!)\[[^\]]+\]\(([^)\s]+)\)")
FENCED = re.compile(r"^```.*?^```$", re.M | re.S)
HOST_PATH = re.compile(r"/(?:work|tmp|root|home)/\w+")


def names(paths: list[Path]) -> list[str]:
    return [path.relative_to(ROOT).as_posix() for path in paths]


@pytest.fixture(autouse=True)
def _in_the_repository(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)


BY_ITSELF = {ROOT / "docs" / "rule-packs.md"}
"""Its code needs the files that the page shows: tests/packs/test_docs.py writes them first."""
WITH_PYTHON = [path for path in DOCUMENTS if path not in BY_ITSELF and PYTHON.search(path.read_text(encoding="utf-8"))]
TUTORIALS = [path for path in DOCUMENTS if path.name.startswith("tutorial-")]
WITH_CONSOLE = [
    path for path in DOCUMENTS if path not in TUTORIALS and "```console" in path.read_text(encoding="utf-8")
]


def test_documents_have_code_to_run() -> None:
    assert {"README.md", "docs/validate.md"} <= {*names(WITH_PYTHON)} & {*names(WITH_CONSOLE)}


@pytest.mark.parametrize("path", WITH_PYTHON, ids=names(WITH_PYTHON))
def test_python_runs(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = path.read_text(encoding="utf-8")
    scope: dict[str, Any] = {"__name__": "document"}
    for block in PYTHON.finditer(text):
        line = text.count("\n", 0, block.start(1))
        exec(compile("\n" * line + block[1], str(path), "exec"), scope)
        written, expected = capsys.readouterr().out.split(), list(promised(block[1]))
        assert not expected or written == expected, f"line {line + 1}"


def promised(code: str) -> Iterator[str]:
    """The words after `# prints:` are what the block's `print` calls write."""
    for comment in re.finditer(r"# prints: (.*)$", code, re.M):
        yield from comment[1].split()


@pytest.mark.parametrize("path", WITH_CONSOLE, ids=names(WITH_CONSOLE))
def test_command_output_is_current(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert refreshed(text) == text, "run make docs"


@pytest.mark.parametrize("path", TUTORIALS, ids=names(TUTORIALS))
def test_tutorials_can_be_followed(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert walked(text, ROOT) == text, "run make docs"


def test_reference_pages_are_current() -> None:
    for name, text in pages().items():
        assert (ROOT / "docs" / "reference" / name).read_text(encoding="utf-8") == text, f"{name}: run make docs"


@pytest.mark.parametrize("path", DOCUMENTS, ids=names(DOCUMENTS))
def test_links_lead_somewhere(path: Path) -> None:
    text = FENCED.sub("", path.read_text(encoding="utf-8"))
    for target in LINK.findall(text):
        if re.match(r"[a-z]+:", target):
            continue
        file, _, anchor = target.partition("#")
        there = (path.parent / file).resolve() if file else path
        assert there.exists(), f"{target} leads nowhere"
        if anchor and there.suffix == ".md":
            assert anchor in anchors(there), f"{target}: no such heading"


def anchors(path: Path) -> set[str]:
    text = FENCED.sub("", path.read_text(encoding="utf-8"))
    headings = re.findall(r"^#+ (.*)$", text, re.M)
    return {re.sub(r"[^\w\- ]", "", heading).strip().lower().replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("path", DOCUMENTS, ids=names(DOCUMENTS))
def test_no_path_of_a_machine(path: Path) -> None:
    assert not HOST_PATH.search(path.read_text(encoding="utf-8"))
