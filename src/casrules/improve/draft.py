"""A worded rule before its evidence is gathered."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import date

from casrules.improve.arrays import Mask
from casrules.improve.measured import Measured
from casrules.improve.schema import Action, Condition

Period = tuple[date | None, date | None]


@dataclass(frozen=True, slots=True)
class Draft:
    """A worded rule with its period and what it does to the whole history."""

    conditions: tuple[Condition, ...]
    action: Action
    period: Period
    bases: tuple[str, ...]
    measured: Measured
    disputed: Mask
    """Changes whose amendment another edit of the declaration explains."""

    @property
    def id(self) -> str:
        """A name that only conditions and action decide."""
        action = self.action.model_dump(mode="json", exclude_defaults=True, exclude={"ref"})
        content = [sorted(it.model_dump_json() for it in self.conditions), action]
        return "S" + hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()[:10]
