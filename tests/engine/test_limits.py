from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from casrules import Engine
from casrules.errors import PackError, RuleError
from casrules.limits import Limits

from .conftest import RULE

PAIRS = "all(i.net_mass != item.net_mass for i in declaration.items if i.gross_mass > 0)"


def test_a_rule_that_visits_too_much_is_refused_by_the_callers_bound(pack: Callable[..., Path]) -> None:
    folder = pack(RULE.replace("item.net_mass <= item.gross_mass", PAIRS))
    assert Engine([folder]).packs
    with pytest.raises(RuleError, match="more than the 1,000,000 allowed") as raised:
        Engine([folder], limits=Limits(rule_cost=10**6))
    assert "all(i.net_mass" in raised.value.problem and "limits.rule_cost" in raised.value.remedy
    assert str(raised.value.place).endswith("rules.yaml:8")


def test_a_rule_compiled_before_is_held_to_the_bound_too(tmp_path: Path) -> None:
    for _ in range(2):
        with pytest.raises(RuleError, match="more than the 10 allowed"):
            Engine(["common"], limits=Limits(rule_cost=10), cache_dir=tmp_path)


def test_the_callers_limits_hold_for_the_packs_it_loads(pack: Callable[..., Path]) -> None:
    folder = pack()
    with pytest.raises(PackError, match="more than the 10 allowed"):
        Engine([folder], limits=Limits(pack_bytes=10))
    with pytest.raises(RuleError):
        Engine([folder], limits=Limits(expression_characters=5))
