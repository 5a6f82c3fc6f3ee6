"""The reference evaluator: the meaning of the language, one node after the other, in three values.

Unknown is None. Nothing is cut short: every operand is read, so the order in which a rule is written never matters.
What cannot be read (an Invalid value) or is not available (a code list, a table) is unknown and noted in `hindrances`.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator
from decimal import localcontext
from typing import Any

from casrules.dictionary import Invalid
from casrules.language.checked import CheckedBranch, CheckedRule, Record, RecordPath
from casrules.language.dates import order_of
from casrules.language.functions import FUNCTIONS
from casrules.language.numbers import EXACT, divide
from casrules.language.outcomes import (
    ERROR,
    FAILED,
    INCONCLUSIVE,
    NOT_APPLICABLE,
    NOT_EVALUATED,
    PASSED,
    EvaluationContext,
    Outcome,
    PartialCodes,
)
from casrules.language.quantifiers import Entry, fold
from casrules.language.tree import (
    And,
    Arithmetic,
    Call,
    Compare,
    Listed,
    Literal,
    Lookup,
    Member,
    Node,
    Not,
    Or,
    Path,
    Prefix,
    Presence,
    Quantifier,
    ReferenceDate,
    Tuple,
)
from casrules.language.types import DATETIME, ENTITY, LIST
from casrules.language.visiting import Bound, Scope, flatten, locate, step_beside, visited

COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "==": operator.eq, "!=": operator.ne, "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
}  # fmt: skip
ARITHMETIC: dict[str, Callable[[Any, Any], Any]] = {
    "+": operator.add, "-": operator.sub, "*": operator.mul, "/": divide,
}  # fmt: skip
Reader = Callable[[RecordPath, Any, int], None]
"""Called with each path that is read, what was there, and how many comprehensions around it."""


def evaluate(rule: CheckedRule, record: Record, context: EvaluationContext) -> Iterator[Outcome]:
    """One outcome for each visited entity and branch, ways and entities in document order.

    Never raises for data: what goes wrong inside an evaluation becomes an outcome `error` of that entity and branch.
    """
    for number, chain in enumerate(rule.chains):
        branches = [pair for pair in enumerate(rule.branches) if number in pair[1].chains]
        if not branches:
            continue
        for scope, instance in visited(record, chain):
            for index, branch in branches:
                try:
                    status, reason = judge(branch, scope, Evaluator(context))
                except Exception as error:  # a rule that breaks down is an error of its own, the others still run
                    status, reason = ERROR, f"{type(error).__name__}: {error}"
                yield Outcome(index, number, status, instance, reason)


def judge(branch: CheckedBranch, scope: Scope, evaluator: Evaluator) -> tuple[str, str]:
    """Status and reason of one branch for one entity."""
    with localcontext(EXACT):
        when = evaluator.truth(branch.when, scope) if branch.when is not None else True
        hindered = evaluator.hindrances
        if when is not True:
            return (NOT_EVALUATED, hindered[0]) if when is None and hindered else (NOT_APPLICABLE, "")
        require = evaluator.truth(branch.require, scope)
    if require is False:
        return FAILED, ""
    if hindered:
        return NOT_EVALUATED, hindered[0]
    return (PASSED, "") if require else (INCONCLUSIVE, "")


class Evaluator:
    """Evaluates nodes over scopes; `hindrances` says why something could not be, `on_read` sees every read."""

    def __init__(self, context: EvaluationContext, on_read: Reader | None = None) -> None:
        self.context = context
        self.on_read = on_read
        self.hindrances: list[str] = []
        self.depth = 0

    def truth(self, node: Node, scope: Scope) -> bool | None:
        """True, False, or None for unknown."""
        match node:
            case And(parts=parts):
                return conjoin([self.truth(part, scope) for part in parts])
            case Or(parts=parts):
                return disjoin([self.truth(part, scope) for part in parts])
            case Not(part=part):
                return negate(self.truth(part, scope))
            case Presence(of=of):
                return self._present(of, scope)
            case Compare():
                return compare(node, self.value(node.left, scope), self.value(node.right, scope))
            case Member():
                item = self.value(node.item, scope)
                options = [self.value(option, scope) for option in node.options]
                return disjoin([equal(node.item, item, option) for option in options])
            case Listed():
                return self._listed(node, scope)
            case _:
                found = self.value(node, scope)
                return found if isinstance(found, bool) else None

    def value(self, node: Node, scope: Scope) -> Any:
        """The value, or None for missing and unknown; a Tuple gives a tuple with None for unknown parts."""
        match node:
            case Literal(value=value):
                return value
            case Path():
                return self._read(node, scope)
            case ReferenceDate():
                return self.context.reference_date
            case Arithmetic():
                left, right = self.value(node.left, scope), self.value(node.right, scope)
                return None if left is None or right is None else ARITHMETIC[node.op](left, right)
            case Call():
                known = [self.value(argument, scope) for argument in node.arguments]
                return None if None in known else FUNCTIONS[node.function].call(*known)
            case Prefix():
                text = self.value(node.of, scope)
                return None if text is None else text[: node.length]
            case Quantifier():
                return fold(node.kind, self.entries(node, scope))
            case Lookup():
                return self._lookup(node, scope)
            case Tuple(parts=parts):
                return tuple(self.value(part, scope) for part in parts)
            case _:
                return self.truth(node, scope)

    def entries(self, node: Quantifier, scope: Scope) -> list[Entry]:
        """What each element of a quantifier's list contributes; elements the filter refuses are left out."""
        found: list[Entry] = []
        self.depth += 1
        for element in self.elements(node.source, scope):
            inner = {**scope, node.variable: element}
            taken = self.truth(node.condition, inner) if node.condition is not None else True
            if taken is False:
                continue
            value = self.value(node.body, inner) if node.body is not None else True
            found.append(Entry(taken is True, value, element))
        self.depth -= 1
        return found

    def elements(self, path: Path, scope: Scope) -> list[Bound]:
        """The elements of a list path."""
        found = list(flatten(scope[path.scope], path.elements))
        if self.on_read:
            self.on_read(locate(path, scope), len(found), max(self.depth - 1, 0))
        return found

    def _read(self, path: Path, scope: Scope) -> Any:
        bound = scope[path.scope]
        for name in path.names[:-1]:
            bound = step_beside(bound, name)
        found = bound.entity.get(path.names[-1]) if bound.entity is not None else None
        if self.on_read:
            self.on_read((*bound.path, (path.names[-1], None)), found, self.depth)
        if isinstance(found, Invalid):
            expected = f", not {found.expected}" if found.expected else ""
            self.hindrances.append(f"{path.text or '.'.join(path.names)} is {found.raw!r}{expected}")
            return None
        return found

    def _present(self, of: Path | Lookup, scope: Scope) -> bool | None:
        """Never unknown but for a look-up whose key cannot be read or whose table is not available."""
        if isinstance(of, Lookup):
            before = len(self.hindrances)
            found = self._lookup(of, scope)
            return True if found is not None else None if len(self.hindrances) > before else False
        if of.type.kind == LIST:
            return bool(self.elements(of, scope))
        bound = scope[of.scope]
        for name in of.names:
            bound = step_beside(bound, name)
        if self.on_read:
            shown = (True if bound.entity is not None else None) if of.type.kind == ENTITY else bound.entity
            self.on_read(bound.path, shown, self.depth)
        return bound.entity is not None

    def _listed(self, node: Listed, scope: Scope) -> bool | None:
        value = self.value(node.of, scope)
        codes = self.context.code_lists(node.name)
        if codes is None:
            self.hindrances.append(f"the code list {node.name} is not available")
            return None
        if value is None or (value not in codes and isinstance(codes, PartialCodes)):
            return None
        return value in codes

    def _lookup(self, node: Lookup, scope: Scope) -> Any:
        key = self.value(node.key, scope)
        table = self.context.tables(node.table)
        if table is None:
            self.hindrances.append(f"the table {node.table} is not available")
            return None
        return None if key is None else table.get(key, {}).get(node.column)


def conjoin(parts: list[bool | None]) -> bool | None:
    """Kleene's and."""
    return False if False in parts else None if None in parts else True


def disjoin(parts: list[bool | None]) -> bool | None:
    """Kleene's or."""
    return True if True in parts else None if None in parts else False


def negate(part: bool | None) -> bool | None:
    """Kleene's not."""
    return None if part is None else not part


def compare(node: Compare, left: Any, right: Any) -> bool | None:
    """A comparison of two values; of times, by the clock."""
    if node.op in {"==", "!="}:
        same = equal(node.left, left, right)
        return same if node.op == "==" else negate(same)
    if left is None or right is None:
        return None
    if node.left.type.kind == DATETIME:
        order = order_of(left, right)
        return None if order is None else COMPARISONS[node.op](order, 0)
    return COMPARISONS[node.op](left, right)


def equal(node: Node, left: Any, right: Any) -> bool | None:
    """Equality in three values; `node` is the left expression, which settles the type."""
    if isinstance(node, Tuple):
        return conjoin([equal(*three) for three in zip(node.parts, left, right, strict=True)])
    if left is None or right is None:
        return None
    if node.type.kind == DATETIME:
        order = order_of(left, right)
        return None if order is None else order == 0
    return bool(left == right)
