"""The coverage lists and the rules say the same, and cover what was promised."""

from __future__ import annotations

import csv
import sys
from pathlib import Path

import pytest

from casrules import Engine
from casrules.findings import RulePage

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT)) if str(ROOT) not in sys.path else None

from tools.docs.coverage import FOLDER, NOT_DECIDABLE, NOT_YET, Domain, domains  # noqa: E402

LEAST = {"NCTS phase 5": 140, "AES": 65, "ENS (ICS phase 1)": 175, "CDS": 110, "Import (EU and national)": 45}
LISTS = sorted(path for path in FOLDER.glob("*.csv") if path.stem != "domains")


@pytest.fixture(scope="module")
def rules() -> list[RulePage]:
    return list(Engine(statuses=("preview", "draft")).rules())


@pytest.fixture(scope="module")
def found(rules: list[RulePage]) -> dict[str, Domain]:
    return {domain.title: domain for domain in domains(rules)}


@pytest.mark.parametrize("path", LISTS, ids=[path.stem for path in LISTS])
def test_every_rule_that_a_list_names_is_there(path: Path, rules: list[RulePage]) -> None:
    known = {rule.id for rule in rules}
    rows = list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))
    named = {row["code"]: row["rules"] for row in rows if row["rules"] not in (NOT_DECIDABLE, NOT_YET)}
    assert {code: cell for code, cell in named.items() if not cell or set(cell.split()) - known} == {}


@pytest.mark.parametrize("path", LISTS, ids=[path.stem for path in LISTS])
def test_every_code_without_a_rule_has_a_reason(path: Path) -> None:
    rows = list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))
    assert [row["code"] for row in rows if row["rules"] in (NOT_DECIDABLE, NOT_YET) and len(row["reason"]) < 10] == []


def test_no_code_stands_for_both_a_rule_and_a_reason_why_there_is_none(rules: list[RulePage]) -> None:
    given = {authority.rule for rule in rules for authority in rule.authority if authority.system == "NCTS"}
    rows = list(csv.DictReader((FOLDER / "ncts.csv").read_text(encoding="utf-8").splitlines()))
    ruled = {row["code"] for row in rows if row["rules"] not in (NOT_DECIDABLE, NOT_YET)}
    assert {row["code"] for row in rows if row["code"] in given} - ruled == set()
    assert given - {row["code"] for row in rows} - {""} == set()


@pytest.mark.parametrize("title", sorted(LEAST))
def test_the_domains_cover_what_was_promised(title: str, found: dict[str, Domain]) -> None:
    assert found[title].count("") >= LEAST[title]


def test_the_counts_add_up_and_codes_stand_once(found: dict[str, Domain]) -> None:
    for domain in found.values():
        assert sum(domain.count(state) for state in ("", NOT_DECIDABLE, NOT_YET)) == len(domain.codes)
        assert len({one.code for one in domain.codes}) == len(domain.codes)
        assert all(bool(one.rules) == (one.state == "") for one in domain.codes)


def test_a_rule_of_one_phase_does_not_count_for_the_other(found: dict[str, Domain]) -> None:
    assert "eu.ncts.B1895" in {rule for one in found["NCTS phase 5"].codes for rule in one.rules}
    assert "eu.ncts.B1895" not in {rule for one in found["NCTS phase 6"].codes for rule in one.rules}
