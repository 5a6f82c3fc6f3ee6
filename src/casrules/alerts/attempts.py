"""Events of sending, as a caller tells them: a try that failed, one that was taken, an answer that came."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, cast

from casrules.errors import UsageError

EventName = Literal["failed", "taken", "answered"]
_RANK: Mapping[str, int] = {"failed": 0, "taken": 1, "answered": 2}
_FIELDS = ("id", "at", "system", "declaration", "event", "sender", "kind", "text")


@dataclass(frozen=True, slots=True)
class Attempt:
    """One event. `at` is aware; `id` is unique: an event told twice counts once.

    `event`: `failed` (did not get through), `taken` (the system has it), `answered` (a business answer came). `kind` is
    a kind of the taxonomy; where it is empty, `text` (log line, HTTP answer, exception) is looked at.
    """

    id: str
    at: datetime
    system: str
    declaration: str
    event: EventName
    sender: str = ""
    kind: str = ""
    text: str = ""

    def __post_init__(self) -> None:
        if self.at.tzinfo is None:
            raise UsageError(f"the time of {self.id!r} has no offset", remedy="2025-02-01T08:00:00+01:00")
        if not (self.id and self.system and self.declaration):
            raise UsageError("an event needs an id, a system and a declaration")
        if self.event not in _RANK:
            raise UsageError(f"{self.event!r} is no event", remedy=f"one of {', '.join(_RANK)}")

    @property
    def order(self) -> tuple[Any, ...]:
        """The one order of events: by time; at the same time failures before what got through, then by id."""
        return (self.at, _RANK[self.event], self.id, self.system, self.declaration, self.sender, self.kind, self.text)

    def to_data(self) -> dict[str, str]:
        """Plain data, without what is empty."""
        values = {name: getattr(self, name) for name in _FIELDS}
        values["at"] = self.at.isoformat()
        return {name: value for name, value in values.items() if value}


def attempt_from(data: Mapping[str, Any]) -> Attempt:
    """An event from plain data; UsageError for what is none."""
    unknown = set(data) - set(_FIELDS)
    missing = [name for name in ("id", "at", "system", "declaration", "event") if not data.get(name)]
    if unknown or missing:
        what = f"lacks {', '.join(missing)}" if missing else f"has unknown keys: {', '.join(sorted(unknown))}"
        raise UsageError(f"the event {what}", remedy=f"keys: {', '.join(_FIELDS)}")
    texts = {name: str(value) for name, value in data.items()}
    try:
        at = datetime.fromisoformat(texts.pop("at"))
    except ValueError:
        raise UsageError(f"{data['at']!r} is no time", remedy="2025-02-01T08:00:00+01:00") from None
    return Attempt(at=at, **cast(Any, texts))


def read_attempts(lines: Iterable[str]) -> Iterator[tuple[int, Attempt | str]]:
    """The events of JSON lines with their line number; for a line that is none, what is wrong with it."""
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            data = json.loads(line)
            if not isinstance(data, dict):
                raise UsageError("an object is wanted")
            yield number, attempt_from(data)
        except (ValueError, RecursionError):
            yield number, "no JSON"
        except UsageError as error:
            yield number, str(error)
