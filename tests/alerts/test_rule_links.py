"""The rule of ours that says the same as an answer."""

from __future__ import annotations

import pytest

from casrules import Engine

from .conftest import cds_answer, wco_error


def _covering(engine: Engine, *errors: tuple[str, str]) -> set[str]:
    report = engine.decode(cds_answer(*(wco_error(*error) for error in errors)))
    return {rule for found in report.violations if found.reported for rule in found.reported.covered_by}


@pytest.mark.parametrize(
    ("code", "pointer", "rule"),
    [
        ("CDS10001", "42A/67A/68A[1]/23A/65A/128", "uk.cds.net_mass_missing"),
        ("CDS10020", "42A/56A/G005", "uk.cds.exit_office_unknown"),
        ("CDS10020", "42A/67A/68A[1]/006", "uk.cds.item_number_out_of_range"),
        ("CDS10001", "42A/57A", "uk.cds.exporter_missing"),
        ("CDS12077", "42A/67A/68A[1]/70A/166", "uk.cds.warehouse_missing"),
    ],
)
def test_the_rule_of_the_code_at_the_place(engine: Engine, code: str, pointer: str, rule: str) -> None:
    assert rule in _covering(engine, (code, pointer))


def test_another_place_is_not_covered(engine: Engine) -> None:
    assert "uk.cds.supervising_office_unknown" not in _covering(engine, ("CDS10020", "42A/56A/G005"))
    assert _covering(engine, ("CDS10001", "42A/67A/16A/R010")) & {"uk.cds.net_mass_missing"} == set()


def test_a_code_of_many_rules_without_a_place_is_not_guessed(engine: Engine) -> None:
    assert _covering(engine, ("CDS10001", "")) == set()


def test_all_places_of_a_group_must_be_read(engine: Engine) -> None:
    both = (("CDS12171", "42A/67A/68A[1]/70A/166"), ("CDS12171", "42A/67A/68A[1]/114"))
    assert "uk.cds.statistical_value_missing" in _covering(engine, *both)
    assert _covering(engine, both[0], ("CDS12171", "42A/D012")) == set()
