"""What a history's columns are: read from `schema.json`, nothing about them is known here."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class _Described(BaseModel):
    """Frozen; what a newer writer adds is ignored."""

    model_config = ConfigDict(frozen=True, extra="ignore", populate_by_name=True)


class FieldSpec(_Described):
    """One field of the messages, before and after.

    `kind`: `code` (a value of a closed or open list), `hierarchy` (a code whose prefixes mean something,
    at `prefix_levels` characters), `number` (never a condition, never mined), `list` (codes, or `KEY|REFERENCE`
    as `entry` says). `statement` marks what the declarant states and nobody may fill in silently.
    """

    name: str
    level: Literal["header", "item"]
    kind: Literal["code", "hierarchy", "number", "list"]
    prefix_levels: tuple[int, ...] = ()
    entry: str = ""
    statement: bool = False

    @property
    def referenced(self) -> bool:
        """Entries of the list carry a reference after their key."""
        return "|" in self.entry


class Schema(_Described):
    """The fields of a history and its period; without a period the first and the last time are taken."""

    history_start: date | None = None
    history_end: date | None = None
    fields: tuple[FieldSpec, ...]

    @property
    def codes(self) -> tuple[FieldSpec, ...]:
        """Fields with one coded value."""
        return tuple(it for it in self.fields if it.kind in ("code", "hierarchy"))

    @property
    def lists(self) -> tuple[FieldSpec, ...]:
        """Fields with many entries."""
        return tuple(it for it in self.fields if it.kind == "list")


class LegalBasis(_Described):
    """A legal basis and the period that is publicly known; `None` = not known."""

    id: str
    valid_from: date | None = None
    valid_to: date | None = None


class ExistingRule(_Described):
    """A configuration rule already in force, in the form of a suggestion's conditions and action."""

    id: str
    conditions: tuple[Condition, ...] = ()
    action: Action
    valid_from: date | None = None
    valid_to: date | None = None


class ProposedRule(ExistingRule):
    """A rule read from a file of suggestions: what is needed to apply it."""

    text: str = ""


class Condition(_Described):
    """One condition on the message before.

    `op`: eq, ne, in, not_in, prefix, not_prefix (of any of the values), is_null, not_null, has, not_has (an
    entry of a list field).
    """

    field: str
    op: Literal["eq", "ne", "in", "not_in", "prefix", "not_prefix", "is_null", "not_null", "has", "not_has"]
    value: str | tuple[str, ...] | None = None

    @property
    def values(self) -> tuple[str, ...]:
        """The value or values as a tuple."""
        if self.value is None:
            return ()
        return (self.value,) if isinstance(self.value, str) else self.value


class Reference(_Described):
    """How the reference of an added document is found: none, constant, look-up by `key`, or a person gives it."""

    mode: Literal["none", "constant", "lookup", "prompt"] = "none"
    value: str | None = None
    key: tuple[str, ...] = ()


class Action(_Described):
    """One typed edit.

    `op`: set (`field`, `value`, `only_if_empty`), change (`field`, `from`, `to`), copy (`from`, `field`), add_doc and
    remove_doc (`type`, `ref`; lists with references), add_info and remove_info (`code`; plain lists). `list` names
    the list field where a history has several.
    """

    op: Literal["set", "change", "copy", "add_doc", "remove_doc", "add_info", "remove_info"]
    field: str | None = None
    value: str | None = None
    only_if_empty: bool = False
    source: str | None = Field(default=None, alias="from")
    to: str | None = None
    list: str | None = None
    type: str | None = None
    code: str | None = None
    ref: Reference | None = None


ExistingRule.model_rebuild()
ProposedRule.model_rebuild()
