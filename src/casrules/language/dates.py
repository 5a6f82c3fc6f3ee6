"""Dates and times as the record has them: ISO texts, compared as the calendar and the clock mean them."""

from __future__ import annotations

from datetime import date, datetime


def days_between(earlier: str, later: str) -> int | None:
    """Days from `earlier` to `later`, negative when they are swapped; of times, their dates as written.

    None (unknown) where one is not in the calendar.
    """
    try:
        return (date.fromisoformat(later[:10]) - date.fromisoformat(earlier[:10])).days
    except ValueError:
        return None


def date_of(moment: str) -> str:
    """The calendar date of a date and time, as written (in its own offset)."""
    return moment[:10]


def order_of(left: str, right: str) -> int | None:
    """-1, 0 or 1 as `left` is before, at or after `right`.

    None (unknown) where only one of them says its offset from UTC, or one is not a date and time.
    """
    try:
        first, second = datetime.fromisoformat(left), datetime.fromisoformat(right)
    except ValueError:
        return None
    if (first.tzinfo is None) != (second.tzinfo is None):
        return None
    return (first > second) - (first < second)


def is_date(text: str) -> bool:
    """True for YYYY-MM-DD of the calendar."""
    try:
        return len(text) == 10 and date.fromisoformat(text) is not None
    except ValueError:
        return False
