"""Configuration rules that contradict each other, as far as their texts tell; the rest shows when they meet."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from casrules.packs.cell_sets import covers, meet
from casrules.packs.configuration import ASKED
from casrules.packs.decision_cells import Texts
from casrules.packs.lint.findings import LintFinding, finding
from casrules.packs.lint.rule_references import circles
from casrules.packs.lint.rule_texts import share_messages_and_days
from casrules.packs.loading import PackedConfiguration


@dataclass(frozen=True, slots=True)
class _Writing:
    """A rule that writes a value, known beforehand, to a path; `overrides` whatever is there."""

    rule: PackedConfiguration
    path: str
    value: str
    overrides: bool


def check_conflicts(rules: Sequence[PackedConfiguration]) -> Iterator[LintFinding]:
    """Pairs of rules that clash, each at the second; circles of rules at the first by id."""
    groups: dict[tuple[str, int], list[_Writing]] = defaultdict(list)
    for rule in rules:
        head, plan = rule.written.head, rule.packed.rule.fix[0]
        if head.mode == "apply":
            writes = [_Writing(rule, path, value, True) for path, value in plan.set.items()]
            writes += [_Writing(rule, path, value, False) for path, value in plan.default.items()]
            groups[head.for_, head.rank] += [writing for writing in writes if writing.value != ASKED]
    for group in groups.values():
        yield from _clashes(group)
        yield from _circles(group)


def _clashes(group: Sequence[_Writing]) -> Iterator[LintFinding]:
    by_path: dict[str, list[_Writing]] = defaultdict(list)
    for writing in group:
        for other in by_path[writing.path]:
            if writing.value != other.value and _can_meet(other.rule, writing.rule):
                detail = f"{writing.path}: {other.value} by {other.rule.id}, {writing.value} here"
                yield finding("conflicting_rules", writing.rule.packed.place("id"), writing.rule.id, detail)
                break
        by_path[writing.path].append(writing)


def _circles(group: Sequence[_Writing]) -> Iterator[LintFinding]:
    """Rules of which each makes the condition of the next true, and that write one field differently."""
    testing: dict[str, list[_Writing]] = defaultdict(list)
    for writing in group:
        for path in writing.rule.written.tests:
            testing[path].append(writing)
    edges: dict[str, tuple[str, ...]] = {writing.rule.id: () for writing in group}
    for writing in group:
        leads_to = [other.rule.id for other in testing[writing.path] if _feeds(writing, other)]
        edges[writing.rule.id] = tuple(dict.fromkeys((*edges[writing.rule.id], *leads_to)))
    for circle in circles(edges):
        within = [writing for writing in group if writing.rule.id in circle]
        values: dict[str, set[str]] = defaultdict(set)
        for writing in within:
            values[writing.path].add(writing.value)
        if any(len(found) > 1 for found in values.values()):
            first = next(writing.rule for writing in within if writing.rule.id == circle[0])
            yield finding("value_circle", first.packed.place("id"), circle[0], " → ".join((*circle, circle[0])))


def _feeds(writing: _Writing, other: _Writing) -> bool:
    """Whether the value written lets `other` apply, and both can be about one entity."""
    if writing.rule is other.rule or not (writing.overrides and other.overrides):
        return False
    test = other.rule.written.tests[writing.path]
    return covers(test, Texts(frozenset({writing.value}))) and _can_meet(writing.rule, other.rule, but=writing.path)


def _can_meet(one: PackedConfiguration, other: PackedConfiguration, but: str = "") -> bool:
    """Whether some entity surely can pass the conditions of both, those on the path `but` aside.

    Conditions that are no cells are compared as texts: where they differ, nothing is known.
    """
    mine, theirs = one.written, other.written
    if mine.table and mine.first_only and (one.packed.pack, mine.table) == (other.packed.pack, theirs.table):
        return False
    if (mine.head.when, mine.head.let, mine.head.params) != (theirs.head.when, theirs.head.let, theirs.head.params):
        return False
    if not share_messages_and_days(one.packed, other.packed):
        return False
    paths = {*mine.tests, *theirs.tests} - {but}
    return all(meet(mine.tests.get(path), theirs.tests.get(path)) for path in paths)
