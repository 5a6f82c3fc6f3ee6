"""The JSON Schemas of shape and code files, for editors: `python -m casrules.alerts.schema` writes, `--check` compares.

They are made from the models; every text may also be written as a number or as true or false, since the reader takes
every scalar as the text it is.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from pydantic import BaseModel

from casrules.alerts.code_models import CodeFile
from casrules.alerts.shape_models import ShapeFile
from casrules.packs.schema import loosened
from casrules.resources import schemas_folder

FILES: tuple[tuple[str, str, type[BaseModel]], ...] = (
    ("answer-shapes.schema.json", "casrules answer shapes: a file of rulesets/errors/shapes", ShapeFile),
    ("answer-codes.schema.json", "casrules answer codes: a file of rulesets/errors/codes", CodeFile),
)


def schema_files() -> Iterator[tuple[Path, str]]:
    """Each schema's path and text (draft 2020-12)."""
    for name, title, model in FILES:
        made = loosened(model.model_json_schema(by_alias=True, mode="validation"))
        schema = {
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "$id": f"urn:casrules:{name.partition('.')[0]}:1",
            **made,
            "title": title,
        }
        yield schemas_folder() / "errors" / name, json.dumps(schema, indent=2, sort_keys=True, ensure_ascii=True) + "\n"


def main(argv: Sequence[str]) -> int:
    """Write the schemas, or with `--check` return 1 where a kept one is out of date."""
    if "--check" in argv:
        kept = all(path.is_file() and path.read_text(encoding="utf-8") == text for path, text in schema_files())
        return 0 if kept else 1
    for path, text in schema_files():
        path.write_text(text, encoding="utf-8", newline="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
