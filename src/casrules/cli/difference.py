"""`casrules diff`: what a new version of a rule pack says otherwise about a folder of messages."""

from __future__ import annotations

import argparse

from casrules.cli.console import Console, Progress
from casrules.cli.engine_contract import EngineFactory
from casrules.cli.inputs import collect, read, shown_name
from casrules.errors import UsageError
from casrules.render.escaping import visible
from casrules.testing import load_suite
from casrules.testing.comparing import Comparison, compare

_MISUSED = 2


def run_diff(given: argparse.Namespace, console: Console, engine_factory: EngineFactory) -> int:
    """Write the differences of each document, then the counts; 1 where there are any."""
    inputs = collect(given.corpus)
    if not inputs.names:
        raise UsageError("nothing to compare: no .xml or .json file found", remedy="name another folder")
    engines = [engine_factory(packs=_folders(place)) for place in (given.old, given.new)]
    total, unread = Comparison(), False
    progress = Progress(console, len(inputs.names))
    for name in inputs.names:
        progress.step(shown_name(name))
        try:
            source = read(name)
        except OSError as error:
            progress.clear()
            console.problem(f"{shown_name(name)}: {error.strerror or error}")
            unread = True
            continue
        old, new = (engine.validate(source, as_of=given.as_of) for engine in engines)
        difference = compare(shown_name(name), old, new)
        total.add(difference)
        progress.clear()
        if not difference.is_empty and not given.summary:
            console.out.writelines(f"{visible(line)}\n" for line in difference.lines())
    console.out.writelines(f"{visible(line)}\n" for line in total.lines())
    return _MISUSED if unread else int(total.differing > 0)


def _folders(place: str) -> list[str]:
    """The folders of the pack at `place` and of all that it extends."""
    return [str(pack.folder) for pack in load_suite([place]).ruleset.packs]
