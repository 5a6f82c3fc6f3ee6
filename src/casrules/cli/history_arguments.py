"""The grammar of `casrules history`."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import Any

AddParser = Callable[..., Any]

_HELP = """\
examples:
  casrules history import old/ --history history.db
  casrules history import events.jsonl --history postgresql+psycopg://casrules@db/history
  casrules history export mined/ --history history.db
  casrules history info --history history.db

A history is a file (SQLite) or the URL of a PostgreSQL database; it is made or upgraded when it is opened to import.
exit codes: 0 done, 2 wrong usage or a database, file or folder that cannot be read or written"""


def add_history_command(add: AddParser, iso_date: Callable[[str], str], words: Callable[[str], list[str]]) -> None:
    """Add `history` with its deeds."""
    formatter = argparse.RawDescriptionHelpFormatter
    about = "Keep what was submitted, found, answered and corrected; bring it in and out."
    history = add(
        "history", help="import, export and clear a history", description=about, epilog=_HELP, formatter_class=formatter
    )
    deeds = history.add_subparsers(dest="deed", metavar="DEED", required=True, parser_class=type(history))
    come = deeds.add_parser("import", help="bring in events or a table", description="Bring in events or a table.")
    come.add_argument("source", metavar="SOURCE", help="events (.jsonl), or a folder with schema.json and a table")
    _where(come)
    come.add_argument("--vocabulary", metavar="NAME", help="what to call the fields of a table (default: the folder)")
    go = deeds.add_parser("export", help="write a table to mine, or events", description="Write a table or events.")
    go.add_argument("target", metavar="TARGET", help="a folder for a table, a file (.jsonl) for events")
    _where(go)
    go.add_argument("--vocabulary", metavar="NAME", help="whose fields, where the history has several")
    info = deeds.add_parser("info", help="say what a history holds", description="Say what a history holds.")
    _where(info)
    drop = deeds.add_parser("drop", help="drop what is old", description="Drop what is older than a day.")
    _where(drop)
    drop.add_argument("--before", metavar="DATE", type=iso_date, required=True, help="the day (UTC), not included")
    drop.add_argument(
        "--classes",
        metavar="NAMES",
        type=words,
        required=True,
        help="of submission, violations, answer, correction, outcome, content (message bytes), by commas",
    )
    drop.add_argument("--by", metavar="NAME", required=True, help="who drops it")
    drop.add_argument("--at", metavar="TIME", required=True, help="when, as 2026-01-31T12:00:00+00:00")


def _where(command: Any) -> None:
    command.add_argument("--history", metavar="DATABASE", required=True, help="a file or a URL")
