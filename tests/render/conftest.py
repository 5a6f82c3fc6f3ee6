"""Hand-built reports: a rejected one with everything in it, an accepted one, one that could not be judged."""

from __future__ import annotations

from pathlib import Path

import pytest

from casrules.findings import (
    AddEntity,
    Argument,
    Authority,
    Change,
    CopyValue,
    DocumentInfo,
    Draft,
    FieldValue,
    Fix,
    LawReference,
    Location,
    Match,
    Message,
    PackRef,
    ReferenceDate,
    Report,
    RuleRun,
    SetValue,
    Stage,
    Suggestion,
    SuppressionEntry,
    Target,
    ToolInfo,
    ValueRead,
    Violation,
    Why,
    assemble,
    judge,
)

GOLDEN = Path(__file__).parent / "golden"
DONE = (Stage(name="schema", status="completed"), Stage(name="rules", status="completed"))
DATED = ReferenceDate(date="2025-02-01", origin="declaration", path="message.preparation_datetime")
TOOL = ToolInfo(version="0.0")
PACKS = (PackRef(id="demo", version="1.0", digest="ab" * 32),)
ITEM = (("consignment", None), ("houses", 0), ("items", 2))


def document(**fields: object) -> DocumentInfo:
    values = {
        "format": "xml",
        "family": "ncts",
        "message": "ncts.CC015C",
        "title": "Transit declaration",
        "phase": "P5",
        "role": "declaration",
        "lrn": "25GB0000000001",
        "jurisdiction": "EU",
        "flow": "transit",
        "bytes": 2048,
        "sha256": "cd" * 32,
        "detected_by": "root element",
        "key": '["lrn","GB1","25GB0000000001"]',
        "name": "declarations/cc015c.xml",
    }
    return DocumentInfo.model_validate(values | fields)


def masses() -> Draft:
    net = Location(
        path="items[number=3].net_mass",
        record="/consignment/houses/0/items/2/net_mass",
        line=48,
        label="net mass",
        xpath="/CC015C/Consignment/HouseConsignment/ConsignmentItem[3]/Commodity/GoodsMeasure/netMass",
        number="18 01 001 000",
        declared="10.0",
        effective="10",
    )
    gross = Location(
        role="related",
        path="items[number=3].gross_mass",
        record="/consignment/houses/0/items/2/gross_mass",
        line=47,
        label="gross mass",
        number="18 04 001 000",
        declared="9.5",
        effective="9.5",
    )
    net_target = Target(path=net.path, record=net.record)
    gross_target = Target(path=gross.path, record=gross.record)
    return Draft(
        Violation(
            rule="demo.mass_order",
            pack_version="1.0",
            fingerprint="a1" * 32,
            severity="error",
            title="Net mass does not exceed gross mass",
            authority=(Authority(system="NCTS", list="CL180", code="14", rule="R0223"),),
            message=Message(
                key="message",
                text="Item 3: net mass 10 kg exceeds gross mass 9.5 kg.",
                arguments=(
                    Argument(name="item.number", value="3"),
                    Argument(name="item.net_mass", value="10 kg"),
                ),
            ),
            rendered_rule="The net mass of an item is at most its gross mass",
            locations=(net, gross),
            why=Why(
                values=(
                    ValueRead(name="item.net_mass", value="10", unit="kg"),
                    ValueRead(name="item.gross_mass", value="9.5", unit="kg"),
                ),
                condition="item.net_mass <= item.gross_mass",
                tolerance="0 kg",
            ),
            law=(LawReference(act="2015/2446", place="Annex B"),),
            remedy="Check whether the two masses were swapped, or whether the weight of the packaging "
            "is missing in the record of the product.",
            fixes=(
                Fix(
                    title="Swap the masses",
                    edits=(
                        CopyValue(target=gross_target, source=net_target),
                        CopyValue(target=net_target, source=gross_target),
                    ),
                ),
            ),
            suggestions=(
                Suggestion(
                    title="Gross mass from the packing list",
                    match=(Match(field="item.commodity_code", value="84713000"),),
                    ask=("item.gross_mass",),
                ),
            ),
        ),
        ITEM,
    )


