"""A small pack whose rule and examples tests put together."""

from __future__ import annotations

import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest

from casrules.testing import Suite, load_suite

MANIFEST = "id: acme\ntitle: House rules\nversion: 0.1.0\n"
RULE = """\
- id: A1
  title: Net mass does not exceed gross mass
  scope: {message: [ncts.CC015C]}
  law: [{act: "2015/2446", place: "Annex B"}]
  for: item
  when: item.gross_mass > 0
  require: item.net_mass <= item.gross_mass
  at: [item.net_mass, item.gross_mass]
  message: "Item {item.number} has net mass {item.net_mass:mass}."
  remedy: Correct the masses.
"""
EXAMPLES = """\
  examples:
    valid: [{given: {item: {gross_mass: 10, net_mass: 10}}}, {given: {item: {gross_mass: 0.5, net_mass: 0}}}]
    invalid: [{given: {item: {gross_mass: 9, net_mass: 10}}, expect_at: item.net_mass}]
    not_applicable: [{given: {item: {gross_mass: 0, net_mass: 2}}}]
"""

WritePack = Callable[..., Path]


@pytest.fixture
def write_pack(tmp_path: Path) -> WritePack:
    """`write_pack(*rules)`: a pack of rules as YAML texts, each with or without examples; returns its folder."""

    def write(*rules: str, folder: str = "acme", manifest: str = MANIFEST) -> Path:
        place = tmp_path / folder
        place.mkdir(parents=True, exist_ok=True)
        (place / "pack.yaml").write_text(manifest, encoding="utf-8")
        body = textwrap.indent("\n".join(rules), "  ")
        (place / "rules.yaml").write_text(f"topic: Tests\nrules:\n{body}", encoding="utf-8")
        return place

    return write


@pytest.fixture
def suite_of(write_pack: WritePack) -> Callable[..., Suite]:
    """The suite of a pack of these rules."""

    def load(*rules: str) -> Suite:
        return load_suite([write_pack(*rules)])

    return load


@pytest.fixture
def rule() -> str:
    """A rule without examples."""
    return RULE


@pytest.fixture
def examples() -> str:
    """Examples that prove the rule."""
    return EXAMPLES
