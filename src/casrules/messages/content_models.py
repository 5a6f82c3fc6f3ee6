"""What is wrong with the children of one element: missing, too many, unknown, in the wrong order, not together.

A content model is read as a tree of groups in which each name stands once; where a schema uses a name twice in one
model, `ContentModel.of` gives None, and the caller falls back on libxml2's own error.
"""

from __future__ import annotations

import bisect
import difflib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from xmlschema.validators import XsdElement, XsdGroup

ALIKE = 0.75


@dataclass(frozen=True, slots=True)
class ChildFault:
    """One fault of the children: `position` is the child's, None if it is missing; `names` those concerned."""

    kind: str
    names: tuple[str, ...]
    position: int | None = None
    limit: int = 0
    count: int = 0
    side: str = ""


@dataclass(frozen=True)
class ContentModel:
    """Names of one content model with their schema elements and ranks; names of equal rank may come in any order."""

    group: XsdGroup
    elements: Mapping[str, XsdElement]
    ranks: Mapping[str, int]
    wildcards: tuple[Any, ...]

    @classmethod
    def of(cls, group: XsdGroup) -> ContentModel | None:
        """The model of a group; None if a name stands in it at two places."""
        elements: dict[str, Any] = {}
        ranks: dict[str, int] = {}
        wildcards: list[Any] = []
        for particle, rank in _ranked(group):
            if particle.name is None:
                wildcards.append(particle)
            elif particle.name in elements and ranks[particle.name] != rank:
                return None
            else:
                elements[particle.name] = particle
                ranks[particle.name] = rank
        return cls(group, elements, ranks, tuple(wildcards))

    def element_for(self, name: str) -> XsdElement | None:
        """The schema element of a child: by name, else the global one that a wildcard lets in."""
        if name in self.elements:
            return self.elements[name]
        for wildcard in self.wildcards:
            if wildcard.is_matching(name):
                return wildcard.maps.elements.get(name)  # type: ignore[no-any-return]
        return None

    def allows(self, name: str) -> bool:
        """Whether a child of this name can be there at all."""
        return name in self.elements or any(
            wildcard.is_matching(name) and self._is_known(wildcard, name) for wildcard in self.wildcards
        )

    @staticmethod
    def _is_known(wildcard: Any, name: str) -> bool:
        return wildcard.process_contents != "strict" or name in wildcard.maps.elements

    def nearest(self, name: str) -> str | None:
        """The name of the model that `name` was probably meant to be: same letters, or other namespace."""
        local = name.rpartition("}")[2]
        by_local = {known.rpartition("}")[2]: known for known in self.elements}
        if local in by_local:
            return by_local[local]
        folded = {known.lower(): known for known in by_local}
        near = difflib.get_close_matches(local.lower(), folded, n=1, cutoff=ALIKE)
        return by_local[folded[near[0]]] if near else None

    def faults(self, names: Sequence[str], most: int) -> list[ChildFault]:
        """Everything wrong with children of these names, each fault once; at most `most` unknown ones."""
        counts: dict[str, int] = {}
        for name in names:
            counts[name] = counts.get(name, 0) + 1
        found = self._unexpected(names, counts, most)
        found += self._too_many(names, counts)
        found += self._misplaced(names)
        found += _lacking(self.group, counts, names)
        return found

    def _unexpected(self, names: Sequence[str], counts: dict[str, int], most: int) -> list[ChildFault]:
        """Children that cannot be there; one that is a misspelt missing one counts as that one."""
        found: list[ChildFault] = []
        given = dict(counts)
        allowed: dict[str, bool] = {}
        for position, name in enumerate(names):
            if name not in allowed:
                allowed[name] = self.allows(name)
            if allowed[name]:
                continue
            near = self.nearest(name)
            if near and near not in given:
                counts[near] = counts.get(near, 0) + 1
            found.append(ChildFault("unexpected_element", (name, *([near] if near else [])), position))
            if len(found) > most:
                break
        return found

    def _too_many(self, names: Sequence[str], counts: Mapping[str, int]) -> Iterator[ChildFault]:
        repeating = _repeated_names(self.group)
        for name, element in self.elements.items():
            most = element.max_occurs
            if most is None or name in repeating or counts.get(name, 0) <= most:
                continue
            positions = [position for position, one in enumerate(names) if one == name]
            if len(positions) > most:
                yield ChildFault("too_many", (name,), positions[most], limit=most, count=len(positions))

    def _misplaced(self, names: Sequence[str]) -> Iterator[ChildFault]:
        """Children outside the longest run in order; neighbours of one name are one fault."""
        placed = [(position, self.ranks[name]) for position, name in enumerate(names) if name in self.ranks]
        kept = set(_longest_in_order([rank for _, rank in placed]))
        in_order = [placed[index] for index in sorted(kept)]
        previous: tuple[int, str] | None = None
        for index, (position, rank) in enumerate(placed):
            if index in kept:
                continue
            name = names[position]
            if previous != (position - 1, name):
                side, other = _neighbour(position, rank, in_order)
                yield ChildFault("wrong_order", (name, names[other]), position, side=side)
            previous = (position, name)


