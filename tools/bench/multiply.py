"""Large messages made from the project's own examples by repeating their goods items."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from copy import deepcopy
from decimal import Decimal
from pathlib import Path

from lxml import etree

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
ITEMS_A_HOUSE = 999
DEC = {"d": "urn:wco:datamodel:WCO:DEC-DMS:2"}


def ncts_departure(items: int) -> bytes:
    """A valid CC015C with that many goods items, at most 999 in a house consignment."""
    root = _example("ncts/cc015c-departure.xml")
    consignment = root.find("Consignment")
    for equipment in consignment.iter("TransportEquipment"):
        for reference in equipment.findall("GoodsReference"):
            if int(reference.findtext("declarationGoodsItemNumber")) > items:
                equipment.remove(reference)
    model = consignment.find("HouseConsignment")
    patterns = model.findall("ConsignmentItem")
    for pattern in patterns:
        model.remove(pattern)
    at = consignment.index(model)
    consignment.remove(model)
    total = Decimal(0)
    for number, (first, count) in enumerate(_houses(items), 1):
        house = deepcopy(model)
        house.find("sequenceNumber").text = str(number)
        mass = Decimal(0)
        for position in range(count):
            item = deepcopy(patterns[position % 2])  # the third has no gross mass of its own
            item.find("goodsItemNumber").text = str(position + 1)
            item.find("declarationGoodsItemNumber").text = str(first + position)
            mass += Decimal(item.findtext("Commodity/GoodsMeasure/grossMass"))
            house.append(item)
        house.find("grossMass").text = str(mass)
        total += mass
        consignment.insert(at + number - 1, house)
    consignment.find("grossMass").text = str(total)
    return _bytes(root)


def cds_import(items: int) -> bytes:
    """A valid CDS import declaration with that many goods items."""
    root = _example("cds/import-h1.xml")
    declaration = root.find("d:Declaration", DEC)
    shipment = declaration.find("d:GoodsShipment", DEC)
    patterns = shipment.findall("d:GovernmentAgencyGoodsItem", DEC)
    at = shipment.index(patterns[0])
    for pattern in patterns:
        shipment.remove(pattern)
    packages, amount = 0, Decimal(0)
    for position in range(items):
        item = deepcopy(patterns[position % len(patterns)])
        item.find("d:SequenceNumeric", DEC).text = str(position + 1)
        packages += sum(int(count.text) for count in item.findall("d:Packaging/d:QuantityQuantity", DEC))
        amount += sum(Decimal(line.text) for line in item.iter(f"{{{DEC['d']}}}ItemChargeAmount"))
        shipment.insert(at + position, item)
    declaration.find("d:GoodsItemQuantity", DEC).text = str(items)
    declaration.find("d:TotalPackageQuantity", DEC).text = str(packages)
    declaration.find("d:InvoiceAmount", DEC).text = str(amount)
    return _bytes(root)


MAKERS: dict[str, Callable[[int], bytes]] = {"NCTS CC015C": ncts_departure, "CDS import": cds_import}


def items_for_bytes(make: Callable[[int], bytes], size: int) -> int:
    """How many items give a message of about `size` bytes."""
    few, many = len(make(10)), len(make(110))
    return max(1, round((size - few) / ((many - few) / 100)) + 10)


def _example(name: str) -> etree._Element:
    """An example without its comments for readers, which no software writes."""
    return etree.fromstring((EXAMPLES / name).read_bytes(), etree.XMLParser(remove_comments=True))


def _houses(items: int) -> Iterator[tuple[int, int]]:
    """The first item's number and the count of items of each house."""
    for start in range(0, items, ITEMS_A_HOUSE):
        yield start + 1, min(ITEMS_A_HOUSE, items - start)


def _bytes(root: etree._Element) -> bytes:
    written: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8")
    return written
