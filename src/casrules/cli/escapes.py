"""`casrules escapes`: how well the rules foresee what customs say, over a folder of declarations and answers."""

from __future__ import annotations

import argparse
from pathlib import Path

from casrules.cli.console import Console
from casrules.cli.engine_contract import EngineFactory
from casrules.cli.settings import engine_settings
from casrules.render import RenderOptions
from casrules.render.escape_text import escape_lines


def run_escapes(given: argparse.Namespace, console: Console, engine_factory: EngineFactory) -> int:
    """Write the measure; 0 where nothing escaped, 1 where something did, 2 where there was nothing to measure."""
    manifest = Path(given.manifest) if given.manifest else None
    report = engine_factory(**engine_settings(given)).escapes(Path(given.folder), manifest=manifest)
    if given.format == "json":
        console.out.write(report.to_json(indent=2) + "\n")
    else:
        options = RenderOptions(width=console.width, color=console.color, show_all=given.all)
        console.out.writelines(f"{line}\n" for line in escape_lines(report, options))
    if not report.pairs:
        console.note("nothing was measured: no answer that decides about a declaration beside it was found")
        return 2
    return 1 if report.escapes else 0
