"""What a rule can come to on messages that cannot carry everything it reads: constants folded in three values.

A field that a message cannot carry is missing there, always. A branch for which that settles the answer has nothing to
say about such messages and is left out for them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final, NamedTuple

from casrules.dictionary import Chain
from casrules.language.checked import Carried, CheckedBranch, CheckedRule, stored_paths
from casrules.language.functions import FUNCTIONS
from casrules.language.reference import COMPARISONS
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
    Tuple,
    Value,
)
from casrules.language.types import BOOLEAN, NUMBER

Names = tuple[str, ...]
Truths = frozenset[bool | None]
"""What a condition can be: some of true, false and None for unknown."""

TRUE: Final[Truths] = frozenset({True})
FALSE: Final[Truths] = frozenset({False})
UNKNOWN: Final[Truths] = frozenset({None})
_TWO: Final[Truths] = TRUE | FALSE
_ANY: Final[Truths] = _TWO | UNKNOWN
_NONE_LEFT: Final[Mapping[str, Value]] = {"count": 0, "sum": 0}


class Possible(NamedTuple):
    """What a value can be: known, missing or unknown, or always the one `constant`."""

    known: bool
    unknown: bool
    constant: Value | None = None


_EITHER: Final = Possible(True, True)
_MISSING: Final = Possible(False, True)


def restrict(rule: CheckedRule, carried: Carried) -> CheckedRule:
    """The rule as it runs on messages that carry only what `carried` says; everything else is missing there.

    A branch is left out on a way where, whatever the message says, it can never be violated, `when` can never be true,
    or `require` can never be met for want of what the message cannot carry. What is left without a way is not
    applicable: such a branch has no chains.
    """
    kept = tuple(
        replace(branch, chains=tuple(i for i in branch.chains if runs(branch, rule.chains[i], carried)))
        for branch in rule.branches
    )
    return rule if kept == rule.branches else replace(rule, branches=kept)


def runs(branch: CheckedBranch, chain: Chain, carried: Carried) -> bool:
    """Whether a message that carries only what `carried` says can decide the branch, and someone can heed it."""
    way = tuple(step.name for step in chain.steps)
    if way and not carried(way):
        return False
    here = Folding.on(chain, carried)
    if branch.when is not None and here.lacks(branch.when) and True not in here.truth(branch.when):
        return False
    if not here.lacks(branch.require):
        return True
    found = here.truth(branch.require)
    if found != FALSE:
        return False in found
    # what no message at all can meet is a plain prohibition; what this one cannot is no demand to make of it
    return Folding.on(chain, lambda _: True).truth(branch.require) == FALSE


def lacking(branch: CheckedBranch, chain: Chain, carried: Carried) -> tuple[str, ...]:
    """What the branch reads on a way and the message cannot carry, as dotted names from the declaration."""
    way = tuple(step.name for step in chain.steps)
    if way and not carried(way):
        return (".".join(way),)
    here = Folding.on(chain, carried)
    conditions = (branch.when, branch.require)
    return tuple(dict.fromkeys(name for node in conditions if node for name in here.lacked(node)))


@dataclass(frozen=True, slots=True)
class Folding:
    """Folds conditions; `prefixes` are the stored names from the declaration that each name in sight stands for."""

    prefixes: Mapping[str, tuple[Names, ...]]
    carried: Carried

    @classmethod
    def on(cls, chain: Chain, carried: Carried) -> Folding:
        """The names in sight on a way."""
        way = tuple(step.name for step in chain.steps)
        return cls({name: (way[:depth],) for name, depth in chain.scopes.items()}, carried)

    def lacks(self, node: Node) -> bool:
        """Whether the message cannot carry something that `node` reads."""
        return next(iter(self.lacked(node)), None) is not None

    def lacked(self, node: Node) -> Iterator[str]:
        """The dotted names of what `node` reads and the message cannot carry."""
        if isinstance(node, Path) and not self._has(node):
            yield ".".join(self._stored(node)[0])
        if not isinstance(node, Quantifier):
            for child in node.children:
                yield from self.lacked(child)
            return
        yield from self.lacked(node.source)
        if self._has(node.source):
            inner = self._inside(node)
            for child in node.children[1:]:
                yield from inner.lacked(child)

    def truth(self, node: Node) -> Truths:
        """What the condition can be: never less than it can, sometimes more."""
        match node:
            case And(parts=parts):
                return _conjoined([self.truth(part) for part in parts])
            case Or(parts=parts):
                return _negated(_conjoined([_negated(self.truth(part)) for part in parts]))
            case Not(part=part):
                return _negated(self.truth(part))
            case Literal(value=value):
                return TRUE if value is True else FALSE
            case Presence(of=of):
                return self._present(of)
            case Compare():
                return self._compared(node)
            case Quantifier() if node.type.kind == BOOLEAN:
                return self._quantified(node)
            case Member():
                options = [_equal(self.value(node.item), self.value(option)) for option in node.options]
                return _negated(_conjoined([_negated(option) for option in options]))
            case Call():
                return _said_of(self._all(node.arguments), partial=FUNCTIONS[node.function].partial)
            case Listed():
                return _said_of(self.value(node.of))
            case _:
                return _said_of(self.value(node))

    def value(self, node: Node) -> Possible:
        """What a value can be."""
        match node:
            case Literal(value=value):
                return Possible(True, False, value)
            case Path():
                return _EITHER if self._has(node) else _MISSING
            case Arithmetic(left=left, right=right):
                found = self._all((left, right))
                return found._replace(unknown=found.unknown or node.op == "/")
            case Call():
                found = self._all(node.arguments)
                return found._replace(unknown=found.unknown or FUNCTIONS[node.function].partial)
            case Prefix(of=of):
                return self._all((of,))
            case Lookup(key=key):
                return _EITHER if self.value(key).known else _MISSING
            case Tuple(parts=parts):
                return self._all(parts)
            case Quantifier() if node.type.kind != BOOLEAN:
                return self._amount(node)
            case _ if node.type.kind == BOOLEAN:
                truths = self.truth(node)
                return Possible(bool(truths & _TWO), None in truths)
            case _:
                return _EITHER

    def _all(self, parts: Iterable[Node]) -> Possible:
        found = [self.value(part) for part in parts]
        return Possible(all(one.known for one in found), any(one.unknown for one in found))

    def _stored(self, path: Path) -> list[Names]:
        return [(*prefix, *names) for prefix in self.prefixes[path.scope] for names in stored_paths(path.elements)]

    def _has(self, path: Path) -> bool:
        return not path.elements or any(map(self.carried, self._stored(path)))

    def _present(self, of: Path | Lookup) -> Truths:
        if isinstance(of, Lookup):
            found = self.value(of)
            return (TRUE if found.known else frozenset()) | FALSE
        if not of.names:
            return TRUE
        return _TWO if self._has(of) else FALSE

    def _compared(self, node: Compare) -> Truths:
        left, right = self.value(node.left), self.value(node.right)
        if left.constant is not None and right.constant is not None and node.left.type.kind == NUMBER:
            return TRUE if COMPARISONS[node.op](left.constant, right.constant) else FALSE
        if isinstance(node.left, Tuple):  # one pair that differs settles it, though another is unknown
            return _ANY
        return _equal(left, right)

    def _inside(self, node: Quantifier) -> Folding:
        return replace(self, prefixes={**self.prefixes, node.variable: tuple(self._stored(node.source))})

    def _quantified(self, node: Quantifier) -> Truths:
        empty = FALSE if node.kind == "any" else TRUE
        if not self._has(node.source) or node.body is None:
            return empty
        inner = self._inside(node)
        taken = inner.truth(node.condition) if node.condition is not None else TRUE
        if taken == FALSE:
            return empty
        if node.kind not in {"any", "all", "none"}:
            return _ANY if inner.value(node.body).known else TRUE | UNKNOWN
        body = inner.truth(node.body)
        deciding = node.kind != "all"
        found = empty | (_negated(empty) if deciding in body and True in taken else frozenset())
        return found | UNKNOWN if None in body or None in taken else found

    def _amount(self, node: Quantifier) -> Possible:
        nothing = _NONE_LEFT.get(node.kind)
        none = _MISSING if nothing is None else Possible(True, False, nothing)
        if not self._has(node.source):
            return none
        inner = self._inside(node)
        if node.condition is not None and inner.truth(node.condition) == FALSE:
            return none
        if node.body is None and node.condition is None:
            return Possible(True, False)
        if nothing is None and node.body is not None and not inner.value(node.body).known:
            return _MISSING
        return _EITHER


def _conjoined(parts: list[Truths]) -> Truths:
    found: set[bool | None] = set()
    if all(True in part for part in parts):
        found.add(True)
    if any(False in part for part in parts):
        found.add(False)
    if any(None in part for part in parts) and all(part != FALSE for part in parts):
        found.add(None)
    return frozenset(found)


def _negated(found: Truths) -> Truths:
    return frozenset(None if one is None else not one for one in found)


def _equal(left: Possible, right: Possible) -> Truths:
    return _said_of(Possible(left.known and right.known, left.unknown or right.unknown))


def _said_of(value: Possible, *, partial: bool = False) -> Truths:
    return (_TWO if value.known else frozenset()) | (UNKNOWN if value.unknown or partial else frozenset())
