"""The format of a rule pack: what a YAML file of rules may hold. Every value arrives as text and is typed here."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

Severity = Literal["error", "warning", "info"]
Status = Literal["draft", "preview", "stable", "deprecated"]
Category = Literal["missing", "forbidden", "codelist", "format", "consistency", "plausibility", "policy"]


def _listed(value: Any) -> Any:
    return [value] if isinstance(value, (str, dict)) else value


Texts = Annotated[tuple[str, ...], BeforeValidator(_listed)]


class PackModel(BaseModel):
    """Frozen, and strict about unknown keys: a misspelt key is an error, never ignored."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class Validity(PackModel):
    """Inclusive calendar dates, compared with the declaration's reference date."""

    since: date | None = Field(default=None, alias="from")
    until: date | None = Field(default=None, alias="to")

    def covers(self, day: str | None) -> bool:
        """Whether the rule is in force on `day` (YYYY-MM-DD); on an unknown day only undated rules are."""
        if day is None:
            return self.since is None and self.until is None
        on = date.fromisoformat(day[:10])
        return (self.since is None or self.since <= on) and (self.until is None or on <= self.until)


class Scope(PackModel):
    """Which messages a rule is for: every list that is given must hold the message's value; absent = all."""

    family: Texts = ()
    message: Texts = ()
    phase: Texts = ()
    jurisdiction: Texts = ()
    flow: Texts = ()
    role: Texts = ()


class Law(PackModel):
    """A place in the law: the act's number ("2015/2446") and the place in it ("Annex B")."""

    act: str
    place: str = ""


class Authority(PackModel):
    """What customs would answer: the system, the code list its code is from, the code, and the official rule."""

    system: str
    list: str = ""
    code: str = ""
    rule: str = ""


class Branch(PackModel):
    """One check of a rule that has several; `key` names it in the fingerprint and in translations."""

    key: str
    when: str | None = None
    require: str
    at: Texts = ()
    message: str
    remedy: str | None = None


class FixPlan(PackModel):
    """An edit of the message that mends the violation; sources are read before any target is written."""

    applicability: Literal["safe", "unsafe", "display"] = "display"
    title: str
    set: dict[str, str] = Field(default_factory=dict)
    copy_: dict[str, str] = Field(default_factory=dict, alias="copy")
    compute: dict[str, str] = Field(default_factory=dict)
    add: dict[str, dict[str, str]] = Field(default_factory=dict)
    remove: Texts = ()


class SuggestPlan(PackModel):
    """The configuration rule that would stop the recurrence; a value of `ask` is what a person must give."""

    title: str
    match: Texts = ()
    mode: Literal["apply", "ask"] = "ask"
    set: dict[str, str] = Field(default_factory=dict)
    default: dict[str, str] = Field(default_factory=dict)
    copy_: dict[str, str] = Field(default_factory=dict, alias="copy")
    compute: dict[str, str] = Field(default_factory=dict)
    add: dict[str, dict[str, str]] = Field(default_factory=dict)


class Example(PackModel):
    """One test of a rule: a declaration in short form, and what is expected of it."""

    given: dict[str, Any]
    why: str = ""
    message: str | None = None
    phase: str | None = None
    as_of: str | None = None
    expect_at: Texts = ()
    branch: str | None = None


class Examples(PackModel):
    """The tests of a rule, by what they must give."""

    valid: tuple[Example, ...] = ()
    invalid: tuple[Example, ...] = ()
    not_applicable: tuple[Example, ...] = ()
    known_gap: tuple[Example, ...] = ()


class Rule(PackModel):
    """One rule as written in a pack; `require` and `message`, or `branches`."""

    id: str = Field(pattern=r"^[A-Za-z][A-Za-z0-9_.\-]*$")
    title: str
    description: str = ""
    severity: Severity = "error"
    status: Status = "stable"
    since: str = "0.1"
    source: Literal["seen", "recalled"] = "seen"
    category: Category = "consistency"
    valid: Validity = Validity()
    scope: Scope = Scope()
    law: Annotated[tuple[Law, ...], BeforeValidator(_listed)] = ()
    authority: Annotated[tuple[Authority, ...], BeforeValidator(_listed)] = ()
    specialises: Texts = ()
    params: dict[str, str] = Field(default_factory=dict)
    let: dict[str, str] = Field(default_factory=dict)
    for_: str = Field(default="declaration", alias="for")
    when: str | None = None
    require: str | None = None
    at: Texts = ()
    branches: tuple[Branch, ...] = ()
    after: Texts = ()
    message: str | None = None
    remedy: str = ""
    alternatives: Texts = ()
    fix: Annotated[tuple[FixPlan, ...], BeforeValidator(_listed)] = ()
    suggest: Annotated[tuple[SuggestPlan, ...], BeforeValidator(_listed)] = ()
    examples: Examples = Examples()
    aliases: Texts = ()
    replaced_by: str | None = None

    @model_validator(mode="after")
    def _complete(self) -> Rule:
        if bool(self.branches) == bool(self.require):
            raise ValueError("a rule has either `require` and `message`, or `branches`")
        if self.require and not self.message:
            raise ValueError("`message` is missing: the sentence a declarant reads when the rule fails")
        keys = [branch.key for branch in self.branches]
        if len(set(keys)) != len(keys):
            raise ValueError("two branches have the same key")
        if self.source == "recalled" and self.status == "stable":
            raise ValueError("a recalled rule cannot be stable: write `status: preview`")
        return self

    def all_branches(self) -> tuple[Branch, ...]:
        """The checks of the rule; a rule with one `require` has one branch with an empty key."""
        if self.branches:
            return self.branches
        return (Branch(key="", require=self.require or "", at=self.at, message=self.message or ""),)


class Manifest(PackModel):
    """`pack.yaml`: what the pack is, and its version (semantic)."""

    id: str = Field(pattern=r"^[a-z][a-z0-9_.\-]*$")
    title: str
    version: str = Field(pattern=r"^\d+\.\d+(\.\d+)?$")
    description: str = ""
    licence: str = ""
    authors: Texts = ()
    jurisdiction: Texts = ()
    scope: Scope = Scope()
    files: Texts = ()


class Topic(PackModel):
    """A file of rules about one subject."""

    topic: str = ""
    rules: tuple[Rule, ...]
