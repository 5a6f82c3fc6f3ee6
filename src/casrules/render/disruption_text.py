"""What a terminal shows of disruptions: a block for each system, then what to do about each declaration."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from casrules.alerts.disruption import Assessment, Retry
from casrules.render.options import RenderOptions
from casrules.render.terminal import wrapped

_SENDING = {"normal": "as usual", "careful": "few messages at a time", "hold": "hold back: keep messages in the queue"}
_DELIVERED = {"no": "has not arrived", "unknown": "may have arrived", "yes": "has arrived"}
_LABEL = 10
_MOST = 20


def disruption_lines(assessments: Iterable[Assessment], options: RenderOptions) -> Iterator[str]:
    """The lines for all systems; of many declarations the first few unless all are asked for."""
    for one in assessments:
        yield f"{one.system}: {one.title}"
        for label, text in _body(one, options):
            pieces = wrapped(text, options.width, _LABEL)
            for at, piece in enumerate(pieces):
                yield f"  {label if at == 0 else '':<{_LABEL - 2}}{piece}".rstrip()
        yield ""


def _body(one: Assessment, options: RenderOptions) -> Iterator[tuple[str, str]]:
    if one.since is not None:
        yield "since", _time(one.since)
    if one.until is not None:
        yield "until", _time(one.until)
    yield "send", _SENDING[one.sending]
    for notice in one.notices:
        number = f" {notice.number}" if notice.number else ""
        yield "notice", f"{notice.kind or 'notice'}{number}: {' '.join(notice.text.split())}".rstrip(": ")
    for at, text in enumerate((*one.advice, *one.continuity)):
        yield "do" if at == 0 else "", text
    shown = one.retries if options.show_all else one.retries[:_MOST]
    for retry in shown:
        yield "message", _retry(retry)
    if len(shown) < len(one.retries):
        yield "", f"and {len(one.retries) - len(shown)} more (--all shows them)"


def _retry(retry: Retry) -> str:
    times = "once" if retry.failures == 1 else f"{retry.failures} times"
    next_ = f" Next try: {_time(retry.at)}." if retry.at is not None else ""
    return f"{retry.declaration}: {retry.title} ({times}; it {_DELIVERED[retry.delivered]}). {retry.advice}{next_}"


def _time(at: datetime) -> str:
    return at.isoformat(sep=" ", timespec="seconds")
