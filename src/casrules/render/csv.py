"""CSV: one row a violation, folded and suppressed ones too; a document without violations has a row of
its verdict.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence

from casrules.findings import Report, Violation
from casrules.render.escaping import for_csv
from casrules.render.options import RenderOptions
from casrules.render.wording import document_name

COLUMNS = (
    "document", "verdict", "severity", "rule", "branch", "path", "line", "number", "missing", "declared",
    "effective", "message", "remedy", "law", "authority", "folded_under", "baseline", "suppressed_by",
    "suppressed_until",
    "fingerprint", "note",
)  # fmt: skip


def render_csv(reports: Iterable[Report], options: RenderOptions) -> Iterator[str]:
    """Rows as RFC 4180 has them, with a header; no cell begins a formula."""
    yield _row(COLUMNS)
    for report in reports:
        head = (document_name(report), report.verdict.outcome)
        if not report.violations or report.totals.capped:
            reasons = "; ".join(reason.text for reason in report.verdict.reasons)
            yield _row((*head, *[""] * (len(COLUMNS) - 3), report.totals.banner or reasons))
        for violation in report.violations:
            yield _row((*head, *_cells(violation)))


def _cells(violation: Violation) -> Sequence[str]:
    place, mark = violation.primary, violation.suppression
    return (
        violation.severity,
        violation.rule,
        violation.branch,
        place.path if place else "",
        str(place.line) if place and place.line is not None else "",
        place.number if place else "",
        place.missing if place else "",
        (place.declared or "") if place else "",
        (place.effective or "") if place else "",
        violation.message.text,
        violation.remedy,
        "; ".join(str(reference) for reference in violation.law),
        "; ".join(str(authority) for authority in violation.authority),
        violation.folded_under or "",
        violation.baseline or "",
        mark.by if mark else "",
        mark.until if mark else "",
        violation.fingerprint,
        "",
    )


def _row(cells: Sequence[str]) -> str:
    line = io.StringIO()
    csv.writer(line, lineterminator="\r\n").writerow([for_csv(cell) for cell in cells])
    return line.getvalue()
