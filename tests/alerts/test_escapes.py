"""What escapes the rules, counted over pairs."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from casrules import Engine
from casrules.alerts.escapes import AnsweredPair, measure_escapes
from casrules.findings.escapes import EscapeReport, RuleScore

from .conftest import cds_answer, wco_error

NET_MASS = b"<NetNetWeightMeasure"
Measure = Callable[..., EscapeReport]


@pytest.fixture
def measure(engine: Engine) -> Measure:
    def measured(content: bytes, answer: bytes) -> EscapeReport:
        pair = AnsweredPair("pair", engine.validate(content), engine.decode(answer, original=content))
        return measure_escapes([pair])

    return measured


@pytest.fixture
def without_net_mass(declaration: bytes) -> bytes:
    begin = declaration.index(NET_MASS)
    end = declaration.index(b"\n", begin)
    return declaration[:begin] + declaration[end:]


REFUSED = cds_answer(wco_error("CDS10001", "42A/67A/68A[1]/23A/65A/128"))


def test_a_refusal_that_a_rule_foresaw(measure: Measure, without_net_mass: bytes) -> None:
    report = measure(without_net_mass, REFUSED)
    assert (report.pairs, report.rejected, report.errors, report.predicted) == (1, 1, 1, 1)
    assert report.escapes == ()
    score = next(score for score in report.rules if score.rule == "uk.cds.net_mass_missing")
    assert (score.shared, score.unshared, score.foreseen, score.missed) == (1, 0, 1, 0)
    assert (score.precision, score.recall) == (1.0, 1.0)


def test_a_refusal_that_escaped(measure: Measure, declaration: bytes) -> None:
    report = measure(declaration, REFUSED)
    assert [(escape.code, escape.covered_by) for escape in report.escapes] == [
        ("CDS10001", ("uk.cds.net_mass_missing",))
    ]
    assert report.rules == (RuleScore(rule="uk.cds.net_mass_missing", missed=1),)
    assert report.rules[0].precision is None
    assert report.rules[0].recall == 0.0


def test_a_prediction_the_authority_did_not_share(measure: Measure, without_net_mass: bytes) -> None:
    report = measure(without_net_mass, cds_answer(function="01"))
    assert (report.accepted, report.errors) == (1, 0)
    assert [(one.rule, one.accepted) for one in report.unshared] == [("uk.cds.net_mass_missing", True)]
    assert report.rules[0].precision == 0.0


def test_another_place_or_code_is_not_the_same(measure: Measure, without_net_mass: bytes) -> None:
    other = cds_answer(wco_error("CDS12005", "42A/67A/74A/R038"))
    report = measure(without_net_mass, other)
    assert [escape.code for escape in report.escapes] == ["CDS12005"]
    assert [one.rule for one in report.unshared] == ["uk.cds.net_mass_missing"]


def test_answers_that_decide_nothing_are_left_out(measure: Measure, declaration: bytes) -> None:
    report = measure(declaration, cds_answer(function="13"))
    assert report.pairs == 0
    assert report.left_out == ("pair: the answer decides nothing",)


def test_the_report_as_plain_data(measure: Measure, without_net_mass: bytes) -> None:
    plain = measure(without_net_mass, REFUSED).to_dict()
    assert {"precision", "recall"} <= set(plain["rules"][0])
