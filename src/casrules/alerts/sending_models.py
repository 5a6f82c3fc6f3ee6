"""The formats of `rulesets/errors/sending`: kinds of sending errors, what to do about them, phrases of notices."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, model_validator

from casrules.alerts.shape_models import Pattern
from casrules.packs.models import PackModel, Texts

Side = Literal["own", "data", "partner", "authority", "network", "planned", "none", "undecidable"]
Delivered = Literal["no", "unknown", "yes"]
Sending = Literal["normal", "careful", "hold"]
Deliver = Literal["", "buffered", "hold"]
After = Literal["", "new_lrn", "same"]
Fallback = Literal["", "open", "urgent", "closed"]
NoticeKind = Literal["", "planned", "incident"]
FactName = Literal[
    "failing", "failing_senders", "failing_minutes", "repeats", "working_senders", "succeeded", "recovered", "own",
    "maintenance", "incident", "other_systems_failing", "other_systems_working", "unanswered", "silent_minutes",
]  # fmt: skip
"""What conditions of the policy may be about; counted by disruption_facts.py."""
Whole = Annotated[int, BeforeValidator(lambda value: int(value) if isinstance(value, str) else value)]


class SendingKind(PackModel):
    """One kind of sending error: whose side, whether the message may have arrived, which row of `retry` applies.

    `codes` are the codes of answers that are of this kind, by list; the kind itself is a code of the list SENDING.
    """

    title: str = Field(min_length=1)
    side: Side
    delivered: Delivered
    again: str
    codes: dict[str, Texts] = Field(default_factory=dict)


class Taxonomy(PackModel):
    """All kinds of sending errors."""

    kinds: dict[str, SendingKind] = Field(min_length=1)


class RetryRow(PackModel):
    """Whether and when to send again: advice, and the waits in seconds after the first, second, … failure."""

    advice: str = Field(min_length=1)
    waits: tuple[Whole, ...] = ()


class Bounds(PackModel):
    """From and to, both included."""

    min: Whole | None = None
    max: Whole | None = None

    def hold(self, number: int) -> bool:
        """Whether a number lies between them."""
        return (self.min is None or number >= self.min) and (self.max is None or number <= self.max)


class Situation(PackModel):
    """What a system's failures mean where all conditions on the facts hold, and what to do."""

    state: str
    title: str = Field(min_length=1)
    when: dict[FactName, Bounds]
    sending: Sending
    continuity: bool = False
    advice: Texts = ()
    source: str = ""


class Policy(PackModel):
    """The policy table; the first situation that holds counts."""

    horizon_minutes: Whole = Field(gt=0)
    window_minutes: Whole = Field(gt=0)
    spread_percent: Whole = Field(default=0, ge=0)
    retry: dict[str, RetryRow]
    situations: tuple[Situation, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _always(self) -> Policy:
        if self.situations[-1].when:
            raise ValueError("the last situation must hold always: its `when` is {}")
        return self


class NoticeAdvice(PackModel):
    """What to do about each statement of a notice."""

    deliver: dict[Deliver, str]
    after: dict[After, str]
    fallback: dict[Fallback, str]


class Phrase(PackModel):
    """A pattern and what a notice says that has it; `number` takes the notice's number from the pattern's group."""

    pattern: Pattern
    kind: NoticeKind = ""
    deliver: Deliver = ""
    after: After = ""
    fallback: Fallback = ""
    over: bool = False
    number: bool = False


class NoticePhrases(PackModel):
    """The phrases in order, and the advice."""

    advice: NoticeAdvice
    phrases: tuple[Phrase, ...]
