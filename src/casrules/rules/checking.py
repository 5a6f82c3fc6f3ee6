"""Checks the rules of packs that run together against the dictionary, code lists and tables."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Protocol

from casrules.dictionary import Dictionary
from casrules.errors import RuleError
from casrules.language import CheckedRule, RuleSource, Text, check_rule
from casrules.limits import DEFAULT_LIMITS, Limits
from casrules.packs import CodeLists, Pack, PackedRule, combine
from casrules.packs.cost import Cost, cost_of
from casrules.packs.model_errors import near
from casrules.packs.models import Scope
from casrules.packs.scope_conditions import shipped_scope_conditions
from casrules.packs.tables import Table
from casrules.rules.ruleset import Checked, Checks, PackRule, RuleSet
from casrules.rules.sources import rule_source

_COMPUTED = "computed_by_the_fix"


class CheckedBefore(Protocol):
    """Checked rules that were kept; see casrules.packs.compiled."""

    def find(self, packed: PackedRule, families: frozenset[str], code_lists: Collection[str]) -> Checks | None:
        """The checked rule and the checked expressions of its fixes; None where they are not there or not these."""
        ...


def build_ruleset(
    packs: Sequence[Pack],
    dictionary: Dictionary,
    code_lists: CodeLists,
    families_of: Callable[[Scope], frozenset[str]],
    families: frozenset[str],
    *,
    known_scopes: Mapping[str, Collection[str]] | None = None,
    checked_before: CheckedBefore | None = None,
    limits: Limits = DEFAULT_LIMITS,
) -> RuleSet:
    """Check every rule of `packs`; `families_of` gives the message families a scope allows (empty: all `families`).

    `known_scopes` are the values each key of a scope can have (None: not checked). A rule that may visit more than
    `limits.rule_cost` entities is refused. Raises RuleError with file and line for a rule that does not pass its check,
    PackError for packs that do not go together.
    """
    together = combine(packs)
    lists = code_lists.names()
    check = partial(
        check_rule,
        dictionary=dictionary,
        code_lists=lists,
        tables=_columns(together.tables),
        table_words=together.table_words,
        families=families,
        limits=limits,
    )
    rules: dict[str, PackRule] = {}
    for name, packed in together.rules.items():
        if known_scopes is not None:
            _check_scope(packed, known_scopes)
        allowed = families_of(packed.scope)
        kept = checked_before.find(packed, allowed, lists) if checked_before is not None else None
        if kept is None:
            within = shipped_scope_conditions().condition(packed.scope, packed.rule, dictionary)
            source = rule_source(packed, allowed, within)
            checks: Checks = Checked(check(source), check_computations(packed, source, check))
        else:
            checks = kept  # made when first asked for: nothing here may ask without need
        rules[name] = PackRule(packed, checks)
        if kept is None:
            _ = rules[name].wordings  # what is kept has passed this too
        if kept is None or limits.rule_cost < DEFAULT_LIMITS.rule_cost:  # what was kept passed the default
            _check_cost(rules[name], cost_of(checks.checked, dictionary), limits.rule_cost)
    return RuleSet(
        packs=together.packs,
        rules=rules,
        tables=together.tables,
        dictionary=dictionary,
        ids=together.ids,
        overrides=together.overrides,
        foreign=together.foreign,
    )


def check_computations(
    packed: PackedRule, source: RuleSource, check: Callable[[RuleSource], CheckedRule]
) -> dict[str, CheckedRule]:
    """The expressions that fixes compute, each checked as the one placeholder of a message of the same rule."""
    texts = {
        text: packed.place("fix", number, "compute", path)
        for number, plan in enumerate(packed.rule.fix)
        for path, text in plan.compute.items()
    }
    return {text: check(_computation(source, Text(text, place))) for text, place in texts.items()}


def _computation(source: RuleSource, text: Text) -> RuleSource:
    """A rule whose message is the value of the expression; named by `let`, as an expression may hold braces."""
    return replace(
        source,
        let={**source.let, _COMPUTED: text},
        message=Text(f"{{{_COMPUTED}}}", text.place),
        branches=(),
        require=Text(f"{_COMPUTED} == {_COMPUTED}", text.place),
        when=None,
        at=(),
    )


def _check_scope(packed: PackedRule, known: Mapping[str, Collection[str]]) -> None:
    for key, values in known.items():
        for number, value in enumerate(getattr(packed.rule.scope, key)):
            if value not in values:
                raise RuleError(
                    f"{packed.rule.id}: there is no {key} {value!r}",
                    place=packed.place("scope", key, number),
                    remedy=near(value, values),
                )


def _check_cost(rule: PackRule, cost: Cost, bound: int) -> None:
    if cost.visits > bound:
        raise RuleError(
            f"{rule.id} may visit {cost.visits:,} entities, more than the {bound:,} allowed: {cost.clause}",
            place=rule.packed.place("require"),
            remedy="tie the inner list to the outer entity with an equality, visit a smaller entity, "
            "or raise limits.rule_cost",
        )


def _columns(tables: Mapping[str, Table]) -> dict[str, dict[str, str]]:
    """The columns of every table; all of them hold text."""
    return {name: {column: "text" for row in table.values() for column in row} for name, table in tables.items()}
