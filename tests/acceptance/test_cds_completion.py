"""Every completion rule of the UK service is a rule of ours, by the code that customs gives for it, or has a reason."""

import csv
from pathlib import Path

import pytest

from casrules import Engine


def rows(path: Path) -> dict[str, dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return {next(iter(row.values())): row for row in csv.DictReader(stream)}


@pytest.mark.corpus
def test_each_completion_rule_is_a_rule_or_has_a_reason(corpus: Path, repository: Path) -> None:
    known = rows(corpus / "uk" / "errors" / "completion_rules.csv")
    listed = rows(repository / "docs" / "coverage" / "completion" / "cds.csv")
    assert listed.keys() == known.keys()
    assert [name for name, row in listed.items() if bool(row["codes"]) == bool(row["reason"])] == []


def test_the_codes_of_completion_rules_have_rules(repository: Path) -> None:
    given = {code.code for page in Engine().rules() for code in page.authority if code.system == "CDS"}
    for name, row in rows(repository / "docs" / "coverage" / "completion" / "cds.csv").items():
        assert set(row["codes"].split()) <= given, name
