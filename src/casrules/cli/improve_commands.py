"""`casrules suggest` and `casrules backtest`: configuration rules from a history, and what they would have done."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Iterator
from datetime import date
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from casrules.cli.console import Console
from casrules.cli.history_source import opened_history
from casrules.improve import Policy, Settings, backtest, mine, read_rules
from casrules.improve.ledger import Ledger
from casrules.improve.promises import Promise, promises
from casrules.render.escaping import visible

if TYPE_CHECKING:
    from casrules.improve import Backtest, Suggestion, Suggestions

_VERDICTS = {
    "kept": "it keeps its promise",
    "broken": "it does not keep its promise: end it, or narrow it",
    "too few": "too few to say",
}
_CLEAR = "\r\x1b[K"


def run_suggest(given: argparse.Namespace, console: Console) -> int:
    """Mine a history and write what is suggested."""
    changed = {"min_fixes": given.min_fixes, "precision": given.precision}
    settings = Settings.model_validate({name: value for name, value in changed.items() if value is not None})
    policy = Policy.load(Path(given.policy)) if given.policy else None
    with opened_history(given.history, given.vocabulary, console) as history:
        found = mine(history, settings=settings, policy=policy, progress=_Progress(console))
        kept: tuple[Promise, ...] = ()
        if given.ledger:
            ledger = Ledger(Path(given.ledger))
            kept = promises(ledger, history, settings)
            found = found.model_copy(update={"rules": tuple(ledger.open_ones(found.rules))})
    lines = chain(suggestion_lines(found), promise_lines(kept))
    _write(found.to_json() if given.format == "json" else _lines(lines), given, console)
    return 0


def promise_lines(found: Iterable[Promise]) -> Iterator[str]:
    """Whether approved rules keep their promise, as people read it."""
    for it in found:
        yield ""
        yield f"approved on {it.since}: {it.text}  [{it.rule}]"
        yield f"   since then {it.right} right and {it.wrong} wrong changes: {_VERDICTS[it.verdict]}"
        yield f"   alerts a month: {it.promised:.1f} promised, {it.prevented_per_month:.1f} since then"


def run_backtest(given: argparse.Namespace, console: Console) -> int:
    """Apply the rules of a file to a history and write what they would have done."""
    rules, mined_until = read_rules(given.rules)
    since = date.fromisoformat(given.since) if given.since else None
    with opened_history(given.history, given.vocabulary, console) as history:
        found = backtest(rules, history, since=since, mined_until=mined_until)
    text = found.model_dump_json(indent=1) + "\n" if given.format == "json" else _lines(backtest_lines(found))
    _write(text, given, console)
    return int(any(it.wrong for it in found.rules))


class _Progress:
    """One line on standard error; on a terminal it is written over, elsewhere each task is one line."""

    def __init__(self, console: Console) -> None:
        self._console, self._terminal, self._task = console, console.err.isatty(), ""

    def __call__(self, what: str, done: int, of: int) -> None:
        if self._terminal:
            self._console.err.write(_CLEAR if done == of else f"{_CLEAR}casrules: {what} {done}/{of}")
            self._console.err.flush()
        elif what != self._task:
            self._console.note(what)
        self._task = what


def suggestion_lines(found: Suggestions) -> Iterator[str]:
    """All suggestions as people read them."""
    about, active = found.provenance, [it for it in found.rules if it.status == "proposed"]
    yield (
        f"{len(active)} rules proposed from {about.declarations} declarations, {about.start} to {about.end}; "
        f"{len(found.rules) - len(active)} that ended, {len(found.near_misses)} just below the floor"
    )
    for number, it in enumerate(found.rules, 1):
        yield ""
        yield f"{number}. {it.text}  [{it.id}]"
        yield from (f"   {line}" for line in _details(it))
    for review in found.reviews:
        yield ""
        yield f"rule in force {review.id}: {review.text}"
    if found.near_misses:
        yield ""
        yield "just below the floor (often a real rule and people who differ):"
        yield from (f"   {it.text} {it.support} right, {it.wrong} wrong" for it in found.near_misses)


def _details(it: Suggestion) -> Iterator[str]:
    evidence = it.evidence
    if it.status == "ended":
        yield f"ended {it.valid_to}: did the legislation change? Nothing to switch on."
    else:
        kinds = ", ".join(alert.code for alert in evidence.prevented)
        yield f"saves about {evidence.expected_per_month:.1f} alerts a month" + (f" ({kinds})" if kinds else "")
    yield (
        f"{evidence.support} right and {evidence.wrong} wrong changes"
        + (f", {evidence.disputed} of them amended for another reason" if evidence.disputed else "")
        + f": {evidence.precision:.0%}, surely {evidence.confidence_lower:.0%}; {evidence.declarations} declarations "
        f"on {evidence.days} days, {evidence.first_seen} to {evidence.last_seen}"
    )
    if it.backtest:
        test = it.backtest
        yield f"from {test.mined_until}, mined before it: {test.right} right, {test.wrong} wrong, {test.missed} missed"
    elif it.status == "proposed":
        yield "too new for a backtest"
    yield f"a person must confirm: {it.ask_because}" if it.mode == "ask" else "may be applied once it is approved"
    if it.needs:
        yield f"a person must give {it.needs}"
    if it.legal_basis:
        yield f"legal basis {', '.join(it.legal_basis)}"
    for old in it.supersedes:
        yield f"replaces the rule in force {old.id}" + (f", which ends {old.valid_to}" if old.valid_to else "")
    if others := sorted(set(it.conflicts_with) - {old.id for old in it.supersedes}):
        yield f"contradicts the rules in force {', '.join(others)}"
    if evidence.wrong_examples:
        yield f"wrongly changed: {', '.join(evidence.wrong_examples)}"


def backtest_lines(found: Backtest) -> Iterator[str]:
    """A backtest as people read it."""
    yield (
        f"{found.since} to {found.until}: {found.prevented} of {found.alerts} alerts prevented "
        f"in {found.declarations} declarations"
    )
    if found.independent is False:
        yield "the rules were mined on these very days: this shows what they explain, not what they foretell"
    for it in found.rules:
        yield ""
        yield f"{it.text}  [{it.id}]"
        yield f"   {it.changed} changes in {it.declarations} declarations: {it.right} right, {it.wrong} wrong" + (
            f"; surely {it.confidence_lower:.0%}" if it.changed else ""
        )
        if it.wrong_examples:
            yield f"   wrongly changed: {', '.join(it.wrong_examples)}"


def _lines(lines: Iterator[str]) -> str:
    return "".join(f"{visible(line)}\n" for line in lines)


def _write(text: str, given: argparse.Namespace, console: Console) -> None:
    if given.out and given.out != "-":
        Path(given.out).write_text(text, encoding="utf-8")
    else:
        console.out.write(text)
