from __future__ import annotations

import pytest

from casrules import Engine
from casrules.testing.comparing import Comparison, compare

MESSAGE = {
    "format": "ncts.CC015C",
    "consignment": {"houses": [{"items": [{"number": 1, "gross_mass": 9, "net_mass": 10}]}]},
}


@pytest.fixture
def report(write_pack, rule):
    def validate(text: str, folder: str):
        return Engine(packs=[write_pack(text, folder=folder)]).validate(MESSAGE, as_of="2025-06-01")

    return validate


def test_the_same_rules_give_no_difference(report, rule) -> None:
    found = compare("m", report(rule, "old"), report(rule, "new"))
    assert found.is_empty


def test_a_stricter_rule_gives_new_findings_and_a_laxer_one_vanished(report, rule) -> None:
    lax = report(rule.replace("<= item.gross_mass", "<= item.gross_mass + 5"), "lax")
    strict = report(rule, "strict")
    new = compare("m", lax, strict)
    assert [violation.rule for violation in new.new] == ["acme.A1"] and not new.vanished
    assert new.verdicts == (lax.verdict.outcome, strict.verdict.outcome)
    gone = compare("m", strict, lax)
    assert [violation.rule for violation in gone.vanished] == ["acme.A1"] and not gone.new
    assert any(line.startswith("  - error acme.A1") for line in gone.lines())


def test_another_severity_is_told_as_altered(report, rule) -> None:
    found = compare("m", report(rule, "old"), report(rule.replace("  for:", "  severity: warning\n  for:"), "new"))
    assert not found.new and not found.vanished and len(found.altered) == 1
    assert any("~ error → warning" in line for line in found.lines())


def test_counts_are_kept_by_rule(report, rule) -> None:
    total = Comparison()
    strict, lax = report(rule, "strict"), report(rule.replace("<=", "!="), "lax")
    for name in ("a", "b"):
        total.add(compare(name, lax, strict))
    total.add(compare("c", strict, strict))
    assert (total.documents, total.differing, total.new["acme.A1"]) == (3, 2, 2)
    assert "acme.A1: 2 new, 0 vanished" in list(total.lines())
