"""One root cause is one alert: what follows from another violation folds under it, counted and never
dropped.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from casrules.findings.draft import Merged
from casrules.findings.ordering import highest, order_key, severity_rank
from casrules.findings.pointers import RecordPath
from casrules.findings.violation import Severity, Violation


def link(merged: Iterable[Merged]) -> list[Violation]:
    """Fill `caused_by`: a violation follows from those of its `after` rules on the same entity or an
    ancestor.
    """
    found = list(merged)
    failed: dict[tuple[str, RecordPath], list[str]] = {}
    if any(entry.after for entry in found):
        for entry in found:
            for entity in entry.entities:
                failed.setdefault((entry.violation.rule, entity), []).append(entry.violation.fingerprint)
    return [_linked(entry, failed) for entry in found]


def _linked(entry: Merged, failed: dict[tuple[str, RecordPath], list[str]]) -> Violation:
    violation = entry.violation
    if not entry.after:
        return violation
    causes = {
        identity
        for rule in entry.after
        for entity in entry.entities
        for depth in range(len(entity) + 1)
        for identity in failed.get((rule, entity[:depth]), ())
    }
    causes |= set(violation.caused_by)
    causes.discard(violation.fingerprint)
    return violation.model_copy(update={"caused_by": tuple(sorted(causes))})


def fold(violations: Iterable[Violation]) -> tuple[Violation, ...]:
    """All violations in their final order: each alert followed by what folds under it, suppressed ones last.

    A suppressed violation neither folds nor has anything folded under it: silencing a cause must not hide its
    effects. Where causes form a circle, the first of them in order is the alert. Folding again changes
    nothing.
    """
    ranked = sorted(violations, key=order_key)
    roots = _roots(_parents(ranked))
    members: dict[int, list[int]] = {}
    for rank, root in enumerate(roots):
        members.setdefault(root, []).append(rank)
    severity: dict[int, Severity] = {
        root: highest(*(ranked[rank].severity for rank in ranks)) for root, ranks in members.items()
    }
    ordered = sorted(members, key=lambda root: (not ranked[root].stands, severity_rank(severity[root]), root))
    result: list[Violation] = []
    for root in ordered:
        result.append(_placed(ranked[root], len(members[root]) - 1, None, severity[root]))
        above = ranked[root].fingerprint
        result.extend(_placed(ranked[rank], 0, above, None) for rank in members[root] if rank != root)
    return tuple(result)


def _parents(ranked: Sequence[Violation]) -> list[int | None]:
    """For each violation the first of its causes that may show it."""
    standing = {violation.fingerprint: rank for rank, violation in enumerate(ranked) if violation.stands}
    return [
        min(
            (standing[cause] for cause in violation.caused_by if standing.get(cause, rank) != rank),
            default=None,
        )
        if violation.stands and violation.caused_by
        else None
        for rank, violation in enumerate(ranked)
    ]


def _roots(parents: list[int | None]) -> list[int]:
    """For each node the end of its way up; a circle ends at its smallest member."""
    roots: list[int | None] = [None] * len(parents)
    for start in range(len(parents)):
        way: list[int] = []
        seen: dict[int, int] = {}
        node = start
        while roots[node] is None and node not in seen:
            seen[node] = len(way)
            way.append(node)
            above = parents[node]
            if above is None:
                break
            node = above
        end = roots[node]
        if end is None:
            end = node if parents[node] is None else min(way[seen[node] :])
        for step in way:
            roots[step] = end
    return [root if root is not None else rank for rank, root in enumerate(roots)]


def _placed(violation: Violation, folded: int, under: str | None, severity: Severity | None) -> Violation:
    if (violation.folded, violation.folded_under, violation.alert_severity) == (folded, under, severity):
        return violation
    return violation.model_copy(update={"folded": folded, "folded_under": under, "alert_severity": severity})
