"""A child process of the comparison with other engines: the shared one, with our engine as one more class.

The shared `bench.py` starts it by this name. It runs in the interpreter that has the peer, so only the child for our
own engine imports casrules.
"""

from __future__ import annotations

import argparse
import importlib
import os
import sys
from pathlib import Path
from typing import Any, ClassVar

ROOT = Path(__file__).resolve().parents[3]
OURS = "casrules"


def main() -> None:
    """Be the child that the shared parent asked for."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--child", required=True)
    parser.add_argument("--budget", type=float, required=True)
    given = parser.parse_args()
    sys.path[0] = os.environ["CASRULES_BENCH"]
    if given.child == OURS:
        _join(importlib.import_module("adapters"))
    importlib.import_module("bench").child(given.child, [], given.budget)


def _join(adapters: Any) -> None:
    """Our engine as one more adapter: its records are made outside the clock, like those of the other classes."""
    sys.path.append(str(ROOT))
    from tools.bench.thirty import complaints, thirty_plan
    from tools.bench.work import record

    class Casrules:
        cannot: ClassVar[dict[str, str]] = {}

        def setup(self, rules: Any, lists: dict[str, list[str]]) -> None:
            self.plan = thirty_plan({name: frozenset(codes) for name, codes in lists.items()})
            self.plan.run({})

        def convert(self, declarations: list[Any]) -> list[Any]:
            return [record(declaration) for declaration in declarations]

        def run(self, records: list[Any]) -> list[Any]:
            return [complaints(self.plan, one) for one in records]

    adapters.peer(OURS)(Casrules)


main()
