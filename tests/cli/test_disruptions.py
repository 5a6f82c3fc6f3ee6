"""`casrules disruptions`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from casrules.cli import main

EVENT = {"at": "2025-02-01T08:00:00+00:00", "system": "CDS", "event": "failed"}


def events(folder: Path, *more: dict[str, str]) -> str:
    path = folder / "events.jsonl"
    rows = [{**EVENT, "id": str(number), **one} for number, one in enumerate(more)]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return str(path)


def test_an_outage_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = [{"declaration": f"L{number}", "sender": f"S{number}", "kind": "unavailable"} for number in range(3)]
    assert main(["disruptions", events(tmp_path, *rows)]) == 1
    out = capsys.readouterr().out
    assert "CDS: an outage of the system" in out and "Next try: 2025-02-01 08:00:1" in out


def test_json_and_a_time_of_ones_own(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = events(tmp_path, {"declaration": "L1", "event": "answered"})
    assert main(["disruptions", file, "--format", "json", "--at", "2025-02-01T09:00:00+00:00"]) == 0
    (found,) = json.loads(capsys.readouterr().out)
    assert (found["system"], found["state"]) == ("CDS", "working")


def test_notices_count(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    notices = tmp_path / "n.yaml"
    notices.write_text("notices:\n  - {system: CDS, kind: planned, start: '2025-02-01T07:00:00Z'}\n", encoding="utf-8")
    file = events(tmp_path, {"declaration": "L1", "event": "taken"})
    assert main(["disruptions", file, "--notices", str(notices)]) == 1
    assert "planned maintenance" in capsys.readouterr().out


def test_wrong_usage(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "bad.jsonl"
    path.write_text("no json\n", encoding="utf-8")
    assert main(["disruptions", str(path)]) == 2
    assert "bad.jsonl:1: no JSON" in capsys.readouterr().err
    assert main(["disruptions", events(tmp_path, {"declaration": "L"}), "--at", "noon"]) == 2
