"""The published JSON Schemas are those of the models, and take what ships."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from casrules.alerts.schema import main, schema_files
from casrules.packs.yaml_text import read_yaml


def test_the_kept_schemas_are_those_of_the_models() -> None:
    assert main(["--check"]) == 0, "run: python -m casrules.alerts.schema"


@pytest.mark.parametrize(("at", "folder"), [(0, "shapes"), (1, "codes")])
def test_what_ships_fits(repository: Path, at: int, folder: str) -> None:
    schema = json.loads(list(schema_files())[at][1])
    Draft202012Validator.check_schema(schema)
    files = sorted((repository / "rulesets/errors" / folder).glob("*.yaml"))
    assert files
    for path in files:
        assert list(Draft202012Validator(schema).iter_errors(read_yaml(path).content)) == [], path.name


def test_a_misspelt_key_does_not_fit() -> None:
    schema = json.loads(list(schema_files())[1][1])
    assert not Draft202012Validator(schema).is_valid({"system": "X", "list": "L", "titel": "t"})
