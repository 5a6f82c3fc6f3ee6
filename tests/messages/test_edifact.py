"""Interchanges: what is read, where it stands, and what is wrong with characters and envelope."""

from __future__ import annotations

import sys
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casrules.errors import UsageError
from casrules.limits import DEFAULT_LIMITS
from casrules.messages.edifact import is_interchange, read_interchange
from casrules.messages.edifact_syntax import edifact_syntax

HEAD = b"UNB+UNOC:3+SENDER+RECEIVER+250201:0900+IC1'"
MESSAGE = b"UNH+1+CUSRES:D:96B:UN'BGM+961+REF'UNT+3+1'"
WHOLE = HEAD + MESSAGE + b"UNZ+1+IC1'"

_TEXT = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=12)
_ELEMENT = st.lists(_TEXT, min_size=1, max_size=4)


def kinds(content: bytes) -> list[str]:
    return [fault.kind for fault in read_interchange(content).faults]


def test_a_whole_interchange_has_no_faults_and_places_for_every_segment() -> None:
    found = read_interchange(HEAD + b"\n" + MESSAGE + b"\nUNZ+1+IC1'")
    assert found.faults == ()
    assert [(one.tag, one.number, one.line, one.message, one.position) for one in found.segments] == [
        ("UNB", 1, 1, "", 0),
        ("UNH", 2, 2, "1", 1),
        ("BGM", 3, 2, "1", 2),
        ("UNT", 4, 2, "1", 3),
        ("UNZ", 5, 3, "", 0),
    ]
    assert found.segments[1].value(2) == "CUSRES" and found.segments[1].value(2, 4) == "UN"
    assert found.segments[1].value(9) == "" and found.segments[1].value(2, 9) == ""


def test_service_characters_come_from_una() -> None:
    found = read_interchange(b"UNA;#.! ~UNB#UNOC;3#A;B#C#1;1#X~UNH#1#T;1~FTX#AAO###it!~s;more~UNT#3#1~UNZ#1#X~")
    assert found.faults == ()
    assert found.segments[2].elements[3] == ("it~s", "more")


@pytest.mark.parametrize("una", [b"UNA''''''", b"UNA:+.?", b"UNAA+.? '", b"UNA::.? '"])
def test_service_characters_that_cannot_be_are_told(una: bytes) -> None:
    assert "service_characters" in kinds(una + WHOLE)


FAULTS = {
    "cut off within a segment": (HEAD + b"UNH+1+CUSR", ["unterminated", "trailer", "trailer"]),
    "no end of the interchange": (HEAD + MESSAGE, ["trailer"]),
    "no end of the message": (HEAD + b"UNH+1+T:1'UNZ+1+IC1'", ["trailer"]),
    "wrong count of segments": (WHOLE.replace(b"UNT+3", b"UNT+4"), ["count"]),
    "absurd count": (WHOLE.replace(b"UNT+3", b"UNT+" + b"9" * 60), ["count"]),
    "wrong count of messages": (WHOLE.replace(b"UNZ+1", b"UNZ+2"), ["count"]),
    "other reference of the message": (WHOLE.replace(b"UNT+3+1", b"UNT+3+2"), ["reference"]),
    "other reference of the interchange": (WHOLE.replace(b"UNZ+1+IC1", b"UNZ+1+IC2"), ["reference"]),
    "outside of a message": (HEAD + b"BGM+1'" + MESSAGE + b"UNZ+1+IC1'", ["outside"]),
    "no header": (MESSAGE, ["header"]),
    "a header that says little": (b"UNB+UNOC:3'" + MESSAGE + b"UNZ+1'", ["element", "element"]),
    "no tag": (HEAD + b"UNH+1+T:1'?!'UNT+3+1'UNZ+1+IC1'", ["tag"]),
    "other characters": (
        HEAD.replace(b"UNOC", b"UNOA") + MESSAGE.replace(b"REF", b"R\xc9F") + b"UNZ+1+IC1'",
        ["characters"],
    ),
    "unknown characters": (WHOLE.replace(b"UNOC", b"UNO9"), ["charset_unknown"]),
    "end of what did not begin": (HEAD + b"UNT+1+1'" + MESSAGE + b"UNZ+1+IC1'", ["header"]),
    "group without an end": (HEAD + b"UNG+T+A+B+1:1+G'" + MESSAGE + b"UNZ+1+IC1'", ["trailer"]),
    "mixed": (HEAD + MESSAGE + b"UNG+T+A+B+1:1+G'" + MESSAGE + b"UNE+1+G'UNZ+1+IC1'", ["mixed"]),
}


