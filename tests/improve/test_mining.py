"""Planted rules are found exactly as they are, traps are not."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import polars as pl
import pytest

from casrules.improve import FrameTable, History, Settings, mine


def remark(code: str) -> Callable[[dict[str, Any]], None]:
    return lambda row: row.update(a_remarks=[code])


def texts(found: Any) -> list[str]:
    return sorted(it.text for it in found.rules)


def test_no_correction_no_rule(trade: Any) -> None:
    found = mine(trade().history())
    assert found.rules == () and found.near_misses == ()


def test_a_document_by_prefix_with_an_exception(trade: Any, paper: Any, beforehand: Any) -> None:
    it = trade(1)
    mend = paper("A100")
    where = lambda row: row["b_goods"].startswith("20") and row["b_land"] != "BB"  # noqa: E731
    alerts = it.want(where, mend, "MISSING@papers", fulfil=beforehand(mend, "papers"), basis="LAW1")
    found = mine(it.history(bases=({"id": "LAW1"},)))
    assert texts(found) == ["When goods starts with 20 and land is not BB: add A100 to papers without a reference."]
    rule = found.rules[0]
    assert rule.legal_basis == ("LAW1",)
    assert rule.evidence.support + rule.evidence.wrong == alerts
    assert [kind.code for kind in rule.evidence.prevented] == ["MISSING@papers"]
    assert rule.valid_from is None and rule.valid_to is None and rule.review_by is not None
    assert rule.backtest is not None and rule.backtest.right > rule.backtest.wrong


def test_a_list_of_values_and_the_header_once_a_declaration(trade: Any) -> None:
    it = trade(2)

    def mend(row: dict[str, Any]) -> None:
        for other in it.rows:
            if other["decl_id"] == row["decl_id"]:
                other["a_port"] = "P9"

    lands = ("AA", "CC")
    it.want(lambda row: row["b_shipper"] == "S3" and row["b_terms"] == "FOB" and row["item_no"] == 1, mend, "PORT@port",
            done=0, careless=0.03)  # fmt: skip
    kind = lambda row: row["b_land"] in lands and row["b_goods"].startswith("3002")  # noqa: E731
    it.want(kind, lambda row: row.update(a_remarks=["N7"]), "REMARK@remarks", done=0.0)
    found = mine(it.history())
    assert texts(found) == [
        "When goods starts with 3002 and land is one of AA, CC: add N7 to remarks.",
        "When shipper is S3 and terms is FOB: set port to P9.",
    ]
    header = next(it for it in found.rules if it.action.field == "port")
    assert header.evidence.support == header.evidence.declarations


def test_a_start_an_end_and_a_change_of_code(trade: Any) -> None:
    it = trade(3)
    it.want(lambda row: row["b_land"] == "DD" and it.day(row) >= 240, remark("N1"), "R@remarks",
            done=0)  # fmt: skip
    change = lambda row: row["b_regime"] == "R1" and row["b_goods"].startswith("40") and it.day(row) < 250  # noqa: E731
    it.want(change, lambda row: row.update(a_regime="R4"), "REGIME@regime", done=0)
    found = mine(it.history())
    by_op = {rule.action.op: rule for rule in found.rules}
    assert set(by_op) == {"add_info", "change"} and len(found.rules) == 2
    start = date(2023, 3, 1) + timedelta(days=240)
    assert by_op["add_info"].valid_from is not None
    assert abs((by_op["add_info"].valid_from - start).days) <= 5
    ended = by_op["change"]
    assert ended.valid_to is not None and abs((ended.valid_to - start).days - 9) <= 5
    assert ended.status == "ended" and ended.evidence.expected_per_month == 0
    assert (ended.action.source, ended.action.to) == ("R1", "R4")
    assert found.rules[-1] is ended


def test_a_known_legal_date_is_taken_where_it_is_near(trade: Any) -> None:
    it = trade(3)
    it.want(lambda row: row["b_land"] == "DD" and it.day(row) >= 240, remark("N1"), "R@remarks",
            done=0, basis="LAW9")  # fmt: skip
    law = date(2023, 3, 1) + timedelta(days=238)
    found = mine(it.history(bases=({"id": "LAW9", "valid_from": law.isoformat()},)))
    assert [rule.valid_from for rule in found.rules] == [law]


def test_a_copy_of_what_varies_and_a_removed_document(trade: Any) -> None:
    it = trade(4)
    for row in it.rows:
        if row["b_shipper"] == "S5":
            row["b_papers"] = [*row["b_papers"], "OLD1|7"]
            row["a_papers"] = list(row["b_papers"])
    it.want(lambda row: row["b_shipper"] == "S6" and row["b_land"] != row["b_bound_for"],
            lambda row: row.update(a_bound_for=row["b_land"]), "BOUND@bound_for", done=0)  # fmt: skip
    it.want(lambda row: row["b_shipper"] == "S5", lambda row: row.update(a_papers=row["a_papers"][:1]), "OLD@papers",
            done=0)  # fmt: skip
    found = mine(it.history())
    assert texts(found) == [
        "When shipper is S5: remove OLD1 from papers.",
        "When shipper is S6: copy land to bound_for.",
    ]


def test_references_that_vary_are_looked_up_or_asked_for(trade: Any, paper: Any) -> None:
    it = trade(5, declarations=4_000)
    it.want(lambda row: row["b_goods"].startswith("1001"), paper("C1", lambda row: "AUT-" + row["b_shipper"]), "C@p",
            done=0)  # fmt: skip
    it.want(lambda row: row["b_goods"].startswith("1002"), paper("C2", lambda row: f"{row['decl_id']}"), "C@papers",
            done=0)  # fmt: skip
    it.want(lambda row: row["b_goods"].startswith("1003"), paper("C3", lambda _: "LICENCE-7"), "C@papers", done=0)
    found = mine(it.history())
    modes = {rule.action.type: rule.action.ref for rule in found.rules}
    assert {kind: ref.mode for kind, ref in modes.items() if ref} == {"C1": "lookup", "C2": "prompt", "C3": "constant"}
    assert modes["C1"] is not None and modes["C1"].key == ("shipper",)
    assert modes["C3"] is not None and modes["C3"].value == "LICENCE-7"
    asked = next(rule for rule in found.rules if rule.action.type == "C2")
    assert asked.mode == "ask" and "reference of C2" in asked.needs


def habit(it: Any, paper: Any) -> None:
    it.want(lambda row: row["b_goods"].startswith("3001"), paper("H1"), "H@papers", done=0, careless=0.3)


def clerk(it: Any, paper: Any) -> None:
    """One shipper's consistent fix that is later found wrong in two of three cases."""
    here = [row for row in it.rows if row["b_shipper"] == "S7" and row["b_goods"].startswith("40")]
    for row in here:
        paper("W1")(row)
    wrong = {row["decl_id"] for row in here if it.chance.random() < 0.67}
    for row in it.rows:
        row["outcome"] = "amended" if row["decl_id"] in wrong else row["outcome"]


