"""Fixtures of the language's tests: checking and judging a rule in one call."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from casrules.dictionary import Dictionary, shipped_dictionary
from casrules.language import CheckedRule, EvaluationContext, RuleSource, check_rule, evaluate

Check = Callable[..., CheckedRule]
Judge = Callable[..., list[str]]


@pytest.fixture(scope="session")
def dictionary() -> Dictionary:
    return shipped_dictionary()


@pytest.fixture(scope="session")
def check(dictionary: Dictionary) -> Check:
    """check(target, require, when=None, …) → CheckedRule, code list CL1 and table T known."""

    def checked(target: str, require: str, when: str | None = None, **more: Any) -> CheckedRule:
        families = more.pop("known_families", ())
        source = RuleSource("R1", target, require, when, **more)
        tables = {"T": {"name": "code", "rate": "decimal"}}
        return check_rule(source, dictionary, code_lists={"CL1", "GONE"}, tables=tables, families=families)

    return checked


@pytest.fixture(scope="session")
def judge(check: Check) -> Judge:
    """judge(record, target, require, …) → the status of each visited entity."""

    def judged(record: dict[str, Any], target: str, require: str, when: str | None = None, **more: Any) -> list[str]:
        lists = {"CL1": frozenset({"4000", "BX"})}
        context = EvaluationContext("2025-06-01", lists.get, {"T": {"4000": {"name": "BX"}}}.get)
        return [outcome.status for outcome in evaluate(check(target, require, when, **more), record, context)]

    return judged
