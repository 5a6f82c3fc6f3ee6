"""Scopes that the content of a declaration decides, data set and procedure: what `schemas/dictionary/scopes.csv` says.

Such a scope is a condition like any other: it is joined to the rule's `when`, so that every reading of a rule knows it.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from casrules.dictionary import Dictionary
from casrules.packs.codelists import CodeLists
from casrules.packs.models import Rule, Scope
from casrules.resources import schemas_folder

SCOPES_FILE = "scopes.csv"


@dataclass(frozen=True, slots=True)
class ScopeCondition:
    """One row: `value` is what a scope names, or empty for any code of `lists`, and `when` has `{values}` for them.

    `visits` is the entity a rule must visit, or speak of, for the row to hold; empty: whatever it visits.
    """

    scope: str
    value: str
    lists: tuple[str, ...]
    visits: str
    when: str


@dataclass(frozen=True, slots=True)
class ScopeConditions:
    """The rows of the file, in order: the first that fits a rule counts."""

    rows: tuple[ScopeCondition, ...]

    def known(self, lists: CodeLists) -> Mapping[str, frozenset[str]]:
        """The values each of these scopes can have."""
        found: dict[str, frozenset[str]] = {}
        for row in self.rows:
            codes = {row.value} if row.value else {code for name in row.lists for code in lists.get(name) or ()}
            found[row.scope] = found.get(row.scope, frozenset()) | codes
        return found

    def condition(self, scope: Scope, rule: Rule, dictionary: Dictionary) -> str:
        """What the declaration must hold for the rule to apply; "" where its scope leaves that open."""
        parts = []
        for name in dict.fromkeys(row.scope for row in self.rows):
            values: tuple[str, ...] = getattr(scope, name)
            if values:
                parts.append(self._part([row for row in self.rows if row.scope == name], values, rule, dictionary))
        return " and ".join(f"({part})" for part in parts)

    def _part(self, rows: list[ScopeCondition], values: tuple[str, ...], rule: Rule, dictionary: Dictionary) -> str:
        exact = [row.when for row in rows if row.value in values]
        if exact:
            return " or ".join(f"({when})" for when in exact)
        fitting = next(row for row in rows if not row.value and _fits(row.visits, rule, dictionary))
        return fitting.when.replace("{values}", "{" + ", ".join(f'"{value}"' for value in values) + "}")


def _fits(entity: str, rule: Rule, dictionary: Dictionary) -> bool:
    """Whether all that the rule visits is an entity of this name, or below one, or the rule speaks of it."""
    if not entity:
        return True
    texts = (rule.when, rule.message, *rule.let.values(), *(branch.require for branch in rule.all_branches()))
    if any(re.search(rf"\b{entity}\.", text) for text in texts if text):
        return True
    ways = dictionary.chains_to(rule.for_)
    return bool(ways) and all(entity in way.scopes for way in ways)


def read_scope_conditions(path: Path) -> ScopeConditions:
    """The rows of a file with the columns scope, value, lists, visits and when."""
    with path.open(encoding="utf-8", newline="") as stream:
        rows = csv.DictReader(stream, strict=True)
        return ScopeConditions(
            tuple(
                ScopeCondition(row["scope"], row["value"], tuple(row["lists"].split()), row["visits"], row["when"])
                for row in rows
            )
        )


@cache
def shipped_scope_conditions() -> ScopeConditions:
    """The file that comes with the library."""
    return read_scope_conditions(schemas_folder() / "dictionary" / SCOPES_FILE)
