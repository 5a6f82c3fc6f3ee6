from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import pytest

from casrules import Engine
from casrules.errors import PackError, RuleError, UsageError


def test_an_engine_has_the_shipped_packs(engine: Engine) -> None:
    assert {"common", "eu.ncts"} <= {pack.id for pack in engine.packs}
    assert [pack.id for pack in engine.packs] == sorted(pack.id for pack in engine.packs)
    assert all(pack.version and len(pack.digest) == 64 for pack in engine.packs)


def test_a_date_may_be_a_date(engine: Engine, departure: bytes) -> None:
    told = {
        engine.validate(departure, as_of=day).as_of.date
        for day in ("2025-02-01", date(2025, 2, 1), datetime(2025, 2, 1, 9))
    }
    assert told == {"2025-02-01"}


@pytest.mark.parametrize("day", ["yesterday", "2025-02-30", "01.02.2025", ""])
def test_a_date_that_is_none_is_misuse(engine: Engine, departure: bytes, day: str) -> None:
    with pytest.raises(UsageError, match="not a date"):
        engine.validate(departure, as_of=day)


def test_rules_are_selected_and_ignored(departure: bytes) -> None:
    def run(**chosen: list[str]) -> list[str]:
        return [found.rule for found in Engine(**chosen).validate(departure, rule_runs=True).rule_runs or ()]  # type: ignore[arg-type]

    assert run(select=["eu.ncts.R0223"]) == ["eu.ncts.R0223"]
    assert run(select=["eu.ncts.R02*"], ignore=["R0223"]) == [
        name for name in run(select=["eu.ncts.R02*"]) if name != "eu.ncts.R0223"
    ]
    assert all(name.startswith("common.") for name in run(ignore=["eu.*"]))


def test_statuses_add_rules(pack: Callable[..., Path], departure: bytes) -> None:
    folder = pack("rules:\n  - {id: new, title: T, status: preview, require: present(declaration.lrn), message: M}\n")
    assert Engine([folder]).validate(departure).verdict.outcome == "undetermined"
    assert Engine([folder], statuses=["preview"]).validate(departure).accepted


def test_packs_come_beside_the_shipped_ones(pack: Callable[..., Path], engine: Engine) -> None:
    more = Engine(more_packs=[pack()])
    assert {found.id for found in more.packs} == {"small", *(found.id for found in engine.packs)}
    assert len(more.rules()) == len(engine.rules()) + 1


def test_a_broken_pack_is_told_with_file_and_line(pack: Callable[..., Path]) -> None:
    with pytest.raises(RuleError) as caught:
        Engine([pack("rules:\n  - id: bad\n    title: T\n    require: declaration.nothing == 1\n    message: M\n")])
    assert caught.value.place is not None
    assert (Path(caught.value.place.file).name, caught.value.place.line) == ("rules.yaml", 4)
    with pytest.raises(PackError):
        Engine([pack("rules: [", head="id: small\n")])


def test_explain_takes_full_and_short_ids(pack: Callable[..., Path]) -> None:
    engine = Engine([pack()])
    page = engine.explain("small.mass")
    assert page == engine.explain("mass")
    assert (page.id, page.title) == ("small.mass", "Net mass is at most gross mass")
    assert page.requires and page.condition
    with pytest.raises(UsageError) as caught:
        engine.explain("small.mess")
    assert "did you mean" in caught.value.remedy


def test_every_rule_has_a_page(engine: Engine) -> None:
    pages = engine.rules()
    assert [page.id for page in pages] == sorted(page.id for page in pages)
    assert [page.id for page in pages if not (page.title and page.requires and page.message)] == []
    assert [engine.explain(page.id) for page in pages[:20]] == pages[:20]


def test_many_are_checked_in_order(engine: Engine, repository: Path) -> None:
    paths = sorted((repository / "examples/ncts").glob("*.xml"))
    found = engine.validate_many([*paths, paths[0].read_bytes()], as_of="2025-06-01")
    reports = list(found)
    assert [report.document.name for report in reports] == [*(path.as_posix() for path in paths), ""]
    assert {report.as_of.date for report in reports} == {"2025-06-01"}


def test_a_report_does_not_hold_on_to_the_engine(engine: Engine, departure: bytes) -> None:
    report = engine.validate(departure)
    assert type(report).from_json(report.to_json()) == report
