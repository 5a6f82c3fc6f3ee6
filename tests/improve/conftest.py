"""A small trade of its own: who declares what under which regime, what the law wants, and how people mend it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
import polars as pl
import pytest

from casrules.improve.schema import ExistingRule, LegalBasis, Schema
from casrules.improve.source import FrameTable, History

START, DAYS = date(2023, 3, 1), 400
SCHEMA = {
    "history_start": START.isoformat(),
    "history_end": (START + timedelta(days=DAYS)).isoformat(),
    "fields": [
        {"name": "shipper", "level": "header", "kind": "code"},
        {"name": "terms", "level": "header", "kind": "code"},
        {"name": "port", "level": "header", "kind": "code"},
        {"name": "goods", "level": "item", "kind": "hierarchy", "prefix_levels": [2, 4, 6]},
        {"name": "land", "level": "item", "kind": "code"},
        {"name": "regime", "level": "item", "kind": "code"},
        {"name": "bound_for", "level": "item", "kind": "code"},
        {"name": "weight", "level": "item", "kind": "number"},
        {"name": "papers", "level": "item", "kind": "list", "entry": "TYPE|REFERENCE"},
        {"name": "remarks", "level": "item", "kind": "list", "entry": "CODE"},
    ],
}
HEADER = ("shipper", "terms", "port")
SHIPPERS, TERMS = [f"S{it}" for it in range(12)], ["FOB", "CIF", "DAP"]
LANDS, REGIMES = ["AA", "BB", "CC", "DD", "EE"], ["R1", "R2", "R3", "R4"]
GOODS = [f"{chapter}{heading}{tail}" for chapter in ("10", "20", "30", "40") for heading in ("01", "02", "03")
         for tail in ("11", "22")]  # fmt: skip


@dataclass
class Trade:
    """Rows as plain dicts, changed by what the law wants and by what goes wrong."""

    seed: int = 0
    declarations: int = 1_800
    rows: list[dict[str, Any]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.chance = np.random.default_rng(self.seed)
        for number in range(self.declarations):
            self.rows.extend(self._declaration(number))

    def _declaration(self, number: int) -> list[dict[str, Any]]:
        pick = self.chance.choice
        head = {"shipper": str(pick(SHIPPERS)), "terms": str(pick(TERMS)), "port": pick([None, "P1", "P2"])}
        seconds = int(self.chance.integers(DAYS * 86_400))
        fixed = {
            "decl_id": f"D{number:05d}",
            "time": datetime.combine(START, datetime.min.time()) + timedelta(seconds=seconds),
            "outcome": "accepted",
        }
        rows = []
        for item in range(1, 2 + int(self.chance.random() < 0.3)):
            own = {"goods": str(pick(GOODS)), "land": str(pick(LANDS)), "regime": str(pick(REGIMES))}
            own |= {"bound_for": str(pick(LANDS)), "weight": round(float(self.chance.random() * 100), 1)}
            lists = {"papers": [f"X380|INV{number}"], "remarks": []}
            sides = {f"{side}_{name}": value for side in "ba" for name, value in (head | own | lists).items()}
            rows.append({**fixed, "item_no": item, "violations": [], **sides})
        return rows

    def day(self, row: dict[str, Any]) -> int:
        return int((row["time"].date() - START).days)

    def want(
        self,
        where: Callable[[dict[str, Any]], bool],
        mend: Callable[[dict[str, Any]], None],
        alert: str,
        *,
        fulfil: Callable[[dict[str, Any]], None] | None = None,
        done: float = 0.4,
        careless: float = 0.05,
        basis: str = "",
    ) -> int:
        """Where the law wants something: a share fulfils it before, most others mend it after the alert."""
        alerts = 0
        for row in self.rows:
            if not where(row):
                continue
            if self.chance.random() < done:
                (fulfil or mend)(row)
                continue
            alerts += 1
            row["violations"] = [*row["violations"], f"{alert}#{basis}"]
            if self.chance.random() >= careless:
                mend(row)
        return alerts

    def history(self, existing: tuple[Any, ...] = (), bases: tuple[Any, ...] = ()) -> History:
        types = {"weight": pl.Float64, "papers": pl.List(pl.String), "remarks": pl.List(pl.String)}
        frame = pl.DataFrame(
            self.rows,
            schema_overrides={f"{side}_{name}": kind for side in "ba" for name, kind in types.items()}
            | {"violations": pl.List(pl.String), "b_port": pl.String, "a_port": pl.String},
            infer_schema_length=None,
        )
        return History(
            Schema.model_validate(SCHEMA),
            FrameTable(frame),
            tuple(ExistingRule.model_validate(it) for it in existing),
            tuple(LegalBasis.model_validate(it) for it in bases),
        )


def add_paper(kind: str, reference: Callable[[dict[str, Any]], str] = lambda _: "") -> Callable[[dict[str, Any]], None]:
    def mend(row: dict[str, Any]) -> None:
        row["a_papers"] = [*row["a_papers"], f"{kind}|{reference(row)}"]

    return mend


def both_sides(mend: Callable[[dict[str, Any]], None], name: str) -> Callable[[dict[str, Any]], None]:
    """What is fulfilled from the beginning stands before and after."""

    def fulfil(row: dict[str, Any]) -> None:
        mend(row)
        row[f"b_{name}"] = row[f"a_{name}"]

    return fulfil


@pytest.fixture
def trade() -> type[Trade]:
    return Trade


@pytest.fixture
def paper() -> Callable[..., Any]:
    return add_paper


@pytest.fixture
def beforehand() -> Callable[..., Any]:
    return both_sides
