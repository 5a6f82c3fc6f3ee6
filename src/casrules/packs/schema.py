"""The JSON Schema of pack files, for editors: `python -m casrules.packs.schema` writes it, `--check` compares.

It is made from the models and from the words of `schemas/packs/keys.yaml`. Every text may also be written as a number
or as true or false, since the reader takes every scalar as the text it is.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from pydantic import BaseModel, create_model

from casrules.packs.configuration import (
    Approval,
    ConfigurationExample,
    ConfigurationExamples,
    ConfigurationRule,
    ConfigurationTable,
)
from casrules.packs.manifest import Extension, Manifest, Override, Removed
from casrules.packs.models import (
    Authority,
    Branch,
    DecisionTable,
    Equivalent,
    Example,
    Examples,
    FixPlan,
    Law,
    PackModel,
    Rule,
    Scope,
    SuggestPlan,
    Validity,
)
from casrules.packs.topics import KEYS, Topic
from casrules.packs.translations import BranchTexts, RuleTexts, TranslationFile
from casrules.packs.yaml_text import read_yaml
from casrules.resources import schemas_folder

MODELS: Final[tuple[type[BaseModel], ...]] = (
    Manifest, Extension, Override, Removed, Topic, Rule, DecisionTable, Branch, Scope, Validity, Law, Authority,
    FixPlan, SuggestPlan, Examples, Example, Equivalent, ConfigurationRule, ConfigurationTable, ConfigurationExamples,
    ConfigurationExample, Approval, TranslationFile, RuleTexts, BranchTexts,
)  # fmt: skip
INHERITS: Final = {
    "DecisionTable": "Rule",
    "SuggestPlan": "FixPlan",
    "ConfigurationTable": "ConfigurationRule",
    "ConfigurationExample": "Example",
    "RuleTexts": "Rule",
}
"""Models whose keys mean what another's do; `keys.yaml` tells only the rest."""
_SCALAR: Final = ["string", "number", "boolean"]
_KEPT: Final = ("pattern", "enum", "const", "format")


def schema_path() -> Path:
    """Where the schema is kept."""
    return schemas_folder() / "packs" / "rule-pack.schema.json"


def descriptions() -> Mapping[str, Mapping[str, str]]:
    """What every key of every model means, in one sentence or two: model → key → text."""
    written: dict[str, dict[str, str]] = read_yaml(schemas_folder() / "packs" / "keys.yaml").content
    return {name: {**written.get(INHERITS.get(name, ""), {}), **keys} for name, keys in written.items()}


def schema_text() -> str:
    """The JSON Schema (draft 2020-12) of a topic file, of translations, or of a manifest where there is neither."""
    whole = create_model(
        "Whole", __base__=PackModel, topic=(Topic, ...), texts=(TranslationFile, ...), manifest=(Manifest, ...)
    )
    made = whole.model_json_schema(by_alias=True, mode="validation", ref_template="#/$defs/{model}")
    words = descriptions()
    definitions = {name: loosened(_described(found, words.get(name, {}))) for name, found in made["$defs"].items()}
    topic = {"anyOf": [{"required": [key]} for key in KEYS]}
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "urn:casrules:rule-pack:1",
        "title": "casrules rule pack: pack.yaml, a topic file or its texts in another language",
        "type": "object",
        "if": topic,
        "then": {"$ref": "#/$defs/Topic"},
        "else": {
            "if": {"required": ["translations"]},
            "then": {"$ref": "#/$defs/TranslationFile"},
            "else": {"$ref": "#/$defs/Manifest"},
        },
        "$defs": definitions,
    }
    return json.dumps(schema, indent=2, sort_keys=True, ensure_ascii=True) + "\n"


def _described(definition: dict[str, Any], words: Mapping[str, str]) -> dict[str, Any]:
    properties = {
        name: {**found, **({"description": words[name]} if name in words else {})}
        for name, found in definition.get("properties", {}).items()
    }
    return {**definition, **({"properties": properties} if properties else {})}


def loosened(schema: Any) -> Any:
    """Texts may be written as any scalar; titles made from names say nothing; a default is not what a file holds."""
    if isinstance(schema, list):
        return [loosened(entry) for entry in schema]
    if not isinstance(schema, dict):
        return schema
    found = {
        key: {name: loosened(entry) for name, entry in value.items()} if key == "properties" else loosened(value)
        for key, value in schema.items()
        if key != "default" and not (key == "title" and isinstance(value, str))
    }
    if found.get("type") == "string" and not any(key in found for key in _KEPT):
        found["type"] = _SCALAR
        found.pop("minLength", None)
    elif found.get("type") == "string" and "pattern" in found:
        found["type"] = ["string", "number"]
    elif found.get("type") in {"boolean", "integer"}:
        found["type"] = _SCALAR
    return found


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
