"""What an answer means for the message it answers."""

from __future__ import annotations

from itertools import product
from typing import get_args

import pytest

from casrules.alerts.verdicts import ACCEPTING, verdict_of
from casrules.findings import AnswerInfo, AnswerOutcome, OriginalInfo, Stage, SystemFault, Totals

DONE = (Stage(name="decode", status="completed"),)
OUTCOMES = get_args(AnswerOutcome)


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_an_error_always_rejects(outcome: AnswerOutcome) -> None:
    assert verdict_of(AnswerInfo(outcome=outcome), Totals(errors=1), DONE, ()).outcome == "reject"


@pytest.mark.parametrize(("outcome", "matches"), list(product(OUTCOMES, [True, False, None])))
def test_nothing_but_a_plain_acceptance_accepts(outcome: AnswerOutcome, matches: bool | None) -> None:
    info = AnswerInfo(outcome=outcome, original=OriginalInfo(matches=matches))
    found = verdict_of(info, Totals(warnings=3), DONE, ()).outcome
    assert (found == "accept") == (outcome in ACCEPTING and matches is not False)
    assert (found == "reject") == (outcome == "rejected")


@pytest.mark.parametrize("status", ["failed", "unavailable", "skipped"])
def test_a_stage_that_broke_down_is_no_accept(status: str) -> None:
    stages = (Stage.model_validate({"name": "decode", "status": status}),)
    assert verdict_of(AnswerInfo(outcome="accepted"), Totals(), stages, ()).outcome == "undetermined"


def test_a_fault_of_ours_is_no_accept() -> None:
    faults = (SystemFault(stage="decode", kind="ValueError"),)
    assert verdict_of(AnswerInfo(outcome="accepted"), Totals(), DONE, faults).outcome == "undetermined"


def test_the_reason_says_what_the_answer_is() -> None:
    found = verdict_of(AnswerInfo(outcome="pending", title="DMSCTL"), Totals(), DONE, ())
    assert found.reasons[0].text == "DMSCTL: customs have not decided yet"
