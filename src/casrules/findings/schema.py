"""The report's JSON Schema, made from the models: `python -m casrules.findings.schema` writes it, `--check`
compares.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path

from casrules.findings.report import REPORT_VERSION, Report
from casrules.resources import schemas_folder


def schema_path() -> Path:
    """Where the schema is kept."""
    return schemas_folder() / "report" / "report.schema.json"


def schema_text() -> str:
    """The JSON Schema (draft 2020-12) of a report as `Report.to_json` writes it."""
    schema = Report.model_json_schema(mode="serialization")
    schema["properties"].pop("timings")
    schema["required"] = [name for name in schema.get("required", ()) if name != "timings"]
    schema["$defs"].pop("Timing")
    head = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:casrules:report:{REPORT_VERSION}",
    }
    return json.dumps(head | schema, indent=2, sort_keys=True, ensure_ascii=True) + "\n"


def main(argv: Sequence[str]) -> int:
    """Write the schema, or with `--check` return 1 where the kept one is out of date."""
    path = schema_path()
    if "--check" in argv:
        return 0 if path.is_file() and path.read_text(encoding="utf-8") == schema_text() else 1
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(schema_text(), encoding="utf-8", newline="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