@pytest.mark.parametrize("name", FAULTS)
def test_faults_are_told_by_kind(name: str) -> None:
    content, expected = FAULTS[name]
    assert kinds(content) == expected
    assert all(fault.code for fault in read_interchange(content).faults)


def test_groups_are_counted() -> None:
    assert kinds(HEAD + b"UNG+T+A+B+1:1+G'" + MESSAGE + b"UNE+1+G'UNZ+1+IC1'") == []
    assert kinds(HEAD + b"UNG+T+A+B+1:1+G'" + MESSAGE + b"UNE+2+H'UNZ+1+IC1'") == ["count", "reference"]


def test_a_broken_segment_does_not_hide_the_others() -> None:
    found = read_interchange(HEAD + b"UNH+1+T:1'FTX+AAO+++a?\nb'BGM+1+2'UNT+4+1'UNZ+1+IC1'")
    assert [one.tag for one in found.segments] == ["UNB", "UNH", "FTX", "BGM", "UNT", "UNZ"]


def test_bytes_that_no_character_set_fits_are_kept() -> None:
    found = read_interchange(HEAD.replace(b"UNOC", b"UNOY") + b"UNH+1+T:1'FTX+\xff'UNT+3+1'UNZ+1+IC1'")
    assert found.charset == "iso8859-1" and found.segments[2].value(1) == "\xff"
    assert [fault.kind for fault in found.faults] == ["characters"]


def test_limits_hold() -> None:
    few = replace(DEFAULT_LIMITS, message_elements=3, message_bytes=200, text_characters=20, explained_errors=2)
    assert any(fault.kind == "too_long" for fault in read_interchange(WHOLE, few).faults)
    many = read_interchange(b"UNB+UNOC:3'" + b"?!'" * 50, few)
    assert len(many.faults) == 2 and many.fault_count > 2
    assert read_interchange(b"UNB+" + b"x" * 500, few).faults[0].kind == "too_long"


@given(st.binary(max_size=200))
def test_nothing_raises_for_any_bytes(content: bytes) -> None:
    for one in (content, b"UNA" + content, b"UNB+" + content, HEAD + content):
        found = read_interchange(one)
        assert found.fault_count >= len(found.faults)
        assert [segment.number for segment in found.segments] == list(range(1, len(found.segments) + 1))


@given(st.lists(_ELEMENT, min_size=1, max_size=6))
def test_what_is_written_is_read(elements: list[list[str]]) -> None:
    def released(text: str) -> str:
        return "".join(f"?{mark}" if mark in "?:+'" else mark for mark in text)

    body = "+".join(":".join(released(part) for part in parts) for parts in elements)
    found = read_interchange(HEAD + f"UNH+1+T:1'XXX+{body}'UNT+3+1'UNZ+1+IC1'".encode())
    assert found.faults == ()
    assert [list(parts) for parts in found.segments[2].elements] == elements


def test_only_interchanges_look_like_one() -> None:
    assert is_interchange(WHOLE) and is_interchange(b"\xef\xbb\xbf\nUNA:+.? '") and is_interchange(MESSAGE)
    assert not any(is_interchange(one) for one in (b"", b"UN", b"UNBELIEVABLE", b"UNHappy", b"<UNB/>", b"UNB"))


def test_without_pydifact_it_is_told_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in sys.modules if name.partition(".")[0] == "pydifact"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "pydifact", None)
    with pytest.raises(UsageError, match="casrules\\[edifact\\]"):
        read_interchange(WHOLE)


def test_every_kind_of_fault_has_a_code_that_is_explained() -> None:
    from casrules.alerts import shipped_knowledge

    for code in edifact_syntax().faults.values():
        assert shipped_knowledge().explain("EDIFACT", "0085", code) is not None
