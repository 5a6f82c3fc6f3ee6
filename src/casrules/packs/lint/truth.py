"""What can be said of a condition without a declaration: it is true, or false, whatever the values are.

The answer is cautious: None where it depends, or where it takes more than a look at each value alone to tell. "Always
true" includes "true or unknown", which never fails a rule; "never true" includes "false or unknown".
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final

from casrules.language.tree import And, Compare, Literal, Lookup, Member, Node, Not, Or, Path, Presence

_COMPARE: Final[dict[str, Callable[[Any, Any], bool]]] = {
    "==": operator.eq, "!=": operator.ne, "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
}  # fmt: skip
_FLIPPED: Final = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}


def parts_of(node: Node | None) -> tuple[Node, ...]:
    """The conditions that all hold where `node` does."""
    if node is None:
        return ()
    return tuple(part for child in node.parts for part in parts_of(child)) if isinstance(node, And) else (node,)


def truth(node: Node) -> bool | None:
    """True where the condition is never false, False where it is never true, None where it depends."""
    match node:
        case Literal(value):
            return value if isinstance(value, bool) else None
        case Not(part):
            found = truth(part)
            return None if found is None else not found
        case And():
            return _all(parts_of(node))
        case Or(parts):
            found = _all(tuple(_negated(part) for part in parts))
            return None if found is None else not found
        case Compare(op, Literal(left), Literal(right)):
            return _COMPARE[op](left, right)
        case Compare(op, left, right) if left == right:
            return op in {"==", "<=", ">="}
        case _:
            return None


def _negated(node: Node) -> Node:
    return node.part if isinstance(node, Not) else Not(node)


def _all(parts: Sequence[Node]) -> bool | None:
    found = [truth(part) for part in parts]
    if False in found or any(_negated(part) in parts for part in parts) or _exclude_each_other(parts):
        return False
    return True if all(found) else None


@dataclass(slots=True)
class _Allowed:
    """What the conditions seen so far leave of one value."""

    only: set[Any] | None = None
    never: set[Any] = field(default_factory=set)
    bounds: list[tuple[str, Any]] = field(default_factory=list)
    present: bool = False
    missing: bool = False

    @property
    def empty(self) -> bool:
        """Whether nothing is left."""
        if self.missing and (self.present or self.only is not None or self.bounds or self.never):
            return True
        if self.only is not None:
            return not any(self._passes(value) for value in self.only - self.never)
        lows = [(value, op == ">=") for op, value in self.bounds if op in {">", ">="}]
        highs = [(value, op == "<=") for op, value in self.bounds if op in {"<", "<="}]
        return any(low > high or (low == high and not (a and b)) for low, a in lows for high, b in highs)

    def _passes(self, value: Any) -> bool:
        return all(_COMPARE[op](value, bound) for op, bound in self.bounds)


def _exclude_each_other(parts: Sequence[Node]) -> bool:
    allowed: dict[tuple[object, ...], _Allowed] = {}
    for part in parts:
        _narrow(part, allowed)
    return any(found.empty for found in allowed.values())


def _narrow(part: Node, allowed: dict[tuple[object, ...], _Allowed]) -> None:
    """Note what `part` says about one value; parts of any other form say nothing."""
    match part:
        case Compare(op, Path() as path, Literal(value)) if not isinstance(value, bool):
            _compare(_of(path, allowed), op, value)
        case Compare(op, Literal(value), Path() as path) if not isinstance(value, bool):
            _compare(_of(path, allowed), _FLIPPED.get(op, op), value)
        case Member(Path() as path, options) if all(isinstance(option, Literal) for option in options):
            _only(_of(path, allowed), {option.value for option in options if isinstance(option, Literal)})
        case Not(Member(Path() as path, options)):
            _of(path, allowed).never |= {option.value for option in options if isinstance(option, Literal)}
        case Presence(Path() as path):
            _of(path, allowed).present = True
        case Not(Presence(Path() as path)):
            _of(path, allowed).missing = True
        case _:
            pass


def _of(path: Path | Lookup, allowed: dict[tuple[object, ...], _Allowed]) -> _Allowed:
    key = (path.scope, *path.names) if isinstance(path, Path) else (path,)
    return allowed.setdefault(key, _Allowed())


def _compare(found: _Allowed, op: str, value: str | int | Decimal) -> None:
    if op == "==":
        _only(found, {value})
    elif op == "!=":
        found.never.add(value)
    else:
        found.bounds.append((op, value))


def _only(found: _Allowed, values: set[Any]) -> None:
    found.only = values if found.only is None else found.only & values
