"""Ids of rules across packs: which exist, which are former names, which are gone; and what a written id means."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from casrules.errors import Place, RuleError
from casrules.packs.loading import Pack, PackedRule
from casrules.packs.manifest import Removed


@dataclass(frozen=True, slots=True)
class RuleIds:
    """Every full id of the loaded packs, the former ids with what they mean today, and the ids of removed rules."""

    packs: frozenset[str]
    rules: Mapping[str, PackedRule]
    aliases: Mapping[str, str]
    removed: Mapping[str, Removed]

    def canonical(self, full_id: str) -> str | None:
        """The id of today's rule: itself, what it is an alias of, or what replaced it. None for all others."""
        seen: set[str] = set()
        found = full_id
        while found not in self.rules:
            if found in seen:
                return None
            seen.add(found)
            gone = self.removed.get(found)
            following = self.aliases.get(found) or (gone.replaced_by if gone else None)
            if following is None:
                return None
            found = following if gone is None else self.full(following, self.pack_of(full_id) or "")
        return found

    def full(self, written: str, home: str) -> str:
        """The full id that `written` stands for inside the pack `home`: written in full, or without the pack."""
        return written if self.pack_of(written) else f"{home}.{written}"

    def pack_of(self, written: str) -> str | None:
        """The loaded pack whose rules' ids begin as `written` does."""
        found = [pack for pack in self.packs if written.startswith(f"{pack}.")]
        return max(found, key=len, default=None)

    def resolve(self, written: str, home: str, place: Place | None) -> str:
        """The id of today's rule; RuleError with the nearest known id for one that nobody has or that is gone."""
        full = self.full(written, home)
        found = self.canonical(full) or self.canonical(written)
        if found is not None:
            return found
        gone = self.removed.get(full)
        if gone is not None:
            problem = f"the rule {full!r} was removed in version {gone.since}: {gone.reason}"
            raise RuleError(problem, place=place, remedy="refer to another rule, or leave it out")
        raise RuleError(f"no rule is called {written!r}", place=place, remedy=self.nearest(written, home))

    def nearest(self, written: str, home: str = "") -> str:
        """A remedy: the known id closest to `written`."""
        known = {**dict.fromkeys(self.rules), **dict.fromkeys(self.aliases)}
        short = {name.removeprefix(f"{home}."): name for name in known if name.startswith(f"{home}.")}
        near = difflib.get_close_matches(written, [*known, *short], n=1, cutoff=0.5)
        if not near:
            return "`casrules rules` lists all rules"
        return f"did you mean {short.get(near[0], near[0])}?"

    def is_foreign(self, written: str, home: str) -> bool:
        """Whether an id points into a pack that is not loaded."""
        full = self.full(written, home)
        if self.pack_of(written) or full in self.rules or full in self.aliases or full in self.removed:
            return False
        return "." in written and not self.is_near(written, home)

    def is_near(self, written: str, home: str) -> bool:
        """Whether an unknown id looks like a slip of the pen: a known one resembles it closely."""
        known = [*self.rules, *(name.removeprefix(f"{home}.") for name in self.rules)]
        return bool(difflib.get_close_matches(written, known, n=1, cutoff=0.85))


def rule_ids(packs: Sequence[Pack]) -> RuleIds:
    """All ids of `packs`; RuleError naming both places where an alias or a removed id clashes with another id."""
    ids = RuleIds(
        frozenset(pack.id for pack in packs),
        {rule.id: rule for rule in _rules(packs)},
        {},
        {},
    )
    removed: dict[str, Removed] = {}
    taken: dict[str, Callable[[], Place]] = {name: partial(rule.place, "id") for name, rule in ids.rules.items()}
    for pack in packs:
        for number, gone in enumerate(pack.manifest.removed):
            name = f"{pack.id}.{gone.id}"
            _claim(taken, name, partial(pack.place, "removed", number), "a removed rule had this id")
            removed[name] = gone
    aliases: dict[str, str] = {}
    for rule in _rules(packs):
        for number, written in enumerate(rule.rule.aliases):
            name = ids.full(written, rule.pack)
            _claim(
                taken, name, partial(rule.place, "aliases", number), "an alias is an id that no other rule has or had"
            )
            aliases[name] = rule.id
    found = RuleIds(ids.packs, ids.rules, aliases, removed)
    for pack in packs:
        for number, gone in enumerate(pack.manifest.removed):
            if gone.replaced_by is not None and found.canonical(f"{pack.id}.{gone.id}") is None:
                found.resolve(gone.replaced_by, pack.id, pack.place("removed", number, "replaced_by"))
    return found


def _claim(taken: dict[str, Callable[[], Place]], name: str, place: Callable[[], Place], why: str) -> None:
    if name in taken:
        raise RuleError(f"the id {name!r} is used twice", place=place(), remedy=f"first at {taken[name]()}; {why}")
    taken[name] = place


def _rules(packs: Iterable[Pack]) -> Iterable[PackedRule]:
    for pack in packs:
        yield from pack.rules.values()
