"""Which element could be taken for another: the same entity, type and unit, and carried by the messages of the rule."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from casrules.dictionary import Dictionary, Element
from casrules.language import CheckedRule
from casrules.language.paths import hops_of
from casrules.language.tree import Path
from casrules.testing.carriers import Carrier


class Siblings:
    """Finds the sibling of a path's last element: one that the rule reads too, else the next in the dictionary."""

    def __init__(self, rule: CheckedRule, carriers: Iterable[Carrier], dictionary: Dictionary) -> None:
        self.dictionary = dictionary
        self.read = rule.reads
        self.carried = frozenset[tuple[str, str]]().union(*(carrier.pairs for carrier in carriers))

    def __call__(self, path: Path) -> Path | None:
        """The path to the sibling; None where there is none."""
        if not path.elements or path.elements[-1].view:
            return None
        last = path.elements[-1]
        found = self._sibling(last)
        if found is None:
            return None
        elements = (*path.elements[:-1], found)
        hops = tuple(hops_of(self.dictionary, elements))
        return replace(path, names=(*path.names[:-1], found.name), elements=elements, hops=hops)

    def _sibling(self, element: Element) -> Element | None:
        ordered = list(self.dictionary.entities[element.entity].elements.values())
        at = ordered.index(element)
        candidates = [
            other
            for other in (*ordered[at + 1 :], *ordered[:at])
            if (other.type, other.many, other.unit) == (element.type, element.many, element.unit)
            and not other.view
            and (other.entity, other.name) in self.carried
        ]
        used = [other for other in candidates if (other.entity, other.name) in self.read]
        return next(iter(used or candidates), None)
