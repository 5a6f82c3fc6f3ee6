"""The canonical JSON of reports."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain

from casrules.findings import Report
from casrules.render.options import RenderOptions


def render_json(reports: Iterable[Report], options: RenderOptions) -> Iterator[str]:
    """One report as an object; several as an array."""
    stream = iter(reports)
    first, second = next(stream, None), next(stream, None)
    if first is not None and second is None:
        yield first.to_json(indent=options.indent) + "\n"
        return
    yield "["
    for number, report in enumerate(each for each in chain((first, second), stream) if each is not None):
        yield (",\n" if number else "\n") + report.to_json(indent=options.indent)
    yield "\n]\n"


def render_jsonl(reports: Iterable[Report], options: RenderOptions) -> Iterator[str]:
    """One report a line."""
    for report in reports:
        yield report.to_json() + "\n"
