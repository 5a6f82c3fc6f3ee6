"""Checks of configuration rules: reasons, days, what no message can carry."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import date

from casrules.dictionary import Chain, Dictionary
from casrules.errors import DictionaryError
from casrules.language.checked import stored_paths
from casrules.packs.decision_cells import Presence
from casrules.packs.lint.configuration_conflicts import check_conflicts
from casrules.packs.lint.findings import LintFinding, finding
from casrules.packs.lint.rule_facts import check_days
from casrules.packs.loading import Pack, PackedConfiguration
from casrules.packs.models import Scope

Carried = Callable[[tuple[str, ...]], bool]
Carriers = Callable[[Scope], Sequence[Carried]]
"""For a scope, what each of its messages can carry: asked with the names of an element from the declaration."""
_PATH = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+")


def check_configuration(
    pack: Pack, dictionary: Dictionary, as_of: date | None, carriers: Carriers | None
) -> Iterator[LintFinding]:
    """Objections to the configuration rules of a pack; what a table says once is objected to once."""
    rules = tuple(pack.configuration.values())
    seen: set[str] = set()
    reach = _Reach(dictionary, carriers) if carriers is not None else None
    for rule in rules:
        yield from check_days(rule.packed, pack.manifest, as_of)
        since = rule.packed.rule.valid.since
        if as_of is not None and since is not None and since > as_of:
            yield finding("not_yet_in_force", rule.packed.place("valid"), rule.id, f"before {since}")
        owner = f"{rule.packed.pack}.{rule.packed.table}" if rule.packed.table else rule.id
        if owner in seen:
            continue
        seen.add(owner)
        head = rule.written.head
        if not head.because and not head.law:
            yield finding("no_reason", rule.packed.place("id"), owner)
        if reach is not None:
            yield from reach.check(rule, owner)
    yield from check_conflicts(rules)


class _Reach:
    """What the messages of a rule's scope can carry."""

    def __init__(self, dictionary: Dictionary, carriers: Carriers) -> None:
        self._dictionary = dictionary
        self._carriers = carriers

    def check(self, rule: PackedConfiguration, owner: str) -> Iterator[LintFinding]:
        """The elements that no message of the scope has."""
        packed, head = rule.packed, rule.written.head
        messages = self._carriers(packed.scope)
        chains = self._dictionary.chains_to(packed.rule.for_)
        for path in head.targets:
            if "." in path and not self._carried(path, chains, messages):
                yield finding("target_not_carried", packed.place(), owner, path)
        tested = [path for path, test in rule.written.tests.items() if test != Presence(False)]
        for path in tested:
            if _PATH.fullmatch(path) and not self._carried(path, chains, messages):
                yield finding("condition_not_carried", packed.place("match", path), owner, path)

    def _carried(self, path: str, chains: Sequence[Chain], messages: Sequence[Carried]) -> bool:
        names = [found for chain in chains for found in self._names(path, chain)]
        return not names or not messages or any(carries(found) for carries in messages for found in names)

    def _names(self, path: str, chain: Chain) -> tuple[tuple[str, ...], ...]:
        """The names from the declaration that a path stands for on a way; none where it does not begin there."""
        scope, *rest = path.split(".")
        if scope not in chain.scopes:
            return ()
        above = chain.steps[: chain.scopes[scope]]
        entity = above[-1].element.type if above else self._dictionary.root
        try:
            elements = self._dictionary.resolve(entity, rest)
        except DictionaryError:
            return ()
        prefix = tuple(step.name for step in above)
        return tuple((*prefix, *found) for found in stored_paths(elements))
