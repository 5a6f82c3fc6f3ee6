"""Typed edits, fixes of a message, and suggestions for configuration rules.

Values are written as text: the dictionary's type of the target says how they are read.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from casrules.findings.frozen import Frozen, SourceText

Applicability = Literal["safe", "unsafe", "display"]


class Target(Frozen):
    """What an edit changes: `path` for people, `record` the JSON Pointer into the record for machines."""

    path: SourceText
    record: str = ""


class FieldValue(Frozen):
    """A named value of an entity, as text."""

    name: str
    value: SourceText


class SetValue(Frozen):
    """Write `value`, whatever is there."""

    kind: Literal["set"] = "set"
    target: Target
    value: SourceText


class DefaultValue(Frozen):
    """Write `value` only where nothing is there."""

    kind: Literal["default"] = "default"
    target: Target
    value: SourceText


class CopyValue(Frozen):
    """Write what `source` holds; all sources are read before any target is written."""

    kind: Literal["copy"] = "copy"
    target: Target
    source: Target


class ComputeValue(Frozen):
    """Write the value of an expression of the rule language."""

    kind: Literal["compute"] = "compute"
    target: Target
    expression: str


class AddEntity(Frozen):
    """Add an entity with its fields to the list (or the single place) `target`."""

    kind: Literal["add"] = "add"
    target: Target
    fields: tuple[FieldValue, ...] = ()


class RemoveEntity(Frozen):
    """Remove the entity or the value at `target`."""

    kind: Literal["remove"] = "remove"
    target: Target


Edit = Annotated[
    SetValue | DefaultValue | CopyValue | ComputeValue | AddEntity | RemoveEntity, Field(discriminator="kind")
]


class Fix(Frozen):
    """A proposed change of this message.

    `safe`: removes its violation, adds none, stays valid under the schema, is idempotent, and is never a
    statement of the declarant. `unsafe`: a person decides. `display`: shown, never applied.
    """

    title: str
    applicability: Applicability = "display"
    edits: tuple[Edit, ...] = ()
    rule: str = ""


class Match(Frozen):
    """A condition of a suggested rule: the field and the value it had, as a typed literal in text."""

    field: str
    value: SourceText | None = None


class Evidence(Frozen):
    """What past declarations say for a suggestion: how many support it, how many contradict it."""

    support: int
    against: int = 0
    source: str = ""


class Suggestion(Frozen):
    """The configuration rule that would stop the recurrence, in the pack's own format.

    `rule_data` is the rule as YAML text of plain pack data; `ask` names the fields a person must give; `mode`
    ask means that a person decides each time.
    """

    title: str
    mode: Literal["apply", "ask"] = "ask"
    match: tuple[Match, ...] = ()
    rule_data: str = ""
    ask: tuple[str, ...] = ()
    evidence: Evidence | None = None
