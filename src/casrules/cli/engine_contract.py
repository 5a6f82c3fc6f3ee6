"""What the command line needs of an engine."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from pathlib import Path

    from casrules.findings import Completion, FixResult, Report, RulePage
    from casrules.findings.escapes import EscapeReport


class Validator(Protocol):
    """The part of `casrules.Engine` that the commands call."""

    def validate(
        self,
        source: bytes,
        *,
        as_of: str | None = None,
        format: str | None = None,  # noqa: A002
        rule_runs: bool = False,
    ) -> Report:
        """Check one document; bad data never raises."""
        ...

    def decode(
        self,
        answer: bytes,
        *,
        original: bytes | None = None,
        format: str | None = None,  # noqa: A002
    ) -> Report:
        """Read one answer, beside the message it answers; bad data never raises."""
        ...

    def escapes(self, folder: Path, *, manifest: Path | None = None) -> EscapeReport:
        """Measure the rules against the answers in a folder."""
        ...

    def explain(self, rule_id: str) -> RulePage:
        """The page of a rule; raises UsageError with a hint for an unknown one."""
        ...

    def rules(self) -> Sequence[RulePage]:
        """The pages of all rules of the packs."""
        ...

    def configure(self, source: bytes, *, as_of: str | None = None) -> Completion:
        """Complete the document with configuration rules."""
        ...

    def fix(self, source: bytes, *, unsafe: bool = False) -> FixResult:
        """Apply the fixes of the document's violations."""
        ...


EngineFactory = Callable[..., Validator]
"""Takes the settings that were given on the command line (`packs`, `schemas`, `select`, `ignore`)."""


def shipped_engine(**settings: Any) -> Validator:
    """The library's own engine, imported only when a command needs it."""
    import casrules

    engine: Validator = getattr(casrules, "Engine")(**settings)  # noqa: B009
    return engine
