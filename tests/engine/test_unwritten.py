from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable
from pathlib import Path

from casrules import Engine
from casrules.findings import Report
from casrules.limits import DEFAULT_LIMITS

TWO = """
rules:
  - {id: mass, title: T, for: item, require: item.net_mass <= item.gross_mass, message: "Item {item.number}."}
  - {id: light, title: T, severity: warning, for: item, require: item.gross_mass >= 5, message: "Item {item.number}."}
"""


def report(folder: Path, items: int, **limits: int) -> Report:
    """A report on items that break both rules, in a message whose structure is not enforced."""
    engine = Engine([folder], limits=dataclasses.replace(DEFAULT_LIMITS, **limits))
    entries = [{"number": number, "gross_mass": 1, "net_mass": 2} for number in range(1, items + 1)]
    declaration = {"format": "aes.CC515C", "consignment": {"houses": [{"items": entries}]}}
    return engine.validate(json.dumps(declaration).encode(), as_of="2025-06-01")


def test_of_each_rule_the_first_are_written_and_all_are_counted(pack: Callable[..., Path]) -> None:
    found = report(pack(TWO), 50, explained_errors=3)
    assert [len(found.by_rule()[name]) for name in ("small.mass", "small.light")] == [3, 3]
    totals = found.totals
    assert (totals.violations, totals.errors, totals.new_errors, totals.warnings, totals.shown) == (100, 50, 50, 50, 6)
    assert {one.rule: one.count for one in totals.by_rule} == {"small.mass": 50, "small.light": 50}
    assert totals.capped and "94 ARE NOT SHOWN" in totals.banner
    assert found.verdict.reasons[0].text == "50 errors stand"


def test_of_all_rules_the_first_are_written(pack: Callable[..., Path]) -> None:
    found = report(pack(TWO), 50, reported_violations=70)
    assert len(found.violations) == found.totals.shown == 70
    assert (found.totals.violations, found.totals.errors) == (100, 50)


def test_a_list_within_the_limits_is_complete(pack: Callable[..., Path]) -> None:
    found = report(pack(TWO), 50)
    assert len(found.violations) == found.totals.violations == 100
    assert not found.totals.capped


def test_an_error_that_is_not_written_still_rejects(pack: Callable[..., Path]) -> None:
    found = report(pack(TWO), 5, reported_violations=0)
    assert found.violations == ()
    assert found.verdict.outcome == "reject"
