"""The format of `rulesets/errors/shapes/*.yaml`: what an answer looks like, and where in it everything stands."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import re2
from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from casrules.alerts.examining import Examined
from casrules.alerts.nodes import read_path
from casrules.findings import AnswerOutcome
from casrules.packs.models import PackModel, Texts

Format = Literal["xml", "json", "edifact", "http", "text"]
Scheme = Literal["xpath", "wco", "eucdm", "name", "value", "segment", "none"]
Severity = Literal["error", "warning", "info"]
Source = Literal["customs", "port", "transport"]


def _path(text: str) -> str:
    read_path(text)
    return text


def _pattern(text: str) -> str:
    try:
        re2.compile(text)
    except re2.error as error:
        raise ValueError(f"no regular expression: {error}") from None
    return text


def _field(value: Any) -> Any:
    """A text is short for a path, where it begins like one, else for a constant."""
    if isinstance(value, str):
        return {"path": value} if value.startswith((".", "/")) else {"const": value}
    return {"path": value} if isinstance(value, list) else value


def _choice(value: Any) -> Any:
    return {"otherwise": value} if isinstance(value, str) else value


NodePath = Annotated[str, AfterValidator(_path)]
Paths = Annotated[
    tuple[NodePath, ...],
    BeforeValidator(
        lambda value: [value] if isinstance(value, str) else value, json_schema_input_type=str | tuple[str, ...]
    ),
]
Pattern = Annotated[str, AfterValidator(_pattern)]


class FieldSpec(PackModel):
    """One value: the first text found at one of the paths, or a constant.

    `match` takes its first group (the whole without one) where it is found anywhere in the text, and nothing where it
    is not; `replace` rewrites (pattern → text with \\1…); `patterns` give the text of the first pattern found, and
    nothing where none is; `values` translates whole values. `around` reads from the node
    around the entry (its `within`), not from the entry.
    """

    path: Paths = ()
    const: str = ""
    match: Pattern = ""
    replace: dict[Pattern, str] = Field(default_factory=dict)
    patterns: dict[Pattern, str] = Field(default_factory=dict)
    values: dict[str, str] = Field(default_factory=dict)
    around: bool = False


Value = Annotated[FieldSpec, BeforeValidator(_field, json_schema_input_type=str | tuple[str, ...] | FieldSpec)]
NOTHING = FieldSpec()


class OutcomeChoice(PackModel):
    """An outcome by a value: the first of `values` (whole) or `patterns` (found in it) that fits, else `otherwise`."""

    by: Value = NOTHING
    values: dict[str, AnswerOutcome] = Field(default_factory=dict)
    patterns: dict[Pattern, AnswerOutcome] = Field(default_factory=dict)
    otherwise: AnswerOutcome | None = None


class SeverityChoice(PackModel):
    """A severity by a value, like an outcome."""

    by: Value = NOTHING
    values: dict[str, Severity] = Field(default_factory=dict)
    patterns: dict[Pattern, Severity] = Field(default_factory=dict)
    otherwise: Severity | None = None


Outcomes = Annotated[
    tuple[Annotated[OutcomeChoice, BeforeValidator(_choice)], ...],
    BeforeValidator(
        lambda value: [value] if isinstance(value, (str, dict)) else value,
        json_schema_input_type=AnswerOutcome | OutcomeChoice | tuple[OutcomeChoice, ...],
    ),
]


class PointerSpec(PackModel):
    """Where the pointer of an entry is and how it is written.

    `scheme`: `xpath` (an XPath or a path of names, with or without prefixes and positions), `wco` (section codes and
    tags; `table` names the file below `pointers/`), `eucdm` (data element numbers), `name` (an element's name alone:
    the place is where it has the value quoted), `value` (the text of an element, such as an MRN), `none` (words).
    Where a pointer is a list of elements, `path` selects them and `section`, `number` and `tag` read each. `match`
    takes the pointer out of a text (its first group). `item` is the goods item's number where it stands beside the
    pointer; `base` comes before every path; `around` as for fields. The scheme `segment` is a place in an EDIFACT
    interchange: `message` (reference), `segment` (position in the message) or else `tag`, `element` and `component` as
    CONTRL counts them.
    """

    path: Paths
    scheme: Scheme
    table: str = ""
    section: Value = NOTHING
    number: Value = NOTHING
    tag: Value = NOTHING
    item: Value = NOTHING
    base: str = ""
    match: Pattern = ""
    around: bool = False
    message: Value = NOTHING
    segment: Value = NOTHING
    element: Value = NOTHING
    component: Value = NOTHING

    @model_validator(mode="after")
    def _complete(self) -> PointerSpec:
        if self.scheme == "wco" and not self.table:
            raise ValueError("the scheme `wco` needs a `table` of pointers/")
        return self


class Together(PackModel):
    """Codes of which several entries in a row say one thing; not across different occurrences of the class `apart`."""

    codes: Texts
    apart: str = ""


class EntrySpec(PackModel):
    """Where the entries are, and for each its fields; `list` is the code list its codes belong to.

    `within` leads to nodes that each have entries, at `path` from there. `reasons` is the list in which the authority's
    reasons are explained as codes are. `examine` keeps only entries whose value does not pass that check
    (`examining.py`). `code_is_rule` says that each code is one check of the authority: the rule of
    ours that carries it is meant, wherever the entry points.
    """

    path: NodePath
    within: NodePath = "."
    code: Value = NOTHING
    list: Value = NOTHING
    reason: Value = NOTHING
    reasons: str = ""
    code_is_rule: bool = False
    examine: Examined = ""
    text: Value = NOTHING
    value: Value = NOTHING
    line: Value = NOTHING
    column: Value = NOTHING
    pointer: Annotated[
        tuple[PointerSpec, ...],
        BeforeValidator(
            lambda value: [value] if isinstance(value, dict) else value,
            json_schema_input_type=PointerSpec | tuple[PointerSpec, ...],
        ),
    ] = ()
    severity: Annotated[SeverityChoice, BeforeValidator(_choice, json_schema_input_type=Severity | SeverityChoice)] = (
        SeverityChoice()
    )
    together: Together | None = None


class RemarkSpec(PackModel):
    """Texts that belong to the answer; with `entry` (a number from 1) to one of its entries."""

    path: NodePath
    text: Value
    entry: Value = NOTHING


class DocumentSpec(PackModel):
    """The fields of the answer as a whole; `issued` and `decided` are times."""

    lrn: Value = NOTHING
    mrn: Value = NOTHING
    function: Value = NOTHING
    reference: Value = NOTHING
    issued: Value = NOTHING
    decided: Value = NOTHING
    version: Value = NOTHING


class RecogniseSpec(PackModel):
    """How the answer is told from others: everything that is given must hold; the shape with most conditions wins.

    `root`: local names of the element it begins with, which an envelope may wrap (JSON: `json`); `namespace`: a pattern
    found in the root's namespace, where it has one; `has`: paths that lead to something; `values`: path → texts, one of
    which stands there; `matches`: path → pattern found in a text there;
    `coded`: an entry has a code.
    """

    format: Format = "xml"
    root: Texts = ()
    namespace: Pattern = ""
    has: Paths = ()
    values: dict[NodePath, Texts] = Field(default_factory=dict)
    matches: dict[NodePath, Pattern] = Field(default_factory=dict)
    coded: bool = False


class Shape(PackModel):
    """One kind of answer.

    `declarations` are the messages (`cds.IMPORT`) an answer may be about: they give the names of what it points at
    where the original is not there. `titles` name the answer by its function code.
    """

    id: str = Field(pattern=r"^[A-Za-z0-9_.\-]+$")
    title: str = Field(min_length=1)
    system: str = Field(min_length=1)
    jurisdiction: str = ""
    source: Source = "customs"
    recognise: RecogniseSpec
    declarations: Texts = ()
    document: DocumentSpec = DocumentSpec()
    titles: dict[str, str] = Field(default_factory=dict)
    outcome: Outcomes = ()
    entries: tuple[EntrySpec, ...] = ()
    remarks: tuple[RemarkSpec, ...] = ()


class ShapeFile(PackModel):
    """A file of shapes."""

    shapes: tuple[Shape, ...] = Field(min_length=1)
