"""Looks at a message by paths of the mapping language and local names: its shape, its version."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import Any

import re2
from lxml import etree

from casrules.messages.family import ShapeCondition
from casrules.messages.paths import Condition, parse_path


def holds(start: etree._Element, condition: ShapeCondition) -> bool:
    """Whether a condition of a shape holds below `start`; namespaces are not looked at."""
    found = [text.strip() for text in texts_at(start, condition.path)]
    if condition.present is not None and bool(found) != condition.present:
        return False
    if condition.values and not any(text in condition.values for text in found):
        return False
    return not condition.matches or any(_pattern(condition.matches).fullmatch(text) for text in found)


@cache
def _pattern(text: str) -> Any:
    return re2.compile(text)


def texts_at(element: etree._Element, path: str) -> Iterator[str]:
    """The texts of the elements, or of the attribute, at a path of the mapping language, by local names."""
    parsed = parse_path(mapping_path(path))
    top = element.getroottree().getroot() if parsed.absolute else element
    for found in elements_at(top, [step.local for step in parsed.steps], [s.conditions for s in parsed.steps]):
        if not parsed.attribute:
            yield found.text or ""
        elif (value := found.get(parsed.attribute)) is not None:
            yield value


def mapping_path(path: str) -> str:
    """A path as a mapping writes it; `@PhaseID` is short for `./@PhaseID`."""
    return path if path.startswith((".", "/")) else f"./{path}"


def elements_at(
    element: etree._Element, names: Sequence[str], conditions: Sequence[Iterable[Condition]] = ()
) -> Iterator[etree._Element]:
    """The elements below `element` along local `names`, each step with its conditions."""
    if not names:
        yield element
        return
    children = list(element.iterchildren("{*}" + names[0]))
    if conditions:
        children = _filtered(children, conditions[0])
    for child in children:
        yield from elements_at(child, names[1:], conditions[1:])


def _filtered(children: list[etree._Element], conditions: Iterable[Condition]) -> list[etree._Element]:
    for condition in conditions:
        if condition.test == "position":
            children = children[int(condition.value) - 1 : int(condition.value)]
            continue
        target = "./" + "/".join(name.rpartition(":")[2] for name in condition.target)
        children = [child for child in children if _passes(list(texts_at(child, target)), condition)]
    return children


def _passes(found: Sequence[str], condition: Condition) -> bool:
    if condition.test == "absent":
        return not found
    return condition.value in found if condition.test == "equals" else bool(found)
