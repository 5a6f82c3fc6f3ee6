"""From bytes to report: what more rules cost, and what the usual way (xmlschema, pydantic, the same rules) takes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cache, partial
from io import BytesIO
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

from pydantic import BaseModel, ConfigDict, create_model

from casrules import Engine
from casrules.limits import DEFAULT_LIMITS
from casrules.messages.detection import detect
from casrules.messages.reading import read
from casrules.messages.validation import validate

from .generated_pack import write_pack
from .multiply import ncts_departure
from .thirty import interleaved

FEW, MANY = 30, 300


@dataclass(frozen=True, slots=True)
class Route:
    """Milliseconds of two routes for the same message, and the median of the second's time by the first's."""

    items: int
    first: float
    second: float
    ratio: float


@cache
def _engines() -> tuple[Engine, Engine]:
    with TemporaryDirectory() as folder:
        few, many = (Engine([write_pack(Path(folder, f"bench{count}"), count)]) for count in (FEW, MANY))
    return few, many


def more_rules(rounds: int, sizes: tuple[int, ...] = (100, 1_999)) -> Iterator[Route]:
    """Thirty rules against three hundred that read the same fields."""
    few, many = _engines()
    for items in sizes:
        content = ncts_departure(items)
        for engine in (few, many):
            _accepted(engine, content)
        yield _route(items, partial(few.validate, content), partial(many.validate, content), rounds)


def usual_way(rounds: int, items: int) -> Route:
    """Our thirty rules from bytes to report against xmlschema's decoding, a pydantic model and the same rules."""
    engine, _ = _engines()
    content = ncts_departure(items)
    _accepted(engine, content)
    return _route(items, partial(engine.validate, content), _usual(engine, content), rounds)


def _route(items: int, first: Callable[[], Any], second: Callable[[], Any], rounds: int) -> Route:
    pairs = list(zip(*interleaved((first, second), rounds), strict=True))
    ratio = median(two / one for one, two in pairs)
    return Route(items, 1000 * median(one for one, _ in pairs), 1000 * median(two for _, two in pairs), ratio)


def _accepted(engine: Engine, content: bytes) -> None:
    report = engine.validate(content)
    if report.verdict.outcome != "accept":
        raise ValueError(f"the message is not accepted: {report.verdict.reasons} {report.violations[:3]}")


def _usual(engine: Engine, content: bytes) -> Callable[[], Any]:
    """The usual way; the rules are our compiled ones over a record made beforehand, which flatters it."""
    tools = engine._tools
    intake = read(content, DEFAULT_LIMITS)
    detection = detect(intake, tools.plans.catalog.families, None)
    assert intake.tree is not None and detection.family and detection.message
    settled = validate(intake, detection, tools.schemas).detection.schema_set
    assert settled is not None
    root = intake.tree.getroot()
    schema = tools.schemas.find(settled, root.tag, detection.message.table)
    assert schema is not None
    plan = tools.plans.plan(detection.family, detection.message, settled, detection.start)
    bound = plan.narrow.bind(root)
    day = engine.validate(content).as_of.date
    rules = plan.rules_on(day)
    decoder = schema.model
    model = _model("Message", decoder.to_dict(BytesIO(content), decimal_type=Decimal))

    def check() -> Any:
        message = model.model_validate(decoder.to_dict(BytesIO(content), decimal_type=Decimal))
        return message, rules.run(bound.record, day, bound.invalid)

    return check


def _model(name: str, *samples: Any) -> type[BaseModel]:
    """A pydantic model with the fields that samples have, typed as they are; every field may be missing."""
    fields: dict[str, Any] = {}
    for key in dict.fromkeys(key for sample in samples for key in sample):
        values = [sample[key] for sample in samples if sample.get(key) is not None]
        fields[key.replace("@", "at_").replace(":", "_")] = (_type(key, values) | None, None)
    return create_model(name, __config__=ConfigDict(extra="ignore"), **fields)


def _type(name: str, values: list[Any]) -> Any:
    flat = [one for value in values for one in (value if isinstance(value, list) else [value])]
    kinds = {type(one) for one in flat}
    kind: Any = _model(name, *flat) if kinds == {dict} else kinds.pop() if len(kinds) == 1 else str
    return list[kind] if any(isinstance(value, list) for value in values) else kind
