"""Prints the sha256 of the canonical report of each file given, by an engine with its packs in the order asked for.

`python digest_run.py reversed FILE…`
"""

from __future__ import annotations

import hashlib
import sys

from casrules import Engine
from casrules.packs import pack_folders
from casrules.resources import rulesets_folder


def main(order: str, names: list[str]) -> None:
    """Validate each file once and print one digest a line."""
    folders = pack_folders(rulesets_folder())
    engine = Engine(folders if order == "given" else list(folders)[::-1])
    for name in names:
        text = engine.validate(name, rule_runs=True).to_json()
        print(hashlib.sha256(text.encode()).hexdigest())


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
