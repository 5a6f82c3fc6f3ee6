"""What linting gives."""

from __future__ import annotations

from dataclasses import dataclass

from casrules.errors import Place
from casrules.packs.lint.codes import Level, lint_codes


@dataclass(frozen=True, slots=True)
class LintFinding:
    """One objection: its P-code, what exactly is meant, where, and how to mend it. `rule` is empty for the pack."""

    code: str
    name: str
    level: Level
    title: str
    detail: str
    place: Place
    rule: str
    remedy: str

    def __str__(self) -> str:
        """`file:line: P101 The rule names no law: eu.x.R1 (remedy)`."""
        about = "; ".join(part for part in (self.rule, self.detail) if part)
        return f"{self.place}: {self.code} {self.title}{f': {about}' if about else ''} ({self.remedy})"


def finding(name: str, place: Place, rule: str = "", detail: str = "") -> LintFinding:
    """A finding of the kind `name`."""
    code = lint_codes()[name]
    return LintFinding(code.code, name, code.level, code.title, detail, place, rule, code.remedy)
