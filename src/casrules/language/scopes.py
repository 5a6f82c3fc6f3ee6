"""The names a rule can begin a path with, and the ways on which all the names it uses are there."""

from __future__ import annotations

import ast
import difflib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from casrules.dictionary import Chain, Dictionary
from casrules.errors import Place, RuleError
from casrules.language.sources import Text

MESSAGE = "message"


@dataclass(frozen=True, slots=True)
class Scopes:
    """The ways a rule visits, and the entity each of its scope names stands for."""

    chains: tuple[Chain, ...]
    entities: dict[str, str]
    possible: frozenset[str]


def find_scopes(dictionary: Dictionary, target: Text, used: Iterable[str], rule: str) -> Scopes:
    """The ways to `target` on which every scope name among `used` exists; RuleError where there is none."""
    chains = dictionary.chains_to(target.value)
    if not chains:
        near = nearest(target.value, dictionary.scope_names)
        raise RuleError(f"{rule}: nothing is called {target.value!r}", place=target.place, remedy=near)
    possible = frozenset(name for chain in chains for name in chain.scopes)
    named = sorted(set(used) & possible)
    kept = tuple(chain for chain in chains if all(name in chain.scopes for name in named))
    if not kept:
        raise RuleError(
            f"{rule}: no {target.value} is below all of {', '.join(named)}",
            place=target.place,
            remedy=f"ways to a {target.value}: {', '.join(chain.path for chain in chains[:5])}",
        )
    return Scopes(kept, _entities(kept, named, target, rule), possible)


def _entities(chains: tuple[Chain, ...], named: list[str], target: Text, rule: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for name in named:
        entities = {entity_at(chain, chain.scopes[name]) for chain in chains}
        if len(entities) > 1:
            raise RuleError(
                f"{rule}: {name} means different entities ({', '.join(sorted(entities))})",
                place=target.place,
                remedy="choose a narrower `for`",
            )
        found[name] = entities.pop()
    return found


def entity_at(chain: Chain, depth: int) -> str:
    """The entity that `depth` steps of the chain lead to."""
    return Chain(chain.steps[:depth]).entity


def names_in(tree: ast.AST) -> Iterator[str]:
    """The names an expression begins its paths with."""
    return (node.id for node in ast.walk(tree) if isinstance(node, ast.Name))


def nearest(name: str, known: Iterable[str]) -> str:
    """A remedy: the known name closest to `name`, else what is known."""
    names = sorted(known)
    near = difflib.get_close_matches(name, names, n=1, cutoff=0.5)
    return f"did you mean {near[0]}?" if near else f"known: {', '.join(names[:40])}"


def duplicate(name: str, place: Place | None) -> RuleError:
    """The error for a name that is taken already."""
    return RuleError(f"the name {name!r} is already taken", place=place, remedy="choose another name")
