from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from casrules.errors import UsageError
from casrules.improve import backtest, mine, read_rules


def planted(trade: Any, paper: Any, *, careless: float = 0.05) -> Any:
    it = trade(31)
    it.want(lambda row: row["b_goods"].startswith("10"), paper("A1"), "A@papers", done=0.2, careless=careless)
    return it


def test_the_figures_are_those_of_counting_by_hand(trade: Any, paper: Any) -> None:
    it = planted(trade, paper)
    history = it.history()
    found = mine(history)
    since = found.provenance.start + timedelta(days=200)
    result = backtest(found, history, since=since)
    late = [row for row in it.rows if it.day(row) >= 200]
    due = [row for row in late if row["b_goods"].startswith("10") and "A1|" not in row["b_papers"]]
    right = sum("A1|" in row["a_papers"] for row in due)
    rule = result.rules[0]
    assert (rule.changed, rule.right, rule.wrong) == (len(due), right, len(due) - right)
    assert rule.declarations == len({row["decl_id"] for row in due})
    assert result.alerts == sum(len(row["violations"]) for row in late)
    alerted = sum("A1|" in row["a_papers"] and bool(row["violations"]) for row in due)
    assert result.prevented == alerted < right and not rule.safe
    assert len(rule.wrong_examples) == min(3, rule.wrong) and len(rule.right_examples) == 3
    assert result.independent is False
    assert result.frame()["right"].to_list() == [right]


def test_a_later_history_is_independent_and_a_rule_that_breaks_nothing_is_safe(trade: Any, paper: Any) -> None:
    it = planted(trade, paper, careless=0.0)
    whole = it.rows
    cut = whole[0]["time"].replace(year=2023, month=11, day=1)
    it.rows = [row for row in whole if row["time"] < cut]
    found = mine(it.history())
    it.rows = [row for row in whole if row["time"] >= cut]
    later = backtest(found.rules, it.history(), since=cut.date(), mined_until=cut.date())
    assert later.independent is True
    assert [rule.safe for rule in later.rules] == [True]
    assert later.prevented == later.alerts > 20


def test_rules_are_read_back_from_json(trade: Any, paper: Any, tmp_path: Path) -> None:
    history = planted(trade, paper).history()
    found = mine(history)
    place = tmp_path / "rules.json"
    place.write_text(found.to_json(), encoding="utf-8")
    rules, end = read_rules(place)
    assert end == found.provenance.end
    assert backtest(rules, history) == backtest(found.rules, history)
    place.write_text(json.dumps(found.document()["suggestions"]), encoding="utf-8")
    assert read_rules(place)[1] is None


@pytest.mark.parametrize("text", ["", "[1]", '{"suggestions": [{"id": "S", "conditions": []}]}', '"x"'])
def test_a_file_of_something_else_is_told(tmp_path: Path, text: str) -> None:
    place = tmp_path / "rules.json"
    place.write_text(text, encoding="utf-8")
    with pytest.raises(UsageError):
        read_rules(place)
