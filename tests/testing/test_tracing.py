from __future__ import annotations

import pytest

from casrules.testing.declarations import expand
from casrules.testing.tracing import Subject, trace


@pytest.fixture
def traced(suite_of, rule):
    def run(given, *, text=rule, message="ncts.CC015C", day="2025-06-01"):
        suite = suite_of(text)
        carriers = suite.carriers
        every = suite.rule("A1").packed.scope.__class__()
        carrier = next(carriers.within(every, message))
        subject = Subject(carrier.kind, expand(given, suite.dictionary), day, carrier.carries, suite.context(day))
        return trace(suite.rule("A1"), subject, suite.ruleset)

    return run


def test_why_a_rule_fired(traced) -> None:
    found = traced({"items": [{"number": "1", "gross_mass": "9", "net_mass": "10"}, {"number": "2"}]})
    assert found.obstacles == () and found.counts == {"failed": 1, "not_applicable": 1}
    table = found.visits[0].tables[0]
    assert (table.when.text, table.when.value) == ("item.gross_mass > 0", True)
    assert table.require.value is False
    assert [str(read.value) for read in table.require.reads] == ["10", "9"]
    assert found.visits[1].tables[0].when.value is None


@pytest.mark.parametrize(
    ("before", "after", "message", "said"),
    [
        ("", "", "aes.CC515C", "its scope is message ncts.CC015C, and the message has aes.CC515C"),
        ("  for:", "  valid: {from: 2026-01-01}\n  for:", "ncts.CC015C", "it holds from 2026-01-01"),
        ("  for:", "  status: draft\n  for:", "ncts.CC015C", "its status is draft"),
        ("{message: [ncts.CC015C]}", "{role: notification}", "ncts.CC007C", "cannot carry what the rule reads"),
    ],
)
def test_why_a_rule_does_not_run(traced, rule, before, after, message, said) -> None:
    text = rule.replace(before, after) if before else rule
    found = traced({"item": {"gross_mass": "9"}}, text=text, message=message)
    assert any(said in obstacle for obstacle in found.obstacles), found.obstacles


def test_the_parts_of_conditions_are_shown_with_their_elements(traced, rule) -> None:
    text = rule.replace(
        "require: item.net_mass <= item.gross_mass",
        "require: all(p.count > 0 for p in item.packages) and not (present(item.net_mass) or item.gross_mass > 99)",
    )
    found = traced({"item": {"gross_mass": "9", "packages": [{"count": "1"}, {"count": "0"}]}}, text=text)
    both, negated = found.visits[0].tables[0].require.parts
    assert [part.value for part in both.parts] == [True, False]
    assert negated.value is True and negated.parts[0].value is False
    assert [part.value for part in negated.parts[0].parts] == [False, False]
