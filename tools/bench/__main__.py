"""`python -m tools.bench [PART …]`: all parts but the profile by default."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator

from casrules import Engine

from . import histories, loading, mining, peers, routes, slope, thirty
from .multiply import MAKERS
from .processes import import_times, memory_growths
from .profiling import profile
from .stages import STAGES, measure
from .work import shared

SIZES = {"NCTS CC015C": (1, 100, 1_999), "CDS import": (1, 100, 999)}
"""A CDS declaration has at most 999 goods items."""
ABSENT = "skipped: the work of the comparison is not at ../shared/bench"


def main() -> None:
    """Print the tables that were asked for."""
    parser = argparse.ArgumentParser(prog="python -m tools.bench", description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"of {', '.join(PARTS)}")
    parser.add_argument("--rounds", type=int, default=15, help="interleaved runs, whose median is shown")
    parser.add_argument("--python", default=sys.executable, help="the interpreter that has the peers and pandas")
    given = parser.parse_args()
    if unknown := set(given.parts) - set(PARTS):
        parser.error(f"unknown part {sorted(unknown)[0]!r}; one of {', '.join(PARTS)}")
    for part, table in PARTS.items():
        if part in (given.parts or set(PARTS) - {"profile"}):
            for line in table(given):
                print(line, flush=True)
            print()


def _thirty(given: argparse.Namespace) -> Iterator[str]:
    yield f"Thirty rules against the same written by hand, over our record: medians of {given.rounds} interleaved runs"
    if shared("gen") is None:
        yield ABSENT
        return
    for it in thirty.compare(given.rounds):
        yield (
            f"{it.size:>6} items {it.by_hand:>10.1f} us by hand {it.ours:>10.1f} us ours {it.ratio:>6.2f} x"
            f"   {it.found} complaints, all the same"
        )


def _peers(given: argparse.Namespace) -> Iterator[str]:
    yield "Other engines at the same thirty rules: CPU time for each item and rule they can say, by ours"
    if shared("bench") is None:
        yield ABSENT
        return
    absent = peers.missing(list(peers.MODULES), given.python)
    if absent:
        yield f"skipped, not installed: {', '.join(absent)}"
    there = [name for name in peers.MODULES if name not in absent]
    yield f"{'engine':<22}{'rules':>6}" + "".join(f"{f'{size} items':>12}" for size in peers.SIZES) + "   wrong"
    for names, sizes, rounds in peers.groups(there):
        for it in peers.compare(names, given.python, min(given.rounds, rounds), sizes):
            cells = "".join(f"{it.slower[size]:>11.1f}x" if size in it.slower else f"{'-':>12}" for size in peers.SIZES)
            wrong = f"{sum(it.wrong.values())} answers" if it.wrong else "-"
            yield f"{it.name:<22}{it.rules:>6}{cells}   {wrong}"


def _slope(_: argparse.Namespace) -> Iterator[str]:
    yield f"Every shipped rule alone: t({slope.MANY} items) / t({slope.FEW} items)"
    found = sorted(slope.slopes(Engine()), key=lambda it: -it.ratio)
    steep = sum(it.ratio >= slope.WANTED for it in found)
    yield f"{len(found)} rules, {steep} of them at {slope.WANTED} or more; the steepest:"
    for it in found[:5]:
        yield f"{it.rule:<50}{it.milliseconds:>9.3f} ms{it.ratio:>8.1f} x"


def _rules(given: argparse.Namespace) -> Iterator[str]:
    yield f"Bytes to report with {routes.FEW} and {routes.MANY} rules that read the same fields, NCTS CC015C"
    for it in routes.more_rules(given.rounds):
        yield f"{it.items:>6} items {it.first:>8.1f} ms {it.second:>8.1f} ms {it.ratio:>6.2f} x"


def _usual(given: argparse.Namespace) -> Iterator[str]:
    yield "Bytes to report against xmlschema's decoding, a pydantic model and the same rules"
    for items in (100, 1_999):
        it = routes.usual_way(max(3, given.rounds // 3), items)
        yield f"{it.items:>6} items {it.first:>8.1f} ms ours {it.second:>8.1f} ms the usual way {it.ratio:>6.1f} x"


def _stages(given: argparse.Namespace) -> Iterator[str]:
    engine = Engine()
    yield f"Bytes to report in ms of CPU time, medians of {given.rounds} or more interleaved runs"
    yield "In brackets: medians of the ratio to lxml's parse + XSD of the same bytes"
    heads = "".join(f"{stage:>14}" for stage in STAGES)
    yield f"{'message':<13}{'items':>6}{'KB':>7}{'lxml p+XSD':>12}{heads}{'total':>16}"
    for name, sizes in SIZES.items():
        for items in sizes:
            it = measure(name, items, MAKERS[name](items), engine, given.rounds)
            cells = "".join(
                f"{f'{it.milliseconds[stage]:.1f} ({it.ratios[stage]:.2f})':>{16 if stage == 'total' else 14}}"
                for stage in (*STAGES, "total")
            )
            yield f"{name:<13}{items:>6}{it.size / 1000:>7.0f}{it.yardstick:>12.1f}{cells}"


def _imports(given: argparse.Namespace) -> Iterator[str]:
    yield f"Whole processes, medians of {given.rounds} interleaved runs"
    times = import_times(given.rounds)
    alone, pydantic = times["python alone"], times["import pydantic"]
    for name, seconds in times.items():
        net = (seconds - alone) / (pydantic - alone)
        yield f"{name:<30}{seconds * 1000:>8.0f} ms   {net:>5.2f} x importing pydantic (without python alone)"


def _loading(given: argparse.Namespace) -> Iterator[str]:
    it = loading.loading(given.rounds, given.python)
    yield "All shipped packs, CPU time of fresh processes"
    yield f"cold, from YAML {it.cold * 1000:>8.0f} ms"
    against = f"{it.ratio:.2f} x importing pandas" if it.ratio is not None else "pandas is not installed: skipped"
    yield f"compiled file   {it.compiled * 1000:>8.0f} ms   {against}"
    yield f"second engine   {it.second * 1000:>8.0f} ms"


def _memory(_: argparse.Namespace) -> Iterator[str]:
    yield "Peak of resident memory over an idle engine, one message of about 5 MB"
    for it in memory_growths():
        yield (
            f"{it.name:<14}{it.size / 1e6:>6.1f} MB grows by {it.growth / 1e6:>6.1f} MB: {it.ratio:>5.1f} x its bytes"
            f"   (loading was {it.loading / 1e6:.1f} MB above idle)"
        )


def _profiles(given: argparse.Namespace) -> Iterator[str]:
    engine = Engine()
    for name, sizes in SIZES.items():
        for items in sizes:
            yield f"{name}, {items} items: own time by place"
            yield from profile(MAKERS[name](items), engine, max(2, given.rounds // 3))
            yield ""


def _mining(_: argparse.Namespace) -> Iterator[str]:
    yield "Mining a history, evidence and backtest included, against reading its Parquet file (CPU time)"
    if not mining.GENERATOR.is_file():
        yield "skipped: the generator of seeded histories is not at ../shared/mining"
    for it in mining.measure():
        yield (
            f"{it.declarations:>9} declarations {it.size / 1e6:>7.1f} MB {it.read:>7.2f} s read {it.cpu:>8.1f} s mined"
            f" {it.ratio:>6.0f} x   {it.wall:>6.1f} s by the clock, peak {it.peak / 2**30:.2f} GiB, {it.rules} rules"
        )


def _history(given: argparse.Namespace) -> Iterator[str]:
    rounds = max(1, given.rounds // 5)
    yield f"{histories.COUNT} events of a history (SQLite) against the driver alone: medians of {rounds} runs"
    for it in histories.compare(rounds):
        yield f"{it.what:<10}{it.by_hand:>8.2f} s by hand {it.ours:>8.2f} s ours {it.ratio:>6.2f} x"


PARTS: dict[str, Callable[[argparse.Namespace], Iterator[str]]] = {
    "thirty": _thirty,
    "peers": _peers,
    "slope": _slope,
    "rules": _rules,
    "usual": _usual,
    "stages": _stages,
    "imports": _imports,
    "loading": _loading,
    "memory": _memory,
    "history": _history,
    "mining": _mining,
    "profile": _profiles,
}

main()