def total_mass() -> Draft:
    place = Location(path="consignment.gross_mass", record="/consignment/gross_mass", line=12, label="total gross mass")
    return Draft(
        Violation(
            rule="demo.mass_total",
            fingerprint="b2" * 32,
            severity="warning",
            locations=(place,),
            message=Message(key="message", text="The total gross mass 12.5 kg is not the sum of the items."),
        ),
        ITEM,
        after=("demo.mass_order",),
    )


def missing_document() -> Draft:
    place = Location(
        path="items[number=1]",
        record="/consignment/houses/0/items/0",
        line=30,
        missing="supporting_documents",
    )
    added = AddEntity(
        target=Target(path="items[number=1].supporting_documents"),
        fields=(FieldValue(name="type", value="N380"),),
    )
    code = SetValue(target=Target(path="items[number=1].procedure"), value="1000")
    return Draft(
        Violation(
            rule="demo.invoice",
            branch="export",
            fingerprint="c3" * 32,
            category="missing",
            locations=(place,),
            message=Message(key="export", text="Item 1 needs an invoice."),
            why=Why(values=(ValueRead(name="item.invoice"),), expected="N380 or N325"),
            alternatives=("Give a document of type N325.", "Give the pro forma invoice."),
            fixes=(Fix(title="Add the invoice", applicability="safe", edits=(added, code)),),
        )
    )


def repeated(number: int) -> Draft:
    place = Location(
        path=f"items[number={number}].description",
        record=f"/consignment/houses/0/items/{number}",
        line=100 + number,
    )
    message = Message(key="message", text=f"Item {number}: the description is vague.")
    return Draft(
        Violation(
            rule="demo.description",
            fingerprint=f"{number:02}" * 32,
            severity="info",
            category="plausibility",
            locations=(place,),
            message=message,
        )
    )


def known() -> Draft:
    place = Location(
        path="declarant.id",
        record="/declarant/id",
        line=5,
        declared="GB1",
        effective="GB2",
        changed_by="own.eori",
    )
    message = Message(key="message", text="The EORI number is not registered.")
    return Draft(Violation(rule="demo.eori", fingerprint="d4" * 32, locations=(place,), message=message))


@pytest.fixture(scope="session")
def rejected() -> Report:
    drafts = [
        masses(),
        total_mass(),
        missing_document(),
        known(),
        *(repeated(number) for number in range(1, 7)),
    ]
    entries = [
        SuppressionEntry(rule="demo.eori", by="A. Clerk", reason="registered yesterday", until="2025-03-01"),
        SuppressionEntry(rule="demo.old", path="items.*", by="A. Clerk", reason="old", until="2024-01-01"),
    ]
    found = assemble(drafts, as_of=DATED.date, suppressions=entries)
    blocked = RuleRun(rule="demo.offices", status="not_evaluated", reason="code list CL171 is not there")
    return Report(
        tool=TOOL,
        as_of=DATED,
        packs=PACKS,
        document=document(),
        stages=DONE,
        violations=found.violations,
        totals=found.totals,
        unused_suppressions=found.unused_suppressions,
        changes=(Change(rule="own.eori", path="declarant.id", before="GB1", after="GB2"),),
        verdict=judge(found.totals, DONE, DATED, rule_runs=[blocked]),
    )


@pytest.fixture(scope="session")
def accepted() -> Report:
    found = assemble([])
    verdict = judge(found.totals, DONE, DATED)
    name = document(name="declarations/good.xml", lrn="25GB0000000002")
    return Report(tool=TOOL, as_of=DATED, packs=PACKS, document=name, stages=DONE, verdict=verdict)


@pytest.fixture(scope="session")
def undetermined() -> Report:
    stages = (
        Stage(name="schema", status="unavailable", reason="no schema for message ncts.CC099C"),
        Stage(name="rules", status="unavailable", reason="no rule applies"),
    )
    found = assemble([])
    facts = document(name="declarations/odd.xml", message="ncts.CC099C", title="", lrn="", phase="")
    return Report(
        tool=TOOL,
        document=facts,
        stages=stages,
        verdict=judge(found.totals, stages, ReferenceDate()),
        packs=PACKS,
    )
