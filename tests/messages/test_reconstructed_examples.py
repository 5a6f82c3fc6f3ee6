"""The export and import examples are valid; those with slips hold the slips their first lines promise."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from lxml import etree

from casrules.messages.schema_tables import load_tables
from casrules.messages.schema_writer import schema_text

REPOSITORY = Path(__file__).resolve().parents[2]
EXAMPLES = {
    "aes/cc515c-export.xml": ("aes", "aes"),
    "aes/cc515c-slips.xml": ("aes", "aes"),
    "aes/cc514c-invalidation.xml": ("aes", "aes"),
    "aes/cc507c-arrival-at-exit.xml": ("aes-xi", "cc507c"),
    "import/cc415b-h1.xml": ("import", "import"),
    "import/cc415b-slips.xml": ("import", "import"),
}


def tree(name: str) -> etree._ElementTree:
    return etree.parse(REPOSITORY / "examples" / name)


def schema(name: str) -> etree.XMLSchema:
    of_set, file = EXAMPLES[name]
    return etree.XMLSchema(etree.fromstring(schema_text(load_tables(REPOSITORY / "schemas/tables" / of_set), file)))


def numbers(message: etree._ElementTree, path: str) -> list[Decimal]:
    return [Decimal(element.text or "") for element in message.iterfind(path)]


def test_every_example_is_listed() -> None:
    found = [*REPOSITORY.glob("examples/aes/*.xml"), *REPOSITORY.glob("examples/import/*.xml")]
    assert {f"{path.parent.name}/{path.name}" for path in found} == set(EXAMPLES)


@pytest.mark.parametrize("name", EXAMPLES)
def test_examples_are_valid_under_our_schemas(name: str) -> None:
    ours = schema(name)
    ours.validate(tree(name))
    assert [fault.message for fault in ours.error_log] == []


@pytest.mark.parametrize("name", EXAMPLES)
def test_our_schemas_notice_a_wrong_name_and_a_wrong_format(name: str) -> None:
    ours = schema(name)
    misnamed, misformatted = tree(name), tree(name)
    misnamed.find(".//referenceNumber").tag = "reference"
    misformatted.find(".//referenceNumber").text = "x" * 71
    assert not ours.validate(misnamed)
    assert not ours.validate(misformatted)


def test_reconstructed_schemas_do_not_enforce_the_order() -> None:
    message = tree("aes/cc515c-export.xml")
    root = message.getroot()
    root.insert(0, root[-1])
    assert schema("aes/cc515c-export.xml").validate(message)


@pytest.mark.corpus
def test_the_arrival_at_exit_is_valid_under_the_official_schema(corpus: Path) -> None:
    official = etree.XMLSchema(etree.parse(corpus / "eu/xsd/aes_ie507_xi/EISSchema.xsd"))
    official.validate(tree("aes/cc507c-arrival-at-exit.xml"))
    assert [fault.message for fault in official.error_log] == []


def test_export_slips_are_there_and_only_there() -> None:
    item = "GoodsShipment/GoodsItem"
    clean, slips = tree("aes/cc515c-export.xml"), tree("aes/cc515c-slips.xml")
    for message, wrong in ((clean, False), (slips, True)):
        masses = zip(
            numbers(message, f"{item}/Commodity/GoodsMeasure/grossMass"),
            numbers(message, f"{item}/Commodity/GoodsMeasure/netMass"),
            strict=True,
        )
        assert [net > gross for gross, net in masses] == [False, wrong]
        assert (message.find("GoodsShipment/DeliveryTerms/country") is None) is wrong
        assert (message.find("GoodsShipment/Consignment/CountryOfRoutingOfConsignment") is None) is wrong
        assert (message.findtext("Authorisation/type") == "C512") is wrong
        documents = message.findall(f"{item}/SupportingDocument")
        units = [document.find("measurementUnitAndQualifier") for document in documents]
        quantities = [document.find("quantity") for document in documents]
        assert units == [None, None]
        assert [quantity is not None for quantity in quantities] == [False, wrong]
        assert message.findtext("ExportOperation/additionalDeclarationType") == "A"


def test_import_slips_are_there_and_only_there() -> None:
    item = "GoodsShipment/GoodsShipmentItem"
    clean, slips = tree("import/cc415b-h1.xml"), tree("import/cc415b-slips.xml")
    for message, wrong in ((clean, False), (slips, True)):
        gross = numbers(message, f"{item}/Commodity/GoodsMeasure/grossMass")
        net = numbers(message, f"{item}/Commodity/GoodsMeasure/netMass")
        assert (sum(gross) > numbers(message, "GoodsShipment/Consignment/grossMass")[0]) is wrong
        assert [heavy > whole for whole, heavy in zip(gross, net, strict=True)] == [False, wrong]
        assert (message.find("GoodsShipment/invoiceCurrency") is None) is wrong
        assert (message.findtext("GoodsShipment/DeliveryTerms/incotermCode") == "XXX") is wrong
        assert message.find("GoodsShipment/DeliveryTerms/text") is None
        preferences = [each.findtext("Commodity/CalculationOfTaxes/preference") for each in message.findall(item)]
        assert preferences == ["300" if wrong else "100", "100"]
        assert message.find(f"{item}/Origin/countryOfPreferentialOrigin") is None
