"""Which messages of its scope a rule can run on: a branch that none can carry is dead, and no example can show it."""

from __future__ import annotations

from dataclasses import dataclass

from casrules.dictionary import Chain
from casrules.language import CheckedBranch, restrict
from casrules.language.carrying import lacking
from casrules.language.checked import Carried
from casrules.rules import PackRule
from casrules.testing.carriers import Carriers


@dataclass(frozen=True, slots=True)
class Unreached:
    """A branch and the messages of the rule's scope it cannot run on; `dead` where it can run on none of them.

    `lacking` are the elements that the first of these messages does not carry.
    """

    branch: str
    messages: tuple[str, ...]
    lacking: tuple[str, ...]
    dead: bool

    def __str__(self) -> str:
        """`branch street runs on no message of its scope: aes.CC515C, … cannot carry exporter.address.po_box`."""
        name = f"branch {self.branch}" if self.branch else "the rule"
        where = "runs on no message of its scope" if self.dead else f"does not run on {', '.join(self.messages)}"
        return f"{name} {where}: {self.messages[0]} cannot carry {', '.join(self.lacking)}"


def unreached(rule: PackRule, carriers: Carriers) -> tuple[Unreached, ...]:
    """The branches of a rule that do not run on every message its scope allows."""
    within = list(carriers.within(rule.packed.scope))
    restricted = [restrict(rule.checked, carrier.carries) for carrier in within]
    found: list[Unreached] = []
    for index, branch in enumerate(rule.checked.branches):
        without = [
            carrier for carrier, narrow in zip(within, restricted, strict=True) if not narrow.branches[index].chains
        ]
        if without:
            names = tuple(dict.fromkeys(carrier.kind.message for carrier in without))
            kept_off = lacking_of(branch, rule.checked.chains, without[0].carries)
            found.append(Unreached(branch.key, names, kept_off, len(without) == len(within)))
    return tuple(found)


def lacking_of(branch: CheckedBranch, chains: tuple[Chain, ...], carried: Carried) -> tuple[str, ...]:
    """The elements that keep a branch from running, on the way of which the message carries most."""
    ways = [(tuple(step.name for step in chain.steps), lacking(branch, chain, carried)) for chain in chains]
    there = [found for names, found in ways if not names or carried(names)]
    return min((found for found in there or [found for _, found in ways] if found), key=len, default=())
