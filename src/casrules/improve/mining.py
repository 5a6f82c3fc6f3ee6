"""Mining: from a history to suggestions."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence

import numpy as np

from casrules.improve.assembly import assembled, drafted
from casrules.improve.coding import Coded, encode
from casrules.improve.conflicts import handled, review
from casrules.improve.covering import Progress, World, cover
from casrules.improve.draft import Draft
from casrules.improve.falsify import backtested, before, cut_of, falsified
from casrules.improve.floors import relaxed
from casrules.improve.literal_columns import literal_table
from casrules.improve.literals import LiteralTable
from casrules.improve.policy import Policy
from casrules.improve.settings import Settings
from casrules.improve.source import History
from casrules.improve.statistics import wilson_lower
from casrules.improve.succession import with_successors
from casrules.improve.suggestion import NearMiss, Provenance, Suggestion
from casrules.improve.suggestions import Suggestions
from casrules.improve.text import sentence


def mine(
    history: History,
    *,
    settings: Settings | None = None,
    policy: Policy | None = None,
    progress: Progress | None = None,
) -> Suggestions:
    """Suggest configuration rules that would have prevented what people corrected by hand.

    The same history gives the same suggestions to the byte, in whatever order its rows are. `progress` is called with
    what is being done, the steps done and all steps. Raises UsageError where the history cannot be read.
    """
    settings, policy = settings or Settings(), policy or Policy.load()
    progress = progress or _silent
    progress("reading the history", 0, 1)
    coded = encode(history)
    table = literal_table(coded, settings.min_fixes)
    known, near = _drafts(coded, coded, table, history, settings=settings, progress=progress)
    cut = cut_of(coded, settings)
    early: list[Draft] = []
    if settings.holdout:
        known = [it for it in known if not falsified(coded, it, cut)]
        early, _ = _drafts(before(coded, cut), coded, table, history, settings=settings, progress=progress)
    suggestions = []
    for number, draft in enumerate(known):
        progress("gathering evidence", number, len(known))
        found = assembled(coded, history, policy, draft, settings)
        result = backtested(coded, draft, early, cut, settings)
        safe = result is not None and result.right > 0 and result.wrong == 0
        suggestions.append(found.model_copy(update={"backtest": result, "safe": safe}))
    progress("gathering evidence", len(known), len(known))
    return Suggestions(
        rules=tuple(sorted(suggestions, key=_rank)),
        near_misses=tuple(_near(it) for it in near),
        reviews=review(coded, history.existing),
        provenance=provenance(coded, settings),
    )


def _silent(_what: str, _done: int, _of: int) -> None:
    """Nobody watches."""


def _drafts(
    seen: Coded, coded: Coded, table: LiteralTable, history: History, *, settings: Settings, progress: Progress
) -> tuple[list[Draft], list[Draft]]:
    """The rules of what is `seen` of a history, and those just below the floor."""
    world = World.of(seen, table)
    what = "searching rules" if seen is coded else "searching rules as of then"
    covered = cover(world, lambda action: handled(seen, history.existing, action), settings, what, progress)
    covered = with_successors(world, covered, lambda edit: handled(seen, history.existing, edit.action), settings)
    lower = relaxed(settings)
    good = (drafted(seen, table, rule, history.bases, settings) for rule in covered.rules)
    near = (drafted(seen, table, rule, history.bases, lower) for rule in covered.near)
    return _distinct([it for it in good if it]), _distinct([it for it in near if it])


def _near(draft: Draft) -> NearMiss:
    measured = draft.measured
    total = measured.support + measured.wrong
    return NearMiss(
        conditions=draft.conditions,
        action=draft.action,
        text=sentence(draft.conditions, draft.action, *draft.period),
        support=measured.support,
        wrong=measured.wrong,
        precision=round(measured.support / max(1, total), 4),
        confidence_lower=round(float(wilson_lower(measured.support, total)), 4),
    )


def _distinct(drafts: Sequence[Draft]) -> list[Draft]:
    """One draft an id."""
    return list({it.id: it for it in reversed(drafts)}.values())[::-1]


def _rank(suggestion: Suggestion) -> tuple[bool, float, str]:
    return (suggestion.status == "ended", -suggestion.evidence.expected_per_month, suggestion.text)


def provenance(coded: Coded, settings: Settings) -> Provenance:
    """What was mined, so that a suggestion can be traced to it."""
    digest = hashlib.sha256()
    for field in coded.fields:
        digest.update(json.dumps([field.spec.name, field.values], ensure_ascii=False).encode())
        digest.update(np.ascontiguousarray(field.before).tobytes() + np.ascontiguousarray(field.after).tobytes())
    for entries in coded.lists:
        digest.update(json.dumps([entries.spec.name, entries.values], ensure_ascii=False).encode())
        digest.update(entries.before.keys.tobytes() + entries.after.keys.tobytes())
    for column in (coded.day, coded.declaration, coded.lodged, coded.accepted):
        digest.update(np.ascontiguousarray(column).tobytes())
    return Provenance(
        history=digest.hexdigest(),
        start=coded.start,
        end=coded.end,
        rows=coded.height,
        declarations=int(np.count_nonzero(coded.first)),
        settings=settings.model_dump_json(),
    )