def rejected(it: Any, paper: Any) -> None:
    here = [row for row in it.rows if row["b_land"] == "EE" and row["b_regime"] == "R2"]
    for row in here:
        paper("J1")(row)
    lost = {row["decl_id"] for row in here}
    for row in it.rows:
        row["outcome"] = "rejected" if row["decl_id"] in lost else row["outcome"]


def typing_errors(it: Any, _: Any) -> None:
    for row in it.rows:
        if row["b_shipper"] == "S1":
            row["b_papers"] = ["X380|?"]


@pytest.mark.parametrize("trap", [habit, clerk, rejected, typing_errors])
def test_traps(trade: Any, paper: Any, trap: Any) -> None:
    it = trade(6)
    trap(it, paper)
    found = mine(it.history())
    assert texts(found) == []
    assert [near.action.type for near in found.near_misses] == (["H1"] if trap is habit else [])


def test_another_edit_of_an_amended_declaration_is_not_blamed(trade: Any, paper: Any) -> None:
    it = trade(7)
    it.want(lambda row: row["b_goods"].startswith("40"), paper("A100"), "MISSING@papers", done=0)
    clerk(it, paper)
    found = mine(it.history())
    assert texts(found) == ["When goods starts with 40: add A100 to papers without a reference."]
    assert found.rules[0].evidence.disputed > 0


def test_one_shipper_is_not_taken_for_the_goods(trade: Any, paper: Any) -> None:
    """A rule for one shipper's goods, in goods that are mostly his: the others' must be left alone."""
    it = trade(8, declarations=4_000)
    for row in it.rows:
        if row["b_goods"].startswith("2003") and it.chance.random() < 0.8:
            row["b_shipper"] = row["a_shipper"] = "S2"
    it.want(lambda row: row["b_shipper"] == "S2" and row["b_goods"].startswith("2003"), paper("A7"), "A@papers", done=0)
    assert texts(mine(it.history())) == [
        "When shipper is S2 and goods starts with 2003: add A7 to papers without a reference."
    ]


def test_rules_in_force_are_not_suggested_and_overtaken_ones_named(trade: Any) -> None:
    it = trade(9, declarations=4_000)
    old = {"id": "EX1", "conditions": [{"field": "land", "op": "eq", "value": "AA"}]}
    old["action"] = {"op": "set", "field": "regime", "value": "R1"}
    it.want(lambda row: row["b_land"] == "AA" and it.day(row) < 200, lambda row: row.update(a_regime="R1"), "R@regime",
            done=0)  # fmt: skip
    it.want(lambda row: row["b_land"] == "AA" and it.day(row) >= 200 and row["b_regime"] != "R3",
            lambda row: row.update(a_regime="R3"), "R@regime", done=0)  # fmt: skip
    found = mine(it.history(existing=(old,)))
    assert [(rule.action.value, rule.conflicts_with) for rule in found.rules] == [("R3", ("EX1",))]
    replaced = found.rules[0].supersedes[0]
    assert replaced.id == "EX1" and replaced.valid_to is not None
    assert abs((replaced.valid_to - date(2023, 3, 1)).days - 199) <= 5
    assert [review.id for review in found.reviews] == ["EX1"]


