from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from casrules.findings import Reason, combined_exit_code, decide, exit_code

CODES = st.sampled_from([0, 1, 2, 3])


def test_exit_codes_of_one_document() -> None:
    assert [exit_code(outcome) for outcome in ("accept", "reject", "undetermined")] == [0, 1, 3]


@given(st.lists(CODES))
def test_the_worst_of_many_wins_in_the_order_2_1_3_0(codes: list[int]) -> None:
    expected = 2 if 2 in codes else 1 if 1 in codes else 3 if 3 in codes else 0
    assert combined_exit_code(codes) == expected


@given(st.lists(st.sampled_from(["violation", "no_schema", "rule_error"])))
def test_rejecting_reasons_win_and_no_reason_is_lost(codes: list[str]) -> None:
    verdict = decide(Reason(code=code, text="t") for code in codes)  # type: ignore[arg-type]
    assert [reason.code for reason in verdict.reasons] == codes
    expected = "reject" if "violation" in codes else "undetermined" if codes else "accept"
    assert verdict.outcome == expected
