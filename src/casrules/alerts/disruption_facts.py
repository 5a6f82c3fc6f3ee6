"""Counts what the events of one system say; the policy's conditions are about these facts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from casrules.alerts.attempts import Attempt
from casrules.alerts.notices import Notice
from casrules.alerts.sending_models import FactName, SendingKind

_OWN = ("own", "data")


@dataclass(frozen=True, slots=True)
class Failing:
    """A declaration whose last event is a failure: that failure, how many in a row, the kind, when they began."""

    last: Attempt
    count: int
    kind: str
    since: datetime


@dataclass(frozen=True, slots=True)
class SystemEvents:
    """The events of one system up to a time, in order; `recent` are those of the window before its last event."""

    system: str
    events: Sequence[Attempt]
    recent: Sequence[Attempt]
    failing: Sequence[Failing]

    @property
    def last(self) -> datetime:
        """The time of the last event."""
        return self.events[-1].at

    @property
    def succeeded(self) -> int:
        """How many events of the window show that the system works."""
        return sum(event.event != "failed" for event in self.recent)


def events_of(system: str, events: Sequence[Attempt], window: timedelta, kinds: Mapping[str, str]) -> SystemEvents:
    """Sort out the ordered events of one system; `kinds` gives the kind of each failure by its id."""
    since = events[-1].at - window
    recent = [event for event in events if event.at > since]
    rows: dict[str, Failing] = {}
    for event in events:
        before = rows.pop(event.declaration, None)
        if event.event == "failed":
            count, begun = (before.count + 1, before.since) if before else (1, event.at)
            rows[event.declaration] = Failing(event, count, kinds.get(event.id, ""), begun)
    failing = [row for row in rows.values() if row.last.at > since]
    return SystemEvents(system, events, recent, sorted(failing, key=lambda row: row.last.order))


def facts_of(
    one: SystemEvents,
    others: Iterable[SystemEvents],
    notices: Iterable[Notice],
    at: datetime,
    kinds: Mapping[str, SendingKind],
) -> dict[FactName, int]:
    """All facts of a system at a time; flags are 0 or 1, times whole minutes."""
    in_force = [notice for notice in notices if notice.system == one.system and notice.holds(at)]
    sides = _sides(one, kinds)
    last_failure = max((row.last.order for row in one.failing), default=None)
    got_through = [event.order for event in one.recent if event.event != "failed"]
    failing_senders = {row.last.sender for row in one.failing}
    working = {event.sender for event in one.recent if event.event == "taken"}
    return {
        "failing": len(one.failing),
        "failing_senders": len(failing_senders),
        "failing_minutes": _minutes(min((row.since for row in one.failing), default=at), one.last),
        "repeats": max((row.count for row in one.failing), default=0),
        "working_senders": len(working),
        "succeeded": one.succeeded,
        "recovered": int(last_failure is not None and bool(got_through) and max(got_through) > last_failure),
        "own": int(bool(sides) and all(side in _OWN for side in sides)),
        "maintenance": int("planned" in sides or any(notice.kind == "planned" for notice in in_force)),
        "incident": int(any(notice.kind == "incident" for notice in in_force)),
        **_others(one, others, kinds),
        **_silence(one, at),
    }


def _sides(one: SystemEvents, kinds: Mapping[str, SendingKind]) -> list[str]:
    return [kinds[row.kind].side if row.kind in kinds else "undecidable" for row in one.failing]


def _others(one: SystemEvents, others: Iterable[SystemEvents], kinds: Mapping[str, SendingKind]) -> dict[FactName, int]:
    """How many other systems, tried in the same time, fail altogether (not by faults of one's own), how many work."""
    since = one.recent[0].at
    seen = [other for other in others if other.system != one.system and other.last >= since]
    failing = [other for other in seen if not other.succeeded]
    return {
        "other_systems_failing": sum(any(side not in _OWN for side in _sides(other, kinds)) for other in failing),
        "other_systems_working": sum(bool(other.succeeded) for other in seen),
    }


def _silence(one: SystemEvents, at: datetime) -> dict[FactName, int]:
    """How many messages that were taken wait for an answer, and how long nothing has been answered since the first."""
    waiting: dict[str, datetime] = {}
    for event in one.events:
        if event.event == "answered":
            waiting.clear()
        elif event.event == "taken":
            waiting.setdefault(event.declaration, event.at)
    return {"unanswered": len(waiting), "silent_minutes": _minutes(min(waiting.values(), default=at), at)}


def _minutes(begin: datetime, end: datetime) -> int:
    return max(0, int((end - begin).total_seconds() // 60))
