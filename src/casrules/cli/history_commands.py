"""`casrules history`: bring a history in and out, say what it holds, drop what is old."""

from __future__ import annotations

import argparse
from datetime import date, datetime
from pathlib import Path

from casrules.cli.console import Console
from casrules.errors import UsageError
from casrules.history import Store, export_events, import_history
from casrules.render.escaping import visible


def run_history(given: argparse.Namespace, console: Console) -> int:
    """Carry out one deed."""
    deeds = {"import": _import, "export": _export, "info": _info, "drop": _drop}
    with Store.open(given.history, create=given.deed == "import") as store:
        deeds[given.deed](store, given, console)
    return 0


def _import(store: Store, given: argparse.Namespace, console: Console) -> None:
    count = import_history(store, given.source, vocabulary=given.vocabulary)
    console.out.write(f"{count} events were new\n")


def _export(store: Store, given: argparse.Namespace, console: Console) -> None:
    target = Path(given.target)
    if target.suffix == ".jsonl":
        console.out.write(f"{export_events(store, target)} events written\n")
    else:
        from casrules.history import export_table

        export_table(store, target, vocabulary=given.vocabulary)
        console.out.write(visible(f"table written to {target.as_posix()}") + "\n")


def _info(store: Store, given: argparse.Namespace, console: Console) -> None:
    for name, count in store.counts().items():
        console.out.write(f"{count:>10} {name}\n")
    for name in store.vocabularies_used():
        console.out.write(visible(f"fields of {name or 'the dictionary'}") + "\n")


def _drop(store: Store, given: argparse.Namespace, console: Console) -> None:
    removed = store.drop(date.fromisoformat(given.before), classes=given.classes, at=_moment(given.at), by=given.by)
    for name, count in removed.dropped.items():
        console.out.write(f"{count:>10} {name} dropped\n")


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment = datetime.min
    if moment.tzinfo is None:
        raise UsageError(f"{text!r} is not a time with an offset", remedy="write it as 2026-01-31T12:00:00+00:00")
    return moment
