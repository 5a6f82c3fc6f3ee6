"""Hands a pack's rule to the language: the same texts, each with the line it stands on."""

from __future__ import annotations

from casrules.language import BranchSource, RuleSource, Text
from casrules.packs import PackedRule, Scope


def families_of(scope: Scope) -> frozenset[str]:
    """The message families that a scope names or whose messages it names; empty where it allows all."""
    return frozenset((*scope.family, *(name.partition(".")[0] for name in scope.message)))


def rule_source(packed: PackedRule, families: frozenset[str], within: str = "") -> RuleSource:
    """What the language reads of `packed`; `families` are the message families its scope allows (empty: all).

    `within` is the condition that the rest of its scope is: the rule applies where both it and its `when` are true.
    """
    rule = packed.rule

    def text(value: str | None, *path: str | int) -> Text | None:
        return None if value is None else Text(value, packed.place(*path))

    def texts(values: tuple[str, ...], *path: str | int) -> tuple[Text, ...]:
        return tuple(Text(value, packed.place(*path, index)) for index, value in enumerate(values))

    branches = tuple(
        BranchSource(
            require=Text(branch.require, packed.place("branches", index, "require")),
            key=branch.key,
            when=text(branch.when, "branches", index, "when"),
            at=texts(branch.at, "branches", index, "at"),
            message=text(branch.message, "branches", index, "message"),
        )
        for index, branch in enumerate(rule.branches)
    )
    return RuleSource(
        id=packed.id,
        target=Text(rule.for_, packed.place("for")),
        require=text(rule.require, "require"),
        when=_narrowed(text(rule.when, "when"), Text(within, packed.place("scope"))),
        branches=branches,
        let={name: Text(value, packed.place("let", name)) for name, value in rule.let.items()},
        params=rule.params,
        at=texts(rule.at, "at"),
        message=text(rule.message, "message"),
        place=packed.place(),
        families=families,
        alternatives=texts(rule.alternatives, "alternatives"),
    )


def _narrowed(when: Text | None, within: Text) -> Text | None:
    if not within.value:
        return when
    return within if when is None else Text(f"{within.value} and ({when.value})", when.place)
