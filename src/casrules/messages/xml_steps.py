"""Following single steps of a mapping path in an XML tree, outside the generated binders."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from casrules.messages.binder.runtime import XmlElement, local_name, tag_of, target_text
from casrules.messages.paths import Condition, Step, qualified, qualified_attribute


def follow(
    element: XmlElement, steps: Iterable[Step], namespaces: Mapping[str, str], any_namespace: bool = False
) -> XmlElement | None:
    """The first element at the end of `steps`; None where there is none."""
    for step in steps:
        element = next(matching(element, step, namespaces, any_namespace), None)
        if element is None:
            return None
    return element


def matching(
    element: XmlElement, step: Step, namespaces: Mapping[str, str], any_namespace: bool = False
) -> Iterator[XmlElement]:
    """The children of `element` that one step selects, in document order."""
    name_of = local_name if any_namespace else tag_of
    wanted = step.local if any_namespace else qualified(step.name, namespaces)
    found: Iterable[XmlElement] = (child for child in element if name_of(child) == wanted)
    for condition in step.conditions:
        found = _filtered(found, condition, namespaces, name_of)
    return iter(found)


def _filtered(
    elements: Iterable[XmlElement],
    condition: Condition,
    namespaces: Mapping[str, str],
    name_of: Callable[[XmlElement], str | None],
) -> Iterator[XmlElement]:
    target = tuple(_target(name, namespaces, name_of is local_name) for name in condition.target)
    for at, element in enumerate(elements, 1):
        if condition.test == "position":
            holds = at == int(condition.value)
        else:
            text = target_text(element, target, name_of)
            holds = {"equals": text == condition.value, "present": text is not None, "absent": text is None}[
                condition.test
            ]
        if holds:
            yield element


def _target(name: str, namespaces: Mapping[str, str], local: bool) -> str:
    if name.startswith("@"):
        return "@" + qualified_attribute(name[1:], namespaces)
    return name.rpartition(":")[2] if local else qualified(name, namespaces)
