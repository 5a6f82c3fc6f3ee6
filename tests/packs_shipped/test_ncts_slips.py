"""One slip in an accepted transit declaration raises one alert: what follows from it folds under it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
import yaml
from lxml import etree

from casrules import Engine
from casrules.findings import Report

pytestmark = pytest.mark.corpus
SLIPS: list[dict[str, Any]] = yaml.safe_load(Path(__file__).with_name("ncts_slips.yaml").read_text(encoding="utf-8"))
DAYS = {"ncts5_testpack_v8": "2025-02-01", "ncts5_testpack_v7": None}
EVERY = 6
"""One declaration of six: the packs repeat the same few."""


@pytest.fixture(scope="module")
def engine() -> Engine:
    return Engine()


@pytest.fixture(scope="module")
def samples(corpus: Path, engine: Engine) -> list[tuple[Path, str | None]]:
    """Declarations that are accepted, with the day they are judged on."""
    found = [
        (path, day)
        for name, day in DAYS.items()
        for path in sorted((corpus / "eu/messages" / name).glob("*_ie015.xml"))[::EVERY]
    ]
    accepted = [(path, day) for path, day in found if engine.validate(path, as_of=day).accepted]
    assert len(accepted) >= 10
    return accepted


@pytest.mark.parametrize("slip", SLIPS, ids=[slip["name"] for slip in SLIPS])
def test_one_slip_is_one_alert(
    slip: dict[str, Any], samples: Sequence[tuple[Path, str | None]], engine: Engine
) -> None:
    told = Counter[tuple[str, ...]]()
    for path, day in samples:
        slipped = _slipped(path, slip)
        if slipped is None:
            continue
        before = Counter(_alerts(engine.validate(path, as_of=day)))
        new = Counter(_alerts(engine.validate(slipped, as_of=day))) - before
        told[tuple(sorted({rule.removeprefix("eu.ncts.") for rule in new}))] += 1
    told.pop((), None)
    assert told, "no sample can show this slip"
    wanted = set(slip["alert"].split())
    assert {alerts for alerts in told if len(alerts) > 1 or not set(alerts) <= wanted} == set()


def _alerts(report: Report) -> list[str]:
    """The rules of what is not folded under another alert."""
    return [alert.rule for alert in report.violations if not alert.caused_by]


def _slipped(path: Path, slip: dict[str, Any]) -> bytes | None:
    """The message with the slip; None where it has nothing to slip on."""
    root = etree.parse(str(path)).getroot()
    changed = False
    for wanted in slip.get("remove", ()):
        for element in root.findall(wanted):
            parent = element.getparent()
            assert parent is not None
            parent.remove(element)
            changed = True
    for wanted, text in slip.get("set", {}).items():
        for element in root.findall(wanted)[: 1 if slip.get("first") else None]:
            changed = changed or element.text != text
            element.text = text
    return etree.tostring(root) if changed else None
