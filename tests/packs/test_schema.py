from __future__ import annotations

import json
from pathlib import Path
from typing import Any, ClassVar

import pytest
import yaml

from casrules.packs import pack_folders, schema
from casrules.resources import rulesets_folder

jsonschema = pytest.importorskip("jsonschema", reason="jsonschema is needed to validate pack files")

SHIPPED = sorted(path for folder in pack_folders(rulesets_folder()) for path in folder.glob("*.yaml"))


class EditorLoader(yaml.SafeLoader):
    """Reads YAML as editors do: numbers and flags are such, dates are texts."""

    yaml_implicit_resolvers: ClassVar[dict[str, Any]] = {
        first: [(tag, pattern) for tag, pattern in found if tag != "tag:yaml.org,2002:timestamp"]
        for first, found in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }


@pytest.fixture(scope="module")
def validator() -> Any:
    content = json.loads(schema.schema_path().read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(content)
    return jsonschema.Draft202012Validator(content)


def test_the_kept_schema_is_what_the_models_say() -> None:
    kept = schema.schema_path().read_text(encoding="utf-8")
    assert kept == schema.schema_text(), "run: python -m casrules.packs.schema"


def test_every_key_is_described_and_nothing_else() -> None:
    words = schema.descriptions()
    for model in schema.MODELS:
        keys = {field.alias or name for name, field in model.model_fields.items()}
        assert keys <= words[model.__name__].keys(), model.__name__
    own = schema.read_yaml(schema.schemas_folder() / "packs" / "keys.yaml").content
    fields = {model.__name__: {f.alias or n for n, f in model.model_fields.items()} for model in schema.MODELS}
    assert {name: set(keys) - fields[name] for name, keys in own.items()} == {name: set() for name in own}


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: "/".join(path.parts[-2:]))
def test_every_shipped_file_validates(path: Path, validator: Any) -> None:
    content = yaml.load(path.read_text(encoding="utf-8"), EditorLoader)
    assert [f"{found.json_path}: {found.message}" for found in validator.iter_errors(content)] == []


@pytest.mark.parametrize(
    "content",
    [
        {"id": "a", "title": "T"},
        {"id": "a", "title": "T", "version": "1.0.0", "extneds": "b"},
        {"rules": [{"id": "A"}]},
        {"rules": [{"id": "A", "title": "T", "severity": "fatal"}]},
        {"rules": [{"id": "A", "title": "T", "requires": "x"}]},
        {"rules": [{"id": "A", "title": "T", "valid": {"since": "2025-01-01"}}]},
        {"decisions": [{"id": "A", "title": "T", "hit": "any", "conditions": {"a": "b"}}]},
    ],
)
def test_the_schema_refuses_what_the_loader_refuses(content: Any, validator: Any) -> None:
    assert list(validator.iter_errors(content))


def test_check_tells_a_stale_schema_from_a_current_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "packs" / "rule-pack.schema.json"
    monkeypatch.setattr(schema, "schema_path", lambda: path)
    assert schema.main(["--check"]) == 1
    assert schema.main([]) == 0
    assert schema.main(["--check"]) == 0
