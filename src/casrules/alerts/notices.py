"""Notices of authorities and platforms about maintenance and outages: files of them, and what a text says."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from pathlib import Path
from typing import Any, cast, get_args

import re2

from casrules.alerts.sending import SendingRules, shipped_sending
from casrules.alerts.sending_models import After, Deliver, Fallback, NoticeKind
from casrules.errors import PackError, place_of
from casrules.packs.yaml_text import parse_yaml, read_text

MOST_CHARACTERS = 100_000
_CLOSED: Mapping[str, tuple[str, ...]] = {
    "kind": get_args(NoticeKind), "deliver": get_args(Deliver), "after": get_args(After),
    "fallback": get_args(Fallback),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Notice:
    """One notice about a system, from `start` to `end` (aware times; None: not told).

    `kind`: planned or incident. `deliver`: messages are `buffered` or to be `hold`. `after`: what was not answered is
    to be sent with a `new_lrn` or the `same`. `fallback`: the continuity procedure is `open`, for what is `urgent`, or
    `closed`. `number` is what a paper must carry. Empty: the notice does not say.
    """

    system: str
    kind: NoticeKind = "incident"
    start: datetime | None = None
    end: datetime | None = None
    deliver: Deliver = ""
    after: After = ""
    fallback: Fallback = ""
    number: str = ""
    text: str = ""

    def holds(self, at: datetime) -> bool:
        """Whether the notice is in force at a time; one without a start never is."""
        return self.start is not None and self.start <= at and (self.end is None or at < self.end)

    def advice(self, rules: SendingRules) -> Iterator[str]:
        """What to do about what the notice says."""
        told = rules.notices.advice
        yield from filter(
            None,
            (told.deliver.get(self.deliver), told.after.get(self.after), told.fallback.get(self.fallback)),
        )


def load_notices(path: Path) -> tuple[Notice, ...]:
    """Notices of a file: YAML (`notices:`, a list) or CSV, with the fields of Notice.

    Times are ISO 8601 with an offset. PackError with file and line (or row) for what is broken.
    """
    text = read_text(path)
    rows: Iterable[Any]
    if path.suffix == ".csv":
        rows = csv.DictReader(io.StringIO(text))
    else:
        content = parse_yaml(text, path).content
        rows = content.get("notices", ()) if isinstance(content, dict) else ()
    return tuple(_notice(row, path, number) for number, row in enumerate(rows, 1))


def _notice(row: Any, path: Path, number: int) -> Notice:
    names = [one.name for one in fields(Notice)]
    if not isinstance(row, dict) or set(row) - set(names) or not row.get("system"):
        raise PackError(f"notice {number} needs `system` and has fields of: {', '.join(names)}", place=place_of(path))
    given = {name: str(value).strip() for name, value in row.items() if value}
    for name, allowed in _CLOSED.items():
        if given.get(name, "") not in allowed:
            problem = f"notice {number}: {name} is {given[name]!r}"
            raise PackError(problem, place=place_of(path), remedy=f"one of {', '.join(filter(None, allowed))}")
    times = {name: _time(given.pop(name), path, number) for name in ("start", "end") if name in given}
    return Notice(**cast(Any, {**given, **times}))


def _time(text: str, path: Path, number: int) -> datetime:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        found = None
    if found is None or found.tzinfo is None:
        problem = f"notice {number}: {text!r} is no time with an offset"
        raise PackError(problem, place=place_of(path), remedy="2025-02-01T08:00:00+01:00")
    return found


def read_notice(text: str, system: str, rules: SendingRules | None = None) -> Notice:
    """What a notice's text says, by the phrases known; times are left to the reader: forms differ within one notice."""
    rules = rules or shipped_sending()
    said: dict[str, Any] = {}
    shown = text[:MOST_CHARACTERS]
    for phrase in rules.notices.phrases:
        found = re2.search(phrase.pattern, shown)
        if found is None:
            continue
        if phrase.number:
            said.setdefault("number", found.group(1))
        if phrase.over:
            said.setdefault("fallback", "closed")
        for name in ("kind", "deliver", "after", "fallback"):
            if getattr(phrase, name):
                said.setdefault(name, getattr(phrase, name))
    return Notice(system=system, text=shown, **{"kind": "", **said})
