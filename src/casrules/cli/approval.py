"""`casrules approve` and `casrules reject`: a person decides about a suggestion."""

from __future__ import annotations

import argparse
from datetime import date
from pathlib import Path

from casrules.cli.console import Console
from casrules.improve.approval import approve, chosen, read_suggestions, reject
from casrules.improve.field_map import FieldMap
from casrules.improve.ledger import Ledger


def run_approve(given: argparse.Namespace, console: Console) -> int:
    """Write the rule and the decision."""
    suggestion = chosen(read_suggestions(Path(given.suggestions)), given.suggestion)
    done = approve(
        suggestion,
        FieldMap.load(Path(given.fields)) if given.fields else FieldMap(),
        Path(given.pack),
        ledger_of(given),
        by=given.by,
        reason=given.reason,
        on=_day(given),
    )
    console.out.write(f"approved: {done.rule} stands in {done.file}\n")
    return 0


def run_reject(given: argparse.Namespace, console: Console) -> int:
    """Write the decision."""
    suggestion = chosen(read_suggestions(Path(given.suggestions)), given.suggestion)
    reject(suggestion, ledger_of(given), by=given.by, reason=given.reason, on=_day(given))
    console.out.write(f"rejected: {suggestion.id} comes back only with better evidence\n")
    return 0


def ledger_of(given: argparse.Namespace) -> Ledger:
    """The file of decisions: the one named, else beside the pack."""
    pack = Path(given.pack)
    return Ledger(Path(given.ledger) if given.ledger else pack.parent / f"{pack.name}.decisions.jsonl")


def _day(given: argparse.Namespace) -> date:
    return date.fromisoformat(given.on) if given.on else date.today()
