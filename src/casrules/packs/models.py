"""The format of a rule pack: what a YAML file of rules may hold. Every value arrives as text and is typed here."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
Severity = Literal["error", "warning", "info"]
Status = Literal["draft", "preview", "stable", "deprecated"]
Category = Literal["missing", "forbidden", "codelist", "format", "consistency", "plausibility", "policy"]


def _listed(value: Any) -> Any:
    return [value] if isinstance(value, (str, dict)) else value


def _day(value: Any) -> Any:
    if isinstance(value, str) and not _DAY.fullmatch(value):
        raise ValueError("a day is written YYYY-MM-DD")
    return value


Day = Annotated[date, BeforeValidator(_day)]
Texts = Annotated[tuple[str, ...], BeforeValidator(_listed, json_schema_input_type=str | tuple[str, ...])]
CONTENT_SCOPES = ("dataset", "procedure")
"""Parts of a scope that what a declaration holds decides, not what message it is."""
RULE_ID = r"^[A-Za-z][A-Za-z0-9_\-]*(\.[A-Za-z0-9][A-Za-z0-9_\-]*)*$"


class PackModel(BaseModel):
    """Frozen, and strict about unknown keys: a misspelt key is an error, never ignored."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Validity(PackModel):
    """Inclusive calendar dates, compared with the declaration's reference date."""

    since: Day | None = Field(default=None, alias="from")
    until: Day | None = Field(default=None, alias="to")

    @model_validator(mode="after")
    def _in_order(self) -> Validity:
        if self.since is not None and self.until is not None and self.until < self.since:
            raise ValueError("`to` is before `from`")
        return self

    def within(self, outer: Validity) -> Validity:
        """The days that both cover; where there are none, `to` lies before `from` and no day is covered."""
        starts = [day for day in (self.since, outer.since) if day is not None]
        ends = [day for day in (self.until, outer.until) if day is not None]
        return Validity.model_construct(since=max(starts, default=None), until=min(ends, default=None))

    def covers(self, day: str | None) -> bool:
        """Whether the rule is in force on `day` (YYYY-MM-DD); on an unknown day only undated rules are."""
        if day is None:
            return self.since is None and self.until is None
        on = date.fromisoformat(day[:10])
        return (self.since is None or self.since <= on) and (self.until is None or on <= self.until)


class Scope(PackModel):
    """Which messages a rule is for: every list that is given must hold the message's value; absent = all.

    `dataset` and `procedure` are decided by what the declaration holds (`scope_conditions`).
    """

    family: Texts = ()
    message: Texts = ()
    phase: Texts = ()
    jurisdiction: Texts = ()
    flow: Texts = ()
    role: Texts = ()
    dataset: Texts = ()
    procedure: Texts = ()


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


Laws = Annotated[tuple[Law, ...], BeforeValidator(_listed, json_schema_input_type=Law | tuple[Law, ...])]
Authorities = Annotated[
    tuple[Authority, ...], BeforeValidator(_listed, json_schema_input_type=Authority | tuple[Authority, ...])
]


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
    default: dict[str, str] = Field(default_factory=dict)
    copy_: dict[str, str] = Field(default_factory=dict, alias="copy")
    compute: dict[str, str] = Field(default_factory=dict)
    add: dict[str, dict[str, str]] = Field(default_factory=dict)
    remove: Texts = ()


class SuggestPlan(PackModel):
    """The configuration rule that would stop the recurrence; a value of `ask` is what a person must give.

    `for` is what it visits, where that is not what the rule visits.
    """

    title: str
    for_: str = Field(default="", alias="for")
    match: Texts = ()
    mode: Literal["apply", "ask"] = "ask"
    set: dict[str, str] = Field(default_factory=dict)
    default: dict[str, str] = Field(default_factory=dict)
    copy_: dict[str, str] = Field(default_factory=dict, alias="copy")
    compute: dict[str, str] = Field(default_factory=dict)
    add: dict[str, dict[str, str]] = Field(default_factory=dict)


Fixes = Annotated[tuple[FixPlan, ...], BeforeValidator(_listed, json_schema_input_type=FixPlan | tuple[FixPlan, ...])]
Suggestions = Annotated[
    tuple[SuggestPlan, ...], BeforeValidator(_listed, json_schema_input_type=SuggestPlan | tuple[SuggestPlan, ...])
]


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


class Equivalent(PackModel):
    """A mutant of the conditions that no declaration can tell from the rule, named as `casrules test --mutate` does."""

    mutant: str = Field(min_length=1)
    reason: str = Field(min_length=1)


class RuleHead(PackModel):
    """What a rule and a decision table have in common."""

    title: str = Field(min_length=1)
    description: str = ""
    severity: Severity = "error"
    status: Status = "stable"
    since: str = "0.1"
    source: Literal["seen", "recalled"] = "seen"
    category: Category = "consistency"
    valid: Validity = Validity()
    scope: Scope = Scope()
    law: Laws = ()
    authority: Authorities = ()
    specialises: Texts = ()
    params: dict[str, str] = Field(default_factory=dict)
    let: dict[str, str] = Field(default_factory=dict)
    for_: str = Field(default="declaration", alias="for")
    when: str | None = None
    at: Texts = ()
    after: Texts = ()
    explains: Texts = ()
    message: str | None = None
    remedy: str = ""
    alternatives: Texts = ()
    fix: Fixes = ()
    suggest: Suggestions = ()


class Rule(RuleHead):
    """One rule as written in a pack; `require` and `message`, or `branches`."""

    id: str = Field(pattern=RULE_ID)
    require: str | None = None
    branches: tuple[Branch, ...] = ()
    examples: Examples = Examples()
    equivalent: tuple[Equivalent, ...] = ()
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


class DecisionTable(RuleHead):
    """Rules written as the rows of a table: each row compiles to one rule `<table id>.<row id>`.

    `conditions` and `results` name columns: the path (or expression) each is about. `rows` are written here, or stand
    in the CSV file `decisions/<file>` with the same columns.
    """

    id: str = Field(pattern=RULE_ID)
    hit: Literal["first", "unique", "all"]
    conditions: dict[str, str] = Field(min_length=1)
    results: dict[str, str] = Field(default_factory=dict)
    rows: tuple[dict[str, str | None], ...] = ()
    file: str = Field(default="", pattern=r"^([A-Za-z0-9_\-.]+\.csv)?$")
    examples: dict[str, Examples] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _complete(self) -> DecisionTable:
        if bool(self.rows) == bool(self.file):
            raise ValueError("a decision table has either `rows` or the `file` that holds them")
        return self
