"""Packs made up for tests: a clean rule to vary, and folders written from texts."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from casrules.dictionary import shipped_dictionary
from casrules.packs import Pack, load_pack, shipped_code_lists
from casrules.rules import RuleSet
from casrules.rules.compiling import checked

WritePack = Callable[..., Path]

CLEAN = """\
rules:
  - id: A1
    title: Net mass does not exceed gross mass
    law: [{act: "2015/2446", place: "Annex B"}]
    authority: [{system: NCTS, rule: A1}]
    params: {tolerance: 0}
    let: {heavy: item.gross_mass > 0}
    for: item
    when: heavy
    require: item.net_mass <= item.gross_mass + tolerance
    message: "Item {item.number}: net mass {item.net_mass:mass} exceeds gross mass {item.gross_mass:mass}."
    remedy: Compare the two masses.
    examples:
      valid: [{given: {item: {gross_mass: 2, net_mass: 1}}}]
      invalid: [{given: {item: {gross_mass: 1, net_mass: 2}}}]
      not_applicable: [{given: {item: {gross_mass: 0, net_mass: 2}}}]
"""


@pytest.fixture
def write_pack(tmp_path: Path) -> WritePack:
    """Writes a pack: its id, the topic file's text, more manifest lines, more files."""

    def write(
        pack_id: str = "made.up",
        topic: str = CLEAN,
        manifest: str = "",
        files: Mapping[str, str] | None = None,
        folder: str = "",
    ) -> Path:
        home = tmp_path / (folder or pack_id)
        contents = {
            "pack.yaml": f"id: {pack_id}\ntitle: Made up\nversion: 1.2.0\n{textwrap.dedent(manifest)}",
            "topic.yaml": textwrap.dedent(topic),
            **(files or {}),
        }
        for name, text in contents.items():
            path = home / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        return home

    return write


def ruleset_of(*packs: Pack) -> RuleSet:
    """The packs' rules, checked against the shipped dictionary and code lists."""
    return checked(packs, shipped_dictionary(), shipped_code_lists())


@pytest.fixture
def clean(write_pack: WritePack) -> Pack:
    """A pack of one rule that nobody objects to."""
    return load_pack(write_pack())
