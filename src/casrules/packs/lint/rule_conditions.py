"""Checks of conditions: what can never be true or false, what costs much, which patterns are doubtful."""

from __future__ import annotations

import re
from collections.abc import Iterator

from casrules.dictionary import Dictionary
from casrules.errors import Place
from casrules.language import CheckedBranch, CheckedRule
from casrules.language.tree import Call, Literal, Node
from casrules.packs.cost import cost_of
from casrules.packs.lint.findings import LintFinding, finding
from casrules.packs.lint.truth import parts_of, truth
from casrules.packs.loading import PackedRule

_ESCAPED = re.compile(r"\\.|\[(?:\\.|[^\]\\])*\]")
_REPEATED = re.compile(r"[*+]|\{[0-9]+,\}")


def check_conditions(
    packed: PackedRule, checked: CheckedRule, dictionary: Dictionary, costly: int
) -> Iterator[LintFinding]:
    """Objections to the conditions of one rule."""
    for number, branch in enumerate(checked.branches):
        yield from _reach(packed, number, branch)
    nodes = {
        node: None for branch in checked.branches for part in (branch.when, branch.require) for node in _walk(part)
    }
    for node in nodes:
        if isinstance(node, Call) and node.function == "matches":
            yield from _pattern(packed, node)
    cost = cost_of(checked, dictionary)
    if cost.visits > costly:
        yield finding("costly", packed.place("require"), packed.id, f"{cost.visits:,} for {cost.clause}")


def _walk(node: Node | None) -> Iterator[Node]:
    return node.walk() if node is not None else iter(())


def _reach(packed: PackedRule, number: int, branch: CheckedBranch) -> Iterator[LintFinding]:
    def place(key: str) -> Place:
        return packed.place("branches", number, key) if packed.rule.branches else packed.place(key)

    if branch.when is not None and truth(branch.when) is False:
        yield finding("never_applicable", place("when"), packed.id, branch.key)
    elif all(truth(part) is True or part in parts_of(branch.when) for part in parts_of(branch.require)):
        yield finding("never_fails", place("require"), packed.id, branch.key)


def _pattern(packed: PackedRule, node: Call) -> Iterator[LintFinding]:
    literal = node.arguments[1]
    if not isinstance(literal, Literal) or not isinstance(literal.value, str):
        return
    bare, place = _ESCAPED.sub("x", literal.value), packed.place("require")
    if bare.startswith("^") or bare.endswith("$"):
        yield finding("needless_anchor", place, packed.id, literal.value)
    core = bare.removeprefix("^").removesuffix("$")
    if core.startswith((".*", ".+")) or core.endswith((".*", ".+")):
        yield finding("open_pattern", place, packed.id, literal.value)
    if _nested(core):
        yield finding("nested_repetition", place, packed.id, literal.value)


def _nested(pattern: str) -> bool:
    """Whether a group that holds a repetition without end is itself repeated without end."""
    starts: list[int] = []
    for position, character in enumerate(pattern):
        if character == "(":
            starts.append(position)
        elif character == ")" and starts:
            inside = pattern[starts.pop() + 1 : position]
            if _REPEATED.search(inside) and _REPEATED.match(pattern, position + 1):
                return True
    return False
