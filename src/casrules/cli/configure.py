"""`casrules configure`: completes one document with configuration rules, or shows what they would change."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from casrules.cli.console import Console
from casrules.cli.engine_contract import EngineFactory
from casrules.cli.fix import deliver, read_to_change, tell_unjudged
from casrules.cli.settings import engine_settings, project_settings
from casrules.configuration import preview
from casrules.errors import UsageError
from casrules.findings import Completion
from casrules.findings.summary import counted
from casrules.packs import load_pack
from casrules.render.escaping import visible


def run_configure(given: argparse.Namespace, console: Console, engine_factory: EngineFactory) -> int:
    """Complete or show; the exit code is that of the completed document."""
    settings = engine_settings(given)
    folders = given.configuration or project_settings().configuration
    if not folders:
        raise UsageError("no configuration rules given", remedy="name the folder of a pack: --rules DIR")
    if given.preview is not None:
        return _preview([Path(folder) for folder in folders], given, console)
    if given.source is None:
        raise UsageError("no declaration given", remedy="name a file, or a day: --preview DATE")
    source = read_to_change(given)
    result = engine_factory(**settings).configure(source, as_of=given.as_of)
    deliver(given, source, result.content, console)
    _tell(result, console)
    return result.report.exit_code


def _preview(folders: Sequence[Path], given: argparse.Namespace, console: Console) -> int:
    """Write what begins or ends between two days."""
    since = _day(given.as_of) if given.as_of else date.min
    turns = preview([load_pack(folder) for folder in folders], since, _day(given.preview))
    console.out.writelines(f"{visible(str(turn))}\n" for turn in turns)
    if not turns:
        console.note("no rule begins or ends")
    return 0


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UsageError(f"{text!r} is not a date", remedy="write it as YYYY-MM-DD") from None


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
    tell_unjudged(result.report, console)
