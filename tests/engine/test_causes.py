from __future__ import annotations

import re
from typing import Any

import pytest

from casrules import Engine
from casrules.engine.causes import caused_by_form, place_of
from casrules.findings import Draft, Location, Message, Report, Violation

ITEM = "/n:A/Item[2]"


def draft(rule: str, severity: Any = "error", **place: Any) -> Draft:
    location = Location(path="p", **place)
    return Draft(
        Violation(
            rule=rule, fingerprint=rule, severity=severity, message=Message(key="k", text="t"), locations=(location,)
        )
    )


@pytest.mark.parametrize(
    ("fault", "about", "folds"),
    [
        ({"xpath": ITEM, "missing": "Mass"}, {"xpath": ITEM, "missing": "Mass"}, True),
        ({"xpath": ITEM, "missing": "Mass"}, {"xpath": ITEM, "missing": "Mass/Gross"}, True),
        ({"xpath": ITEM, "missing": "Mass"}, {"xpath": ITEM, "missing": "Mass[Kind='X']/Gross"}, True),
        ({"xpath": ITEM, "missing": "Mass"}, {"xpath": ITEM, "missing": "Massive"}, False),
        ({"xpath": ITEM, "missing": "Mass"}, {"xpath": ITEM}, False),
        ({"xpath": ITEM + "/Code"}, {"xpath": ITEM + "/Code"}, True),
        ({"xpath": ITEM + "/Code"}, {"xpath": ITEM + "/Code", "missing": "code"}, True),
        ({"xpath": ITEM + "/Code"}, {"xpath": ITEM + "/Other"}, False),
        ({"xpath": ITEM}, {"xpath": ITEM + "/Other"}, False),
        ({"pointer": "/a/0/mass", "missing": "mass"}, {"pointer": "/a/0/mass", "missing": "mass"}, True),
        ({"pointer": "/a", "missing": "a"}, {"pointer": "/a/0/mass", "missing": "mass"}, True),
        ({"pointer": "/a/0/mass"}, {"pointer": "/a/1/mass"}, False),
    ],
)
def test_what_is_about_the_same_element_is_caused_by_its_form(fault: Any, about: Any, folds: bool) -> None:
    [found] = caused_by_form([draft("technical.missing_element", **fault)], [draft("r", **about)])
    assert found.violation.caused_by == (("technical.missing_element",) if folds else ())


@pytest.mark.parametrize(
    ("rule", "severity"), [("technical.missing_element", "warning"), ("technical.too_many", "error")]
)
def test_guesses_and_faults_of_structure_cause_nothing(rule: str, severity: str) -> None:
    [found] = caused_by_form([draft(rule, severity, xpath=ITEM)], [draft("r", xpath=ITEM)])
    assert found.violation.caused_by == ()


def test_a_place_is_one_text() -> None:
    assert place_of(Location(path="p", xpath="/a", missing="b[1]/c[D='x']")) == "/a/b[1]/c"
    assert place_of(Location(path="p", pointer="/a/0")) == "/a/0"


def roots(report: Report) -> list[str]:
    return [finding.rule for finding in report.violations if finding.is_root and finding.severity == "error"]


@pytest.mark.parametrize(
    ("before", "after", "rule"),
    [
        (rb"<postcode>[^<]*</postcode>", b"<postcode></postcode>", "technical.empty"),
        (rb"<description[^>]*>[^<]*</description[^>]*>", b"", "technical.missing_element"),
        (rb"<grossMass>[^<]*</grossMass>", b"<grossMass>12,5</grossMass>", "technical.bad_number"),
        (rb"<HolderOfTheTransitProcedure>.*</HolderOfTheTransitProcedure>", b"", "technical.missing_element"),
    ],
)
def test_one_slip_is_one_alert(engine: Engine, departure: bytes, before: bytes, after: bytes, rule: str) -> None:
    changed = re.sub(before, after, departure, count=1, flags=re.DOTALL)
    assert changed != departure
    report = engine.validate(changed)
    assert roots(report) == [rule], [str(finding) for finding in report.violations]
    assert report.verdict.outcome == "reject"
