"""Mining and backtest of configuration rules: the same alert does not come twice.

>>> from casrules.improve import History, mine
>>> suggestions = mine(History.open("history/"))  # doctest: +SKIP
>>> suggestions.frame()  # doctest: +SKIP

Needs the extra `improve` (numpy, polars), which is asked for when something is first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from casrules.improve.backtesting import Backtest as Backtest
    from casrules.improve.backtesting import backtest as backtest
    from casrules.improve.backtesting import read_rules as read_rules
    from casrules.improve.mining import mine as mine
    from casrules.improve.policy import Policy as Policy
    from casrules.improve.schema import Schema as Schema
    from casrules.improve.settings import Settings as Settings
    from casrules.improve.source import FrameTable as FrameTable
    from casrules.improve.source import History as History
    from casrules.improve.suggestion import Suggestion as Suggestion
    from casrules.improve.suggestions import Suggestions as Suggestions

_PLACES = {
    "Backtest": "backtesting",
    "FrameTable": "source",
    "History": "source",
    "Policy": "policy",
    "Schema": "schema",
    "Settings": "settings",
    "Suggestion": "suggestion",
    "Suggestions": "suggestions",
    "backtest": "backtesting",
    "mine": "mining",
    "read_rules": "backtesting",
}
__all__ = [
    "Backtest",
    "FrameTable",
    "History",
    "Policy",
    "Schema",
    "Settings",
    "Suggestion",
    "Suggestions",
    "backtest",
    "mine",
    "read_rules",
]


def __getattr__(name: str) -> Any:
    """Import what is asked for when it is first used; raises UsageError where the extra is absent."""
    place = _PLACES.get(name)
    if place is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from casrules.improve.libraries import require

    require()
    return getattr(import_module(f"{__name__}.{place}"), name)
