"""Two versions of a pack over the same messages: which findings are new, which have vanished, which say otherwise."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from casrules.findings import Report, Violation
from casrules.findings.summary import counted


@dataclass(frozen=True, slots=True)
class Difference:
    """What differs for one document; `altered` are findings that stand in both, with another severity or text."""

    name: str
    new: tuple[Violation, ...] = ()
    vanished: tuple[Violation, ...] = ()
    altered: tuple[tuple[Violation, Violation], ...] = ()
    verdicts: tuple[str, str] = ("", "")

    @property
    def is_empty(self) -> bool:
        """Whether both versions say the same."""
        return not (self.new or self.vanished or self.altered) and self.verdicts[0] == self.verdicts[1]

    def lines(self) -> Iterator[str]:
        """The difference as text: `+` new, `-` vanished, `~` altered."""
        before, after = self.verdicts
        yield f"{self.name}{f': {before} → {after}' if before != after else ''}"
        yield from (f"  - {violation}" for violation in self.vanished)
        yield from (f"  + {violation}" for violation in self.new)
        for old, now in self.altered:
            change = f"{old.severity} → {now.severity}: " if old.severity != now.severity else ""
            yield f"  ~ {change}{now}"


@dataclass
class Comparison:
    """The differences of many documents, counted by rule."""

    documents: int = 0
    differing: int = 0
    verdicts: Counter[tuple[str, str]] = field(default_factory=Counter)
    new: Counter[str] = field(default_factory=Counter)
    vanished: Counter[str] = field(default_factory=Counter)
    altered: Counter[str] = field(default_factory=Counter)

    def add(self, difference: Difference) -> None:
        """Count one document."""
        self.documents += 1
        self.differing += not difference.is_empty
        if difference.verdicts[0] != difference.verdicts[1]:
            self.verdicts[difference.verdicts] += 1
        self.new.update(violation.rule for violation in difference.new)
        self.vanished.update(violation.rule for violation in difference.vanished)
        self.altered.update(violation.rule for _, violation in difference.altered)

    def lines(self) -> Iterator[str]:
        """The counts as text: one line a rule, changed verdicts, and the whole."""
        for rule in sorted({*self.new, *self.vanished, *self.altered}):
            parts = [f"{self.new[rule]} new", f"{self.vanished[rule]} vanished"]
            yield f"{rule}: {', '.join([*parts, *([f'{self.altered[rule]} altered'] if self.altered[rule] else [])])}"
        for (before, after), number in sorted(self.verdicts.items()):
            yield f"{counted(number, 'document')} from {before} to {after}"
        yield f"{counted(self.documents, 'document')} compared, {self.differing} with differences"


def compare(name: str, old: Report, new: Report) -> Difference:
    """What `new` says of a document beyond `old`, and what it no longer says; a fingerprint is a finding."""
    before = {violation.fingerprint: violation for violation in old.violations}
    after = {violation.fingerprint: violation for violation in new.violations}
    both = [(before[key], after[key]) for key in before if key in after]
    return Difference(
        name,
        tuple(after[key] for key in after if key not in before),
        tuple(before[key] for key in before if key not in after),
        tuple(pair for pair in both if _said(pair[0]) != _said(pair[1])),
        (old.verdict.outcome, new.verdict.outcome),
    )


def _said(violation: Violation) -> tuple[str, str]:
    return violation.severity, violation.message.text
