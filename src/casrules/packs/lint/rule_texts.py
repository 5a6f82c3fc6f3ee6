"""Checks of what people read: titles and messages; and of names that are defined and not used."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence

from casrules.errors import Place
from casrules.language import CheckedRule, Text
from casrules.language.syntax import parse
from casrules.language.tree import Compare, Node, Path, Quantifier
from casrules.packs.lint.findings import LintFinding, finding
from casrules.packs.loading import PackedRule
from casrules.packs.models import Rule

_PLACEHOLDER = re.compile(r"\{([^{}:]*)")


def check_texts(packed: PackedRule, checked: CheckedRule) -> Iterator[LintFinding]:
    """Objections to title, messages, `let` and `params` of one rule."""
    yield from _messages(packed, checked)
    used = _used_names(packed.rule)
    for name in packed.rule.let:
        if name not in used:
            yield finding("unused_let", packed.place("let", name), packed.id, name)
    for name in packed.rule.params:
        if name not in used:
            yield finding("unused_param", packed.place("params", name), packed.id, name)


def duplicate_texts(rules: Sequence[PackedRule]) -> Iterator[LintFinding]:
    """Titles and messages that two rules or branches share, reported at the second; not of rules that never meet."""
    seen: dict[str, list[tuple[PackedRule, Place]]] = {}
    for packed in rules:
        texts = [(packed.rule.title, packed.place("title"))]
        texts += [(branch.message, message_place(packed, n)) for n, branch in enumerate(packed.rule.all_branches())]
        for text, place in texts:
            before = seen.setdefault(" ".join(text.lower().split()), [])
            twin = next((entry for entry in before if _meet(packed, entry[0])), None)
            if twin is not None:
                yield finding("duplicate_text", place, packed.id, f"as {twin[0].id} at {twin[1]}")
            before.append((packed, place))


def _meet(one: PackedRule, other: PackedRule) -> bool:
    """Whether one report can hold both: not the rows of one table, nor rules of other days or other messages."""
    if one is not other and one.table and (one.pack, one.table) == (other.pack, other.table):
        return False
    return share_messages_and_days(one, other)


def share_messages_and_days(one: PackedRule, other: PackedRule) -> bool:
    """Whether some message, on some day, is within the scope of both."""
    days = one.rule.valid.within(other.rule.valid)
    if days.since is not None and days.until is not None and days.until < days.since:
        return False
    pairs = [(getattr(one.scope, key), getattr(other.scope, key)) for key in type(one.scope).model_fields]
    return all(not mine or not theirs or bool({*mine} & {*theirs}) for mine, theirs in pairs)


def message_place(packed: PackedRule, branch: int) -> Place:
    """Where the message of a branch stands."""
    return packed.place("branches", branch, "message") if packed.rule.branches else packed.place("message")


def _messages(packed: PackedRule, checked: CheckedRule) -> Iterator[LintFinding]:
    repeats = any(step.element.many for chain in checked.chains for step in chain.steps)
    for number, (branch, found) in enumerate(zip(packed.rule.all_branches(), checked.branches, strict=True)):
        place = message_place(packed, number)
        if branch.message.strip().rstrip(".").lower() == packed.rule.title.strip().rstrip(".").lower():
            yield finding("title_is_message", place, packed.id, branch.key)
        shown = found.message.arguments if found.message is not None else ()
        compared = _compared(found.require)
        if not shown and (repeats or compared):
            yield finding("message_without_value", place, packed.id, branch.key)
        elif compared and not compared & {name for argument in shown for name in _paths(argument.node)}:
            yield finding("message_hides_value", place, packed.id, branch.key)


def _compared(node: Node) -> set[tuple[str, ...]]:
    """The values that a demand compares with each other, those of list elements aside."""
    if isinstance(node, Compare):
        sides = [side for side in (node.left, node.right) if isinstance(side, Path)]
        return {(side.scope, *side.names) for side in sides} if len(sides) > 1 else set()
    if isinstance(node, Quantifier):
        return set()
    return {name for child in node.children for name in _compared(child)}


def _paths(node: Node) -> set[tuple[str, ...]]:
    return {(found.scope, *found.names) for found in node.walk() if isinstance(found, Path)}


def _used_names(rule: Rule) -> set[str]:
    """Every name that conditions, places, messages and edits begin with, through `let` as far as used."""
    texts = [rule.when, *rule.at]
    for branch in rule.all_branches():
        texts += [branch.when, branch.require, *branch.at, *_PLACEHOLDER.findall(branch.message)]
    computed = [plan.compute for plan in rule.fix] + [plan.compute for plan in rule.suggest]
    texts += [text for expressions in computed for text in expressions.values()]
    found: set[str] = set()
    pending = [text for text in texts if text]
    while pending:
        for name in _names(pending.pop()) - found:
            found.add(name)
            if name in rule.let:
                pending.append(rule.let[name])
    return found


def _names(text: str) -> set[str]:
    return {node.id for node in ast.walk(parse(Text(text)).body) if isinstance(node, ast.Name)}
