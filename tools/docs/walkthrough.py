"""Tutorials: pages whose blocks are done one after the other in a fresh folder, as a reader would.

A `yaml` block whose first line is `# folder/file` is written to that file; a `diff` block with such a line changes it;
console blocks run there and get their output. The repository's examples are there, too.
"""

from __future__ import annotations

import contextlib
import re
import shlex
import shutil
import tempfile
from pathlib import Path

from .console import refreshed

STEP = re.compile(r"^```(?P<kind>console|yaml|diff)[^\n]*\n(?P<body>.*?)^```$", re.M | re.S)
FILE = re.compile(r"# (?P<file>[\w./-]+)\n")


def walked(text: str, repository: Path) -> str:
    """The page with the output of its commands as it is now, every step done in the page's order."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        shutil.copytree(repository / "examples", folder / "examples")
        with contextlib.chdir(folder):
            return STEP.sub(lambda step: _done(step["kind"], step["body"], step[0]), text)


def _done(kind: str, body: str, whole: str) -> str:
    if kind == "console":
        return _run(whole)
    head = FILE.match(body)
    if head is None:
        return whole
    path = Path(head["file"])
    if kind == "yaml":
        path.write_text(body, encoding="utf-8")
    else:
        path.write_text(_changed(path.read_text(encoding="utf-8"), body[head.end() :]), encoding="utf-8")
    return whole


def _run(block: str) -> str:
    copy = re.search(r"^\$ cp -r (.*)$", block, re.M)
    if copy is None:
        return refreshed(block)
    shutil.copytree(*shlex.split(copy[1]))
    return block


def _changed(text: str, difference: str) -> str:
    """The text with the lines of the difference; its first column is space, - or +."""
    lines = difference.splitlines(keepends=True)
    before = "".join(line[1:] for line in lines if line[0] != "+")
    after = "".join(line[1:] for line in lines if line[0] != "-")
    if text.count(before) != 1:
        raise ValueError(f"the change fits in {text.count(before)} places: {before}")
    return text.replace(before, after)
