"""The meaning of the rule language by cases: the reference evaluator and the compiled plan both run every one."""

from __future__ import annotations

from collections import Counter

import pytest

from casrules.language import build_plan, evaluate

from .cases import Case, all_cases
from .coverage import CLASSES, WORDS, cells

CASES = all_cases()
EVERY = pytest.mark.parametrize("case", CASES, ids=[f"{case.feature}-{case.number}: {case.shows}" for case in CASES])


@EVERY
def test_reference_evaluator(case: Case) -> None:
    found = tuple(outcome.status for outcome in evaluate(case.rule, case.record, case.context))
    assert found == case.outcomes(len(found)), f"{case.shows} ({case.text})"
    assert found, "nothing was visited"


@EVERY
def test_compiled_plan(case: Case) -> None:
    plan = build_plan([case.rule], code_lists=case.context.code_lists, tables=case.context.tables)
    visits = list(evaluate(case.rule, case.record, case.context))
    expected = case.outcomes(len(visits))
    pairs = list(zip(visits, expected, strict=True))
    day = case.context.reference_date
    for counting in (False, True):
        run = plan.run(case.record, day, invalid=case.invalid, counts=counting)
        assert not run.fell_back
        failed = {(f.branch, plan.instance(f)) for f in run.failures}
        assert failed == {(o.branch, o.instance) for o, status in pairs if status == "failed"}, case.shows
        unsettled = {(o.branch, o.instance) for _, o in run.unsettled if o.status == "not_evaluated"}
        assert unsettled == {(o.branch, o.instance) for o, status in pairs if status == "not_evaluated"}, case.shows
        assert run.evaluated == bool({"passed", "failed"} & set(expected)), case.shows
    (counts,) = run.counts or ()
    tally = Counter(expected)
    assert {status: getattr(counts, status) for status in tally} == tally, case.shows


def test_there_are_enough_cases_and_each_says_what_it_shows() -> None:
    assert len(CASES) >= 400
    repeated = [shows for shows, times in Counter(case.shows for case in CASES).items() if times > 1]
    assert not repeated
    unfinished = [case.shows for case in CASES if not case.shows.endswith(".") or len(case.shows.split()) < 3]
    assert not unfinished


SHOWN = Counter(cell for case in CASES for cell in cells(case))


@pytest.mark.parametrize("given", CLASSES)
@pytest.mark.parametrize("word", WORDS)
def test_every_word_of_the_language_meets_every_class_of_input(word: str, given: str) -> None:
    assert SHOWN[word, given], f"no case shows {word!r} with {given}"
