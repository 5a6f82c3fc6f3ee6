from __future__ import annotations

import json

from casrules.findings import schema
from casrules.findings.report import REPORT_VERSION


def test_the_kept_schema_is_what_the_models_say() -> None:
    kept = schema.schema_path().read_text(encoding="utf-8")
    assert kept == schema.schema_text(), "run: python -m casrules.findings.schema"


def test_the_schema_names_its_version_and_leaves_times_out() -> None:
    told = json.loads(schema.schema_text())
    assert told["$id"].endswith(REPORT_VERSION)
    assert "timings" not in told["properties"] and "Timing" not in told["$defs"]
    assert told["properties"]["schema_version"]["const"] == REPORT_VERSION


def test_check_tells_a_stale_schema_from_a_current_one(tmp_path, monkeypatch) -> None:
    path = tmp_path / "report" / "report.schema.json"
    monkeypatch.setattr(schema, "schema_path", lambda: path)
    assert schema.main(["--check"]) == 1
    assert schema.main([]) == 0
    assert schema.main(["--check"]) == 0
    path.write_text("{}")
    assert schema.main(["--check"]) == 1
