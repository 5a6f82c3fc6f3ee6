"""Runs every check over a pack and puts what they find in the order of the files."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Protocol

from casrules.dictionary import Dictionary
from casrules.language import CheckedRule
from casrules.limits import DEFAULT_LIMITS
from casrules.packs.extending import Foreign
from casrules.packs.lint.configuration import Carriers, check_configuration
from casrules.packs.lint.findings import LintFinding, finding
from casrules.packs.lint.rule_conditions import check_conditions
from casrules.packs.lint.rule_facts import check_facts
from casrules.packs.lint.rule_references import check_references
from casrules.packs.lint.rule_texts import check_texts, duplicate_texts
from casrules.packs.lint.translations import check_translations
from casrules.packs.loading import Pack, PackedRule

COSTLY = DEFAULT_LIMITS.rule_cost // 100


class LintedRule(Protocol):
    """A rule as it runs, overrides applied, and its checked form."""

    @property
    def packed(self) -> PackedRule:
        """The rule of the pack."""
        ...

    @property
    def checked(self) -> CheckedRule:
        """The same, checked."""
        ...


class LintedRules(Protocol):
    """The rules of all packs that run together: casrules.rules.RuleSet is one."""

    @property
    def rules(self) -> Mapping[str, LintedRule]:
        """The rules by full id."""
        ...

    @property
    def dictionary(self) -> Dictionary:
        """The dictionary they were checked against."""
        ...

    @property
    def foreign(self) -> tuple[Foreign, ...]:
        """References into packs that are not loaded."""
        ...


def lint(
    pack: Pack,
    ruleset: LintedRules,
    *,
    as_of: date | None = None,
    costly: int = COSTLY,
    carriers: Carriers | None = None,
) -> tuple[LintFinding, ...]:
    """Everything there is to object to in `pack`, which runs in `ruleset`; sorted by file and line.

    `as_of` is the day for which rules count as expired (None: none does). A rule that may visit more than `costly`
    entities is reported. `carriers` tells what messages can carry (None: what no message carries is not looked for).
    """
    found: list[LintFinding] = []
    own = {name: rule for name, rule in ruleset.rules.items() if rule.packed.pack == pack.id}
    for rule in own.values():
        found += check_facts(rule.packed, pack.manifest, as_of)
        found += check_texts(rule.packed, rule.checked)
        found += check_conditions(rule.packed, rule.checked, ruleset.dictionary, costly)
    found += duplicate_texts([rule.packed for rule in own.values()])
    found += check_translations([rule.packed for rule in own.values()])
    found += check_references({name: rule.packed for name, rule in ruleset.rules.items()}, pack.id)
    found += [
        finding("foreign_reference", entry.place, entry.rule, entry.reference)
        for entry in ruleset.foreign
        if entry.rule in own
    ]
    found += [
        finding("shadowed_row", row.place, f"{pack.id}.{row.table}.{row.row}", f"covered by {', '.join(row.by)}")
        for row in pack.shadowed
    ]
    found += check_configuration(pack, ruleset.dictionary, as_of, carriers)
    looked_up = {name for rule in ruleset.rules.values() for name in rule.checked.tables}
    found += [
        finding("unused_table", pack.place(), detail=f"tables/{name}.csv")
        for name in pack.tables
        if name not in looked_up
    ]
    return tuple(sorted(found, key=_order))


def _order(entry: LintFinding) -> tuple[str, int, str, str, str]:
    return (entry.place.file, entry.place.line or 0, entry.code, entry.rule, entry.detail)
