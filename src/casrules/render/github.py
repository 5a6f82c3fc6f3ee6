"""Annotations of GitHub workflows: one command line an alert."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from casrules.findings import Report, Violation
from casrules.findings.summary import counted
from casrules.render.escaping import for_annotation, for_annotation_property
from casrules.render.options import RenderOptions
from casrules.render.wording import document_name, totals_text

_COMMANDS = {"error": "error", "warning": "warning", "info": "notice"}
SHOWN_OF_EACH = 10
"""Annotations of one kind that GitHub shows of one step."""


def render_github(reports: Iterable[Report], options: RenderOptions) -> Iterator[str]:
    """A command for each alert that stands; then a line with the totals of each document.

    GitHub shows ten annotations of a kind in a step: the totals tell what is beyond.
    """
    written = dict.fromkeys(_COMMANDS.values(), 0)
    for report in reports:
        name = document_name(report)
        for alert in report.alerts:
            command = _COMMANDS[alert.alert_severity or alert.severity]
            written[command] += 1
            yield _annotation(command, alert, name)
        for reason in report.verdict.reasons:
            if not reason.rejects:
                written["warning"] += 1
                yield _command("warning", [("file", name), ("title", "not judged")], reason.text)
        if report.totals.capped:
            yield _command("warning", [("file", name), ("title", "list cut off")], report.totals.banner)
        yield for_annotation(f"casrules: {name}: {report.verdict}: {totals_text(report)}") + "\n"
    for command, number in written.items():
        if number > SHOWN_OF_EACH:
            text = f"{SHOWN_OF_EACH} annotations of a kind are shown, this run has {counted(number, command)}"
            yield _command("notice", [("title", "annotations cut off")], text)


def _annotation(command: str, alert: Violation, name: str) -> str:
    place = alert.primary
    properties = [("file", name)]
    if place is not None and place.line is not None:
        properties.append(("line", str(place.line)))
    properties.append(("title", f"{alert.rule} {alert.title}".strip()))
    where = f"{place.path}: " if place else ""
    more = f" ({alert.folded} more follow from this)" if alert.folded else ""
    remedy = f" {alert.remedy}" if alert.remedy else ""
    return _command(command, properties, f"{where}{alert.message.text}{more}{remedy}")


def _command(command: str, properties: list[tuple[str, str]], text: str) -> str:
    given = ",".join(f"{name}={for_annotation_property(value)}" for name, value in properties)
    return f"::{command} {given}::{for_annotation(text)}\n"
