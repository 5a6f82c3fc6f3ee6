from __future__ import annotations

import pytest

from casrules.engine.breakdowns import LONGEST_DETAIL, Breakdowns
from casrules.errors import PackError


def test_an_exception_is_noted_once_for_each_rule() -> None:
    breakdowns = Breakdowns()
    for rule in ("a", "b", "a"):
        with breakdowns.caught("rules", rule):
            raise ValueError("x" * 1_000)
    assert [(fault.stage, fault.rule, fault.kind) for fault in breakdowns.faults] == [
        ("rules", "a", "ValueError"),
        ("rules", "b", "ValueError"),
    ]
    assert breakdowns.faults[0].detail == "x" * LONGEST_DETAIL


def test_misuse_is_raised() -> None:
    breakdowns = Breakdowns()
    with pytest.raises(PackError), breakdowns.caught("rules"):
        raise PackError("a broken pack")
    assert breakdowns.faults == []


def test_exits_are_not_swallowed() -> None:
    with pytest.raises(KeyboardInterrupt), Breakdowns().caught("rules"):
        raise KeyboardInterrupt
