"""`casrules configure`: completes one document with configuration rules, or shows what they would change."""

from __future__ import annotations

import argparse

from casrules.cli.console import Console
from casrules.cli.engine_contract import EngineFactory
from casrules.cli.fix import deliver, read_to_change
from casrules.cli.settings import engine_settings
from casrules.errors import UsageError
from casrules.findings import Completion
from casrules.findings.summary import counted
from casrules.render.escaping import visible


def run_configure(given: argparse.Namespace, console: Console, engine_factory: EngineFactory) -> int:
    """Complete or show; the exit code is that of the completed document."""
    settings = engine_settings(given)
    if not settings.get("configuration"):
        raise UsageError("no configuration rules given", remedy="name the folder of a pack: --rules DIR")
    source = read_to_change(given)
    result = engine_factory(**settings).configure(source, as_of=given.as_of)
    deliver(given, source, result.content, console)
    _tell(result, console)
    return result.report.exit_code


def _tell(result: Completion, console: Console) -> None:
    for change in result.changes:
        was, is_now = (value if value is not None else "nothing" for value in (change.before, change.after))
        console.note(visible(f"{change.path}: {was} -> {is_now} ({change.rule})"))
    if not result.changes:
        console.note("nothing to complete")
    for violation in result.report.violations:
        if violation.cause == "configuration":
            console.note(visible(f"{violation.message.text} {violation.remedy} ({violation.rule})"))
    console.note(f"{counted(result.report.totals.errors, 'error')} in the completed declaration")
