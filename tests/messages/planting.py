"""Plants faults whose kind and place are known, in valid messages, by the structure of their schema."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from lxml import etree

VALUE_KINDS = frozenset({
    "bad_pattern", "bad_number", "bad_date", "bad_flag", "too_long", "too_short", "wrong_length", "wrong_length_short",
    "not_in_list", "empty", "too_large", "too_small",
})  # fmt: skip


@dataclass(frozen=True)
class Planted:
    """What was done: the kinds of fault that may be reported for it, at which element, and the name concerned."""

    kinds: frozenset[str]
    place: etree._Element
    name: str

    def key(self) -> tuple[str, str]:
        return path_of(self.place), self.name


def path_of(element: etree._Element) -> str:
    """An XPath that holds without prefixes, independent of the library's own."""
    steps = []
    current: etree._Element | None = element
    while current is not None:
        parent = current.getparent()
        siblings = [current] if parent is None else [one for one in parent if one.tag == current.tag]
        steps.append(f"*[local-name()='{etree.QName(current).localname}'][{siblings.index(current) + 1}]")
        current = parent
    return "/" + "/".join(reversed(steps))


def plant(root: etree._Element, declared: Any, chance: random.Random, most: int) -> list[Planted]:
    """Up to `most` faults, no two below the same parent, none inside what another one removes."""
    pairs = list(walk(root, declared))
    chance.shuffle(pairs)
    planted: list[Planted] = []
    used: list[etree._Element] = []
    for element, kind in pairs:
        if len(planted) == most:
            break
        parent = element.getparent() if not len(element) else element
        if parent is None or any(_related(parent, one) for one in used):
            continue
        done = chance.choice(LEAF_CHANGES if not len(element) else GROUP_CHANGES)(element, kind, chance)
        if done is not None:
            planted.append(done)
            used.append(parent)
    return planted


def walk(element: etree._Element, declared: Any) -> Iterator[tuple[etree._Element, Any]]:
    """Every element with its declaration, as far as content models name each child once."""
    yield element, declared
    if declared.type.is_simple() or declared.type.has_simple_content():
        return
    by_name = {particle.name: particle for particle in declared.type.content.iter_elements()}
    for child in element.iterchildren("*"):
        if by_name.get(child.tag) is not None:
            yield from walk(child, by_name[child.tag])


def _related(one: etree._Element, two: etree._Element) -> bool:
    return one is two or one in two.iterancestors() or two in one.iterancestors()


def _local(element: etree._Element) -> str:
    return str(etree.QName(element).localname)


def bad_value(element: etree._Element, declared: Any, chance: random.Random) -> Planted | None:
    simple = declared.type if declared.type.is_simple() else declared.type.content
    text = chance.choice(["~" * 600, "", " ", "ABC", "-0", "31.02.2025", "12345678901234567890.1234567"])
    if simple.is_valid(text):
        return None
    element.text = text
    return Planted(VALUE_KINDS, element, _local(element))


def bad_attribute(element: etree._Element, declared: Any, chance: random.Random) -> Planted | None:
    element.set("notKnown", "1")
    return Planted(frozenset({"bad_attribute"}), element, "@notKnown")


def child_of_value(element: etree._Element, declared: Any, chance: random.Random) -> Planted | None:
    child = etree.SubElement(element, "inner")
    return Planted(frozenset({"unexpected_element"}), child, "inner")


def missing(element: etree._Element, declared: Any, chance: random.Random) -> Planted | None:
    if declared.type.content.model != "sequence":
        return None
    required = {particle.name for particle in declared.type.content if particle.min_occurs == 1}
    tags = [child.tag for child in element.iterchildren("*")]
    victims = [child for child in element.iterchildren("*") if child.tag in required and tags.count(child.tag) == 1]
    if not victims:
        return None
    victim = chance.choice(victims)
    element.remove(victim)
    return Planted(frozenset({"missing_element"}), element, _local(victim))


def unknown(element: etree._Element, declared: Any, chance: random.Random) -> Planted | None:
    child = etree.Element("zqx")
    element.insert(chance.randrange(len(element) + 1), child)
    return Planted(frozenset({"unexpected_element"}), child, "zqx")


def misspelt(element: etree._Element, declared: Any, chance: random.Random) -> Planted | None:
    tags = [child.tag for child in element.iterchildren("*")]
    longer = [child for child in element if tags.count(child.tag) == 1 and len(_local(child)) > 8]
    if not longer:
        return None
    child = chance.choice(longer)
    child.tag = child.tag[:-3] + child.tag[-2:]
    return Planted(frozenset({"unexpected_element"}), child, _local(child))


def swapped(element: etree._Element, declared: Any, chance: random.Random) -> Planted | None:
    if declared.type.content.max_occurs != 1 or declared.type.content.model != "sequence":
        return None
    children = list(element.iterchildren("*"))
    pairs = [(one, two) for one, two in pairwise(children) if one.tag != two.tag]
    tags = [child.tag for child in children]
    pairs = [pair for pair in pairs if tags.count(pair[0].tag) == tags.count(pair[1].tag) == 1]
    if not pairs:
        return None
    first, second = chance.choice(pairs)
    second.tail, first.tail = first.tail, second.tail
    element.insert(element.index(first), second)
    return Planted(frozenset({"wrong_order"}), first, f"{_local(first)}|{_local(second)}")


def too_many(element: etree._Element, declared: Any, chance: random.Random) -> Planted | None:
    single = {particle.name for particle in declared.type.content.iter_elements() if particle.max_occurs == 1}
    if declared.type.content.max_occurs != 1:
        return None
    children = [child for child in element.iterchildren("*") if child.tag in single and not len(child)]
    if not children:
        return None
    child = chance.choice(children)
    again = etree.Element(child.tag)
    again.text, again.tail = child.text, child.tail
    element.insert(element.index(child) + 1, again)
    return Planted(frozenset({"too_many"}), again, _local(again))


def stray_text(element: etree._Element, declared: Any, chance: random.Random) -> Planted | None:
    element.text = (element.text or "") + "stray"
    return Planted(frozenset({"text_not_allowed"}), element, _local(element))


Change = Callable[[etree._Element, Any, random.Random], Planted | None]
LEAF_CHANGES: tuple[Change, ...] = (bad_value, bad_value, bad_value, bad_attribute, child_of_value)
GROUP_CHANGES: tuple[Change, ...] = (missing, unknown, misspelt, swapped, too_many, stray_text)
