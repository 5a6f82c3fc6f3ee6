"""What happens to a declaration, as events: frozen, told by the caller, kept for good.

Every event belongs to a declaration (`document`, the document key of its reports) and has a moment (`at`) that the
caller gives: the store never looks at the clock. `id` makes an append safe to repeat; without one it is derived from
what the event says, so the same event told twice is kept once.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, AwareDatetime, BeforeValidator, Field

from casrules.findings.frozen import Frozen

OutcomeName = Literal["accepted", "amended", "rejected", "cancelled"]
"""How a declaration ended. `amended`: accepted, and corrected afterwards, so what was accepted was wrong."""
EditKind = Literal["set", "change", "clear", "add", "remove"]


def _storable(value: object) -> object:
    """Text that every database takes: no NUL and no lone surrogate."""
    if isinstance(value, str) and ("\0" in value or not value.isascii()):
        return value.replace("\0", "\ufffd").encode("utf-8", "replace").decode("utf-8")
    return value


def _storable_values(values: object) -> object:
    """Like `_storable` for all values at once: most declarations need no change, and they are many."""
    try:
        whole = "".join((*values, *values.values())) if isinstance(values, Mapping) else ""
    except TypeError:  # something in it is no text, which pydantic tells
        return values
    if not isinstance(values, Mapping) or (whole.isascii() and "\0" not in whole):
        return values
    return {_storable(key): _storable(value) for key, value in values.items()}


def _in_utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC)


Text = Annotated[str, BeforeValidator(_storable)]
Moment = Annotated[AwareDatetime, AfterValidator(_in_utc)]
Values = Annotated[dict[str, str], BeforeValidator(_storable_values)]
"""Values of a declaration: JSON Pointer into the record (`/consignment/houses/0/items/2/gross_mass`) → the value as
text. What is missing is not in it."""


class _Event(Frozen):
    """What all events have: `document` the declaration's key, `at` when it happened, `by` who did it."""

    id: Text = ""
    document: Text = Field(min_length=1)
    at: Moment
    by: Text = ""

    @property
    def digest(self) -> str:
        """SHA-256 of what the event says, its id apart."""
        return hashlib.sha256(self.model_dump_json(exclude={"id"}).encode()).hexdigest()

    @property
    def identity(self) -> str:
        """The given id, else one derived from what the event says."""
        return self.id or f"sha256:{self.digest}"


class Submission(_Event):
    """A declaration as it was submitted.

    `values` as it came; `sent` as it went out, where configuration rules or a person changed it before (None: as it
    came). `sha256` and `content` are of the message's bytes, which need not be kept. `as_of` is the reference date of
    the rules. `vocabulary` names the schema whose fields the values use; empty: the dictionary's.
    """

    kind: Literal["submission"] = "submission"
    message: Text = ""
    lrn: Text = ""
    mrn: Text = ""
    importer: Text = ""
    declarant: Text = ""
    sha256: Text = ""
    as_of: date | None = None
    vocabulary: Text = ""
    values: Values = Field(default_factory=dict)
    sent: Values | None = None
    content: bytes | None = None


class FoundArgument(Frozen):
    """A value that went into a message text."""

    name: Text
    value: Text | None = None


class Found(Frozen):
    """One violation: what, where (`path` for people, `record` the JSON Pointer), and by which law."""

    rule: Text
    fingerprint: Text = ""
    severity: Literal["error", "warning", "info"] = "error"
    category: Text = ""
    path: Text = ""
    record: Text = ""
    key: Text = ""
    arguments: tuple[FoundArgument, ...] = ()
    law: tuple[Text, ...] = ()
    correlation_key: Text = ""


class Violations(_Event):
    """What a check found, an empty list included, and its verdict (accept, reject, undetermined)."""

    kind: Literal["violations"] = "violations"
    verdict: Text = ""
    found: tuple[Found, ...] = ()


class AnswerCode(Frozen):
    """One decoded code of an answer, its place in the declaration, and our rule that stands for it."""

    system: Text = ""
    list: Text = ""
    code: Text = ""
    rule: Text = ""
    severity: Literal["error", "warning", "info"] = "error"
    path: Text = ""
    record: Text = ""
    text: Text = ""


class Answer(_Event):
    """What customs, a port or the transport answered: outcome (`AnswerInfo.outcome`), references and codes."""

    kind: Literal["answer"] = "answer"
    outcome: Text = "unknown"
    shape: Text = ""
    function: Text = ""
    reference: Text = ""
    issued: Text = ""
    sha256: Text = ""
    codes: tuple[AnswerCode, ...] = ()
    content: bytes | None = None


class HistoryEdit(Frozen):
    """One typed edit at `record`, with the values concerned before and after it.

    `set` fills what was missing, `change` replaces, `clear` takes a value away; `add` and `remove` concern an entry of
    a list with all its values. Pointers of `before` are those before the correction, of `after` those after it.
    """

    kind: EditKind
    record: Text
    before: Values = Field(default_factory=dict)
    after: Values = Field(default_factory=dict)


class Correction(_Event):
    """What a person (or a fix) made of the declaration: edits, and all its values afterwards where they are known."""

    kind: Literal["correction"] = "correction"
    vocabulary: Text = ""
    edits: tuple[HistoryEdit, ...] = ()
    values: Values | None = None


class Outcome(_Event):
    """How the declaration ended; a later outcome counts for more than an earlier one."""

    kind: Literal["outcome"] = "outcome"
    outcome: OutcomeName
    reason: Text = ""


Event = Submission | Violations | Answer | Correction | Outcome
AnyEvent = Annotated[Event, Field(discriminator="kind")]
KINDS = ("submission", "violations", "answer", "correction", "outcome")


class Acknowledgement(Frozen):
    """An event is on disk under this id; `stored` is False where it was there before."""

    id: str
    stored: bool
