"""The same alert does not come twice: from corrected declarations to a rule of the trader's pack, on a real message."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from casrules import Engine
from casrules.declaration import Edit, Record, RemoveEntity, SetValue, apply_edits
from casrules.engine.sources import Source
from casrules.engine.xml_route import open_xml
from casrules.history import Correction, Outcome, Store, export_table, flat_values
from casrules.improve import History, Suggestion, mine
from casrules.improve.approval import approve
from casrules.improve.field_map import FieldMap
from casrules.improve.ledger import Ledger
from casrules.messages.message_mapping import MessageMapping
from casrules.messages.writing import write_edits

START = datetime(2025, 1, 6, 9, tzinfo=UTC)
ITEM = (("consignment", None), ("houses", 0), ("items", 0))
BAGS, CHAIRS = "4202121900", "9401610000"
ALERT = "uk.cds.authorisation_document_missing"


@dataclass(frozen=True)
class Trader:
    """An accepted import declaration, and what the trader makes of it for other goods and other days."""

    engine: Engine
    source: bytes
    record: Record
    mapping: MessageMapping
    document: int
    authorisation: int

    def declaration(self, number: int, commodity: str, *, complete: bool) -> tuple[bytes, Record]:
        """Goods under `commodity`; bags need the document of the deferment account, and it may have been forgotten."""
        edits: list[Edit] = [
            SetValue((("lrn", None),), f"Import {number}"),
            SetValue((*ITEM, ("commodity_code", None)), commodity),
        ]
        if commodity != BAGS:
            edits.append(RemoveEntity((("authorisations", self.authorisation),)))
        if commodity != BAGS or not complete:
            edits.append(RemoveEntity((*ITEM, ("supporting_documents", self.document))))
        return write_edits(self.source, self.mapping, edits), apply_edits(self.record, edits)


@pytest.fixture(scope="module")
def trader(corpus: Path) -> Trader:
    engine = Engine()
    source = (corpus / "uk/messages/tt1-pairs/import_accepted/declaration.xml").read_bytes()
    opened = open_xml(Source(source), None, engine._tools)
    assert opened.plan is not None
    record = opened.whole
    documents = record["consignment"]["houses"][0]["items"][0]["supporting_documents"]
    document = next(number for number, entry in enumerate(documents) if entry["type"] == "C506")
    authorisation = next(n for n, entry in enumerate(record["authorisations"]) if entry["type"] == "DPO")
    return Trader(engine, source, record, opened.plan.mapping, document, authorisation)


@pytest.fixture(scope="module")
def suggestions(trader: Trader, tmp_path_factory: pytest.TempPathFactory) -> tuple[Suggestion, ...]:
    """What a hundred days of the trader's history suggest: every fourth time it is bags, and they lack the document."""
    folder = tmp_path_factory.mktemp("history")
    with Store.open(folder / "history.db") as store:
        for number in range(100):
            commodity = BAGS if number % 4 == 1 else CHAIRS
            content, record = trader.declaration(number, commodity, complete=False)
            report, at = trader.engine.validate(content), START + timedelta(days=number)
            assert (commodity == BAGS) == (ALERT in {violation.rule for violation in report.violations})
            submitted = store.record(report, at=at, values=record)
            assert all(it.stored for it in submitted)
            key = report.document.key
            if commodity == BAGS:
                mended = flat_values(trader.declaration(number, commodity, complete=True)[1])
                store.append(Correction(document=key, at=at + timedelta(hours=1), by="clerk", values=mended))
            store.append(Outcome(document=key, at=at + timedelta(hours=2), outcome="accepted"))
        export_table(store, folder / "table")
    return mine(History.open(folder / "table")).rules


@pytest.mark.corpus
def test_what_people_mended_is_suggested_and_approved_and_does_not_come_again(
    trader: Trader, suggestions: tuple[Suggestion, ...], tmp_path: Path
) -> None:
    (found,) = suggestions
    assert found.action.op == "add_doc" and found.action.type == "C506" and "C506" in found.text
    assert found.evidence.support == 25 and found.evidence.wrong == 0
    assert any(alert.code.startswith(ALERT) for alert in found.evidence.prevented)
    pack, ledger = tmp_path / "trader", Ledger(tmp_path / "decisions.jsonl")
    approve(found, FieldMap(), pack, ledger, by="A. Broker", reason="the account never changes", on=date(2025, 4, 1))

    configured = Engine(configuration=[pack])
    forgotten, _ = trader.declaration(99, BAGS, complete=False)
    assert ALERT in {violation.rule for violation in trader.engine.validate(forgotten).violations}
    done = configured.configure(forgotten)
    assert [change.rule for change in done.changes] == [f"trader.{found.id}"]
    assert done.report.verdict.outcome == "accept" and trader.engine.validate(done.content).verdict.outcome == "accept"
    assert configured.configure(done.content).content == done.content

    others, _ = trader.declaration(98, CHAIRS, complete=False)
    untouched = configured.configure(others)
    assert untouched.content == others and not untouched.changes


@pytest.mark.corpus
def test_applying_what_is_suggested_to_the_history_raises_nothing_new(
    trader: Trader, suggestions: tuple[Suggestion, ...], tmp_path: Path
) -> None:
    pack, ledger = tmp_path / "trader", Ledger(tmp_path / "decisions.jsonl")
    for found in suggestions:
        approve(found, FieldMap(), pack, ledger, by="A. Broker", reason="checked", on=date(2025, 4, 1))
    configured = Engine(configuration=[pack])
    for number in range(6):
        content, _ = trader.declaration(number, BAGS if number % 2 else CHAIRS, complete=bool(number % 3))
        before = {violation.fingerprint for violation in trader.engine.validate(content).violations}
        after = trader.engine.validate(configured.configure(content).content)
        assert {violation.fingerprint for violation in after.violations} <= before
        assert ALERT not in {violation.rule for violation in after.violations}
