"""What configuration rules make of a message: its bytes, read again, are the completed record, and stay so."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from casrules import Engine
from casrules.declaration import Record
from casrules.engine.proposing import memory_of

ROOT = Path(__file__).resolve().parents[2]
MESSAGES = (
    "ncts/cc015c-departure.xml", "ncts/cc015c-two-houses-p6.xml", "cds/import-h1.xml", "cds/export-b1.xml",
    "aes/cc515c-export.xml", "import/cc415b-h1.xml", "ens/cc315a.xml",
)  # fmt: skip
ACTIONS = {
    "item": (
        "set: {item.description: Parts}", "default: {item.nature_of_transaction: '11'}",
        "set: {item.gross_mass: '7.5'}", "default: {item.ucr: UCR1}",
        "copy: {item.net_mass: item.gross_mass}", "set: {item.commodity_code: '84713000'}",
        "compute: {item.gross_mass: item.net_mass + 1}", "add: {item.supporting_documents: {type: N380, reference: A}}",
        "add: {item.previous_documents: {type: N830, reference: B}}", "remove: item.description",
        "add: {item.packages: {type: PK, marks: M}}", "add: {item.additional_references: {type: C085}}",
    ),
    "declaration": (
        "set: {declaration.lrn: LRN1}", "default: {declaration.importer.id: GB1}",
        "add: {declaration.authorisations: {type: C521, reference: R}}", "remove: declaration.total_packages",
        "add: {declaration.importer: {id: GB2}}", "set: {declaration.consignment.gross_mass: '99'}",
        "default: {declaration.consignment.country_of_destination: FR}",
    ),
    "house": ("add: {house.transport_documents: {type: N730, reference: T}}", "set: {house.gross_mass: '5'}"),
    "supporting_document": ("remove: supporting_document", "set: {supporting_document.reference: R2}"),
    "package": ("set: {package.marks: NONE}", "remove: package"),
}  # fmt: skip
SAID_TWICE = ("kind", "level", "classifications")
CHOICES = [(target, action) for target, actions in ACTIONS.items() for action in actions]
WHERE = {
    "item": ["item.number: = 1", "item.number: '>= 2'"], "package": ["item.number: = 1"],
    "supporting_document": ["supporting_document.type: N935|C085|N380|9DCR", "item.number: = 2"],
}  # fmt: skip
rules = st.lists(
    st.tuples(st.sampled_from(CHOICES), st.integers(0, 2), st.sampled_from([10, 100])), min_size=1, max_size=5
)


def topic_of(found: list[tuple[tuple[str, str], int, int]]) -> str:
    lines = ["configuration:"]
    for number, ((target, action), where, rank) in enumerate(found):
        conditions = ["", *WHERE.get(target, [])]
        match = conditions[where % len(conditions)]
        tested = f", match: {{{match}}}" if match else ""
        lines.append(f"  - {{id: r{number}, title: R, for: {target}, mode: apply, rank: {rank}{tested}, {action}}}")
    return "\n".join(lines) + "\n"


def record_of(engine: Engine, content: bytes) -> Record:
    (found,) = memory_of(engine, [content]).records
    return dict(found)


def plain(value: Any) -> Any:
    """A record without what is said twice: kind and level by the place, the texts of ENS by the values, the commodity
    code of CDS by its classifications; and without empty entities and the order of lists.
    """
    if isinstance(value, dict):
        said = {name: entry for name, entry in sorted(value.items()) if name not in SAID_TWICE}
        kept = {name: plain(entry) for name, entry in said.items() if not name.endswith("_text")}
        return {name: entry for name, entry in kept.items() if entry not in ({}, [])}
    return sorted((plain(entry) for entry in value), key=repr) if isinstance(value, list) else value


@pytest.fixture(scope="module")
def bare() -> Engine:
    return Engine()


@settings(
    max_examples=int(os.environ.get("CASRULES_EXAMPLES", "25")),
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(name=st.sampled_from(MESSAGES), found=rules)
def test_the_bytes_are_the_completed_record_and_completing_again_changes_nothing(
    acme: Callable[..., Path], bare: Engine, name: str, found: list[tuple[tuple[str, str], int, int]]
) -> None:
    engine = Engine(configuration=[acme(topic_of(found))])
    source = (ROOT / "examples" / name).read_bytes()
    completed = engine.configure(source, as_of="2025-06-01")
    assert not completed.report.system_errors
    expected = completed_record(engine, source)
    assert plain(record_of(bare, completed.content)) == plain(expected)
    again = engine.configure(completed.content, as_of="2025-06-01")
    assert again.content == completed.content
    assert completed.changes or completed.content == source


def completed_record(engine: Engine, source: bytes) -> Record:
    from casrules.engine.sources import load_source
    from casrules.engine.xml_route import open_xml

    tools = engine._tools
    opened = open_xml(load_source(source), None, tools)
    assert tools.configurer is not None
    return tools.configurer.apply(opened, "2025-06-01").settled.record
