"""What an answer means for the message it answers: never an accept that the answer does not state."""

from __future__ import annotations

from collections.abc import Sequence

from casrules.findings import AnswerInfo, Reason, Stage, SystemFault, Totals, Verdict, decide

ACCEPTING = ("accepted", "released")


def verdict_of(answer: AnswerInfo, totals: Totals, stages: Sequence[Stage], faults: Sequence[SystemFault]) -> Verdict:
    """Reject where the answer rejects or tells an error; accept only where it states so; else undetermined."""
    reasons: list[Reason] = []
    if answer.outcome == "rejected":
        reasons.append(
            Reason(code="rejected_by_authority", stage="decode", text=answer.title or "the answer is a rejection")
        )
    if totals.errors:
        text = f"{totals.errors} {'error stands' if totals.errors == 1 else 'errors stand'}"
        reasons.append(Reason(code="violation", count=totals.errors, text=text))
    reasons += [Reason(code="system_error", stage=fault.stage, rule=fault.rule, text=fault.kind) for fault in faults]
    for stage in stages:
        if stage.blocks:
            text = f"{stage.name}: {stage.status}" + (f" ({stage.reason})" if stage.reason else "")
            reasons.append(Reason(code="stage_incomplete", stage=stage.name, text=text))
    if answer.outcome not in (*ACCEPTING, "rejected"):
        reasons.append(Reason(code="undecided_answer", stage="decode", text=_undecided(answer)))
    if answer.original is not None and answer.original.matches is False and answer.outcome in ACCEPTING:
        reasons.append(Reason(code="undecided_answer", stage="decode", text="the answer is about another declaration"))
    return decide(reasons)


def _undecided(answer: AnswerInfo) -> str:
    told = {
        "registered": "the message is registered, not yet accepted",
        "pending": "customs have not decided yet",
        "invalidated": "the declaration no longer stands",
        "information": "the answer decides nothing about acceptance",
    }.get(answer.outcome, "what the answer means for the declaration is not known")
    return f"{answer.title}: {told}" if answer.title else told
