"""How well rules foresee what an authority says: rejections that escaped, predictions it did not share, by rule."""

from __future__ import annotations

import json
from typing import Any

from casrules.findings.frozen import Frozen, SourceText


class Escape(Frozen):
    """One error of an answer that no rule predicted; rules of `covered_by` should have, those of `warned_by` warned."""

    pair: SourceText
    code: str
    title: str = ""
    path: SourceText = ""
    pointer: SourceText = ""
    covered_by: tuple[str, ...] = ()
    warned_by: tuple[str, ...] = ()


class Unshared(Frozen):
    """One error a rule predicted and the answer does not tell; `accepted`: the declaration was taken all the same."""

    pair: SourceText
    rule: str
    path: SourceText = ""
    accepted: bool = False


class RuleScore(Frozen):
    """One rule over all pairs.

    `shared` predictions are in the answer, `unshared` are not; of the answers' errors that the rule covers, `foreseen`
    were predicted by it and `missed` were not. `precision` and `recall` are None where nothing was there to count.
    """

    rule: str
    shared: int = 0
    unshared: int = 0
    foreseen: int = 0
    missed: int = 0

    @property
    def precision(self) -> float | None:
        """How many of its predictions the authority shared, 0 to 1."""
        total = self.shared + self.unshared
        return self.shared / total if total else None

    @property
    def recall(self) -> float | None:
        """How many of the errors it covers it predicted, 0 to 1."""
        total = self.foreseen + self.missed
        return self.foreseen / total if total else None


class EscapeReport(Frozen):
    """The measure over a folder of pairs; `left_out` are files without a counterpart or without a decision."""

    pairs: int = 0
    rejected: int = 0
    accepted: int = 0
    errors: int = 0
    predicted: int = 0
    escapes: tuple[Escape, ...] = ()
    unshared: tuple[Unshared, ...] = ()
    rules: tuple[RuleScore, ...] = ()
    left_out: tuple[SourceText, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """The report as plain data, precision and recall of each rule included."""
        plain: dict[str, Any] = self.model_dump(mode="json")
        for entry, rule in zip(plain["rules"], self.rules, strict=True):
            entry["precision"], entry["recall"] = rule.precision, rule.recall
        return plain

    def to_json(self, *, indent: int | None = None) -> str:
        """The same as JSON, keys sorted."""
        return json.dumps(self.to_dict(), sort_keys=True, ensure_ascii=True, indent=indent)
