"""What a terminal shows of answers and of the escape measure."""

from __future__ import annotations

from casrules.findings import AnswerInfo, Message, OriginalInfo, Reported, Violation
from casrules.findings.escapes import Escape, EscapeReport, RuleScore, Unshared
from casrules.render import RenderOptions
from casrules.render.answer_text import answer_lines, blame_lines, reported_lines
from casrules.render.escape_text import escape_lines

ALERT = Violation(
    rule="customs.X.1",
    fingerprint="f",
    source="customs",
    cause="master_data",
    message=Message(key="customs.X.1", text="It is so."),
    reported=Reported(
        text="no\x1b[31m good",
        value="A",
        pointer="42A",
        entries=2,
        causes=("one", "two"),
        check="this",
        covered_by=("a", "b", "c", "d"),
        beside=("2",),
    ),
)


def test_outcome_and_original_are_told() -> None:
    info = AnswerInfo(outcome="rejected", decided="2025-01-01", original=OriginalInfo(name="m.xml", matches=False))
    told = dict(answer_lines(info))
    assert told["outcome"] == "rejected, 2025-01-01"
    assert "ANOTHER message" in told["original"]


def test_raw_text_and_remarks_are_told_in_one_line_each() -> None:
    assert list(answer_lines(AnswerInfo(remarks=("r",), raw="a\n  b"))) == [
        ("outcome", "not known"),
        ("remark", "r"),
        ("raw", "a b"),
    ]


def test_what_was_said_and_what_to_check() -> None:
    told = dict(reported_lines(ALERT))
    assert told["quoted"] == "'A'"
    assert (told["often"], told["check"], told["pointer"]) == ("one", "this", "42A")
    assert "2 in this answer" in told["beside"]


def test_where_the_cause_lies_and_which_rule_covers_it() -> None:
    told = dict(blame_lines(ALERT))
    assert told["cause"].startswith("master data")
    assert told["covered"].startswith("a, b, c and 1 more")
    ours = ALERT.model_copy(update={"reported": None, "cause": None})
    assert list(blame_lines(ours)) == list(reported_lines(ours)) == []


def test_escapes_are_told_with_counts() -> None:
    report = EscapeReport(
        pairs=2, rejected=1, accepted=1, errors=2, predicted=1,
        escapes=(Escape(pair="p\x1b", code="C1", path="x", title="t", covered_by=("r",), warned_by=("w",)),),
        unshared=(Unshared(pair="q", rule="r", accepted=True),),
        rules=(RuleScore(rule="r", shared=1, unshared=1, foreseen=1, missed=1), RuleScore(rule="s")),
        left_out=("z: nothing",),
    )  # fmt: skip
    text = "\n".join(escape_lines(report, RenderOptions()))
    for part in (
        "2 pairs: 1 rejected, 1 accepted; 1 of 2 errors predicted", "C1 at x: t", "rule that should have: r",
        "only a warning of: w", "r: 1 on accepted declarations", "r: 1/2 50%; 1/2 50%", "s: 0/0 -; 0/0 -", "z: nothing",
    ):  # fmt: skip
        assert part in text
    assert "\x1b" not in text


def test_long_lists_are_cut_off_and_say_so() -> None:
    report = EscapeReport(escapes=tuple(Escape(pair=str(at), code="C") for at in range(30)))
    assert "  and 10 more (--all shows them)" in list(escape_lines(report, RenderOptions()))
    assert len(list(escape_lines(report, RenderOptions(show_all=True)))) > 30
