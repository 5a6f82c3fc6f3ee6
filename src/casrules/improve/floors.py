"""The floor: how many fixes, how often right, and how sure of that a rule must be."""

from __future__ import annotations

import numpy as np

from casrules.improve.arrays import Counts, Mask
from casrules.improve.settings import Settings
from casrules.improve.statistics import wilson_lower


def reaches_floor(right: Counts, total: Counts, settings: Settings) -> Mask:
    """Enough fixes, a share of right changes at the floor, and its lower bound as well; for arrays of counts."""
    share = right >= settings.precision * np.maximum(total, 1)
    found: Mask = (right >= settings.min_fixes) & share & (wilson_lower(right, total) >= settings.bound)
    return found


def is_good(right: int, total: int, settings: Settings) -> bool:
    """The same for one rule."""
    return bool(reaches_floor(np.array([right]), np.array([total]), settings)[0])


def relaxed(settings: Settings) -> Settings:
    """The floor of near-misses."""
    lower = {"precision": settings.near_miss, "bound": max(0.0, settings.near_miss - 0.15)}
    return settings.model_copy(update=lower)
