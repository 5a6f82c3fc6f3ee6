"""Answers through the engine: sources, misuse, what is no answer."""

from __future__ import annotations

import io
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from casrules import Engine
from casrules.errors import UsageError

ANSWER = "examples/answers/import-h1-slips.xml"
ORIGINAL = "examples/cds/import-h1-slips.xml"


def test_all_kinds_of_sources_give_the_same(engine: Engine, repository: Path) -> None:
    answer, original = repository / ANSWER, repository / ORIGINAL
    wanted = engine.decode(answer.read_bytes(), original=original.read_bytes()).to_json()
    assert engine.decode(io.BytesIO(answer.read_bytes()), original=original.read_bytes()).to_json() == wanted
    named = engine.decode(answer, original=str(original))
    assert named.document.name == answer.as_posix()
    assert named.violations == engine.decode(answer.read_bytes(), original=original.read_bytes()).violations


def test_misuse_raises(engine: Engine, repository: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be opened"):
        engine.decode(tmp_path / "absent.xml")
    with pytest.raises(UsageError, match="unknown format"):
        engine.decode(repository / ANSWER, original=repository / ORIGINAL, format="cds.NOTHING")


def test_a_dict_is_an_answer_in_json(engine: Engine) -> None:
    report = engine.decode({"code": "MESSAGE_THROTTLED_OUT", "message": "slow down"})
    assert report.violations[0].title == "too many requests"
    assert report.verdict.outcome == "undetermined"


def test_a_message_that_is_sent_is_told_from_an_answer(engine: Engine, repository: Path) -> None:
    report = engine.decode(repository / ORIGINAL)
    assert report.verdict.outcome == "undetermined"
    assert any("give it as the original" in reason.text for reason in report.verdict.reasons)


def test_threads_share_an_engine(repository: Path) -> None:
    engine = Engine()
    answer, original = (repository / ANSWER).read_bytes(), (repository / ORIGINAL).read_bytes()
    with ThreadPoolExecutor(4) as pool:
        found = set(pool.map(lambda _: engine.decode(answer, original=original).to_json(), range(8)))
    assert len(found) == 1


def test_decoding_runs_no_rules(engine: Engine, repository: Path) -> None:
    report = engine.decode(repository / ANSWER, original=repository / ORIGINAL)
    assert {found.source for found in report.violations} == {"customs"}
    assert report.rule_runs is None


def test_an_original_that_is_an_answer_is_refused(engine: Engine, repository: Path) -> None:
    answer = (repository / ANSWER).read_bytes()
    with pytest.raises(UsageError, match="is itself an answer"):
        engine.decode(answer, original=answer)


def test_a_code_of_customs_in_place_of_a_rule_names_the_rules_that_cover_it(engine: Engine) -> None:
    with pytest.raises(UsageError) as raised:
        engine.explain("CDS11006")
    assert "common.net_mass_above_gross_mass" in (raised.value.remedy or "")
