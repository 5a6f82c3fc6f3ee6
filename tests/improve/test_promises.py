"""Whether approved rules keep what their evidence promised."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from casrules.improve import Suggestion, mine
from casrules.improve.ledger import Decision, Ledger
from casrules.improve.promises import Promise, promises

from .conftest import START

APPROVED = START + timedelta(days=250)


def decided(ledger: Ledger, suggestion: Suggestion, on: date) -> None:
    ledger.append(Decision.about(suggestion, "approved", by="A", reason="B", on=on, rule=f"acme.{suggestion.id}"))


def held(it: Any, tmp_path: Path, on: date = APPROVED) -> Promise:
    """What became of the rule that the days before `on` suggested."""
    whole = it.rows
    it.rows = [row for row in whole if row["time"].date() < on]
    known = it.history()
    (suggestion,) = mine(replace(known, schema=known.schema.model_copy(update={"history_end": on}))).rules
    ledger = Ledger(tmp_path / "decisions.jsonl")
    decided(ledger, suggestion, on)
    it.rows = whole
    (found,) = promises(ledger, it.history())
    assert found.rule == f"acme.{suggestion.id}" and found.since == on
    return found


def test_a_rule_that_goes_on_holding_keeps_its_promise(trade: Any, paper: Any, tmp_path: Path) -> None:
    it = trade(31)
    it.want(lambda row: row["b_goods"].startswith("10"), paper("A1"), "A@papers", done=0.2, careless=0.02)
    found = held(it, tmp_path)
    assert found.verdict == "kept" and found.right > 50 * found.wrong / 10
    assert found.prevented_per_month == pytest.approx(found.promised, rel=0.3)


def test_a_rule_that_the_law_has_overtaken_is_told(trade: Any, paper: Any, tmp_path: Path) -> None:
    it = trade(31)
    early = APPROVED + timedelta(days=10)
    it.want(
        lambda row: row["b_goods"].startswith("10") and row["time"].date() < early, paper("A1"), "A@papers", done=0.2
    )
    found = held(it, tmp_path)
    assert found.verdict == "broken" and found.wrong > found.right


def test_of_a_rule_approved_yesterday_nothing_is_said(trade: Any, paper: Any, tmp_path: Path) -> None:
    it = trade(31)
    it.want(lambda row: row["b_goods"].startswith("10"), paper("A1"), "A@papers", done=0.2)
    last = max(row["time"] for row in it.rows).date()
    assert held(it, tmp_path, on=last).verdict == "too few"


def test_only_approved_rules_promise_something(trade: Any, tmp_path: Path) -> None:
    assert promises(Ledger(tmp_path / "none.jsonl"), trade(1).history()) == ()
