"""A violation: one thing that is wrong, whoever found it."""

from __future__ import annotations

from typing import Literal

from casrules.findings.edits import Fix, Suggestion
from casrules.findings.frozen import Frozen, SourceText
from casrules.findings.location import Location
from casrules.findings.reference import Authority, LawReference

Severity = Literal["error", "warning", "info"]
Source = Literal["technical", "inconsistency", "customs", "port", "transport", "lifecycle"]
Category = Literal[
    "technical",
    "missing",
    "forbidden",
    "codelist",
    "format",
    "consistency",
    "plausibility",
    "policy",
    "process",
]
BaselineState = Literal["new", "unchanged"]
QUESTION = "question"
"""The branch of a configuration rule's finding that asks a person."""
Cause = Literal["message", "configuration", "master_data", "authority", "undecidable"]
"""Where the cause of a finding lies: in this message, in a configuration rule that is missing or wrong, in master data
(a register, a code list, an account), at the authority, or nobody can tell from here."""

SEVERITIES: tuple[Severity, ...] = ("error", "warning", "info")


class Argument(Frozen):
    """A value that went into a message text, already written as text."""

    name: str
    value: SourceText | None = None


class Message(Frozen):
    """What a person reads; `key` and `arguments` let it be said in another language."""

    key: str
    text: SourceText
    arguments: tuple[Argument, ...] = ()
    lang: str = "en"


class ValueRead(Frozen):
    """A value the rule read: its name in the rule, the value as text (None: not given), its unit."""

    name: str
    value: SourceText | None = None
    unit: str = ""
    path: SourceText = ""


class Why(Frozen):
    """Why the rule failed: what it read, the part that failed, what it expected, the tolerance it allowed."""

    values: tuple[ValueRead, ...] = ()
    condition: str = ""
    expected: SourceText = ""
    tolerance: str = ""


class Suppression(Frozen):
    """Who silenced a violation, why, and until when (inclusive ISO date)."""

    by: str
    reason: str
    until: str
    origin: Literal["command_line", "project", "pack"] = "command_line"


class Reported(Frozen):
    """What an answer from outside said, beside our explanation of it.

    `text` is the authority's own text and `value` the value it quotes, both cut to what a report can hold; `pointer`
    its place as written; `entries` how many entries of the answer this finding stands for. `causes` and `check` are
    the usual causes and what to look at first; `covered_by` the rules of ours that say the same before the message is
    sent; `beside` other codes of the same answer that often have the same cause.
    """

    text: SourceText = ""
    value: SourceText | None = None
    pointer: SourceText = ""
    reason: SourceText = ""
    entries: int = 1
    causes: tuple[SourceText, ...] = ()
    check: SourceText = ""
    covered_by: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()


class Violation(Frozen):
    """One finding: identity, class, text, where, why, law, help, change, relations, life.

    `fingerprint` has no values, texts, lines or versions. `folded` counts the violations folded under this
    one, `folded_under` is the fingerprint of the alert that shows this one, and `alert_severity` the highest
    severity of the fold. Violations are made by `casrules.findings.assemble`; treat them as read only.
    """

    rule: str
    branch: str = ""
    pack_version: str = ""
    fingerprint: str
    correlation_key: str = ""

    source: Source = "inconsistency"
    category: Category = "consistency"
    severity: Severity = "error"
    authority: tuple[Authority, ...] = ()
    cause: Cause | None = None

    title: str = ""
    message: Message
    rendered_rule: str = ""

    locations: tuple[Location, ...] = ()
    why: Why | None = None
    law: tuple[LawReference, ...] = ()

    remedy: SourceText = ""
    alternatives: tuple[SourceText, ...] = ()
    explain: str = ""
    reported: Reported | None = None
    fixes: tuple[Fix, ...] = ()
    suggestions: tuple[Suggestion, ...] = ()

    caused_by: tuple[str, ...] = ()
    folded: int = 0
    folded_under: str | None = None
    alert_severity: Severity | None = None

    baseline: BaselineState | None = None
    suppression: Suppression | None = None

    @property
    def primary(self) -> Location | None:
        """The place to look at first."""
        return next((place for place in self.locations if place.role == "primary"), None) or (
            self.locations[0] if self.locations else None
        )

    @property
    def is_root(self) -> bool:
        """True for an alert of its own, False for one shown under another."""
        return self.folded_under is None

    @property
    def stands(self) -> bool:
        """True unless it is suppressed."""
        return self.suppression is None

    @property
    def is_question(self) -> bool:
        """True for what a configuration rule asks a person to confirm or to give."""
        return self.cause == "configuration" and self.branch == QUESTION

    def __str__(self) -> str:
        """`error eu.ncts.R0223 at items[number=3].net_mass: …`."""
        where = f" at {self.primary.path}" if self.primary else ""
        return f"{self.severity} {self.rule}{where}: {self.message.text}"
