"""Seeded changes to a message: most make it invalid, some do not."""

from __future__ import annotations

import copy
import random
from collections.abc import Callable

from lxml import etree


def mutate(message: etree._Element, seed: str) -> tuple[str, etree._Element]:
    """A copy of the message with one seeded change, and the name of the change."""
    chance = random.Random(seed)
    mutation = copy.deepcopy(message)
    elements = list(mutation.iter(etree.Element))
    element = chance.choice(elements[1:] or elements)
    if chance.random() < 0.4:
        element = chance.choice([each for each in elements if not len(each)])
    change = chance.choice(CHANGES)
    change(element, elements, chance)
    return f"{change.__name__} {etree.QName(element).localname}", mutation


Change = Callable[[etree._Element, list[etree._Element], random.Random], None]


def remove(element: etree._Element, elements: list[etree._Element], chance: random.Random) -> None:
    if element.getparent() is not None:
        element.getparent().remove(element)


def repeat(element: etree._Element, elements: list[etree._Element], chance: random.Random) -> None:
    for _ in range(chance.choice((1, 1, 8, 9, 98, 99) if len(element) < 4 else (1, 8))):
        element.addnext(copy.deepcopy(element)) if element.getparent() is not None else None


def move(element: etree._Element, elements: list[etree._Element], chance: random.Random) -> None:
    parent = element.getparent()
    if parent is not None:
        parent.insert(chance.randrange(len(parent)), element)


def adopt(element: etree._Element, elements: list[etree._Element], chance: random.Random) -> None:
    element.insert(chance.randrange(len(element) + 1), copy.deepcopy(chance.choice(elements[1:] or elements)))


def rename(element: etree._Element, elements: list[etree._Element], chance: random.Random) -> None:
    element.tag = chance.choice((element.tag + "x", element.tag.lower(), chance.choice(elements).tag))


def other_namespace(element: etree._Element, elements: list[etree._Element], chance: random.Random) -> None:
    name = etree.QName(element).localname
    namespace = chance.choice((None, "urn:unknown", etree.QName(chance.choice(elements)).namespace))
    element.tag = f"{{{namespace}}}{name}" if namespace else name


def other_value(element: etree._Element, elements: list[etree._Element], chance: random.Random) -> None:
    element.text = chance.choice([each for each in elements if not len(each)]).text


def odd_value(element: etree._Element, elements: list[etree._Element], chance: random.Random) -> None:
    element.text = chance.choice(ODD_VALUES)


def too_long(element: etree._Element, elements: list[etree._Element], chance: random.Random) -> None:
    text = element.text or "7"
    element.text = (text * 600)[: chance.choice((len(text) + 1, chance.randrange(1, 60), chance.randrange(60, 600)))]


def nudge(element: etree._Element, elements: list[etree._Element], chance: random.Random) -> None:
    text = element.text or ""
    at = chance.randrange(len(text) + 1)
    new = chance.choice(("", "0", "9", "Z", "a", " ", ".", "-", "é", "\n", chance.choice("0123456789ABCJKLMZ")))
    element.text = text[:at] + new + text[at + chance.choice((0, 1)) :]


def empty(element: etree._Element, elements: list[etree._Element], chance: random.Random) -> None:
    for child in list(element) if chance.random() < 0.5 else ():
        element.remove(child)
    element.text = None


def attribute(element: etree._Element, elements: list[etree._Element], chance: random.Random) -> None:
    holders = [each for each in elements if each.attrib]
    if holders and chance.random() < 0.7:
        holder = chance.choice(holders)
        name = chance.choice(list(holder.attrib))
        if chance.random() < 0.3:
            del holder.attrib[name]
        else:
            holder.set(name, chance.choice((*ODD_VALUES, "304", "102", "NCTS5.0", "NCTS5.1", "NCTS6", "KGM", "GBP")))
        return
    element.set(chance.choice(("unknown", "PhaseID", "unitCode", "currencyID", "listID")), "1")


CHANGES: tuple[Change, ...] = (
    remove,
    repeat,
    move,
    adopt,
    rename,
    other_namespace,
    other_value,
    odd_value,
    too_long,
    nudge,
    nudge,
    empty,
    attribute,
)
ODD_VALUES = (
    *("", " ", "0", "00", "1", "-1", "+1", "01", "9", "10", "99", "100", "999", "1000", "9999", "99999"),
    *("1.5", "0.0", "1.", ".5", "1E3", "123456789012345678", "0.1234567", "12345678901234.56", "NaN"),
    *("A", "a", "AB", "GB", "XX", "EUR", "true", "false", " A ", "A  B", "é", "Å" * 5, "0" * 8, "GB000060"),
    *(
        "2024-01-01",
        "2024-02-30",
        "2024-01-01T10:00:00",
        "2024-01-01T10:00:00Z",
        "2024-01-01T10:00:00.5",
        "20240101",
    ),
    *(
        "202401011000",
        "20240101100000Z",
        "10:00",
        "24GB00006010025F79",
        "24GB0000601002J5K7",
        "23GB0000601002J5K7",
    ),
    *(
        "12345678",
        "1234567890",
        "x" * 17,
        "x" * 35,
        "x" * 36,
        "x" * 70,
        "x" * 512,
        "x" * 513,
        "a@b.c",
        "@",
        "a@b",
    ),
)
