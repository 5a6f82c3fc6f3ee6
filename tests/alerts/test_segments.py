"""EDIFACT answers: groups, places in the interchange that is answered, damage, original and reference."""

from __future__ import annotations

import sys

import pytest

from casrules import Engine
from casrules.alerts.nodes import select, texts
from casrules.alerts.segment_tree import segment_tree
from casrules.messages.edifact import read_interchange

ORIGINAL = (
    b"UNB+UNOC:3+S+R+250201:0900+IC1'UNH+7+CUSDEC:D:96B:UN'\nBGM+830+REF1+9'\nLOC+35+XX::6'\n"
    b"EQD+CN+TRHU4561222+45G1'\nUNT+5+7'UNZ+1+IC1'"
)
ENDS = "UNT+{count}+1'UNZ+1+77'"


def answer(type_: str, *segments: str) -> bytes:
    body = "".join(f"{segment}'" for segment in segments)
    head = f"UNB+UNOC:3+R+S+250201:0901+77'UNH+1+{type_}:D:96B:UN'"
    return (head + body + ENDS.format(count=len(segments) + 2)).encode()


def contrl(*segments: str, action: str = "7", reference: str = "IC1") -> bytes:
    return answer("CONTRL", f"UCI+{reference}+S+R+{action}", *segments)


def test_groups_nest_and_know_what_is_above_them() -> None:
    tree = segment_tree(
        read_interchange(contrl("UCM+7+CUSDEC+4", "UCS+3", "UCD+12+3:2", "UCS+4", "UCD+13+2", "UCM+8+X+7"))
    )
    elements = select(tree, tree, "./CONTRL/UCM/UCS/UCD")
    assert [list(texts(one, tree, "./above/e1")) for one in elements] == [["3"], ["4"]]
    assert [list(texts(one, tree, "./above/above/e1")) for one in elements] == [["7"], ["7"]]
    assert list(texts(elements[0], tree, "./e2/c2")) == ["2"]
    assert list(texts(tree, tree, "./CONTRL/UCM/e1")) == ["7", "8"]
    assert list(texts(select(tree, tree, "./CONTRL/UCM")[0], tree, "./above/UCI/e1")) == ["IC1"]


def test_an_element_is_found_in_the_interchange(engine: Engine) -> None:
    report = engine.decode(contrl("UCM+7+CUSDEC+4", "UCS+3", "UCD+12+3:1"), original=ORIGINAL)
    (violation,) = report.violations
    (place,) = violation.locations
    assert violation.rule == "transport.EDIFACT.0085.12" and violation.severity == "error"
    assert (place.role, place.segment, place.line, place.declared) == ("primary", "segment 4 (LOC)", 3, "XX")
    assert place.path == "message 7, segment 3 (LOC), element 2, component 1"
    assert report.answer is not None and report.answer.original is not None and report.answer.original.matches
    assert report.verdict.outcome == "reject"


def test_what_is_missing_is_named_at_its_segment(engine: Engine) -> None:
    report = engine.decode(contrl("UCM+7+CUSDEC+4", "UCS+2", "UCD+13+5"), original=ORIGINAL)
    (place,) = report.violations[0].locations
    assert place.segment == "segment 3 (BGM)" and place.missing and place.declared is None


def test_without_the_original_the_place_is_a_candidate(engine: Engine) -> None:
    (place,) = engine.decode(contrl("UCM+7+CUSDEC+4", "UCS+3", "UCD+12+3")).violations[0].locations
    assert place.role == "candidate" and place.path == "message 7, segment 3, element 3"


@pytest.mark.parametrize("pointer", ["999999999999999999999", "99", "0"])
def test_absurd_positions_are_candidates(engine: Engine, pointer: str) -> None:
    report = engine.decode(contrl("UCM+7+CUSDEC+4", f"UCS+{pointer}", "UCD+12+99999999999:9"), original=ORIGINAL)
    assert [place.role for place in report.violations[0].locations] == ["candidate"]


def test_another_interchange_is_told(engine: Engine) -> None:
    report = engine.decode(contrl(action="8", reference="OTHER"), original=ORIGINAL)
    assert [one.rule for one in report.violations] == ["decode.other_declaration"]
    assert "OTHER" in report.violations[0].message.text


@pytest.mark.parametrize(("action", "outcome"), [("4", "rejected"), ("7", "registered"), ("8", "registered")])
def test_an_acknowledged_syntax_accepts_nothing(engine: Engine, action: str, outcome: str) -> None:
    report = engine.decode(contrl(action=action))
    assert report.answer is not None and report.answer.outcome == outcome
    assert report.verdict.outcome == ("reject" if action == "4" else "undetermined")


def test_damage_of_the_answer_is_told_and_nothing_is_accepted_on_its_word(engine: Engine) -> None:
    whole = answer("CUSRES", "BGM+961+REF1", "GIS+1")
    assert engine.decode(whole).verdict.outcome == "accept"
    report = engine.decode(whole.replace(b"UNZ+1+77'", b""))
    assert [one.rule for one in report.violations if one.severity == "warning"] == ["decode.damaged_answer"]
    assert report.verdict.outcome == "undetermined"


