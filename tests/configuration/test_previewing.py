"""What begins and ends between two days."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from casrules.cli import main
from casrules.configuration import preview
from casrules.packs import load_pack

TOPIC = """
configuration:
  - id: origin
    title: Goods come from Japan
    law: {act: "2015/2446", place: Annex B}
    because: uk.x
    for: item
    valid: {from: 2025-01-01, to: 2025-12-31}
    default: {item.country_of_origin: JP}
  - {id: ever, title: Always, for: item, default: {item.country_of_origin: JP}}
configuration_tables:
  - id: rates
    title: Origins by goods
    for: item
    valid: {to: 2026-06-30}
    conditions: {commodity: item.commodity_code}
    rows: [{id: a, commodity: 84*, from: 2026-01-01}, {id: b, commodity: 85*, to: 2025-03-31}]
    default: {item.country_of_origin: CN}
"""


def test_rules_and_rows_by_day(acme: Callable[..., Path]) -> None:
    found = preview([load_pack(acme(TOPIC))], date(2025, 1, 1), date(2026, 7, 1))
    assert [(str(turn.day), turn.kind, turn.rule) for turn in found] == [
        ("2025-04-01", "ends", "acme.rates.b"),
        ("2026-01-01", "begins", "acme.rates.a"),
        ("2026-01-01", "ends", "acme.origin"),
        ("2026-07-01", "ends", "acme.rates.a"),
    ]
    assert found[2].basis == "2015/2446, Annex B; uk.x" and found[2].place.line == 8


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.dates(date(2024, 1, 1), date(2027, 1, 1)), st.integers(0, 400), st.integers(0, 400))
def test_two_spans_are_one(acme: Callable[..., Path], start: date, first: int, second: int) -> None:
    packs = [load_pack(acme(TOPIC))]
    middle = date.fromordinal(start.toordinal() + first)
    end = date.fromordinal(middle.toordinal() + second)
    assert preview(packs, start, middle) + preview(packs, middle, end) == preview(packs, start, end)


def test_the_command_tells_text_and_legal_basis(acme: Callable[..., Path], capsys: pytest.CaptureFixture[str]) -> None:
    folder = str(acme(TOPIC))
    assert main(["configure", "--preview", "2026-01-01", "--as-of", "2025-06-01", "--rules", folder]) == 0
    told = capsys.readouterr().out.splitlines()
    assert len(told) == 2
    assert told[1].startswith("2026-01-01 ends acme.origin: Goods come from Japan (2015/2446, Annex B; uk.x) at ")
    assert main(["configure", "--preview", "2024-12-31", "--rules", folder]) == 0
    assert "no rule begins or ends" in capsys.readouterr().err
    assert main(["configure", "--preview", "soon", "--rules", folder]) == 2
    assert "'soon' is not a date" in capsys.readouterr().err
    assert main(["configure", "--rules", folder]) == 2
    assert "--preview DATE" in capsys.readouterr().err
