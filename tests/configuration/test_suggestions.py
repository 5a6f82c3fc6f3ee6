"""What rules suggest is what a pack of configuration rules may hold."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from textwrap import indent

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from casrules import Engine
from casrules.engine.configuring import configurer
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
