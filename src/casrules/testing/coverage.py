"""How much of a rule's conditions its examples have shown: every clause seen true and false, every branch violated."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from casrules.language import CheckedRule
from casrules.language.tree import And, Node, Not, Or, Quantifier
from casrules.rules import PackRule
from casrules.testing.written import written


@dataclass(frozen=True, slots=True)
class Coverage:
    """`seen` of `total` goals were reached; `missing` names the others."""

    seen: int
    total: int
    missing: tuple[str, ...] = ()

    @property
    def percent(self) -> int:
        """Rounded down: 100 means all."""
        return 100 * self.seen // self.total if self.total else 100

    def __add__(self, other: Coverage) -> Coverage:
        """Both together."""
        return Coverage(self.seen + other.seen, self.total + other.total, (*self.missing, *other.missing))


def coverage_of(rule: PackRule, seen: Mapping[int, set[bool | None]], fired: set[int]) -> Coverage:
    """The goals of a rule; `seen` are the values each node has had, by the node's id, `fired` the violated branches."""
    goals: dict[str, bool] = {}
    for label, node in _conditions(rule.checked):
        for clause in clauses(node):
            values = seen.get(id(clause), set())
            for wanted in (True, False):
                goal = f"{label}: {written(clause)} is never {'true' if wanted else 'false'}"
                goals[goal] = goals.get(goal, False) or wanted in values
    for index, branch in enumerate(rule.checked.branches):
        goals[f"{f'branch {branch.key}' if branch.key else 'the rule'} is never violated"] = index in fired
    missing = tuple(f"{rule.id}: {goal}" for goal, reached in goals.items() if not reached)
    return Coverage(len(goals) - len(missing), len(goals), missing)


def clauses(node: Node) -> Iterator[Node]:
    """The smallest conditions that `and`, `or` and `not` join, also those inside comprehensions that join some."""
    if isinstance(node, (And, Or, Not)):
        for part in node.children:
            yield from clauses(part)
        return
    yield node
    if isinstance(node, Quantifier):
        for inner in (node.condition, node.body):
            if isinstance(inner, (And, Or)):
                yield from clauses(inner)


def _conditions(rule: CheckedRule) -> Iterator[tuple[str, Node]]:
    for branch in rule.branches:
        prefix = f"[{branch.key}] " if branch.key else ""
        if branch.when is not None:
            shared, own = rule.when, branch.when
            if shared is not None and isinstance(own, And) and own.parts[0] == shared and len(own.parts) == 2:
                yield "when", own.parts[0]
                yield f"{prefix}when", own.parts[1]
            else:
                yield ("when" if own == shared else f"{prefix}when"), own
        yield f"{prefix}require", branch.require
