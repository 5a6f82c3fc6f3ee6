"""`python -m tools.bench [stages] [imports] [memory] [profile]`: all but the profile by default."""

from __future__ import annotations

import argparse
from collections.abc import Iterator

from casrules import Engine

from .multiply import MAKERS
from .processes import import_times, memory_growths
from .profiling import profile
from .stages import STAGES, measure

SIZES = {"NCTS CC015C": (2, 100, 1_999), "CDS import": (2, 100, 999)}
"""A CDS declaration has at most 999 goods items."""
PARTS = ("stages", "imports", "memory", "profile")


def main() -> None:
    """Print the tables that were asked for."""
    parser = argparse.ArgumentParser(prog="python -m tools.bench", description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"of {', '.join(PARTS)}")
    parser.add_argument("--rounds", type=int, default=15, help="interleaved runs, whose median is shown")
    given = parser.parse_args()
    if unknown := set(given.parts) - set(PARTS):
        parser.error(f"unknown part {sorted(unknown)[0]!r}; one of {', '.join(PARTS)}")
    parts = given.parts or PARTS[:3]
    tables = {"stages": _stages, "imports": _imports, "memory": _memory, "profile": _profiles}
    for part in PARTS:
        if part in parts:
            for line in tables[part](given.rounds):
                print(line)
            print()


def _stages(rounds: int) -> Iterator[str]:
    engine = Engine()
    yield f"Bytes to report in ms of CPU time, medians of {rounds} or more interleaved runs"
    yield "In brackets: medians of the ratio to lxml's parse + XSD of the same bytes"
    heads = "".join(f"{stage:>14}" for stage in STAGES)
    yield f"{'message':<13}{'items':>6}{'KB':>7}{'lxml p+XSD':>12}{heads}{'total':>16}"
    for name, sizes in SIZES.items():
        for items in sizes:
            it = measure(name, items, MAKERS[name](items), engine, rounds)
            cells = "".join(
                f"{f'{it.milliseconds[stage]:.1f} ({it.ratios[stage]:.2f})':>{16 if stage == 'total' else 14}}"
                for stage in (*STAGES, "total")
            )
            yield f"{name:<13}{items:>6}{it.size / 1000:>7.0f}{it.yardstick:>12.1f}{cells}"


def _imports(rounds: int) -> Iterator[str]:
    yield f"Whole processes, medians of {rounds} interleaved runs"
    times = import_times(rounds)
    alone, pydantic = times["python alone"], times["import pydantic"]
    for name, seconds in times.items():
        net = (seconds - alone) / (pydantic - alone)
        yield f"{name:<30}{seconds * 1000:>8.0f} ms   {net:>5.2f} x importing pydantic (without python alone)"


def _memory(_: int) -> Iterator[str]:
    yield "Peak of resident memory over an idle engine, one message of about 5 MB"
    for it in memory_growths():
        yield f"{it.name:<14}{it.size / 1e6:>6.1f} MB grows by {it.growth / 1e6:>6.1f} MB: {it.ratio:>5.1f} x its bytes"


def _profiles(rounds: int) -> Iterator[str]:
    engine = Engine()
    for name, sizes in SIZES.items():
        for items in sizes[1:]:
            yield f"{name}, {items} items: own time by place"
            yield from profile(MAKERS[name](items), engine, max(2, rounds // 3))
            yield ""


main()
