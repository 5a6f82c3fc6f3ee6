"""What a shape finds in an answer."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from casrules.alerts import Knowledge, load_knowledge
from casrules.alerts.answers import Answer
from casrules.alerts.extracting import TEXT_CHARACTERS, extract, whole
from casrules.alerts.reading import read_answer
from casrules.alerts.recognising import recognise
from casrules.limits import DEFAULT_LIMITS

from .conftest import cds_answer, wco_error

SHAPES = """shapes:
  - id: x.plain
    title: Plain
    system: X
    recognise: {root: Answer}
    outcome: unknown
  - id: x.rich
    title: Rich
    system: X
    recognise: {root: Answer, has: [./Kind], values: {./Kind: [A, B]}, matches: {./Note: "stop$"}}
    document: {lrn: [./Old, ./New], function: ./Kind}
    titles: {A: of kind A}
    outcome:
      - {by: ./State, values: {"1": accepted}, patterns: {"^9": rejected}}
      - pending
    entries:
      - path: ./Group/Error
        code: {path: ./@c, match: "([0-9]+)", replace: {"^0+": ""}, values: {"7": seven}}
        list: {path: /./Kind}
        text: .
        severity: {by: ./@w, values: {"1": info}, otherwise: error}
        pointer: {path: ./@at, scheme: xpath, base: /Root/}
"""
RICH = """<Envelope><Answer><Kind>{kind}</Kind><Note>please stop</Note><New>L1</New><State>{state}</State>
<Group><Error c="E007" at="A/B[2]">first</Error><Error c="E12" w="1">second</Error></Group></Answer></Envelope>"""


@pytest.fixture
def read(write: Callable[..., Path]) -> Callable[[str], Answer]:
    known = load_knowledge(write(shapes_x=SHAPES))

    def found(text: str) -> Answer:
        return answer_of(text.encode(), known)

    return found


def answer_of(content: bytes, known: Knowledge) -> Answer:
    readable = read_answer(content, DEFAULT_LIMITS)
    assert readable.tree is not None
    found = recognise(readable.tree, readable.format, known, readable.namespaces)
    assert found is not None
    return extract(*found)


def test_the_shape_that_asks_most_wins_below_an_envelope(read: Callable[[str], Answer]) -> None:
    answer = read(RICH.format(kind="A", state="1"))
    assert (answer.info.shape, answer.info.title, answer.lrn) == ("x.rich", "of kind A", "L1")
    assert read(RICH.format(kind="C", state="1")).info.shape == "x.plain"


@pytest.mark.parametrize(
    ("state", "outcome"), [("1", "accepted"), ("91", "rejected"), ("5", "pending"), ("", "pending")]
)
def test_the_outcome_is_the_first_choice_that_fits(read: Callable[[str], Answer], state: str, outcome: str) -> None:
    assert read(RICH.format(kind="B", state=state)).info.outcome == outcome


def test_fields_are_matched_rewritten_and_translated(read: Callable[[str], Answer]) -> None:
    first, second = read(RICH.format(kind="A", state="9")).entries
    assert (first.code, first.list, first.text, first.severity) == ("seven", "A", "first", "error")
    assert [pointer.text for pointer in first.pointers] == ["/Root/A/B[2]"]
    assert (second.code, second.severity, second.pointers) == ("12", "info", ())


def test_a_shape_without_a_choice_decides_nothing(read: Callable[[str], Answer]) -> None:
    assert read("<Answer/>").info.outcome == "unknown"


def test_an_error_on_an_acceptance_is_a_warning(knowledge: Knowledge) -> None:
    error = wco_error("CDS13000", "42A/67A/68A[1]")
    for function, severity in (("01", "warning"), ("02", "warning"), ("03", "error"), ("3", "error")):
        answer = answer_of(cds_answer(error, function=function), knowledge)
        assert [entry.severity for entry in answer.entries] == [severity]


def test_old_codes_become_todays(knowledge: Knowledge) -> None:
    answer = answer_of(cds_answer(wco_error("DMS10001", "42A/D026")), knowledge)
    assert answer.entries[0].code == "CDS10001"


def test_a_remark_that_points_at_an_error_goes_to_it_others_to_the_answer(knowledge: Knowledge) -> None:
    more = (
        "<r:AdditionalInformation><r:StatementDescription>too heavy</r:StatementDescription>"
        "<r:Pointer><r:SequenceNumeric>1</r:SequenceNumeric><r:DocumentSectionCode>53A</r:DocumentSectionCode></r:Pointer>"
        "</r:AdditionalInformation>"
        "<r:AdditionalInformation><r:StatementDescription>hello</r:StatementDescription></r:AdditionalInformation>"
    )
    answer = answer_of(cds_answer(wco_error("CDS13000", "42A/67A/68A[1]"), function="01", more=more), knowledge)
    assert answer.entries[0].text == "too heavy"
    assert answer.info.remarks == ("hello",)


def test_times_are_iso(knowledge: Knowledge) -> None:
    assert answer_of(cds_answer(), knowledge).info.issued == "2025-02-03T10:15:00Z"


def test_long_texts_are_cut_with_their_length(knowledge: Knowledge) -> None:
    answer = answer_of(cds_answer(wco_error("CDS10001", "", "x" * 5000)), knowledge)
    assert answer.entries[0].text.endswith("(5000 characters)")
    assert len(answer.entries[0].text) < TEXT_CHARACTERS + 50


@pytest.mark.parametrize(("text", "number"), [("12", 12), ("-1", None), ("9" * 30, None), ("x", None), ("٣", None)])
def test_only_sane_numbers_are_numbers(text: str, number: int | None) -> None:
    assert whole(text) == number
