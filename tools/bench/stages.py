"""Times of the stages from bytes to report, interleaved with lxml's parse and XSD of the same bytes."""

from __future__ import annotations

import gc
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median
from time import process_time
from typing import Any

from lxml import etree

from casrules import Engine
from casrules.engine.checking import Tools
from casrules.limits import DEFAULT_LIMITS
from casrules.messages.detection import detect
from casrules.messages.reading import read
from casrules.messages.validation import validate

ENOUGH = 1.0
"""Seconds of whole runs that are enough of one message."""
STAGES = ("parse", "XSD", "bind", "rules", "report")


@dataclass(frozen=True, slots=True)
class Timing:
    """One message: median milliseconds of CPU time, and medians of the ratios to the yardstick of the same round.

    The yardstick is lxml's parse and XSD of the same bytes. `report` is what is left of `total` after the other
    stages: detection, verdict, models.
    """

    name: str
    items: int
    size: int
    yardstick: float
    milliseconds: dict[str, float]
    ratios: dict[str, float]


def measure(name: str, items: int, content: bytes, engine: Engine, rounds: int) -> Timing:
    """Time one valid message; the runs of all stages are interleaved so that they share the machine's moods.

    Small messages get up to 20 times as many rounds: what is short is noisy. Raises ValueError for a message that is
    not accepted: then something else than the main job would be measured.
    """
    report = engine.validate(content)
    if report.verdict.outcome != "accept":
        raise ValueError(f"{name} with {items} items is not accepted: {report} {report.verdict.reasons}")
    runs = _runs(content, engine)
    once = _seconds(runs["total"])
    found: list[dict[str, float]] = []
    for _ in range(max(rounds, min(20 * rounds, int(ENOUGH / once)))):
        gc.collect()
        found.append(_round({key: _seconds(run) for key, run in runs.items()}))
    names = (*STAGES, "total")
    return Timing(
        name,
        items,
        len(content),
        1000 * median(times["yardstick"] for times in found),
        {each: 1000 * median(times[each] for times in found) for each in names},
        {each: median(times[each] / times["yardstick"] for times in found) for each in names},
    )


def _round(times: dict[str, float]) -> dict[str, float]:
    rest = times["total"] - sum(times[stage] for stage in STAGES if stage in times)
    return {**times, "report": max(0.0, rest), "yardstick": times["lxml parse"] + times["lxml XSD"]}


def _seconds(run: Callable[[], Any]) -> float:
    start = process_time()
    run()
    return process_time() - start


def _runs(content: bytes, engine: Engine) -> dict[str, Callable[[], Any]]:
    """Each stage alone, with its input made beforehand."""
    tools: Tools = engine._tools
    intake = read(content, DEFAULT_LIMITS)
    detection = detect(intake, tools.plans.catalog.families, None)
    assert intake.tree is not None and detection.family and detection.message
    root = intake.tree.getroot()
    settled = validate(intake, detection, tools.schemas).detection
    plan = tools.plans.plan(detection.family, detection.message, settled.schema_set, detection.start)
    bound = plan.narrow.bind(root)
    day = engine.validate(content).as_of.date
    rules = plan.rules_on(day)
    assert settled.schema_set is not None
    schema = tools.schemas.find(settled.schema_set, root.tag, detection.message.table)
    assert schema is not None
    tree = etree.fromstring(content).getroottree()
    return {
        "lxml parse": lambda: etree.fromstring(content),
        "lxml XSD": lambda: schema.verdict.validate(tree),
        "total": lambda: engine.validate(content),
        "parse": lambda: read(content, DEFAULT_LIMITS),
        "XSD": lambda: validate(intake, detection, tools.schemas),
        "bind": lambda: plan.narrow.bind(root),
        "rules": lambda: rules.run(bound.record, day, bound.invalid),
    }