def test_customs_answers_are_explained_and_located(engine: Engine) -> None:
    content = answer(
        "CUSRES", "BGM+961+REF1", "RFF+ABT:25GB1", "GIS+2", "FTX+AAO+++no value:at item 2", "ERP+:1+LOC", "ERC+505"
    )
    report = engine.decode(content, original=ORIGINAL)
    by_rule = {one.rule: one for one in report.violations}
    assert report.document.mrn == "25GB1"
    assert by_rule["customs.EDIFACT.7365.2"].reported.text == "no value at item 2"  # type: ignore[union-attr]
    assert by_rule["customs.EDIFACT.9321.505"].locations[0].segment == "segment 4 (LOC)"


def test_indicators_of_another_list_decide_nothing(engine: Engine) -> None:
    report = engine.decode(answer("CUSRES", "BGM+961+REF1", "GIS+1:109:148"))
    assert report.answer is not None and report.answer.outcome == "unknown"


def test_container_numbers_are_examined_and_found(engine: Engine) -> None:
    content = answer(
        "APERAK", "BGM+313+D+9", "RFF+ACW:IC1", "ERC+E17", "FTX+AAO+++Container TRHU4561222:invalid check digit"
    )
    (violation,) = engine.decode(content, original=ORIGINAL).violations
    assert violation.rule == "port.PORT.CONTAINER_INVALID.E17" and violation.source == "port"
    assert "it would be 5" in violation.message.text
    assert violation.locations[0].segment == "segment 5 (EQD)" and violation.locations[0].declared == "TRHU4561222"


def test_a_list_of_containers_is_examined_as_it_is(engine: Engine) -> None:
    good, bad = "EQD+CN+CSQU3054383+45G1", "EQD+CN+TRHU4561222+45G1"
    assert engine.decode(answer("COPRAR", "BGM+45+1+9", good)).violations == ()
    found = engine.decode(answer("COPRAR", "BGM+45+1+9", good, bad, bad)).violations
    assert [(one.severity, one.reported.entries) for one in found] == [("warning", 2)]  # type: ignore[union-attr]


def test_without_pydifact_it_is_told_what_to_install(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in sys.modules if name.partition(".")[0] == "pydifact"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "pydifact", None)
    report = engine.decode(contrl())
    assert "casrules[edifact]" in report.violations[0].message.text
    assert report.verdict.outcome == "undetermined"


def test_unknown_kinds_tell_their_damage_too(engine: Engine) -> None:
    rules = [
        one.rule for one in engine.decode(contrl().replace(b"CONTRL", b"QUOTES").replace(b"UNZ+1", b"UNZ+9")).violations
    ]
    assert sorted(rules) == ["decode.damaged_answer", "decode.unknown_answer"]


def test_limits_of_the_answer_are_kept(engine: Engine) -> None:
    many = contrl("UCM+7+CUSDEC+4", *(f"UCS+{number}+12" for number in range(1, 1300)))
    report = engine.decode(many, original=ORIGINAL)
    assert report.totals.errors == 1299 and len(report.violations) < 1100


def several(type_: str, *messages: tuple[str, ...]) -> bytes:
    body = ""
    for number, segments in enumerate(messages, 1):
        inner = "".join(f"{segment}'" for segment in segments)
        body += f"UNH+{number}+{type_}:D:96B:UN'{inner}UNT+{len(segments) + 2}+{number}'"
    return f"UNB+UNOC:3+R+S+250201:0901+77'{body}UNZ+{len(messages)}+77'".encode()


GOOD = {"CUSRES": ("BGM+961+R1", "GIS+1"), "APERAK": ("BGM+313+R1+29", "RFF+ACW:R1")}
WORSE = [
    ("CUSRES", ("BGM+961+R2", "GIS+3"), "reject"),
    ("CUSRES", ("BGM+961+R2", "GIS+5"), "undetermined"),
    ("CUSRES", ("BGM+961+R2", "GIS+17"), "undetermined"),
    ("CUSRES", ("BGM+961+R2", "GIS+1:109:148"), "undetermined"),
    ("CUSRES", ("BGM+961+R2", "ERC+5"), "reject"),
    ("APERAK", ("BGM+313+R2+27",), "reject"),
    ("APERAK", ("BGM+313+R2+9+RE",), "reject"),
    ("APERAK", ("BGM+313+R2+9+CA",), "undetermined"),
    ("APERAK", ("BGM+313+R2+9", "ERC+5"), "reject"),
    ("APERAK", ("BGM+313+R2+9", "ERC+5", "FTX+AAO+++container unknown"), "reject"),
]


@pytest.mark.parametrize(("type_", "other", "verdict"), WORSE)
@pytest.mark.parametrize("last", [True, False])
def test_of_several_messages_the_worst_decides(
    engine: Engine, type_: str, other: tuple[str, ...], verdict: str, last: bool
) -> None:
    good = GOOD[type_]
    assert engine.decode(several(type_, good, good)).verdict.outcome == "accept"
    assert engine.decode(several(type_, *((good, other) if last else (other, good)))).verdict.outcome == verdict
