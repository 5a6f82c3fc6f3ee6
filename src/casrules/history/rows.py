"""Events as rows of tables, and rows as events."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from casrules.history.events import Answer, AnswerCode, Correction, Event, Found, Outcome, Submission, Violations
from casrules.history.tables import (
    ANSWER_CODES,
    ANSWERS,
    CHECKS,
    CONTENTS,
    CORRECTIONS,
    OUTCOMES,
    SUBMISSIONS,
    VIOLATIONS,
)

Row = dict[str, Any]
Details = Mapping[str, Sequence[Row]]
"""The rows that hang on one event, by table."""

HEADS: Mapping[str, sa.Table] = {
    "submission": SUBMISSIONS,
    "violations": CHECKS,
    "answer": ANSWERS,
    "correction": CORRECTIONS,
    "outcome": OUTCOMES,
}
"""The table of each kind of event that has exactly one row an event."""
_MODELS: Mapping[str, type[Event]] = {
    "submission": Submission,
    "violations": Violations,
    "answer": Answer,
    "correction": Correction,
    "outcome": Outcome,
}
_LISTS: Mapping[str, tuple[str, sa.Table, type[Found] | type[AnswerCode]]] = {
    "violations": ("found", VIOLATIONS, Found),
    "answer": ("codes", ANSWER_CODES, AnswerCode),
}
TABLES: Mapping[str, tuple[sa.Table, ...]] = {
    kind: (head, *((_LISTS[kind][1],) if kind in _LISTS else ())) for kind, head in HEADS.items()
}
"""The tables of each kind of event, the bytes of messages apart."""
_JSON_COLUMNS = frozenset({"values", "sent", "arguments", "law", "edits"})


def rows_of(event: Event, seq: int) -> Iterator[tuple[sa.Table, Row]]:
    """The rows that hang on an event, its own row apart."""
    head = HEADS[event.kind]
    own = {column.name: _plain(event, column.name) for column in head.columns if column.name != "event"}
    yield head, {"event": seq, **own}
    content = getattr(event, "content", None)
    if content is not None:
        yield CONTENTS, {"event": seq, "body": content}
    if event.kind in _LISTS:
        name, table, _ = _LISTS[event.kind]
        for position, entry in enumerate(getattr(event, name)):
            yield table, {"event": seq, "position": position, **entry.model_dump(mode="json")}


def _plain(event: Event, name: str) -> Any:
    value = getattr(event, name)
    if name in _JSON_COLUMNS and not isinstance(value, dict | None):
        return [entry.model_dump(mode="json") for entry in value]
    return value


def event_of(own: Row, details: Details) -> Event:
    """The event of a row of `events` and the rows that hang on it."""
    kind = own["kind"]
    values = {"id": own["id"], "document": own["document"], "at": own["at"], "by": own["by"]}
    values |= details[HEADS[kind].name][0]
    for body in details.get(CONTENTS.name, ()):
        values["content"] = body["body"]
    if kind in _LISTS:
        name, table, model = _LISTS[kind]
        entries = sorted(details.get(table.name, ()), key=lambda row: int(row["position"]))
        values[name] = tuple(model(**{key: row[key] for key in row if key != "position"}) for row in entries)
    return _MODELS[kind](**values)
