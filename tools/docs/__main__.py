"""`python -m tools.docs` (or `make docs`): writes what is written from the library; prints the files that changed."""

from __future__ import annotations

import os
from pathlib import Path

from .console import refreshed
from .reference import pages
from .walkthrough import walked

ROOT = Path(__file__).resolve().parents[2]


def documents() -> list[Path]:
    """The Markdown files written by hand."""
    return [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]


def main() -> None:
    """Bring every file up to date."""
    os.chdir(ROOT)
    for name, text in pages().items():
        _write(ROOT / "docs" / "reference" / name, text)
    for path in documents():
        text = path.read_text(encoding="utf-8")
        _write(path, walked(text, ROOT) if path.name.startswith("tutorial-") else refreshed(text))


def _write(path: Path, text: str) -> None:
    if not path.is_file() or path.read_text(encoding="utf-8") != text:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        print(path.relative_to(ROOT).as_posix())


if __name__ == "__main__":
    main()
