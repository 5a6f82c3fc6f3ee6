"""Checks of `after` and `specialises`: a rule that points at itself, and circles."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from casrules.packs.lint.findings import LintFinding, finding
from casrules.packs.loading import PackedRule

KEYS = ("after", "specialises")


def check_references(rules: Mapping[str, PackedRule], pack: str) -> Iterator[LintFinding]:
    """Objections to the references of the rules of `pack`; each circle is reported once, at its first rule."""
    for key in KEYS:
        edges: dict[str, tuple[str, ...]] = {name: getattr(packed.rule, key) for name, packed in rules.items()}
        for name, packed in rules.items():
            if packed.pack == pack and name in edges[name]:
                yield finding("after_itself", packed.place(key), name, key)
        for circle in circles(edges):
            first = rules[circle[0]]
            if first.pack == pack:
                yield finding("circle", first.place(key), circle[0], f"{key}: {' → '.join((*circle, circle[0]))}")


def circles(edges: Mapping[str, tuple[str, ...]]) -> list[tuple[str, ...]]:
    """Circles of two rules and more, each from its first name in order of the alphabet."""
    found: set[tuple[str, ...]] = set()
    done: set[str] = set()
    for start in sorted(edges):
        way: list[str] = []
        pending: list[tuple[str, int]] = [(start, 0)]
        while pending:
            name, depth = pending.pop()
            del way[depth:]
            if name in way:
                circle = way[way.index(name) :]
                turn = circle.index(min(circle))
                found.add((*circle[turn:], *circle[:turn]))
                continue
            if name in done or name not in edges:
                continue
            way.append(name)
            pending += [(following, depth + 1) for following in edges[name] if following != name]
        done.add(start)
    return sorted(found)
