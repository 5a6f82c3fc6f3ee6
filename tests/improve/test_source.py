from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import casrules.improve
from casrules.errors import UsageError
from casrules.improve import FrameTable, History, Policy, libraries, mine


def write(folder: Path, history: History, *, lines: bool = False) -> Path:
    schema = history.schema
    (folder / "schema.json").write_text(schema.model_dump_json(), encoding="utf-8")
    assert isinstance(history.table, FrameTable)
    frame = history.table.frame
    if not lines:
        frame.write_parquet(folder / "history.parquet")
        return folder
    with (folder / "history.jsonl").open("w", encoding="utf-8") as out:
        for _, group in frame.sort("decl_id", "item_no").group_by("decl_id", maintain_order=True):
            rows = group.to_dicts()
            sides = {}
            for name, side in (("before", "b_"), ("after", "a_")):
                head = {it.name: rows[0][side + it.name] for it in schema.fields if it.level == "header"}
                items = [{it.name: row[side + it.name] for it in schema.fields if it.level == "item"} for row in rows]
                sides[name] = {"header": head, "items": items}
            found = [
                {"code": text.split("@")[0], "path": text.split("@")[1].split("#")[0], "item": row["item_no"],
                 "legal_basis": text.split("#")[1] or None}
                for row in rows for text in row["violations"]
            ]  # fmt: skip
            plain = {"decl_id": rows[0]["decl_id"], "time": rows[0]["time"].isoformat(), "outcome": rows[0]["outcome"]}
            out.write(json.dumps(plain | {"violations": found} | sides) + "\n")
    return folder


def some(trade: Any, paper: Any) -> History:
    it = trade(21, declarations=1_200)
    it.want(lambda row: row["b_goods"].startswith("10"), paper("A1"), "A@papers", done=0.2, basis="LAW1")
    history: History = it.history()
    return history


def test_a_folder_of_parquet_or_of_json_lines_says_the_same(trade: Any, paper: Any, tmp_path: Path) -> None:
    history = some(trade, paper)
    once = mine(history).to_json()
    for lines in (False, True):
        folder = tmp_path / str(lines)
        folder.mkdir()
        assert mine(History.open(write(folder, history, lines=lines))).to_json() == once


def test_rules_and_bases_beside_the_history_are_read(trade: Any, paper: Any, tmp_path: Path) -> None:
    write(tmp_path, some(trade, paper))
    rule = {"id": "EX1", "conditions": [{"field": "goods", "op": "prefix", "value": "10"}]}
    rule["action"] = {"op": "add_doc", "type": "A1"}
    (tmp_path / "existing_rules.json").write_text(json.dumps([rule]), encoding="utf-8")
    (tmp_path / "legal_bases.json").write_text('[{"id": "LAW1", "valid_to": "2022-01-01"}]', encoding="utf-8")
    history = History.open(tmp_path)
    assert [it.id for it in history.existing] == ["EX1"] and [it.id for it in history.bases] == ["LAW1"]
    assert mine(history).rules == ()


@pytest.mark.parametrize(
    ("name", "text", "problem"),
    [
        ("schema.json", "{", "no JSON"),
        ("schema.json", '{"fields": [{"name": "a"}]}', "fields.0.level"),
        ("existing_rules.json", '[{"id": "EX"}]', "0.action"),
        ("history.jsonl", "{}\n", "no declaration"),
    ],
)
def test_a_broken_file_is_named(trade: Any, paper: Any, tmp_path: Path, name: str, text: str, problem: str) -> None:
    write(tmp_path, some(trade, paper), lines=True)
    (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(UsageError, match=problem) as raised:
        mine(History.open(tmp_path))
    assert raised.value.place is not None and raised.value.place.file.endswith(name)


def test_a_missing_column_or_folder_is_told(trade: Any, paper: Any, tmp_path: Path) -> None:
    history = some(trade, paper)
    assert isinstance(history.table, FrameTable)
    less = History(history.schema, FrameTable(history.table.frame.drop("a_regime")))
    with pytest.raises(UsageError, match="a_regime"):
        mine(less)
    with pytest.raises(UsageError, match="empty"):
        mine(History(history.schema, FrameTable(history.table.frame.clear())))
    with pytest.raises(UsageError, match=r"schema\.json|No such file"):
        History.open(tmp_path)
    (tmp_path / "schema.json").write_text(history.schema.model_dump_json(), encoding="utf-8")
    with pytest.raises(UsageError, match="no history"):
        History.open(tmp_path)


def test_without_the_extra_a_way_out_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(libraries, "find_spec", lambda name: None if name == "polars" else object())
    with pytest.raises(UsageError, match="polars") as raised:
        _ = casrules.improve.mine
    assert "casrules[improve]" in raised.value.remedy
    with pytest.raises(AttributeError):
        _ = casrules.improve.nothing


def test_the_library_alone_imports_neither_numpy_nor_polars() -> None:
    code = "import sys, casrules, casrules.improve; print({'numpy', 'polars'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"


def test_a_policy_of_ones_own(tmp_path: Path, trade: Any, paper: Any) -> None:
    place = tmp_path / "policy.yaml"
    place.write_text('ask:\n  - {document: "A*", because: "we want to see it"}\n', encoding="utf-8")
    rule = mine(some(trade, paper), policy=Policy.load(place)).rules[0]
    assert (rule.mode, rule.ask_because) == ("ask", "we want to see it")
    place.write_text("ask:\n  - {document: A}\n", encoding="utf-8")
    with pytest.raises(UsageError, match="because"):
        Policy.load(place)


def test_a_field_the_schema_marks_is_asked(trade: Any) -> None:
    it = trade(22, declarations=1_200)
    it.want(lambda row: row["b_land"] == "AA", lambda row: row.update(a_regime="R1"), "R@regime", done=0)
    history = it.history()
    assert [rule.mode for rule in mine(history).rules] == ["apply"]
    fields = tuple(it.model_copy(update={"statement": it.name == "regime"}) for it in history.schema.fields)
    marked = History(history.schema.model_copy(update={"fields": fields}), history.table)
    assert [rule.mode for rule in mine(marked).rules] == ["ask"]
