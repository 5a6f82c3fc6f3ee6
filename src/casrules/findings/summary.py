"""The report in one line, and in one small table for notebooks."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from casrules.findings.report import Report

_ROWS = 20


def counted(number: int, singular: str, plural: str = "") -> str:
    """`1 error`, `2 errors`."""
    return f"{number} {singular if number == 1 else plural or singular + 's'}"


def counts_text(report: Report) -> str:
    """`2 errors, 1 warning, 3 suppressed`; `no violations` where there are none."""
    totals = report.totals
    parts = [
        counted(number, name)
        for number, name in ((totals.errors, "error"), (totals.warnings, "warning"), (totals.infos, "note"))
        if number
    ]
    if totals.suppressed:
        parts.append(f"{totals.suppressed} suppressed")
    return ", ".join(parts) or "no violations"


def one_line(report: Report) -> str:
    """`reject: 2 errors, 1 warning (ncts.CC015C, LRN 23GB0001)`."""
    document = report.document
    facts = [
        document.message,
        f"LRN {document.lrn}" if document.lrn else "",
        f"MRN {document.mrn}" if document.mrn else "",
    ]
    about = ", ".join(fact for fact in facts if fact)
    return f"{report.verdict}: {counts_text(report)}{f' ({about})' if about else ''}"


def html_summary(report: Report) -> str:
    """A table of the first alerts; every text is escaped."""
    alerts = report.alerts
    rows = "".join(
        f"<tr><td>{alert.alert_severity or alert.severity}</td>"
        f"<td><code>{html.escape(alert.rule)}</code></td>"
        f"<td><code>{html.escape(alert.primary.path if alert.primary else '')}</code></td>"
        f"<td>{html.escape(alert.message.text)}</td></tr>"
        for alert in alerts[:_ROWS]
    )
    more = f"<p>… and {len(alerts) - _ROWS} more</p>" if len(alerts) > _ROWS else ""
    banner = f"<p><strong>{html.escape(report.totals.banner)}</strong></p>" if report.totals.capped else ""
    head = "<tr><th>severity</th><th>rule</th><th>place</th><th>what</th></tr>"
    table = f"<table><thead>{head}</thead><tbody>{rows}</tbody></table>" if rows else ""
    return f"<div><p><strong>{html.escape(one_line(report))}</strong></p>{banner}{table}{more}</div>"
