"""Whose fault it is that messages do not get through, and what to do: own fault, outage, planned maintenance.

Time is told by the caller, never read from a clock. What is kept is plain data. The order in which events are told does
not matter, and an event told twice counts once.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from casrules.alerts.attempts import Attempt, attempt_from
from casrules.alerts.disruption_facts import Failing, SystemEvents, events_of, facts_of
from casrules.alerts.notices import Notice
from casrules.alerts.sending import SendingRules, kind_of, shipped_sending
from casrules.alerts.sending_models import FactName, Sending
from casrules.errors import UsageError

VERSION = 1
_ROOM = 1_000
Continuity = Callable[[str, str], Sequence[str]]
"""(system, state) → advice of a continuity table: the seam for tables of procedures."""


@dataclass(frozen=True, slots=True)
class Retry:
    """What to do about one declaration that failed: the kind of error, whether it may have arrived, when to try next.

    `at` is None where it is not to be sent by the clock.
    """

    declaration: str
    kind: str
    title: str
    delivered: str
    failures: int
    advice: str
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Assessment:
    """The state of one system at a time: what it is, how to send, advice, each failing declaration, the facts behind.

    `since` is when the failures began, `until` when a notice in force ends; `notices` are those in force.
    """

    system: str
    state: str
    title: str
    sending: Sending
    advice: tuple[str, ...] = ()
    continuity: tuple[str, ...] = ()
    since: datetime | None = None
    until: datetime | None = None
    notices: tuple[Notice, ...] = ()
    retries: tuple[Retry, ...] = ()
    facts: Mapping[FactName, int] = field(default_factory=dict)
    source: str = ""


class Disruptions:
    """Keeps events of sending and judges each system by them; not for several threads at once."""

    def __init__(self, rules: SendingRules | None = None) -> None:
        self._rules = rules or shipped_sending()
        self._events: dict[str, Attempt] = {}
        self._room = _ROOM

    def observe(self, attempt: Attempt) -> None:
        """Take one event; of two with one id the one that comes first in their order is kept."""
        kept = self._events.get(attempt.id)
        if kept is None or attempt.order < kept.order:
            self._events[attempt.id] = attempt
        if len(self._events) > self._room:
            self._forget()
            self._room = max(_ROOM, 2 * len(self._events))

    def assess(
        self, at: datetime, notices: Iterable[Notice] = (), continuity: Continuity | None = None
    ) -> tuple[Assessment, ...]:
        """The state of every system at a time, by name; events after it are left out."""
        if at.tzinfo is None:
            raise UsageError("the time to judge by has no offset", remedy="2025-02-01T08:00:00+01:00")
        self._forget()
        by_system: dict[str, list[Attempt]] = {}
        for event in sorted(self._events.values(), key=lambda event: event.order):
            if event.at <= at:
                by_system.setdefault(event.system, []).append(event)
        window = timedelta(minutes=self._rules.policy.window_minutes)
        systems = [events_of(name, by_system[name], window, self._kinds(by_system[name])) for name in sorted(by_system)]
        kept = tuple(notices)
        return tuple(self._assessed(one, systems, kept, at, continuity) for one in systems)

    def to_data(self) -> dict[str, Any]:
        """Everything that is kept, as plain data."""
        self._forget()
        events = sorted(self._events.values(), key=lambda event: event.order)
        return {"version": VERSION, "events": [event.to_data() for event in events]}

    @classmethod
    def from_data(cls, data: Mapping[str, Any], rules: SendingRules | None = None) -> Disruptions:
        """What `to_data` gave; UsageError for anything else."""
        if data.get("version") != VERSION:
            raise UsageError(f"these are no events of version {VERSION}")
        found = cls(rules)
        for event in data.get("events", ()):
            found.observe(attempt_from(event))
        return found

    def _forget(self) -> None:
        newest = max((event.at for event in self._events.values()), default=None)
        if newest is not None:
            oldest = newest - timedelta(minutes=self._rules.policy.horizon_minutes)
            self._events = {id_: event for id_, event in self._events.items() if event.at >= oldest}

    def _kinds(self, events: Iterable[Attempt]) -> dict[str, str]:
        read: dict[str, str] = {}
        found: dict[str, str] = {}
        for event in events:
            if event.event != "failed":
                continue
            if not event.kind and event.text not in read:
                read[event.text] = kind_of(event.text, self._rules) if event.text else ""
            found[event.id] = event.kind or read[event.text]
        return found

    def _assessed(
        self,
        one: SystemEvents,
        systems: Sequence[SystemEvents],
        notices: tuple[Notice, ...],
        at: datetime,
        continuity: Continuity | None,
    ) -> Assessment:
        policy = self._rules.policy
        facts = facts_of(one, systems, notices, at, self._rules.kinds)
        row = next(row for row in policy.situations if all(row.when[name].hold(facts[name]) for name in row.when))
        in_force = tuple(notice for notice in notices if notice.system == one.system and notice.holds(at))
        until = max((notice.end for notice in in_force if notice.end), default=None)
        advice = (*row.advice, *(told for notice in in_force for told in notice.advice(self._rules)))
        return Assessment(
            system=one.system,
            state=row.state,
            title=row.title,
            sending=row.sending,
            advice=tuple(dict.fromkeys(advice)),
            continuity=tuple(continuity(one.system, row.state)) if continuity and row.continuity else (),
            since=min((failing.since for failing in one.failing), default=None),
            until=until,
            notices=in_force,
            retries=tuple(self._retry(failing, until) for failing in one.failing),
            facts=facts,
            source=row.source,
        )

    def _retry(self, failing: Failing, until: datetime | None) -> Retry:
        kind = self._rules.kinds.get(failing.kind)
        again = self._rules.again(failing.kind if kind else "read-timeout")
        at = None
        if failing.count <= len(again.waits):
            wait = again.waits[failing.count - 1]
            at = failing.last.at + timedelta(seconds=wait + self._spread(wait, failing.last.id))
        return Retry(
            declaration=failing.last.declaration,
            kind=failing.kind,
            title=kind.title if kind else "an error of no known kind",
            delivered=kind.delivered if kind else "unknown",
            failures=failing.count,
            advice=again.advice,
            at=max(at, until) if at and until else at,
        )

    def _spread(self, wait: int, id_: str) -> int:
        """A share of the wait that depends on the event's id alone."""
        most = wait * self._rules.policy.spread_percent // 100
        return int.from_bytes(hashlib.sha256(id_.encode()).digest()[:4], "big") % (most + 1)
