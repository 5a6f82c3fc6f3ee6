"""Which rule of ours says the same as an answer: by the authority's rule, or by its code at the same field."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from casrules.alerts.answers import Entry
from casrules.alerts.locating import Chain
from casrules.language import CheckedBranch
from casrules.language.tree import Node, Path
from casrules.rules import PackRule
from casrules.rules.ruleset import RuleSet

Chains = frozenset[Chain]
Pointed = tuple[Chains, ...]
"""For each pointer the ways to what it may mean."""
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
    def _demands(self) -> Mapping[str, tuple[tuple[Chains, Chains], ...]]:
        """Rule → for each branch the ways to what it demands, and to that and to what it depends on."""
        return {
            rule.id: tuple(_asked(branch) for branch in rule.checked.branches)
            for rules in self._by_code.values()
            for rule in rules
        }

    def covering(self, entry: Entry, fields: Pointed, named: tuple[str, ...], family: str) -> tuple[PackRule, ...]:
        """The rules that cover an entry, in order of id.

        `named` are those its explanation names. A rule of the authority's own number covers it (of several those that
        read what the entry points at), and so does one of the same code where the code is one check; else a rule of the
        same code only where it reads everything the entry points at, or where that is nothing and few rules have the
        code. `family` keeps rules for other messages out.
        """
        rules = self.ruleset.rules
        if named:
            return tuple(rules[name] for name in named if name in rules)
        if entry.reason:
            # a code beside a reason says only what kind of rule is broken
            return self._narrowed(self._of(entry.system, "rule", entry.reason, family), entry.code, fields)
        by_code = self._of(entry.system, "code", entry.code, family)
        if entry.code_is_rule and by_code:
            return self._narrowed(by_code, entry.code, fields)
        if not fields:
            return by_code if len(by_code) <= FEW and not entry.pointers else ()
        demanding = self._reading(by_code, fields, 0)
        depending = () if demanding else self._reading(by_code, fields, 1)
        return demanding or (depending if len(depending) <= FEW else ())

    def demands(self, rule: PackRule, fields: Pointed) -> bool:
        """Whether everything pointed at is in what the rule demands, not only in its condition."""
        return bool(fields) and any(_meets(asked[0], fields) for asked in self._demands.get(rule.id, ()))

    def reported_at(self, rule: PackRule) -> tuple[Chain, ...]:
        """The ways to what a rule reports, each from the scope it is read in."""
        return tuple(dict.fromkeys(chain for branch in rule.checked.branches for chain in _fields(branch.at)))

    def _narrowed(self, rules: tuple[PackRule, ...], code: str, fields: Pointed) -> tuple[PackRule, ...]:
        """Of several rules of one number those of the code and of the place, as far as any are."""
        if len(rules) > 1:
            coded = (rule for rule in rules if any(told.code == code for told in rule.packed.rule.authority))
            rules = tuple(coded) or rules
        if len(rules) > 1 and fields:
            rules = self._reading(rules, fields, 0) or self._reading(rules, fields, 1) or rules
            rules = tuple(rule for rule in rules if self._reports(rule, fields)) or rules
        return rules

    def _reports(self, rule: PackRule, fields: Pointed) -> bool:
        """Whether a rule reports just what is pointed at."""
        return any(_ends_with(one, way) for way in self.reported_at(rule) for several in fields for one in several)

    def _reading(self, rules: Iterable[PackRule], fields: Pointed, depth: int) -> tuple[PackRule, ...]:
        """The rules of which a branch reads all fields: in its demand (0), or there or in its condition (1)."""
        return tuple(rule for rule in rules if any(_meets(asked[depth], fields) for asked in self._demands[rule.id]))

    def _of(self, system: str, kind: str, text: str, family: str) -> tuple[PackRule, ...]:
        found = self._by_code.get((system, kind, text), ())
        return tuple(rule for rule in found if _is_for(rule, family))


def _asked(branch: CheckedBranch) -> tuple[Chains, Chains]:
    demand = frozenset(_fields((*branch.at, branch.require)))
    return demand, demand | frozenset(_fields((branch.when,) if branch.when is not None else ()))


def _fields(nodes: Iterable[Node]) -> Iterator[Chain]:
    """The ways to what conditions read, each from the scope it is read in; what a view stands for is left out."""
    waiting = list(nodes)
    while waiting:
        node = waiting.pop()
        waiting += node.children
        if isinstance(node, Path) and node.elements:
            views = [at for at, element in enumerate(node.elements) if element.view]
            chain = node.elements[views[-1] + 1 if views else 0 :] or node.elements[-1:]
            yield tuple((element.entity, element.name) for element in chain)


def _meets(asked: frozenset[Chain], pointed: Pointed) -> bool:
    """Whether a demand reads everything pointed at: the same element, or something inside an entity pointed at."""
    return all(
        any(_ends_with(one, chain) or _inside(one, chain) for chain in asked for one in several) for several in pointed
    )


def _ends_with(pointed: Chain, asked: Chain) -> bool:
    return pointed[-len(asked) :] == asked


def _inside(pointed: Chain, asked: Chain) -> bool:
    """Whether what is asked lies in the entity pointed at, on the way that is named."""
    return pointed[-1] in asked[:-1]


def _is_for(rule: PackRule, family: str) -> bool:
    families = rule.packed.scope.family
    return not family or not families or family in families
