"""Entry summary declarations made for tests: one without a fault, and edits that put one in at any item."""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path

from lxml import etree

ELEMENTS = Path(__file__).resolve().parents[2] / "schemas/tables/ens/elements.csv"
BULK = ("VG", "VL", "VO", "VQ", "VR", "VS", "VY")
ITEMS = 3
Fields = Mapping[str, "str | Fields"]

_HEADER = {
    "TraModAtBorHEA76": "3",
    "IdeOfMeaOfTraCroHEA85": "AB12CDE",
    "NatOfMeaOfTraCroHEA87": "GB",
    "TotNumOfIteHEA305": str(ITEMS),
    "TotNumOfPacHEA306": "6",
    "TotGroMasHEA307": "31.5",
    "PlaLoaGOOITE334": "FRCQF",
    "PlaUnlGOOITE334": "GBDVR",
}
_OF_MESSAGE = {
    "CC315A": {"RefNumHEA4": "A1", "DecPlaHEA394": "Dover", "DecDatTimHEA114": "202503011200"},
    "CC313A": {"DocNumHEA5": "25GB00000000000001", "AmdPlaHEA598": "Dover", "DatTimAmeHEA113": "202503011200"},
}
_ITEM: Fields = {
    "GooDesGDS23": "Cotton bed linen",
    "GroMasGDS46": "10.5",
    "PRODOCDC2": {"DocTypDC21": "N730", "DocRefDC23": "A1"},
    "PACGS2": {"KinOfPacGS23": "BX", "NumOfPacGS24": "2", "MarNumOfPacGSL21": "A 1-2"},
}
_REST: tuple[tuple[str, Fields], ...] = (
    ("TRACONCE1", {"TINCE159": "GB123456789000"}),
    ("ITI", {"CouOfRouCodITI1": "FR"}),
    ("ITI", {"CouOfRouCodITI1": "GB"}),
    ("PERLODSUMDEC", {"TINPLD1": "GB987654321000"}),
    ("CUSOFFFENT730", {"RefNumCUSOFFFENT731": "GB000060", "ExpDatOfArrFIRENT733": "202503011800"}),
)
_PLAIN = re.compile(r"(?!([.]?[0-9]){12})(0|[1-9][0-9]*)([.][0-9]{1,3})?")
"""A number of at most 11 digits, without sign and leading zero."""


class Message:
    """One message under edit; paths are XPaths from the root, without its prefix: `GOOITEGDS[2]/GroMasGDS46`."""

    def __init__(self, message: str, orders: Mapping[str, Sequence[str]]) -> None:
        self._message, self._orders = message, orders
        self.root = etree.Element(etree.QName(f"http://ics.dgtaxud.ec/{message}", message))
        envelope = {"MesSenMES3": "GB987654321000/0000000000", "DatOfPreMES9": "250301", "TimOfPreMES10": "1200"}
        self._fill(self.root, {**envelope, "MesIdeMES19": "A1", "MesTypMES20": message})
        self._fill(self.root, {"HEAHEA": {**_HEADER, **_OF_MESSAGE[message]}})
        for number in range(1, ITEMS + 1):
            self._fill(self.root, {"GOOITEGDS": {"IteNumGDS7": str(number), **_ITEM}})
        for name, fields in _REST:
            self._fill(self.root, {name: fields})

    def set(self, path: str, value: str | Fields) -> None:
        """Give the element a text, or children; it is made where it is not there."""
        found = self.root.find(path)
        if found is None:
            parent, _, name = path.rpartition("/")
            self.add(parent, name, value)
        elif isinstance(value, str):
            found.text = value
        else:
            self._fill(found, value)

    def add(self, parent: str, name: str, value: str | Fields) -> None:
        """Add a further element of the name, where the schema wants it."""
        if parent and self.root.find(parent) is None:
            self.set(parent, {})
        self._fill(self.root if not parent else self.root.find(parent), {name: value})

    def remove(self, path: str) -> None:
        """Take out every element of the path."""
        for element in self.root.findall(path):
            element.getparent().remove(element)

    def source(self) -> bytes:
        """The message as it would be sent."""
        return etree.tostring(self.root, xml_declaration=True, encoding="UTF-8")

    def _fill(self, parent: etree._Element, fields: Fields) -> None:
        for name, value in fields.items():
            child = etree.Element(name)
            parent.insert(self._position(parent, name), child)
            if isinstance(value, str):
                child.text = value
            else:
                self._fill(child, value)

    def _position(self, parent: etree._Element, name: str) -> int:
        of_message = "HEAHEA-2" if self._message == "CC313A" else "HEAHEA"
        order = self._orders[of_message if parent.tag == "HEAHEA" else etree.QName(parent).localname]
        return sum(1 for child in parent if order.index(child.tag) <= order.index(name))


def element_orders() -> dict[str, list[str]]:
    """For each structure of the tables its children, in the order the schema wants."""
    orders: dict[str, list[str]] = {}
    with ELEMENTS.open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            orders.setdefault(row["structure"], []).append(row["element"])
    return orders


def with_copied_item(root: etree._Element, index: int) -> etree._Element | None:
    """The message with a copy of one goods item as its last, and the totals raised by what the copy adds.

    None where a number is written in a form of its own (a sign, a zero before it) or would become too long.
    """
    copy = etree.fromstring(etree.tostring(root))
    items = copy.findall("GOOITEGDS")
    item = etree.fromstring(etree.tostring(items[index]))
    number, last = item.find("IteNumGDS7"), items[-1].findtext("IteNumGDS7") or ""
    if not (_PLAIN.fullmatch(number.text or "") and _PLAIN.fullmatch(last)):
        return None
    number.text = str(int(last) + 1)
    items[-1].addnext(item)
    added = {
        "TotNumOfIteHEA305": Decimal(1),
        "TotNumOfPacHEA306": sum(map(_packages, item.findall("PACGS2")), Decimal(0)),
        "TotGroMasHEA307": Decimal(item.findtext("GroMasGDS46") or 0),
    }
    for name, amount in added.items():
        total = copy.find(f"HEAHEA/{name}")
        if total is None:
            continue
        if not _PLAIN.fullmatch(total.text or ""):
            return None
        total.text = str(Decimal(total.text) + amount)
        if not _PLAIN.fullmatch(total.text):
            return None
    return copy


def _packages(line: etree._Element) -> Decimal:
    """What a line of packages adds to their total: packages, pieces, and 1 for bulk goods."""
    counted = (Decimal(line.findtext(name) or 0) for name in ("NumOfPacGS24", "NumOfPieGS25"))
    return sum(counted, Decimal((line.findtext("KinOfPacGS23") or "").strip() in BULK))
