"""Our engine among the rule engines it is compared with: the shared comparison, its answers checked one by one."""

from __future__ import annotations

import contextlib
import io
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest.mock import patch

from .work import FOLDER, shared

OURS = "casrules"
MODULES = {
    "datalogic": "datalogic_py",
    "business-rules": "business_rules",
    "clipspy": "clips",
    "schematron-lxml": "lxml",
    "zen": "zen",
    "zen-graph": "zen",
    "cel-rust-fn": "cel",
    "cel-rust-native": "cel",
    "arta": "arta",
    "saxon-xslt3": "saxonche",
    "rule-engine-fn": "rule_engine",
    "regopy": "regopy",
    "cel-python": "celpy",
    "jsonlogic-rs": "jsonlogic_rs",
    "pydantic-validators": "pydantic",
}
"""Third-party peers by the shared name, with the module each needs. Where a peer has a slower way, its faster one."""
SIZES = (1, 20, 500)
SLOW = {"cel-python": (1, 20), "regopy": (1, 20), "jsonlogic-rs": (20,)}
"""Peers that take minutes on the other sizes."""


@dataclass(frozen=True, slots=True)
class Peer:
    """How many times longer a peer takes than we do, by size, for each item and rule it can say; wrong answers."""

    name: str
    rules: int
    slower: dict[int, float]
    wrong: dict[str, int]


def groups(names: Sequence[str]) -> Iterator[tuple[list[str], tuple[int, ...], int]]:
    """The peers that are compared together, with the sizes and the most rounds they are asked for."""
    quick = [name for name in names if name not in SLOW]
    if quick or not names:
        yield quick, SIZES, 3
    for name in names:
        if name in SLOW:
            yield [name], SLOW[name], 1


def missing(names: Sequence[str], python: str) -> list[str]:
    """The peers that the interpreter does not have."""
    program = "import importlib.util, sys; print(*(n for n in sys.argv[1:] if not importlib.util.find_spec(n)))"
    modules = sorted({MODULES[name] for name in names})
    done = subprocess.run([python, "-c", program, *modules], check=True, capture_output=True, text=True)
    return [name for name in names if MODULES[name] in done.stdout.split()]


def compare(names: Sequence[str], python: str, rounds: int, sizes: Sequence[int] = SIZES) -> Iterator[Peer]:
    """Run the shared comparison in fresh processes, peers in the interpreter `python`, ours in this one."""
    results = _run([OURS, *names], python, rounds, sizes)
    ours = results[OURS]
    yield Peer(OURS, ours["rules"], dict.fromkeys(sizes, 1.0), ours["wrong"])
    for name in names:
        if name in results:
            found = results[name]
            slower = {
                int(size): found["sizes"][size]["slower"] / ours["sizes"][size]["slower"] for size in found["sizes"]
            }
            yield Peer(name, found["rules"], slower, found["wrong"])


def _run(names: Sequence[str], python: str, rounds: int, sizes: Sequence[int]) -> dict[str, dict]:  # type: ignore[type-arg]
    """What the shared parent measured; it starts the children by their file name beside itself."""
    parent = shared("bench")
    assert parent is not None
    with TemporaryDirectory() as folder:
        path = Path(folder, "results.json")
        arguments = ["bench.py", "--peers", "hand-dict", *names, "--sizes", *map(str, sizes), "--rounds", str(rounds)]
        arguments += ["--json", str(path), "--python", *(f"{name}={python}" for name in names if name != OURS)]
        children = str(Path(__file__).with_name("child"))
        with (
            patch.object(sys, "argv", arguments),
            patch.object(parent, "HERE", children),
            patch.dict(os.environ, {"CASRULES_BENCH": str(FOLDER)}),
            contextlib.redirect_stdout(io.StringIO()) as said,
        ):
            parent.main()
        if not path.exists():
            raise RuntimeError(said.getvalue())
        return {found["peer"]: found for found in json.loads(path.read_text("utf-8"))}
