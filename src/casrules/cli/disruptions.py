"""`casrules disruptions`: events of sending in, whose fault it is and what to do out."""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

from casrules.alerts.attempts import Attempt, read_attempts
from casrules.alerts.disruption import Assessment, Disruptions
from casrules.alerts.notices import load_notices
from casrules.cli.console import Console
from casrules.cli.inputs import read, shown_name
from casrules.errors import UsageError
from casrules.render import RenderOptions
from casrules.render.disruption_text import disruption_lines

_TROUBLE = frozenset({"hold", "careful"})


def run_disruptions(given: argparse.Namespace, console: Console) -> int:
    """Write the state of every system; 0 where all are to be used as usual, else 1."""
    kept = Disruptions()
    last: Attempt | None = None
    for name in given.files:
        for number, event in read_attempts(read(name).decode("utf-8-sig", "replace").splitlines()):
            if isinstance(event, str):
                console.problem(f"{shown_name(name)}:{number}: {event}")
                continue
            kept.observe(event)
            last = event if last is None or last.order < event.order else last
    if last is None:
        raise UsageError("no event could be read", remedy="one JSON object a line; see docs/sending.md")
    notices = load_notices(Path(given.notices)) if given.notices else ()
    found = kept.assess(_at(given.at) if given.at else last.at, notices)
    if given.format == "json":
        console.out.write(json.dumps([_data(one) for one in found], indent=2) + "\n")
    else:
        options = RenderOptions(width=console.width, color=console.color, show_all=given.all)
        console.out.writelines(f"{line}\n" for line in disruption_lines(found, options))
    return 1 if any(one.sending in _TROUBLE for one in found) else 0


def _at(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        raise UsageError(f"{text!r} is no time", remedy="2025-02-01T08:00:00+01:00") from None


def _data(one: Assessment) -> dict[str, object]:
    """Plain data, with times as text."""
    found: dict[str, object] = json.loads(json.dumps(asdict(one), default=str))
    return found
