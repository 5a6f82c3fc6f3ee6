"""Which actions a person must confirm: the table of `schemas/improve/policy.yaml`, or another one."""

from __future__ import annotations

from fnmatch import fnmatchcase
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from casrules.errors import UsageError, place_of
from casrules.findings.frozen import Frozen
from casrules.improve.schema import Action, Schema
from casrules.packs.yaml_text import read_yaml
from casrules.resources import schemas_folder


class PolicyEntry(Frozen):
    """Patterns (* allowed) of what must be asked; one of the three is given."""

    field: str | None = None
    document: str | None = None
    information: str | None = None
    because: str


class Policy(Frozen):
    """Actions that are never applied silently."""

    ask: tuple[PolicyEntry, ...]

    @classmethod
    def load(cls, path: Path | None = None) -> Policy:
        """The shipped policy, or the one at `path`. Raises UsageError where it is none."""
        place = path or schemas_folder() / "improve" / "policy.yaml"
        try:
            return TypeAdapter(cls).validate_python(read_yaml(place).content)
        except ValidationError as error:
            first = error.errors()[0]
            where = ".".join(map(str, first["loc"]))
            raise UsageError(f"policy: {where}: {first['msg']}", place=place_of(place)) from None

    def reason(self, action: Action, schema: Schema) -> str:
        """Why a person must confirm the action; empty where it may be applied."""
        marked = {it.name for it in schema.fields if it.statement}
        if (action.field or action.list) in marked:
            return "the schema marks the field as a statement of the declarant"
        for entry in self.ask:
            pairs = ((entry.field, action.field), (entry.document, action.type), (entry.information, action.code))
            if any(pattern and value and fnmatchcase(value, pattern) for pattern, value in pairs):
                return entry.because
        if action.ref and action.ref.mode == "prompt":
            return "the reference differs each time"
        return ""
