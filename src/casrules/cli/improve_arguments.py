"""The grammar of `casrules suggest` and `casrules backtest`."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import Any

AddParser = Callable[..., Any]

_SUGGEST_HELP = """\
examples:
  casrules suggest --history history/
  casrules suggest --history history/ --format json --out suggestions.json
  casrules suggest --history history/ --precision 0.9 --min-fixes 20

  casrules suggest --history history.db
  casrules suggest --history postgresql+psycopg://casrules@db/history

A folder holds schema.json and history.parquet or history.jsonl; existing_rules.json and legal_bases.json are read
where they are there. A database is one that casrules history has written.
Nothing is switched on: what is suggested waits for a person's approval.
exit codes: 0 the history was mined, 2 wrong usage or a history that cannot be read"""

_BACKTEST_HELP = """\
examples:
  casrules backtest suggestions.json --history later/
  casrules backtest suggestions.json --history history/ --since 2025-07-01

exit codes: 0 no rule changed anything wrongly, 1 some did, 2 wrong usage or a file that cannot be read"""


def add_improve_commands(add: AddParser, iso_date: Callable[[str], str]) -> None:
    """Add `suggest` and `backtest`."""
    formatter = argparse.RawDescriptionHelpFormatter
    about = "Suggest configuration rules that would have prevented what people corrected by hand."
    short = "suggest configuration rules from a history"
    suggest = add("suggest", help=short, description=about, epilog=_SUGGEST_HELP, formatter_class=formatter)
    _history(suggest)
    suggest.add_argument("--format", choices=("text", "json"), default="text")
    suggest.add_argument("--out", "-o", metavar="FILE", help="write the suggestions to FILE")
    suggest.add_argument("--min-fixes", type=_count, metavar="N", help="fixes a rule rests on (default: 10)")
    suggest.add_argument("--precision", type=_share, metavar="P", help="smallest share of right changes (default: 0.8)")
    suggest.add_argument("--ledger", metavar="FILE", help="decisions so far: decided suggestions are left out")
    suggest.add_argument("--policy", metavar="FILE", help="what a person must confirm (default: the shipped policy)")
    about = "What suggested rules would have done to a later part of a history."
    short = "apply suggested rules to a later history"
    test = add("backtest", help=short, description=about, epilog=_BACKTEST_HELP, formatter_class=formatter)
    test.add_argument("rules", metavar="RULES", help="a file of suggestions, as casrules suggest --format json writes")
    _history(test)
    test.add_argument("--since", type=iso_date, metavar="DATE", help="first day (default: after the rules were mined)")
    test.add_argument("--format", choices=("text", "json"), default="text")
    test.add_argument("--out", "-o", metavar="FILE", help="write the result to FILE")


def _history(command: Any) -> None:
    command.add_argument("--history", metavar="SOURCE", required=True, help="a folder, a history's file or a URL")
    command.add_argument("--vocabulary", metavar="NAME", help="whose fields, where a database has several")


def _count(text: str) -> int:
    if not text.isascii() or not text.isdigit() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from 1")
    return int(text)


def _share(text: str) -> float:
    try:
        share = float(text)
    except ValueError:
        share = -1.0
    if not 0 < share <= 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a share between 0 and 1")
    return share
