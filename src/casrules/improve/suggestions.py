"""All suggestions of a history, for people, for machines and as a data frame."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from casrules.findings.frozen import Frozen
from casrules.improve.suggestion import ExistingReview, NearMiss, Provenance, Suggestion

if TYPE_CHECKING:
    import polars as pl


class Suggestions(Frozen):
    """Proposed rules, best first; ended ones last."""

    rules: tuple[Suggestion, ...]
    near_misses: tuple[NearMiss, ...] = ()
    reviews: tuple[ExistingReview, ...] = ()
    provenance: Provenance

    def frame(self) -> pl.DataFrame:
        """One row a suggestion: what it says and its most telling figures."""
        import polars as pl

        types: dict[str, Any] = {
            **dict.fromkeys(("id", "status", "mode", "text"), pl.String),
            **dict.fromkeys(("support", "wrong"), pl.Int64),
            **dict.fromkeys(("precision", "confidence_lower", "expected_per_month"), pl.Float64),
            **dict.fromkeys(("valid_from", "valid_to"), pl.Date),
            "safe": pl.Boolean,
            "conflicts_with": pl.List(pl.String),
        }
        return pl.DataFrame([_row(it, types) for it in self.rules], schema=types)

    def document(self) -> dict[str, Any]:
        """Plain data for JSON; conditions and actions name only what they have."""
        return {
            "suggestions": [_plain(it) for it in self.rules],
            "near_misses": [_plain(it) for it in self.near_misses],
            "reviews": [it.model_dump(mode="json") for it in self.reviews],
            "provenance": self.provenance.model_dump(mode="json"),
        }

    def to_json(self) -> str:
        """The document as JSON text: the same bytes for the same history."""
        return json.dumps(self.document(), indent=1, ensure_ascii=False) + "\n"


def _row(suggestion: Suggestion, types: dict[str, Any]) -> dict[str, Any]:
    values = {name: getattr(suggestion, name, None) for name in types}
    evidence = {name: getattr(suggestion.evidence, name) for name in types if hasattr(suggestion.evidence, name)}
    return {**values, **evidence, "conflicts_with": list(suggestion.conflicts_with)}


def _plain(found: Suggestion | NearMiss) -> dict[str, Any]:
    content = found.model_dump(mode="json", by_alias=True)
    content["conditions"] = [it.model_dump(mode="json", exclude_none=True) for it in found.conditions]
    content["action"] = found.action.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    if found.action.ref is not None:
        content["action"]["ref"] = found.action.ref.model_dump(mode="json", exclude_defaults=True) | {
            "mode": found.action.ref.mode
        }
    return content
