"""What rules suggest is what a pack of configuration rules may hold."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from textwrap import indent

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from casrules import Engine
from casrules.dictionary import shipped_dictionary
from casrules.engine.configuring import configurer
from casrules.engine.sharing import shared_packs
from casrules.packs.decision_cells import Texts, exact_cell, read_cell


@pytest.fixture(scope="module")
def engine() -> Engine:
    return Engine()


SLIPS = ("cds/import-h1-slips.xml", "ncts/cc015c-slips.xml", "aes/cc515c-slips.xml", "import/cc415b-slips.xml")


@pytest.mark.parametrize("name", SLIPS)
def test_every_suggestion_loads_as_a_configuration_rule(
    engine: Engine, repository: Path, acme: Callable[..., Path], name: str
) -> None:
    report = engine.validate(repository / "examples" / name)
    found = {entry.rule_data for violation in report.violations for entry in violation.suggestions}
    assert found or name.startswith("import")
    for rule in found:
        topic = "configuration:\n  -\n" + indent(rule, "    ")
        assert configurer([acme(topic)]) is not None


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(min_size=1, max_size=12).map(str.strip).filter(bool))
def test_the_cell_of_a_value_is_passed_by_that_value_only(value: str) -> None:
    cell = exact_cell(value)
    if cell is None:
        assert '"' in value or "'" in value or "|" in value
        return
    read = read_cell(cell, "x")
    assert read is not None and read.test == Texts(frozenset({value}))


def test_every_suggestion_of_every_shipped_rule_writes_to_what_it_can_see() -> None:
    """A suggestion is a configuration rule: each of its paths begins at something on the way to what it visits."""
    dictionary = shipped_dictionary()
    lost = []
    for pack in shared_packs()[0]:
        for rule in pack.rules.values():
            for plan in rule.rule.suggest:
                chains = dictionary.chains_to(plan.for_ or rule.rule.for_)
                written = {path.partition(".")[0] for path in (*plan.set, *plan.default, *plan.add, *plan.copy_)}
                if not any(written <= set(chain.scopes) for chain in chains):
                    lost.append((rule.id, sorted(written)))
    assert lost == []


def test_a_condition_on_what_the_suggested_rule_does_not_visit_is_asked_of_the_whole(engine: Engine) -> None:
    record = {
        "format": "cds.IMPORT",
        "declarant": {"id": "GB123456789000"},
        "authorisations": [{"type": "DPO", "holder": "GB123456789000"}],
        "consignment": {"houses": [{"items": [{"number": 1}]}]},
    }
    violations = engine.validate(record, as_of="2024-06-03").violations
    (found,) = [entry for entry in violations if entry.rule == "uk.cds.authorisation_document_missing"]
    assert found.alternatives == ("C506",)
    rule = yaml.safe_load(found.suggestions[0].rule_data)
    assert rule["for"] == "item" and rule["match"] == {"declaration.declarant.id": "GB123456789000"}
    assert rule["when"] == 'any(one.type == "DPO" for one in declaration.authorisations)'
