"""All that a history knows of one declaration."""

from __future__ import annotations

from datetime import datetime
from typing import Literal, TypeVar

from casrules.findings.frozen import Frozen
from casrules.history.events import (
    Answer,
    AnyEvent,
    Correction,
    Outcome,
    OutcomeName,
    Submission,
    Values,
    Violations,
)

_Kind = TypeVar("_Kind", Submission, Violations, Answer, Correction, Outcome)


class Declared(Frozen):
    """One declaration and its events, in the order in which they were written."""

    document: str
    events: tuple[AnyEvent, ...]

    @property
    def submissions(self) -> tuple[Submission, ...]:
        """What was submitted: first the declaration, then amendments and what was sent again."""
        return self._of(Submission)

    @property
    def violations(self) -> tuple[Violations, ...]:
        """What checks found."""
        return self._of(Violations)

    @property
    def answers(self) -> tuple[Answer, ...]:
        """What came back."""
        return self._of(Answer)

    @property
    def corrections(self) -> tuple[Correction, ...]:
        """What people corrected."""
        return self._of(Correction)

    @property
    def outcomes(self) -> tuple[Outcome, ...]:
        """How it ended, the last word last."""
        return self._of(Outcome)

    @property
    def outcome(self) -> OutcomeName | Literal["open"]:
        """How it ended as far as is known; `open` where nobody said."""
        return self.outcomes[-1].outcome if self.outcomes else "open"

    @property
    def submitted_at(self) -> datetime | None:
        """When it was first submitted; None where that is not kept."""
        return self.submissions[0].at if self.submissions else None

    @property
    def before(self) -> Values | None:
        """Its values as they first came; None where no submission is kept."""
        return self.submissions[0].values if self.submissions else None

    @property
    def after(self) -> Values | None:
        """Its values as they ended: the last submission or correction that tells them."""
        for event in reversed(self.events):
            if isinstance(event, Submission):
                return event.values if event.sent is None else event.sent
            if isinstance(event, Correction) and event.values is not None:
                return event.values
        return None

    def _of(self, kind: type[_Kind]) -> tuple[_Kind, ...]:
        return tuple(event for event in self.events if isinstance(event, kind))
