"""A rule after its check: typed conditions, the ways it visits, what it reads."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from casrules.dictionary import Chain, Element
from casrules.language.tree import And, Listed, Lookup, Node, Path

Record = Mapping[str, Any]
RecordPath = tuple[tuple[str, int | None], ...]
Read = tuple[str, str]
"""An entity's name and an element's name: what a rule reads, views resolved to the stored lists they join."""
Carried = Callable[[tuple[str, ...]], bool]
"""Says whether a message can carry the stored element at these names from the declaration."""


@dataclass(frozen=True, slots=True)
class Argument:
    """A placeholder `{name:style}` of a message; `style` is empty, mass, amount, date or list."""

    name: str
    node: Node
    style: str


@dataclass(frozen=True, slots=True)
class Template:
    """A message's text, its placeholders as typed expressions; `source` as written."""

    source: str
    parts: tuple[str | Argument, ...]

    @property
    def arguments(self) -> tuple[Argument, ...]:
        """The placeholders in order."""
        return tuple(part for part in self.parts if isinstance(part, Argument))


@dataclass(frozen=True, slots=True)
class CheckedBranch:
    """One check: violated where `when` is true and `require` definitely false.

    `when` holds the rule's and the branch's condition together. `chains` are the positions, in the rule's chains, of
    the ways on which the branch runs.
    """

    key: str
    when: Node | None
    require: Node
    at: tuple[Path, ...]
    message: Template | None
    reads: frozenset[Read]
    chains: tuple[int, ...]


@dataclass(frozen=True)
class CheckedRule:
    """A rule that passed its check against the dictionary; immutable, shared between threads."""

    id: str
    target: str
    chains: tuple[Chain, ...]
    when: Node | None
    branches: tuple[CheckedBranch, ...]
    alternatives: tuple[Template, ...] = ()

    @cached_property
    def reads(self) -> frozenset[Read]:
        """Everything the rule reads: on its ways, in its conditions, in `at` and in its messages."""
        on_the_way = {(step.element.entity, step.name) for chain in self.chains for step in chain.steps}
        return frozenset(on_the_way).union(*(branch.reads for branch in self.branches))

    @cached_property
    def code_lists(self) -> frozenset[str]:
        """Names of the code lists its conditions use."""
        return frozenset(node.name for node in self._nodes() if isinstance(node, Listed))

    @cached_property
    def tables(self) -> frozenset[str]:
        """Names of the tables its conditions use."""
        return frozenset(node.table for node in self._nodes() if isinstance(node, Lookup))

    def _nodes(self) -> tuple[Node, ...]:
        return tuple(
            node for branch in self.branches for part in (branch.when, branch.require) if part for node in part.walk()
        )


def conjunction(*conditions: Node | None) -> Node | None:
    """All given conditions together; None when there is none."""
    parts = tuple(condition for condition in conditions if condition is not None)
    if len(parts) < 2:
        return parts[0] if parts else None
    return And(parts, text=" and ".join(f"({part.text})" for part in parts))


def stored_paths(elements: tuple[Element, ...]) -> tuple[tuple[str, ...], ...]:
    """The stored element names `elements` stand for: one path, or one for each part of a view on the way."""
    paths: tuple[tuple[str, ...], ...] = ((),)
    for element in elements:
        steps = element.view or ((element.name,),)
        paths = tuple((*path, *step) for path in paths for step in steps)
    return paths
