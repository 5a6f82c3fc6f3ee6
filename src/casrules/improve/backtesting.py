"""Backtest: what given rules would have done to a later part of a history."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from pydantic import TypeAdapter, ValidationError

from casrules.errors import UsageError, place_of
from casrules.findings.frozen import Frozen
from casrules.improve.coding import Coded, encode
from casrules.improve.evidence import examples, prevented
from casrules.improve.measured import in_period, measure
from casrules.improve.schema import ProposedRule
from casrules.improve.settings import Settings
from casrules.improve.source import History
from casrules.improve.statistics import wilson_lower
from casrules.improve.suggestion import PreventedAlert, Suggestion
from casrules.improve.suggestions import Suggestions
from casrules.improve.text import sentence

if TYPE_CHECKING:
    import polars as pl


class RuleBacktest(Frozen):
    """One rule over the period; counts are goods items, for header fields declarations."""

    id: str
    text: str
    changed: int
    """Accepted or amended messages that the rule would have changed."""
    declarations: int
    """Different declarations among them."""
    right: int
    """… as people did by hand, and it was accepted."""
    wrong: int
    """… otherwise than people did, or amended afterwards."""
    confidence_lower: float
    """One-sided 90 % Wilson lower bound of the share of right changes."""
    safe: bool
    """It changed something, and nothing wrongly."""
    prevented: tuple[PreventedAlert, ...] = ()
    right_examples: tuple[str, ...] = ()
    wrong_examples: tuple[str, ...] = ()


class Backtest(Frozen):
    """All rules over the days from `since` to `until`, and how many alerts there were."""

    since: date
    until: date
    alerts: int
    """Alerts of lodged messages in the period."""
    prevented: int
    """Of these: alerts of a kind that a rule prevents, on rows that it changes rightly."""
    declarations: int
    """Lodged declarations of the period."""
    independent: bool | None = None
    """The rules were mined on earlier days only; None where that is not known."""
    rules: tuple[RuleBacktest, ...]

    def frame(self) -> pl.DataFrame:
        """One row a rule."""
        import polars as pl

        types: dict[str, Any] = {
            **dict.fromkeys(("id", "text"), pl.String),
            **dict.fromkeys(("changed", "declarations", "right", "wrong"), pl.Int64),
            "confidence_lower": pl.Float64,
            "safe": pl.Boolean,
        }
        return pl.DataFrame([{name: getattr(it, name) for name in types} for it in self.rules], schema=types)


Rules = Suggestions | Iterable[Suggestion | ProposedRule]


def read_rules(path: str | Path) -> tuple[list[ProposedRule], date | None]:
    """The rules of a JSON file of suggestions (a list, or an object with `suggestions`), and the day on which the
    history that they were mined from ended, where the file tells. Raises UsageError where it is none.
    """
    place = Path(path)
    try:
        content = json.loads(place.read_text(encoding="utf-8"))
        whole = content if isinstance(content, dict) else {"suggestions": content}
        rules = TypeAdapter(list[ProposedRule]).validate_python(whole.get("suggestions", []))
        end = (whole.get("provenance") or {}).get("end")
        return rules, date.fromisoformat(end) if end else None
    except OSError as error:
        raise UsageError(error.strerror or str(error), place=place_of(place)) from None
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        raise UsageError(f"no rule: {where}: {first['msg']}", place=place_of(place)) from None
    except (ValueError, AttributeError, TypeError) as error:
        raise UsageError(f"no suggestions: {error}", place=place_of(place)) from None


def backtest(
    rules: Rules,
    history: History,
    *,
    since: date | None = None,
    mined_until: date | None = None,
    settings: Settings | None = None,
) -> Backtest:
    """Apply rules to the days of a history from `since` on (default: the day on which their own history ended, where
    that is known and earlier than the end of this one, else the whole history).
    """
    settings = settings or Settings()
    if isinstance(rules, Suggestions):
        mined_until = mined_until or rules.provenance.end
        rules = rules.rules
    coded = encode(history)
    if since is None:
        since = mined_until if mined_until and coded.start < mined_until < coded.end else coded.start
    late = in_period(coded, since, None)
    hits = np.zeros(len(coded.alerts.rows), bool)
    results = tuple(_one(coded, it, late, hits, settings) for it in rules)
    return Backtest(
        since=since,
        until=coded.end,
        alerts=int(np.count_nonzero((coded.lodged & late)[coded.alerts.rows])),
        prevented=int(np.count_nonzero(hits)),
        declarations=len(np.unique(coded.declaration[coded.lodged & late])),
        independent=None if mined_until is None else since >= mined_until,
        rules=results,
    )


def _one(
    coded: Coded, rule: Suggestion | ProposedRule, late: np.ndarray, hits: np.ndarray, settings: Settings
) -> RuleBacktest:
    measured = measure(coded, rule.conditions, rule.action, rule.valid_from, rule.valid_to)
    changes, right = measured.changes & late, measured.right & late
    alerts = prevented(coded, right)
    codes = [coded.alerts.codes.index(it.code) + 1 for it in alerts]
    hits |= right[coded.alerts.rows] & np.isin(coded.alerts.code, codes)
    k, n = int(np.count_nonzero(right)), int(np.count_nonzero(changes))
    return RuleBacktest(
        id=rule.id,
        text=rule.text or sentence(rule.conditions, rule.action, rule.valid_from, rule.valid_to),
        changed=n,
        declarations=len(np.unique(coded.declaration[changes])),
        right=k,
        wrong=n - k,
        confidence_lower=round(float(wilson_lower(k, n)), 4),
        safe=k > 0 and k == n,
        prevented=alerts,
        right_examples=examples(coded, right, settings.examples),
        wrong_examples=examples(coded, changes & ~right, settings.examples),
    )
