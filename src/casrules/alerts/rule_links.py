"""Which rule of ours says the same as an answer: by the authority's rule, or by its code at the same field."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from casrules.alerts.answers import Entry
from casrules.alerts.locating import Field
from casrules.language.tree import Node, Path
from casrules.rules import PackRule
from casrules.rules.ruleset import RuleSet

FEW = 3
"""So many rules of one code say something without a field; more say nothing."""


@dataclass(frozen=True)
class RuleLinks:
    """The rules by official code and official rule. Share it between threads."""

    ruleset: RuleSet

    @cached_property
    def _by_code(self) -> Mapping[tuple[str, str, str], tuple[PackRule, ...]]:
        found: dict[tuple[str, str, str], dict[str, PackRule]] = {}
        for name in sorted(self.ruleset.rules):
            rule = self.ruleset.rules[name]
            for told in rule.packed.rule.authority:
                for key in {(told.system, "code", told.code), (told.system, "rule", told.rule)}:
                    if key[2]:
                        found.setdefault(key, {})[rule.id] = rule
        return {key: tuple(rules.values()) for key, rules in found.items()}

    @cached_property
    def _demands(self) -> Mapping[str, tuple[frozenset[Field], ...]]:
        """Rule → for each branch the fields that its demand is about: where it points, else what it requires."""
        return {
            rule.id: tuple(frozenset(_fields((*branch.at, branch.require))) for branch in rule.checked.branches)
            for rules in self._by_code.values()
            for rule in rules
        }

    def covering(
        self, entry: Entry, fields: frozenset[Field], named: tuple[str, ...], family: str
    ) -> tuple[PackRule, ...]:
        """The rules that cover an entry, in order of id.

        `named` are those its explanation names. A rule of the authority's own number covers it; a rule of the same code
        only where it reads every field the entry points at, or where it points at none and few rules have the code.
        `family` keeps rules for other messages out.
        """
        rules = self.ruleset.rules
        if named:
            return tuple(rules[name] for name in named if name in rules)
        by_reason = self._of(entry.system, "rule", entry.reason, family) if entry.reason else ()
        if by_reason:
            return by_reason
        by_code = self._of(entry.system, "code", entry.code, family)
        if not fields:
            return by_code if len(by_code) <= FEW and not entry.pointers else ()
        return tuple(rule for rule in by_code if any(fields <= asked for asked in self._demands[rule.id]))

    def _of(self, system: str, kind: str, text: str, family: str) -> tuple[PackRule, ...]:
        found = self._by_code.get((system, kind, text), ())
        return tuple(rule for rule in found if _is_for(rule, family))


def _fields(nodes: Iterable[Node]) -> Iterator[Field]:
    """The dictionary fields that conditions read, with the lists and entities on the way as far as they are named."""
    waiting = list(nodes)
    while waiting:
        node = waiting.pop()
        waiting += node.children
        if isinstance(node, Path) and node.elements:
            last = node.elements[-1]
            yield last.entity, last.name


def _is_for(rule: PackRule, family: str) -> bool:
    families = rule.packed.scope.family
    return not family or not families or family in families
