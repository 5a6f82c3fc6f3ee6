"""Console blocks of Markdown files: their commands are run, their output is written below them.

    ```console lines=20
    $ casrules check examples/ncts/cc015c-slips.xml
    ```

`lines=N` shows the first N lines of each output and `…` for the rest; `compact` leaves
empty fields and digests out of JSON.
Commands run in this process with the repository as working folder, without a terminal: 100 characters, no colours.
"""

from __future__ import annotations

import contextlib
import io
import json
import re
import shlex
from collections.abc import Iterator
from typing import Any

from casrules.cli import main

BLOCK = re.compile(r"^```console(?P<info>[^\n]*)\n(?P<body>.*?)^```$", re.M | re.S)
MORE = "…"
DIGESTS = ("digest", "fingerprint", "sha256")


def refreshed(text: str) -> str:
    """The Markdown text with the output of every console block as it is now."""
    return BLOCK.sub(lambda block: _block(block["info"], block["body"]), text)


def _block(info: str, body: str) -> str:
    lines = [line for command in _commands(body) for line in (f"$ {command}", *_shown(output(command), info))]
    return "\n".join([f"```console{info}", *lines, "```"])


def _commands(body: str) -> Iterator[str]:
    return (line.removeprefix("$ ") for line in body.splitlines() if line.startswith("$ "))


def output(command: str) -> str:
    """What a `casrules …` command writes, standard output before standard error."""
    program, *arguments = shlex.split(command)
    if program != "casrules":
        raise ValueError(f"only casrules commands can be run: {command}")
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        main(arguments)
    return out.getvalue() + err.getvalue()


def _shown(written: str, info: str) -> list[str]:
    if "compact" in info.split():
        written = json.dumps(_compact(json.loads(written)), indent=1, ensure_ascii=False)
    lines = [line.rstrip() for line in written.splitlines()]
    most = re.search(r"\blines=(\d+)", info)
    if most is None or len(lines) <= int(most[1]):
        return lines
    return [*lines[: int(most[1])], MORE]


def _compact(value: Any) -> Any:
    if isinstance(value, dict):
        pairs = ((name, MORE if name in DIGESTS else _compact(inner)) for name, inner in value.items())
        return {name: inner for name, inner in pairs if inner not in (None, "", 0, [], {})}
    return [_compact(inner) for inner in value] if isinstance(value, list) else value
