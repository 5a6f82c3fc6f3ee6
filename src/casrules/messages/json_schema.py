"""The pydantic models of the JSON declaration, made from the dictionary, and the JSON Schema of them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StrictBool, StrictFloat, StrictInt, StrictStr, create_model

from casrules.dictionary import Dictionary, Element, shipped_dictionary
from casrules.messages.json_form import FORMAT, FORMAT_HINT
from casrules.resources import schemas_folder

_NUMBER = Annotated[StrictStr, Field(pattern=r"^\s*([+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+))?\s*$")]
_WHOLE = Annotated[StrictStr, Field(pattern=r"^\s*([+-]?[0-9]+(\.0*)?)?\s*$")]
_DATE = Annotated[StrictStr, Field(pattern=r"^\s*([0-9]{4}-[0-9]{2}-[0-9]{2})?\s*$")]
_DATETIME = Annotated[
    StrictStr,
    Field(
        pattern=r"^\s*([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?(Z|[+-][0-9]{2}:[0-9]{2})?)?\s*$"
    ),
]
_TYPES: dict[str, Any] = {
    "code": StrictStr,
    "text": StrictStr,
    "decimal": StrictFloat | StrictInt | _NUMBER,
    "integer": StrictInt | Annotated[StrictFloat, Field(multiple_of=1)] | _WHOLE,
    "flag": StrictBool | Annotated[StrictStr, Field(pattern=r"^\s*(0|1|true|false)?\s*$")],
    "date": _DATE,
    "datetime": _DATETIME,
}


class JsonEntity(BaseModel):
    """What all entities of the JSON declaration have in common: they are frozen and know their keys."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def declaration_model(dictionary: Dictionary | None = None) -> type[JsonEntity]:
    """The model of a whole JSON declaration; its fields are the dictionary's stored elements."""
    dictionary = dictionary or shipped_dictionary()
    models: dict[str, type[JsonEntity]] = {}
    for name in dictionary.entities:
        fields: dict[str, Any] = {
            element.name: _field(element) for element in dictionary.entities[name].elements.values() if not element.view
        }
        if name == dictionary.root:
            written = Field(default=None, pattern=f"^{FORMAT.pattern}$", description=f"The message: {FORMAT_HINT}.")
            fields["format"] = (str | None, written)
        models[name] = create_model(
            _class_name(name), __base__=JsonEntity, __doc__=dictionary.entities[name].label, **fields
        )
    known = {_class_name(name): model for name, model in models.items()}
    for model in models.values():
        model.model_rebuild(_types_namespace=known)
    return models[dictionary.root]


def schema_text(dictionary: Dictionary | None = None) -> str:
    """The JSON Schema of the JSON declaration."""
    schema = declaration_model(dictionary).model_json_schema()
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "Customs declaration"}
    return (
        json.dumps({**head, **{k: v for k, v in schema.items() if k != "title"}}, indent=1, ensure_ascii=False) + "\n"
    )


def schema_file() -> Path:
    """Where the JSON Schema is published."""
    return schemas_folder() / "json" / "declaration.schema.json"


def write_schema() -> None:
    """Publish the JSON Schema of the shipped dictionary."""
    file = schema_file()
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(schema_text(), encoding="utf-8")


def _field(element: Element) -> tuple[Any, Any]:
    kind: Any = _TYPES[element.type] if element.is_scalar else _class_name(element.type)
    if element.is_scalar:
        annotation: Any = kind | None
    else:
        annotation = f"list[{kind}] | None" if element.many else f"{kind} | None"
    number = f", data element {element.number}" if element.number and "*" not in element.number else ""
    unit = f", in {element.unit}" if element.unit else ""
    return annotation, Field(default=None, title=element.name, description=f"{element.label}{unit}{number}")


def _class_name(entity: str) -> str:
    return "".join(part.capitalize() for part in entity.split("_"))
