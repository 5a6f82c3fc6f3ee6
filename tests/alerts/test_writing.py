"""Entries as violations: identity, text, help."""

from __future__ import annotations

import pytest

from casrules import Engine
from casrules.alerts.answers import Entry
from casrules.alerts.writing import rule_id

from .conftest import cds_answer, wco_error


@pytest.mark.parametrize(
    ("entry", "identity"),
    [
        (Entry(1, "error", "CDS", "CDS", "CDS12056"), "customs.CDS.CDS12056"),
        (Entry(1, "error", "NCTS", "CL180", "14", "R0223"), "customs.NCTS.CL180.14.R0223"),
        (Entry(1, "error", "X"), "customs.X.uncoded"),
        (Entry(1, "error", "X", "L", "a b/../c"), "customs.X.L.a_b_c"),
        (Entry(1, "error", "X", "L", "//"), "customs.X.L"),
    ],
)
def test_the_identity_is_plain(entry: Entry, identity: str) -> None:
    assert rule_id("customs", entry) == identity


def test_the_same_error_twice_is_one_with_a_count(engine: Engine) -> None:
    found = engine.decode(cds_answer(*[wco_error("CDS10020", "42A/D026")] * 3)).violations
    assert len(found) == 1
    assert found[0].reported
    assert found[0].reported.entries == 3


def test_errors_at_different_places_stay_apart(engine: Engine, declaration: bytes) -> None:
    pointers = ("42A/D026", "42A/D013", "42A/67A/68A[1]/103", "42A/67A/68A[7]/103", "42A/67A/68A[8]/103", "")
    answer = cds_answer(*(wco_error("CDS10020", pointer) for pointer in pointers))
    for original in (None, declaration):
        found = engine.decode(answer, original=original).violations
        assert len([one for one in found if one.rule == "customs.CDS.CDS10020"]) == len(pointers)
        assert len({one.fingerprint for one in found}) == len(found)


def test_the_fingerprint_does_not_depend_on_the_text(engine: Engine) -> None:
    one = engine.decode(cds_answer(wco_error("CDS10020", "42A/D026", "a"))).violations[0]
    other = engine.decode(cds_answer(wco_error("CDS10020", "42A/D026", "b"))).violations[0]
    assert one.fingerprint == other.fingerprint


def test_without_a_rule_the_code_says_what_to_do(engine: Engine) -> None:
    found = engine.decode(cds_answer(wco_error("CDS70761", "42A/67A/68A[1]/02A[1]"))).violations[0]
    assert found.remedy.startswith("Reduce the quantity")
    assert found.cause == "master_data"
    assert found.explain == ""
