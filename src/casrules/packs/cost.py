"""What a rule costs at most, before it runs: how many entities it visits in the longest declaration.

A quantifier over the visited entity's own lists visits what these hold, all together no more than a message has. One
over a list that begins at an ancestor is run again for every visited entity that it reads something of, unless an
equality between its elements and something outside lets the plan look them up. Quantifiers inside quantifiers multiply
in the same way.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from casrules.dictionary import Chain, Dictionary, Element
from casrules.language import CheckedBranch, CheckedRule
from casrules.language.tree import And, Compare, Node, Path, Quantifier

LIST_LENGTH: Final = 100
"""The length every list is reckoned with: 100 houses of 100 items are the most a declaration holds."""
MOST_ENTITIES: Final = 10**6
"""How many entities of one kind a message holds at most."""

Levels = Mapping[str, int]
"""For the names whose lists are their own: how many lists lie above the entity."""


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
            chain = rule.chains[way]
            level = sum(step.element.many for step in chain.steps)
            found.append(Cost(_held(level), f"for: {rule.target}"))
            found += _clauses(branch, dictionary, chain)
    return max(found, key=lambda cost: cost.visits)


def _own(chain: Chain, depth: int) -> Levels:
    """The names of the entity at a depth of the chain."""
    level = sum(step.element.many for step in chain.steps[:depth])
    return {name: level for name, found in chain.scopes.items() if found == depth}


def _held(level: int) -> int:
    """How many entities there are below `level` lists."""
    return min(int(LIST_LENGTH**level), MOST_ENTITIES)


def _clauses(branch: CheckedBranch, dictionary: Dictionary, chain: Chain) -> Iterator[Cost]:
    """The cost of every quantifier; one that reads nothing of what is visited is asked once for what it does read."""
    for part in (branch.when, branch.require):
        for node in _outermost(part) if part is not None else ():
            scopes = {found.scope for found in node.walk() if isinstance(found, Path)}
            depth = max((chain.scopes[scope] for scope in scopes & chain.scopes.keys()), default=0)
            own = _own(chain, depth)
            yield from _quantifiers(node, _held(max(own.values(), default=0)), own, dictionary)


def _outermost(node: Node) -> Iterator[Quantifier]:
    if isinstance(node, Quantifier):
        yield node
        return
    for child in node.children:
        yield from _outermost(child)


def _quantifiers(node: Node, visits: int, own: Levels, dictionary: Dictionary) -> Iterator[Cost]:
    """The cost of each quantifier in `node`, which is itself evaluated `visits` times."""
    if not isinstance(node, Quantifier):
        for child in node.children:
            yield from _quantifiers(child, visits, own, dictionary)
        return
    lists = _lists(node.source.elements, dictionary)
    above = own.get(node.source.scope)
    if node.kind == "count" and node.condition is None:
        total = visits
    elif above is not None:
        total = visits * _held(above + lists) // _held(above)
    else:
        total = visits * (1 if _has_key(node) else _held(lists))
    yield Cost(total, node.text)
    inner = {**own, node.variable: (above or 0) + lists}
    for part in (node.condition, node.body):
        if part is not None:
            yield from _quantifiers(part, total, inner, dictionary)


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
