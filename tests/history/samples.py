"""Events to write, and how hypothesis makes them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from hypothesis import strategies as st

from casrules.history import (
    Answer,
    AnswerCode,
    Correction,
    Event,
    Found,
    HistoryEdit,
    Outcome,
    Submission,
    Violations,
)

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
ITEM = "/consignment/houses/0/items/0"


def submission(document: str = "d1", **more: Any) -> Submission:
    """A small declaration."""
    values = {"/lrn": "L1", "/importer/id": "GB1", f"{ITEM}/commodity_code": "8471300000"}
    return Submission(**{"document": document, "at": NOON, "lrn": "L1", "values": values, **more})


_TEXT = st.text(max_size=12)
_VALUES = st.dictionaries(
    st.sampled_from(["/lrn", "/importer/id", "/importer/name", f"{ITEM}/commodity_code", f"{ITEM}/gross_mass"]),
    _TEXT,
    max_size=4,
)
_MOMENTS = st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))
_EDITS = st.builds(HistoryEdit, kind=st.just("change"), record=st.just("/lrn"), before=_VALUES, after=_VALUES)
_FOUND = st.builds(Found, rule=_TEXT, path=_TEXT, record=_TEXT, law=st.tuples(_TEXT))
_CODES = st.builds(AnswerCode, system=_TEXT, code=_TEXT, text=_TEXT)


def events(documents: st.SearchStrategy[str]) -> st.SearchStrategy[Event]:
    """Any event of any of the documents."""
    common: dict[str, Any] = {"document": documents, "at": _MOMENTS, "by": _TEXT}
    return st.one_of(
        st.builds(
            Submission,
            **common,
            lrn=_TEXT,
            values=_VALUES,
            sent=st.none() | _VALUES,
            content=st.none() | st.binary(max_size=8),
            as_of=st.none() | st.dates(date(2020, 1, 1), date(2030, 1, 1)),
        ),
        st.builds(Violations, **common, verdict=_TEXT, found=st.lists(_FOUND, max_size=3).map(tuple)),
        st.builds(Answer, **common, outcome=_TEXT, codes=st.lists(_CODES, max_size=3).map(tuple)),
        st.builds(Correction, **common, edits=st.lists(_EDITS, max_size=2).map(tuple), values=st.none() | _VALUES),
        st.builds(Outcome, **common, outcome=st.sampled_from(["accepted", "amended", "rejected", "cancelled"])),
    )
