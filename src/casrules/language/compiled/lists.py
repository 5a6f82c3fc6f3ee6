"""Which expressions have to run through a list before they can be tested."""

from __future__ import annotations

from casrules.language.tree import Node, Path, Presence, Quantifier
from casrules.language.types import LIST


def is_single_list(path: Path) -> bool:
    """True for one stored list, reached without going through another."""
    return len(path.hops[-1].parts) == 1 and not any(hop.many for hop in path.hops[:-1])


def needs_loop(node: Node) -> bool:
    """True where the code of `node` has to run through a list first."""
    return any(
        isinstance(part, Quantifier)
        or (
            isinstance(part, Presence)
            and isinstance(part.of, Path)
            and part.of.type.kind == LIST
            and not is_single_list(part.of)
        )
        for part in node.walk()
    )
