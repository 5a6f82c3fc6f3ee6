"""The escape measure as text for a terminal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from casrules.findings.escapes import EscapeReport, RuleScore
from casrules.findings.summary import counted
from casrules.render.escaping import visible
from casrules.render.options import RenderOptions
from casrules.render.terminal import Paint

_ROWS = 20


def escape_lines(report: EscapeReport, options: RenderOptions) -> Iterator[str]:
    """Totals; errors that no rule predicted; predictions that were not shared; precision and recall of each rule."""
    paint = Paint(options.color)
    most = None if options.show_all else _ROWS
    yield (
        f"{counted(report.pairs, 'pair')}: {report.rejected} rejected, {report.accepted} accepted; "
        f"{report.predicted} of {counted(report.errors, 'error')} predicted"
    )
    if report.escapes:
        yield ""
        yield paint("bold", f"Not predicted ({len(report.escapes)})")
    for escape in report.escapes[:most]:
        where = f" at {visible(escape.path)}" if escape.path else ""
        yield f"  {visible(escape.code)}{where}: {visible(escape.title)} [{visible(escape.pair)}]"
        if escape.covered_by:
            yield f"      rule that should have: {', '.join(escape.covered_by)}"
        if escape.warned_by:
            yield f"      only a warning of: {', '.join(escape.warned_by)}"
    yield from _rest(len(report.escapes), most)
    if report.unshared:
        accepted = sum(one.accepted for one in report.unshared)
        yield ""
        yield paint(
            "bold", f"Predicted, and not told by the answer ({len(report.unshared)}, {accepted} on accepted ones)"
        )
    shown = Counter((one.rule, one.accepted) for one in report.unshared)
    for (rule, accepted), number in sorted(shown.items(), key=lambda item: (not item[0][1], -item[1], item[0]))[:most]:
        yield f"  {rule}: {number} on {'accepted' if accepted else 'rejected'} declarations"
    if report.rules:
        yield ""
        yield paint("bold", "By rule: predictions shared, precision; errors foreseen, recall")
    for score in report.rules[:most]:
        yield f"  {_scored(score)}"
    yield from _rest(len(report.rules), most)
    if report.left_out:
        yield ""
        yield f"left out: {counted(len(report.left_out), 'file')}"
        for text in report.left_out if options.show_all else report.left_out[:5]:
            yield f"  {visible(text)}"


def _scored(score: RuleScore) -> str:
    made, covered = score.shared + score.unshared, score.foreseen + score.missed
    precision = "-" if score.precision is None else f"{score.precision:.0%}"
    recall = "-" if score.recall is None else f"{score.recall:.0%}"
    return f"{score.rule}: {score.shared}/{made} {precision}; {score.foreseen}/{covered} {recall}"


def _rest(total: int, most: int | None) -> Iterator[str]:
    if most is not None and total > most:
        yield f"  and {total - most} more (--all shows them)"
