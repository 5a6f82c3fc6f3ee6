"""Turns what pydantic says about a file into one sentence with file, line, the value as read and the nearest name."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from casrules.errors import PackError, RuleError
from casrules.packs.yaml_lines import Lines, ValuePath

Model = TypeVar("Model", bound=BaseModel)
FORMAT = "see docs/rule-packs.md"
_SHOWN = 60
_WANTED = {
    "model_type": "keys are wanted here",
    "model_attributes_type": "keys are wanted here",
    "dict_type": "keys are wanted here",
    "list_type": "a list is wanted here",
    "tuple_type": "a list is wanted here",
}
"""pydantic's words for a shape, in ours."""
_FORMS = {
    "id": "an id begins with a letter and holds letters, digits, - and _; a dot stands between two parts",
    "pack": "a pack's id holds small letters, digits, - and _; a dot stands between two parts",
    "file": "the name of a CSV file beside the pack's `decisions`: guarantee.csv",
    "version": "a version is three numbers: 1.0.0",
    "tables": "words about a column hold {key}, which stands for what is looked up: the flow of {key}",
}
"""What a key's pattern means."""


def read_model(model: type[Model], lines: Lines, *, kind: type[PackError] = PackError) -> Model:
    """The content of `lines` as a model; raises `kind` with place and remedy for the first thing that is wrong."""
    if not isinstance(lines.content, dict):
        raise kind("keys are wanted here", place=lines.place(), remedy=FORMAT)
    try:
        return model.model_validate(lines.content)
    except ValidationError as error:
        raise explain_model_error(error, model, lines, kind) from None


def explain_model_error(
    error: ValidationError, model: type[BaseModel], lines: Lines, kind: type[PackError] = RuleError
) -> PackError:
    """The first of pydantic's errors as ours; unknown keys come before what their absence makes missing."""
    found = min(error.errors(), key=lambda entry: entry["type"] != "extra_forbidden")
    path = _written(lines.content, found["loc"])
    place = lines.place(*path)
    name = str(found["loc"][-1]) if found["loc"] else ""
    if found["type"] == "extra_forbidden":
        return kind(f"unknown key {name!r}", place=place, remedy=near(name, _keys(model, found["loc"][:-1])))
    if found["type"] == "missing":
        return kind(f"the key {name!r} is missing", place=place, remedy=f"add it; {FORMAT}")
    written = found["input"]
    shown = f", but {_short(written)!r} is written" if isinstance(written, str) else ""
    where = ".".join(str(step) for step in path if not isinstance(step, int))
    name = "tables" if path[:1] == ("tables",) else name
    what = _WANTED.get(found["type"]) or (_FORMS.get(name) if found["type"] == "string_pattern_mismatch" else None)
    what = what or str(found["msg"]).removeprefix("Value error, ")
    remedy = near(str(written), _choices(found)) if found["type"] == "literal_error" else FORMAT
    return kind(f"{where}: {what}{shown}" if where else what, place=place, remedy=remedy)


def near(name: str, known: Iterable[str]) -> str:
    """A remedy: the known name closest to `name`, else the known names."""
    names = sorted(known)
    found = difflib.get_close_matches(name, names, n=1, cutoff=0.5)
    if found:
        return f"did you mean {found[0]!r}?"
    return f"known: {', '.join(names[:30])}" if names else "remove it"


def _written(content: Any, location: Sequence[str | int]) -> ValuePath:
    """The part of pydantic's location that stands in the file: its own words for unions and keys are left out."""
    path: list[str | int] = []
    for step in location:
        below = isinstance(content, dict) and step in content
        if below or (isinstance(content, list) and isinstance(step, int) and step < len(content)):
            content = content[step]
            path.append(step)
    return tuple(path)


def _choices(found: Any) -> list[str]:
    return [word.strip(" '") for word in str(found["ctx"]["expected"]).replace(" or ", ",").split(",")]


def _short(text: str) -> str:
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


def _keys(model: type[BaseModel], path: Sequence[str | int]) -> list[str]:
    current: Any = model
    for step in path:
        if isinstance(step, str):
            field = next((f for name, f in current.model_fields.items() if step == (f.alias or name)), None)
            if field is None:  # an id or a name that the author gave, not a key of the model
                continue
            current = _inner_model(field.annotation)
            if current is None:
                return []
    return [field.alias or name for name, field in current.model_fields.items()]


def _inner_model(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    for part in getattr(annotation, "__args__", ()):
        found = _inner_model(part)
        if found is not None:
            return found
    return None
