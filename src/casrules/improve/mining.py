"""Mining: from a history to suggestions."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence

import numpy as np

from casrules.improve.assembly import Draft, assembled, drafted
from casrules.improve.coding import Coded, encode
from casrules.improve.conflicts import handled, review
from casrules.improve.covering import Progress, World, cover
from casrules.improve.literal_columns import literal_table
from casrules.improve.policy import Policy
from casrules.improve.settings import Settings
from casrules.improve.source import History
from casrules.improve.suggestion import Provenance, Suggestion
from casrules.improve.suggestions import Suggestions


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
    coded = encode(history)
    table = literal_table(coded, settings.min_fixes)
    world = World.of(coded, table)
    rules = cover(world, lambda action: handled(coded, history.existing, action), settings, progress)
    drafts = [it for it in (drafted(coded, table, rule, history.bases, settings) for rule in rules) if it]
    suggestions = [assembled(coded, history, policy, it, settings) for it in _distinct(drafts)]
    return Suggestions(
        rules=tuple(sorted(suggestions, key=_rank)),
        reviews=review(coded, history.existing),
        provenance=provenance(coded, settings),
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
