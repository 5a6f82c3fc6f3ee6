"""A tariff given to the engine: rules that ask it run, say what would do, and never run without one."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from casrules import Engine, Report
from casrules.errors import PackError
from casrules.tariff import Requirement, TariffInfo, Trade

EXAMPLES = Path(__file__).parents[2] / "examples"
TARIFF = EXAMPLES / "tariff"
RULE = "uk.cds.tariff_import_document_missing"


def goods(commodity: str, *documents: str, **item: Any) -> dict[str, Any]:
    entry = {"number": 1, "commodity_code": commodity, "country_of_origin": "US", **item}
    if documents:
        entry["supporting_documents"] = [{"type": code, "reference": "1"} for code in documents]
    return entry


def declared(*items: dict[str, Any], **header: Any) -> dict[str, Any]:
    declaration = {"format": "cds.IMPORT", "declaration_type": "IM", "additional_declaration_type": "A", **header}
    return {**declaration, "consignment": {"houses": [{"items": list(items)}]}}


@pytest.fixture(scope="module")
def engine() -> Engine:
    return Engine(tariff=TARIFF, select=["uk.cds.tariff_*"])


def found(engine: Engine, *items: dict[str, Any], **header: Any) -> list[tuple[str, tuple[str, ...]]]:
    report = engine.validate(declared(*items, **header), as_of="2025-06-01")
    return [(v.rule.removeprefix("uk.cds."), v.alternatives) for v in report.violations if v.rule.startswith("uk.")]


def stages(report: Report) -> dict[str, str]:
    return {stage.name: stage.status for stage in report.stages}


def test_a_missing_document_names_the_alternatives(engine: Engine) -> None:
    report = engine.validate(declared(goods("0102210000", "N935"), importer={"id": "GB1"}), as_of="2025-06-01")
    (violation,) = [v for v in report.violations if v.rule == RULE]
    assert "commodity 0102210000 with origin US needs C400, or a waiver Y900" in violation.message.text
    assert violation.alternatives == ("C400", "Y900")
    assert "CDS40045" in {authority.code for authority in violation.authority}
    assert not [place for place in violation.locations if "tariff" in place.path]
    assert violation.locations[0].record.startswith("/consignment/houses/0/items/0")
    (suggestion,) = violation.suggestions
    assert suggestion.mode == "ask"
    assert {match.field: match.value for match in suggestion.match}["item.commodity_code"] == "0102210000"


@pytest.mark.parametrize(
    ("item", "expected"),
    [
        (goods("0102210000", "C400"), []),
        (goods("0102210000", "Y900"), []),
        (goods("0101210000", "Y900"), ["C640"]),
        (goods("0101210000", "Y900", country_of_origin="CA"), []),
        (goods("9301000000"), ["9104"]),
        (goods("9301000000", country_of_origin="CH"), []),
        (goods("7202118000", net_mass="20"), []),
        (goods("7202118000", net_mass="20.001"), ["C669"]),
        (goods("7202118000"), []),
        (goods("0102210000", "C400", country_of_origin="AU"), []),
    ],
)
def test_conditions_countries_and_limits(engine: Engine, item: dict[str, Any], expected: list[str]) -> None:
    assert [alternatives[0] for _, alternatives in found(engine, item)] == expected


def test_each_group_is_an_alert_of_its_own(engine: Engine) -> None:
    alternatives = sorted(alternatives for _, alternatives in found(engine, goods("0101210000")))
    assert alternatives == [("C400", "Y900"), ("C640",)]


def test_claims_bind_only_where_they_are_made(engine: Engine) -> None:
    item = goods("0102210000", "C400", country_of_origin="AU", quota_order_number="050331")
    assert {rule for rule, _ in found(engine, item)} == {"tariff_quota_document_missing"}
    chile = goods("0101210000", "C400", "C640", country_of_origin="CL", preference="300")
    assert ("tariff_preference_document_missing", ("U110",)) in found(engine, chile)
    assert found(engine, {**chile, "preference": "100"}) == []


def test_the_days_of_a_measure_are_those_of_the_declaration(engine: Engine) -> None:
    report = engine.validate(declared(goods("0102210000")), as_of="2023-12-31")
    assert RULE not in report.by_rule()


def test_a_commodity_the_tariff_lacks_is_a_hint(engine: Engine) -> None:
    assert found(engine, goods("8471300000")) == [("tariff_commodity_unknown", ())]


def test_exports_look_at_the_destination(engine: Engine) -> None:
    priced = goods("9305990000", amount_invoiced="501", invoice_currency="GBP", supplementary_units="2")
    sent = declared(priced, format="cds.EXPORT", declaration_type="EX", country_of_destination="RU")
    assert "uk.cds.tariff_export_document_missing" in engine.validate(sent, as_of="2025-06-01").by_rule()
    sent["country_of_destination"] = "US"
    assert "uk.cds.tariff_export_document_missing" not in engine.validate(sent, as_of="2025-06-01").by_rule()


def test_without_a_tariff_nothing_is_asked_and_nothing_left_open() -> None:
    report = Engine(select=["uk.cds.*"]).validate(EXAMPLES / "cds" / "import-h1.xml", rule_runs=True)
    assert stages(report)["tariff"] == "not_requested"
    assert report.accepted
    assert report.reference_data == ()
    statuses = {run.rule: run.status for run in report.rule_runs or ()}
    assert statuses[RULE] == "not_applicable"


def test_xml_is_served_as_json_is(engine: Engine) -> None:
    report = engine.validate(EXAMPLES / "cds" / "import-h1.xml")
    assert stages(report)["tariff"] == "completed"
    assert "uk.cds.tariff_commodity_unknown" in report.by_rule()
    (reference,) = report.reference_data
    assert (reference.kind, reference.id, len(reference.digest)) == ("tariff", "example", 64)


def test_the_location_in_xml_is_at_the_item(engine: Engine) -> None:
    source = (EXAMPLES / "cds" / "import-h1.xml").read_text("utf-8")
    commodity = source.split("TSP</IdentificationTypeCode>")[0].rsplit("<ID>", 1)[1].split("</ID>")[0]
    report = engine.validate(source.replace(f"<ID>{commodity}</ID>", "<ID>01022100</ID>").encode())
    violation = report.by_rule()[RULE][0]
    assert (violation.locations[0].xpath or "").endswith("/cds:GovernmentAgencyGoodsItem[1]")


def test_transit_is_not_asked_about(engine: Engine) -> None:
    report = Engine(tariff=TARIFF).validate(EXAMPLES / "ncts" / "cc015c-departure.xml")
    assert "tariff" not in stages(report)


def test_a_callers_dict_is_left_alone(engine: Engine) -> None:
    given = declared(goods("0101210000"))
    before = repr(given)
    engine.validate(given, as_of="2025-06-01")
    assert repr(given) == before


class Broken:
    """A provider that fails."""

    info = TariffInfo("broken")

    def requirements(self, trade: Trade) -> Sequence[Requirement] | None:
        raise RuntimeError(trade.commodity)


def test_a_provider_that_breaks_down_is_never_an_acceptance() -> None:
    report = Engine(tariff=Broken()).validate(EXAMPLES / "cds" / "import-h1.xml")
    assert report.verdict.outcome == "undetermined"
    assert stages(report)["tariff"] == "failed"
    assert [fault.stage for fault in report.system_errors] == ["tariff"]


def test_a_broken_file_is_a_pack_error(tmp_path: Path) -> None:
    (tmp_path / "tariff.yaml").write_text("id: t\n", "utf-8")
    with pytest.raises(PackError):
        Engine(tariff=tmp_path)
