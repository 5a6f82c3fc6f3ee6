"""The tariff's stage: what the tariff asks of each item is put into the record, before the rules read it."""

from __future__ import annotations

from typing import Any, cast

from casrules.declaration import Record
from casrules.engine.breakdowns import Breakdowns
from casrules.engine.opened import Opened
from casrules.findings import Stage
from casrules.tariff import TariffMeasures, serve
from casrules.tariff.measures import Direction


def serve_tariff(opened: Opened, day: str | None, breakdowns: Breakdowns) -> tuple[Stage, ...]:
    """Serve the engine's tariff to the record and, once it is bound, to the whole record; the stage, where one is due.

    A provider that breaks down is a fault of ours: the stage has failed, and nothing is accepted.
    """
    plan = opened.plan
    if plan is None or plan.direction is None or not plan.wants_tariff:
        return ()
    tariff, direction = plan.engine.tariff, plan.direction
    if tariff is None:
        return (Stage(name="tariff", status="not_requested"),)
    with breakdowns.caught("tariff"):
        _serve(opened, tariff, direction, day)
        return (Stage(name="tariff", status="completed"),)
    return (Stage(name="tariff", status="failed", reason="the tariff's provider broke down"),)


def _serve(opened: Opened, tariff: TariffMeasures, direction: Direction, day: str | None) -> None:
    record = cast(dict[str, Any], opened.record)
    serve(record, tariff, direction, day)
    bind = opened.bind_all

    def served() -> Record:
        whole = bind()
        if whole is not record:
            serve(whole, tariff, direction, day)
        return whole

    opened.bind_all = served
    opened.__dict__.pop("whole", None)