def test_statements_of_the_declarant_are_always_asked(trade: Any, paper: Any) -> None:
    it = trade(10)
    it.want(lambda row: row["b_goods"].startswith("10"), paper("Y900"), "Y@papers", done=0)
    it.want(lambda row: row["b_goods"].startswith("20"), paper("A900"), "A@papers", done=0)
    found = mine(it.history())
    assert {rule.action.type: rule.mode for rule in found.rules} == {"Y900": "ask", "A900": "apply"}
    assert all(bool(rule.ask_because) == (rule.mode == "ask") for rule in found.rules)


def rich(trade: Any, paper: Any) -> Any:
    it = trade(11)
    it.want(lambda row: row["b_goods"].startswith("10"), paper("A1"), "Y@papers", done=0.3)
    it.want(lambda row: row["b_land"] == "DD" and it.day(row) >= 240, remark("N1"), "R@remarks",
            done=0)  # fmt: skip
    habit(it, paper)
    return it


def test_the_same_bytes_twice_and_for_rows_in_any_order(trade: Any, paper: Any) -> None:
    history = rich(trade, paper).history()
    once = mine(history).to_json()
    assert once == mine(history).to_json()
    shuffled = history.table.frame.sample(fraction=1.0, shuffle=True, seed=4)
    assert mine(History(history.schema, FrameTable(shuffled))).to_json() == once
    assert len(json.loads(once)["suggestions"]) == 2


def test_other_names_give_the_same_suggestions(trade: Any, paper: Any) -> None:
    history = rich(trade, paper).history()
    names = {field.name: f"{field.name}_of_ours" for field in history.schema.fields}
    fields = tuple(it.model_copy(update={"name": names[it.name]}) for it in history.schema.fields)
    frame = history.table.frame.rename({f"{s}_{old}": f"{s}_{new}" for old, new in names.items() for s in "ba"})
    other = mine(History(history.schema.model_copy(update={"fields": fields}), FrameTable(frame)))
    assert all("goods_of_ours" in text or "land_of_ours" in text for text in texts(other))
    assert [text.replace("_of_ours", "") for text in texts(other)] == texts(mine(history))


def test_the_backtest_of_a_suggestion_knows_nothing_of_later_days(trade: Any, paper: Any) -> None:
    """What was mined before the cut is the same, whatever is done to the days after it."""
    it = rich(trade, paper)
    cut = mine(it.history()).rules[0].backtest
    assert cut is not None
    for row in it.rows:
        if row["time"].date() >= cut.mined_until:
            row["a_papers"], row["a_remarks"] = list(row["b_papers"]), []
    spoilt = mine(it.history(), settings=Settings(precision=0.5, bound=0.4))
    rule = next(rule for rule in spoilt.rules if rule.action.type == "A1" and rule.status == "ended")
    assert rule.valid_to is not None and abs((rule.valid_to - cut.mined_until).days) <= 5


def test_a_rule_that_the_last_part_contradicts_is_not_suggested_as_current(trade: Any, paper: Any) -> None:
    it = trade(12)
    mend = paper("A1")
    it.want(lambda row: row["b_goods"].startswith("10") and (it.day(row) < 300 or it.chance.random() < 0.4), mend,
            "A@papers", done=0)  # fmt: skip
    found = mine(it.history())
    assert all(rule.status == "ended" for rule in found.rules if rule.action.type == "A1")


def test_drawn_tests_hold_for_the_rule(trade: Any, paper: Any) -> None:
    for rule in mine(rich(trade, paper).history()).rules:
        kinds = {test.kind for test in rule.tests}
        assert kinds == {"fixes", "leaves_alone"}
        for test in rule.tests:
            meets = all(holds(condition, test.before) for condition in rule.conditions)
            in_time = rule.valid_from is None or test.date >= rule.valid_from
            entry = rule.action.type or rule.action.code
            listed = [str(value).split("|")[0] for value in test.before.get(rule.action.list, ())]
            would = meets and in_time and entry not in listed
            assert would == (test.kind == "fixes"), test
            after = [str(value).split("|")[0] for value in test.after[rule.action.list] or ()]
            assert (entry in after) == (test.kind == "fixes")


def holds(condition: Any, before: dict[str, Any]) -> bool:
    value = before.get(condition.field)
    if condition.op == "prefix":
        return value is not None and value.startswith(condition.values)
    assert condition.op in ("eq", "in")
    return value in condition.values


def test_the_frame_has_a_row_a_rule(trade: Any, paper: Any) -> None:
    found = mine(rich(trade, paper).history())
    frame = found.frame()
    assert isinstance(frame, pl.DataFrame) and frame["id"].to_list() == [rule.id for rule in found.rules]
    assert frame["support"].to_list() == [rule.evidence.support for rule in found.rules]


def test_progress_is_told(trade: Any, paper: Any) -> None:
    steps: list[tuple[str, int, int]] = []
    mine(rich(trade, paper).history(), progress=lambda *step: steps.append(step))
    assert {what for what, _, _ in steps} >= {"reading the history", "searching rules", "gathering evidence"}
    assert all(0 <= done <= of for _, done, of in steps)
