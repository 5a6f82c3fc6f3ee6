from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path

import polars as pl
import pytest

from casrules.cli import main

SCHEMA = {"fields": [{"name": name, "level": "header", "kind": "code"} for name in ("importer", "terms", "place")]}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    rows = []
    for day in range(300):
        sides = {"importer": f"I{day % 5}", "terms": ["FOB", "CIF"][day % 2], "place": None}
        after = {**sides, "place": "Antwerp" if day % 5 == 0 and day % 50 else None}
        rows.append(
            {
                "decl_id": f"D{day:03}",
                "item_no": 1,
                "time": datetime(2025, 1, 1) + timedelta(days=day),
                "outcome": "accepted",
                "violations": ["MISSING@place#"] if day % 5 == 0 else [],
                **{f"b_{name}": value for name, value in sides.items()},
                **{f"a_{name}": value for name, value in after.items()},
            }
        )
    types = {"b_place": pl.String, "violations": pl.List(pl.String)}
    pl.DataFrame(rows, schema_overrides=types, infer_schema_length=None).write_parquet(tmp_path / "history.parquet")
    (tmp_path / "schema.json").write_text(json.dumps(SCHEMA), encoding="utf-8")
    return tmp_path


def test_suggestions_as_people_read_them(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["suggest", "--history", str(folder)]) == 0
    said = capsys.readouterr()
    assert "1. When importer is I0: set place to Antwerp where it is empty.  [S" in said.out
    for part in ("saves about", "(MISSING@place)", "54 right and 6 wrong changes: 90%", "wrongly changed: D250/1"):
        assert part in said.out
    assert "searching rules" in said.err and "searching" not in said.out


def test_a_file_of_suggestions_is_what_a_backtest_reads(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = folder / "rules.json"
    assert main(["suggest", "--history", str(folder), "--format", "json", "--out", str(out)]) == 0
    assert capsys.readouterr().out == ""
    assert [it["action"]["value"] for it in json.loads(out.read_text(encoding="utf-8"))["suggestions"]] == ["Antwerp"]
    assert main(["backtest", str(out), "--history", str(folder), "--since", "2025-09-01"]) == 1
    said = capsys.readouterr().out
    assert "mined on these very days" in said
    assert "11 changes in 11 declarations: 10 right, 1 wrong" in said and "wrongly changed" in said
    arguments = ["backtest", str(out), "--history", str(folder), "--since", "2025-09-01", "--format", "json"]
    assert main(arguments) == 1
    rule = json.loads(capsys.readouterr().out)["rules"][0]
    assert rule["changed"] == rule["right"] + rule["wrong"] == 11


def test_the_floor_can_be_raised(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["suggest", "--history", str(folder), "--precision", "0.95"]) == 0
    said = capsys.readouterr().out
    assert said.startswith("0 rules proposed") and "just below the floor" in said
    assert "54 right, 6 wrong" in said


@pytest.mark.parametrize(
    "arguments",
    [
        ["suggest"],
        ["suggest", "--history", "nowhere"],
        ["suggest", "--history", ".", "--precision", "2"],
        ["suggest", "--history", ".", "--min-fixes", "none"],
        ["backtest", "nowhere.json", "--history", "."],
        ["backtest", "nowhere.json", "--history", ".", "--since", "May"],
    ],
)
def test_wrong_usage_is_told(
    arguments: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(arguments) == 2
    assert "error" in capsys.readouterr().err
