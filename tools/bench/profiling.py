"""Where the time from bytes to report goes, by place in the code."""

from __future__ import annotations

import cProfile
import pstats
from collections.abc import Iterator
from pathlib import Path

from casrules import Engine

ROOT = Path(__file__).resolve().parents[2]


def profile(content: bytes, engine: Engine, runs: int, most: int = 18) -> Iterator[str]:
    """The places with the most time of their own, with their share of the whole."""
    engine.validate(content)
    profiler = cProfile.Profile()
    profiler.enable()
    for _ in range(runs):
        engine.validate(content)
    profiler.disable()
    stats = pstats.Stats(profiler)
    whole = stats.total_tt  # type: ignore[attr-defined]
    entries = stats.stats.items()  # type: ignore[attr-defined]
    yield f"{'own':>6} {'with callees':>13} {'calls':>9}  place"
    for (file, line, function), (_, calls, own, cumulative, _) in sorted(entries, key=lambda e: -e[1][2])[:most]:
        yield f"{own / whole:>6.1%} {cumulative / whole:>13.1%} {calls // runs:>9}  {_place(file, line)} {function}"


def _place(file: str, line: int) -> str:
    if not line:
        return ""
    path = Path(file)
    return f"{path.relative_to(ROOT) if path.is_relative_to(ROOT) else path.name}:{line}"
