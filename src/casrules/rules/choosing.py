"""Which rules a caller wants, and which a message is for."""

from __future__ import annotations

import fnmatch
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from casrules.errors import UsageError
from casrules.packs import PackedRule, RuleIds
from casrules.packs.models import Scope

RELEASED: Final = frozenset({"stable", "deprecated"})
_WILD: Final = frozenset("*?[")


@dataclass(frozen=True, slots=True)
class MessageKind:
    """What a rule's scope is compared with; `message` is the full id (`ncts.CC015C`)."""

    family: str
    message: str
    phase: str = ""
    jurisdiction: str = ""
    flow: str = ""
    role: str = "declaration"
    complete: bool = True

    def within(self, scope: Scope) -> bool:
        """Whether a rule with this scope is for the message; a partial one must be named, by role or by id."""
        if not self.complete and self.role not in scope.role and self.message not in scope.message:
            return False
        pairs = (
            (scope.family, self.family), (scope.message, self.message), (scope.phase, self.phase),
            (scope.jurisdiction, self.jurisdiction), (scope.flow, self.flow), (scope.role, self.role),
        )  # fmt: skip
        return all(not allowed or value in allowed for allowed, value in pairs)


@dataclass(frozen=True, slots=True)
class Choice:
    """What the caller wants to run: statuses, and shell patterns of rule ids to select and to ignore.

    Draft and preview rules run only when asked for: by their status, or by an id written out in `select`.
    """

    statuses: frozenset[str] = RELEASED
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()

    def takes(self, packed: PackedRule) -> bool:
        """Whether the rule is wanted; ignoring wins over selecting."""
        if any(matches_id(packed.id, pattern) for pattern in self.ignore):
            return False
        hits = [pattern for pattern in self.select if matches_id(packed.id, pattern)]
        if self.select and not hits:
            return False
        return packed.rule.status in self.statuses or any(not _WILD & set(pattern) for pattern in hits)


def choose(
    ids: RuleIds, *, select: Iterable[str] = (), ignore: Iterable[str] = (), statuses: Iterable[str] = ()
) -> Choice:
    """The choice a caller wrote down; former ids of rules become today's.

    `statuses` are added to the released ones. Raises UsageError, with the nearest known id, for a pattern or an id
    that means no rule.
    """
    wanted = frozenset(statuses)
    if unknown := wanted - {"draft", "preview", *RELEASED}:
        raise UsageError(f"there is no status {min(unknown)!r}", remedy="draft, preview, stable or deprecated")
    return Choice(RELEASED | wanted, _known(select, ids), _known(ignore, ids))


def matches_id(rule_id: str, pattern: str) -> bool:
    """A pattern matches a full id, or the part after the pack (`R0223`), with `*` and `?`."""
    return fnmatch.fnmatchcase(rule_id, pattern) or fnmatch.fnmatchcase(rule_id, f"*.{pattern}")


def _known(patterns: Iterable[str], ids: RuleIds) -> tuple[str, ...]:
    found: list[str] = []
    for pattern in patterns:
        if any(matches_id(name, pattern) for name in ids.rules):
            found.append(pattern)
            continue
        former = _former(pattern, ids.aliases) | _former(pattern, ids.removed)
        today = sorted({name for name in map(ids.canonical, former) if name is not None})
        if not today:
            gone = next((ids.removed[name] for name in sorted(former) if name in ids.removed), None)
            problem = f"no rule is called {pattern!r}"
            if gone is not None:
                problem = f"the rule {pattern!r} was removed in version {gone.since}: {gone.reason}"
            raise UsageError(problem, remedy=ids.nearest(pattern))
        found += today
    return tuple(found)


def _former(pattern: str, known: Mapping[str, object]) -> set[str]:
    return {name for name in known if matches_id(name, pattern)}
