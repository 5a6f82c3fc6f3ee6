"""What people decided about suggestions: a file of JSON lines that is only ever added to."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Literal

from pydantic import ValidationError

from casrules.errors import UsageError, place_of
from casrules.findings.frozen import Frozen
from casrules.improve.schema import ProposedRule
from casrules.improve.suggestion import Suggestion

GROWN = 1.5
"""A rejected suggestion comes back when its support has grown by this factor …"""
SURER = 0.05
"""… or the lower bound of its precision has risen by this much."""


class Decision(Frozen):
    """A person approved or rejected a suggestion: who, why, on which day, and on what evidence.

    `rule` is the full id of the rule that an approval wrote; `proposed` the rule in the history's own terms, so that
    its promise can be held against later days.
    """

    suggestion: str
    decision: Literal["approved", "rejected"]
    by: str
    reason: str
    on: date
    rule: str = ""
    right: int
    wrong: int
    confidence_lower: float
    expected_per_month: float
    proposed: ProposedRule

    @classmethod
    def about(
        cls,
        suggestion: Suggestion,
        decision: Literal["approved", "rejected"],
        *,
        by: str,
        reason: str,
        on: date,
        rule: str = "",
    ) -> Decision:
        """The decision about `suggestion`, with the evidence it had."""
        if not by.strip() or not reason.strip():
            raise UsageError("a decision has a name and a reason", remedy="give both")
        evidence = suggestion.evidence
        return cls(
            suggestion=suggestion.id,
            decision=decision,
            by=by,
            reason=reason,
            on=on,
            rule=rule,
            right=evidence.support,
            wrong=evidence.wrong,
            confidence_lower=evidence.confidence_lower,
            expected_per_month=evidence.expected_per_month,
            proposed=ProposedRule(
                id=suggestion.id,
                conditions=suggestion.conditions,
                action=suggestion.action,
                valid_from=suggestion.valid_from,
                valid_to=suggestion.valid_to,
                text=suggestion.text,
            ),
        )

    def outgrown(self, suggestion: Suggestion) -> bool:
        """Whether the evidence for `suggestion` is now so much better that a rejection no longer binds."""
        evidence = suggestion.evidence
        return (
            evidence.support >= GROWN * self.right or evidence.confidence_lower >= self.confidence_lower + SURER
        ) and evidence.confidence_lower >= self.confidence_lower


class Ledger:
    """The decisions in a file, in the order in which they were made; the last one about a suggestion counts."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __iter__(self) -> Iterator[Decision]:
        """All decisions; raises UsageError with file and line for a line that is none."""
        if not self.path.is_file():
            return
        for number, line in enumerate(self.path.read_text(encoding="utf-8").splitlines(), 1):
            if line.strip():
                try:
                    yield Decision.model_validate_json(line)
                except ValidationError as error:
                    problem = f"this is no decision: {error.errors()[0]['msg']}"
                    raise UsageError(problem, place=place_of(self.path, number)) from None

    @property
    def last(self) -> dict[str, Decision]:
        """The last decision about each suggestion."""
        return {decision.suggestion: decision for decision in self}

    def append(self, decision: Decision) -> None:
        """Add a decision; it is on the disk when this returns."""
        with self.path.open("a", encoding="utf-8") as file:
            file.write(decision.model_dump_json(by_alias=True, exclude_none=True) + "\n")
            file.flush()
            os.fsync(file.fileno())

    def open_ones(self, suggestions: Iterable[Suggestion]) -> list[Suggestion]:
        """The suggestions still to be decided: not approved, and not rejected on evidence as good as today's."""
        last = self.last
        return [
            it
            for it in suggestions
            if it.id not in last or (last[it.id].decision == "rejected" and last[it.id].outgrown(it))
        ]
