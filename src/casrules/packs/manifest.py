"""`pack.yaml`: what a pack is, which packs it extends, and what it changes in them."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BeforeValidator, Field, field_validator, model_validator

from casrules.packs.models import RULE_ID, PackModel, Scope, Severity, Status, Texts, Validity
from casrules.packs.versions import VERSION_PATTERN, within

PACK_ID = r"^[a-z][a-z0-9_\-]*(\.[a-z0-9][a-z0-9_\-]*)*$"


Phrase = Annotated[str, Field(pattern=r"\{key\}")]


class Override(PackModel):
    """A change of one rule of the extended pack, and why; reports name it. `off: false` switches a rule on again."""

    rule: str
    reason: str = Field(min_length=1)
    severity: Severity | None = None
    status: Status | None = None
    valid: Validity | None = None
    params: dict[str, str] = Field(default_factory=dict)
    off: bool | None = None

    @model_validator(mode="after")
    def _changes_something(self) -> Override:
        changes = [self.severity, self.status, self.valid, self.params or None]
        if self.off and any(changes):
            raise ValueError("a rule that is switched off is not changed as well")
        if self.off is None and not any(changes):
            raise ValueError("an override changes severity, status, valid or params, or says `off: true`")
        return self


class Extension(PackModel):
    """A pack this one includes: its id, the versions that will do, and what is changed in its rules."""

    pack: str = Field(pattern=PACK_ID)
    version: str = ""
    overrides: tuple[Override, ...] = ()

    @field_validator("version")
    @classmethod
    def _is_range(cls, value: str) -> str:
        within("0.0", value)
        return value


class Removed(PackModel):
    """A rule that the pack once had; its id is never given to another rule."""

    id: str = Field(pattern=RULE_ID)
    since: str
    reason: str = Field(min_length=1)
    replaced_by: str | None = None


def _entries(value: Any) -> Any:
    entries = [value] if isinstance(value, (str, dict)) else value
    return [{"pack": entry} if isinstance(entry, str) else entry for entry in entries] if entries else ()


Extensions = Annotated[
    tuple[Extension, ...],
    BeforeValidator(_entries, json_schema_input_type=str | Extension | tuple[str | Extension, ...]),
]


class Manifest(PackModel):
    """`pack.yaml`: what the pack is, and its version (semantic)."""

    id: str = Field(pattern=PACK_ID)
    title: str = Field(min_length=1)
    version: str = Field(pattern=f"^{VERSION_PATTERN}$")
    description: str = ""
    licence: str = ""
    authors: Texts = ()
    jurisdiction: Texts = ()
    valid: Validity = Validity()
    scope: Scope = Scope()
    extends: Extensions = ()
    removed: tuple[Removed, ...] = ()
    tables: dict[str, dict[str, Phrase]] = Field(default_factory=dict)
