"""Compiles packs to one data file: `python -m casrules.rules.compiling` writes that of the shipped packs.

It is made when a wheel is built, or kept in a folder the caller names; without either every pack is read and checked.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path

from casrules.dictionary import Dictionary, shipped_dictionary
from casrules.messages.family import Families
from casrules.packs import CodeLists, Pack, cached_pack, pack_folders, shipped_code_lists
from casrules.packs.compiled import (
    COMPILED_FILE,
    CheckedEntry,
    CompiledPacks,
    compiled_text,
    load_packs,
    read_compiled,
    shipped_compiled,
)
from casrules.resources import rulesets_folder, schemas_folder
from casrules.rules.checking import build_ruleset
from casrules.rules.known_scopes import known_scopes
from casrules.rules.ruleset import RuleSet
from casrules.rules.sources import families_of


def shipped_packs(dictionary: Dictionary, cache_dir: Path | None = None) -> tuple[list[Pack], CompiledPacks | None]:
    """The shipped packs, compiled if possible, and the compiled file they came from.

    Without a compiled file that is current in the library, the one in `cache_dir` is used, and written there first
    where it is missing or out of date; without `cache_dir` nothing is ever written.
    """
    folders = pack_folders(rulesets_folder())
    found = shipped_compiled(dictionary)
    if found is not None:
        return load_packs(folders, found), found
    if cache_dir is None:
        return [cached_pack(folder) for folder in folders], None
    path = cache_dir / COMPILED_FILE
    found = read_compiled(path, dictionary)
    packs = [pack for folder in folders if (pack := found.pack(folder))] if found is not None else []
    if len(packs) < len(folders):
        packs = [cached_pack(folder) for folder in folders]
        write_compiled(path, packs, dictionary)
        found = read_compiled(path, dictionary)
    return packs, found


def write_compiled(path: Path, packs: Sequence[Pack], dictionary: Dictionary) -> None:
    """Check `packs` and write them as compiled; a reader never sees half a file."""
    ruleset = checked(packs, dictionary, shipped_code_lists())
    entries = [
        CheckedEntry(rule.packed, families_of(rule.packed.scope), rule.checked, rule.computations)
        for rule in ruleset.rules.values()
    ]
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_suffix(f".{os.getpid()}.part")
    beside.write_text(compiled_text(packs, entries), encoding="ascii", newline="\n")
    beside.replace(path)


def checked(packs: Sequence[Pack], dictionary: Dictionary, code_lists: CodeLists) -> RuleSet:
    """The rules of `packs`, each checked with the message families there are."""
    families = Families.load(schemas_folder() / "families")
    known = known_scopes(families)
    return build_ruleset(packs, dictionary, code_lists, families_of, frozenset(families.by_id), known_scopes=known)


def main(argv: Sequence[str]) -> int:
    """Write the compiled file of the shipped packs, to the path given or beside the packs."""
    target = Path(argv[0]) if argv else rulesets_folder() / COMPILED_FILE
    packs = [cached_pack(folder) for folder in pack_folders(rulesets_folder())]
    write_compiled(target, packs, shipped_dictionary())
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