def _neighbour(position: int, rank: int, in_order: Sequence[tuple[int, int]]) -> tuple[str, int]:
    """On which side of which well-placed child the misplaced one belongs."""
    later = [place for place, other in in_order if other > rank and place < position]
    if later:
        return "before", later[0]
    earlier = [place for place, other in in_order if other < rank and place > position]
    return ("after", earlier[-1]) if earlier else ("before", in_order[0][0])


def _longest_in_order(ranks: Sequence[int]) -> list[int]:
    """Indexes of a longest non-decreasing subsequence."""
    tails: list[int] = []
    tail_indexes: list[int] = []
    previous = [-1] * len(ranks)
    for index, rank in enumerate(ranks):
        at = bisect.bisect_right(tails, rank)
        previous[index] = tail_indexes[at - 1] if at else -1
        if at == len(tails):
            tails.append(rank)
            tail_indexes.append(index)
        else:
            tails[at], tail_indexes[at] = rank, index
    chain: list[int] = []
    index = tail_indexes[-1] if tail_indexes else -1
    while index >= 0:
        chain.append(index)
        index = previous[index]
    return chain


def _is_group(particle: Any) -> bool:
    return hasattr(particle, "model")


def _repeats(group: Any) -> bool:
    return group.max_occurs is None or group.max_occurs > 1


def _ranked(group: Any, rank: int = 0) -> Iterator[tuple[Any, int]]:
    """Every element and wildcard with its rank; inside what repeats or has no order all share one."""
    shared = group.model == "all" or _repeats(group)
    for particle in group:
        if _is_group(particle):
            for inner, inner_rank in _ranked(particle, rank):
                yield inner, rank if shared else inner_rank
                rank = rank if shared else max(rank, inner_rank)
        else:
            yield particle, rank
        rank += 0 if shared else 1


def _repeated_names(group: Any, above: bool = False) -> frozenset[str]:
    """Names inside a group that repeats: how often they may come depends on the group."""
    repeats = above or _repeats(group)
    found: set[str] = set()
    for particle in group:
        if _is_group(particle):
            found |= _repeated_names(particle, repeats)
        elif repeats:
            found.add(particle.name)
    return frozenset(found)


def _is_present(particle: Any, counts: Mapping[str, int]) -> bool:
    if _is_group(particle):
        return any(_is_present(inner, counts) for inner in particle)
    if particle.name is None:
        return any(count and particle.is_matching(name) for name, count in counts.items())
    return counts.get(particle.name, 0) > 0


def _lacking(particle: Any, counts: Mapping[str, int], names: Sequence[str]) -> list[ChildFault]:
    """What is missing, and branches of a choice that are there beside another."""
    present = _is_present(particle, counts)
    if not _is_group(particle):
        count = counts.get(particle.name, 0) if particle.name else int(present)
        if count < particle.min_occurs:
            return [ChildFault("missing_element", (particle.name or "",), count=particle.min_occurs)]
        return []
    if not present and (particle.min_occurs == 0 or _is_emptiable(particle)):
        return []
    if particle.model != "choice":
        return [fault for inner in particle for fault in _lacking(inner, counts, names)]
    branches = [inner for inner in particle if _is_present(inner, counts)]
    if not branches:
        return [ChildFault("missing_choice", tuple(_first_name(inner) for inner in particle))]
    found = _lacking(branches[0], counts, names)
    if not _repeats(particle):
        given = [name for branch in branches for name in list(_present_names(branch, names))[:1]]
        found += [ChildFault("not_together", (name, given[0]), names.index(name)) for name in given[1:]]
    return found


def _present_names(particle: Any, names: Sequence[str]) -> Iterator[str]:
    if _is_group(particle):
        for inner in particle:
            yield from _present_names(inner, names)
    elif particle.name is None:
        yield from (name for name in names if particle.is_matching(name))
    elif particle.name in names:
        yield particle.name


def _is_emptiable(particle: Any) -> bool:
    if particle.min_occurs == 0:
        return True
    if not _is_group(particle):
        return False
    test = any if particle.model == "choice" and len(particle) else all
    return test(_is_emptiable(inner) for inner in particle)


def _first_name(particle: Any) -> str:
    while _is_group(particle):
        particle = particle[0]
    return particle.name or ""
