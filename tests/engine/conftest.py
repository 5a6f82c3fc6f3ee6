"""What the tests of the engine share: one engine, small packs, and messages to change."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from casrules import Engine

HEAD = "id: small\ntitle: A small pack\nversion: 1.2.3\n"
RULE = """
rules:
  - id: mass
    title: Net mass is at most gross mass
    scope: {family: [ncts]}
    for: item
    when: item.gross_mass > 0
    require: item.net_mass <= item.gross_mass
    at: [item.net_mass]
    message: "Item {item.number}: {item.net_mass:mass} is more than {item.gross_mass:mass}."
"""


@pytest.fixture(scope="session")
def engine() -> Engine:
    """The engine with everything that ships."""
    return Engine()


@pytest.fixture
def pack(tmp_path: Path) -> Callable[..., Path]:
    """Writes a pack `small` and gives its folder."""

    def write(rules: str = RULE, head: str = HEAD) -> Path:
        folder = tmp_path / "small"
        folder.mkdir(exist_ok=True)
        (folder / "pack.yaml").write_text(head, encoding="utf-8")
        (folder / "rules.yaml").write_text(rules, encoding="utf-8")
        return folder

    return write


@pytest.fixture(scope="session")
def departure(repository: Path) -> bytes:
    """A transit declaration that is right."""
    return (repository / "examples/ncts/cc015c-departure.xml").read_bytes()
