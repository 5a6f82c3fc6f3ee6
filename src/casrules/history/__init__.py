"""The history: what was submitted, what was found, what customs answered, what people corrected, how it ended.

>>> from casrules.history import Outcome, Store
>>> with Store.open("history.db") as store:  # doctest: +SKIP
...     store.record(report, at=now, by="clerk 7", values=record)

Needs the extra `history` (SQLAlchemy, alembic), which is asked for when something is first used; PostgreSQL needs the
extra `postgres` as well, Parquet and mining the extra `improve`.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from casrules.history.declared import Declared as Declared
    from casrules.history.editing import edits_between as edits_between
    from casrules.history.events import Acknowledgement as Acknowledgement
    from casrules.history.events import Answer as Answer
    from casrules.history.events import AnswerCode as AnswerCode
    from casrules.history.events import Correction as Correction
    from casrules.history.events import Event as Event
    from casrules.history.events import Found as Found
    from casrules.history.events import HistoryEdit as HistoryEdit
    from casrules.history.events import Outcome as Outcome
    from casrules.history.events import Submission as Submission
    from casrules.history.events import Violations as Violations
    from casrules.history.exporting import export_table as export_table
    from casrules.history.flattening import flat_values as flat_values
    from casrules.history.importing import export_events as export_events
    from casrules.history.importing import import_history as import_history
    from casrules.history.redaction import Redaction as Redaction
    from casrules.history.retention import Removed as Removed
    from casrules.history.store import Store as Store

_PLACES = {
    "Acknowledgement": "events",
    "Answer": "events",
    "AnswerCode": "events",
    "Correction": "events",
    "Declared": "declared",
    "Event": "events",
    "Found": "events",
    "HistoryEdit": "events",
    "Outcome": "events",
    "Redaction": "redaction",
    "Removed": "retention",
    "Store": "store",
    "Submission": "events",
    "Violations": "events",
    "edits_between": "editing",
    "export_events": "importing",
    "export_table": "exporting",
    "import_history": "importing",
    "flat_values": "flattening",
}
__all__ = [
    "Acknowledgement",
    "Answer",
    "AnswerCode",
    "Correction",
    "Declared",
    "Event",
    "Found",
    "HistoryEdit",
    "Outcome",
    "Redaction",
    "Removed",
    "Store",
    "Submission",
    "Violations",
    "edits_between",
    "export_events",
    "export_table",
    "flat_values",
    "import_history",
]


def __getattr__(name: str) -> Any:
    """Import what is asked for when it is first used; raises UsageError where the extra is absent."""
    place = _PLACES.get(name)
    if place is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from casrules.history.libraries import require, require_frames

    require()
    if place == "exporting":
        require_frames()
    return getattr(import_module(f"{__name__}.{place}"), name)
