"""What the tests of configuration rules share: packs written in place, and declarations settled by them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from casrules.configuration import Settled
from casrules.engine.configuring import Configurer, configurer

HEAD = "id: acme\ntitle: Acme's own rules\nversion: 1.0.0\n"
DAY = "2025-06-01"


@pytest.fixture
def acme(tmp_path: Path) -> Callable[..., Path]:
    """Writes the pack `acme` and gives its folder; further files by name."""

    def write(topic: str, **files: str) -> Path:
        folder = tmp_path / "acme"
        (folder / "decisions").mkdir(parents=True, exist_ok=True)
        (folder / "pack.yaml").write_text(HEAD, encoding="utf-8")
        (folder / "topic.yaml").write_text(topic, encoding="utf-8")
        for name, text in files.items():
            (folder / "decisions" / f"{name}.csv").write_text(text, encoding="utf-8")
        if not files:
            (folder / "decisions").rmdir()
        return folder

    return write


def settle_with(
    found: Configurer, record: dict[str, Any], message: str = "cds.IMPORT", day: str | None = DAY
) -> Settled:
    """A declaration with the rules applied, as the engine does it."""
    family, kind = found.plans.catalog.families.parse_format(message)
    assert kind is not None
    return found.settle(found.plans.plan(family, kind), record, day)


@pytest.fixture
def settled(acme: Callable[..., Path]) -> Callable[..., Settled]:
    """Settles a declaration with the rules of one topic file."""

    def settle(topic: str, record: dict[str, Any], *, message: str = "cds.IMPORT", **files: str) -> Settled:
        found = configurer([acme(topic, **files)])
        assert found is not None
        return settle_with(found, record, message)

    return settle
