"""What a rule costs at most, before it runs: how many entities it visits where every list is long.

A quantifier over the visited entity's own lists costs what these hold; one over a list that begins at an ancestor is
run again for every visited entity, unless an equality between its elements and something outside lets the plan look
them up. Quantifiers inside quantifiers multiply.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from casrules.dictionary import Dictionary, Element
from casrules.language import CheckedBranch, CheckedRule
from casrules.language.tree import And, Compare, Node, Path, Quantifier

LIST_LENGTH: Final = 100
"""The length every list is reckoned with: 100 houses of 100 items are the most a declaration holds."""
DEFAULT_BOUND: Final = 10**9


@dataclass(frozen=True, slots=True)
class Cost:
    """Entities visited at most, and the clause that visits most of them."""

    visits: int
    clause: str


def cost_of(rule: CheckedRule, dictionary: Dictionary) -> Cost:
    """The cost of the dearest clause of a rule over the dearest of its ways."""
    found = [Cost(1, rule.target)]
    for branch in rule.branches:
        for way in branch.chains:
            depth = sum(step.element.many for step in rule.chains[way].steps)
            found += [Cost(LIST_LENGTH**depth * repeats, clause) for repeats, clause in _clauses(branch, dictionary)]
            found.append(Cost(LIST_LENGTH**depth, f"for: {rule.target}"))
    return max(found, key=lambda cost: cost.visits)


def _clauses(branch: CheckedBranch, dictionary: Dictionary) -> Iterator[tuple[int, str]]:
    for part in (branch.when, branch.require):
        if part is not None:
            yield from _quantifiers(part, 1, frozenset(), dictionary)


def _quantifiers(
    node: Node, outer: int, variables: frozenset[str], dictionary: Dictionary
) -> Iterator[tuple[int, str]]:
    """How often each quantifier's body runs for one visited entity."""
    if not isinstance(node, Quantifier):
        for child in node.children:
            yield from _quantifiers(child, outer, variables, dictionary)
        return
    plain_count = node.kind == "count" and node.condition is None
    looked_up = plain_count or (node.source.scope not in variables and _has_key(node))
    repeats = outer * (1 if looked_up else LIST_LENGTH ** _lists(node.source.elements, dictionary))
    yield repeats, node.text
    inner = variables | {node.variable}
    for part in (node.condition, node.body):
        if part is not None:
            yield from _quantifiers(part, repeats, inner, dictionary)


def _lists(elements: tuple[Element, ...], dictionary: Dictionary) -> int:
    """How many lists lie on the way; a view counts as the deepest of the ways it joins."""
    return sum(
        max(_lists(dictionary.resolve(element.entity, names), dictionary) for names in element.view)
        if element.view
        else element.many
        for element in elements
    )


def _has_key(node: Quantifier) -> bool:
    """Whether an equality of the condition, or of the body of `any`, ties an element to something outside."""
    parts = [node.condition, node.body if node.kind in {"any", "none"} else None]
    return any(_ties(part, node.variable) for part in parts if part is not None)


def _ties(node: Node, variable: str) -> bool:
    if isinstance(node, And):
        return any(_ties(part, variable) for part in node.parts)
    if not isinstance(node, Compare) or node.op != "==":
        return False
    sides = [{found.scope for found in side.walk() if isinstance(found, Path)} for side in (node.left, node.right)]
    own = [side for side in sides if side == {variable}]
    others = [side for side in sides if side and variable not in side]
    return bool(own and others)
