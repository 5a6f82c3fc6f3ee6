"""The commands `decode` and `escapes`, with the library's own engine."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from casrules.cli import main

ROOT = Path(__file__).resolve().parents[2]
ANSWER = str(ROOT / "examples/answers/import-h1-slips.xml")
ORIGINAL = str(ROOT / "examples/cds/import-h1-slips.xml")


def test_the_text_says_what_where_and_what_to_do(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["decode", ANSWER, "--original", ORIGINAL]) == 1
    out = capsys.readouterr().out
    for part in (
        "DMSREJ",
        "outcome: rejected",
        "CDS11006",
        "line 113",
        "remedy",
        "covered common.net_mass_above_gross_mass",
    ):
        assert part in out
    assert "no reference date" not in out


def test_json_names_answer_and_original(capsys: pytest.CaptureFixture[str]) -> None:
    main(["decode", ANSWER, "--original", ORIGINAL, "--format", "json"])
    report = json.loads(capsys.readouterr().out)
    assert report["document"]["role"] == "answer"
    assert report["answer"]["original"]["matches"] is True
    assert report["answer"]["original"]["name"].endswith("cds/import-h1-slips.xml")


@pytest.mark.parametrize("name", ["jsonl", "sarif", "junit", "github", "csv", "html", "errors"])
def test_every_format_can_be_had(capsys: pytest.CaptureFixture[str], name: str) -> None:
    assert main(["decode", ANSWER, "--format", name]) == 1
    assert "CDS12172" in capsys.readouterr().out


def test_several_answers_and_one_that_cannot_be_opened(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert main(["decode", ANSWER, str(tmp_path / "absent.xml")]) == 2
    assert "absent.xml" in capsys.readouterr().err
    assert main(["decode", str(tmp_path)]) == 2
    assert "nothing to decode" in capsys.readouterr().err


def test_the_output_may_go_to_a_file(tmp_path: Path) -> None:
    target = tmp_path / "out.json"
    assert main(["decode", ANSWER, "--format", "json", "-o", str(target)]) == 1
    assert json.loads(target.read_text(encoding="utf-8"))["verdict"]["outcome"] == "reject"


@pytest.fixture
def pairs(tmp_path: Path) -> Path:
    (tmp_path / "sent.xml").write_bytes(Path(ORIGINAL).read_bytes())
    (tmp_path / "answer.xml").write_bytes(Path(ANSWER).read_bytes())
    (tmp_path / "notes.txt").write_text("nothing", encoding="utf-8")
    return tmp_path


def test_escapes_lists_what_no_rule_predicted(capsys: pytest.CaptureFixture[str], pairs: Path) -> None:
    assert main(["escapes", str(pairs), "--all"]) == 1
    out = capsys.readouterr().out
    assert "1 pair: 1 rejected, 0 accepted; 4 of 5 errors predicted" in out
    assert "CDS12005 at importer.id" in out
    assert "common.net_mass_above_gross_mass: 1/1 100%; 1/1 100%" in out


def test_escapes_of_a_manifest_as_json(capsys: pytest.CaptureFixture[str], pairs: Path) -> None:
    manifest = pairs / "pairs.csv"
    manifest.write_text("declaration,answer\nsent.xml,answer.xml\n", encoding="utf-8")
    assert main(["escapes", str(pairs), "--manifest", str(manifest), "--format", "json"]) == 1
    report = json.loads(capsys.readouterr().out)
    assert (report["pairs"], report["predicted"], len(report["escapes"])) == (1, 4, 1)
    assert all("precision" in rule for rule in report["rules"])


@pytest.mark.parametrize("text", ["", "a,b\n1,2\n", "declaration,answer\nsent.xml,\n"])
def test_a_broken_manifest_is_misuse(capsys: pytest.CaptureFixture[str], pairs: Path, text: str) -> None:
    manifest = pairs / "pairs.csv"
    manifest.write_text(text, encoding="utf-8")
    assert main(["escapes", str(pairs), "--manifest", str(manifest)]) == 2
    assert "columns" in capsys.readouterr().err


def test_a_folder_without_a_pair_measures_nothing(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "sent.xml").write_bytes(Path(ORIGINAL).read_bytes())
    assert main(["escapes", str(tmp_path)]) == 2
    assert "nothing was measured" in capsys.readouterr().err


def test_a_folder_that_is_none_is_misuse(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert main(["escapes", str(tmp_path / "absent")]) == 2
    assert "not a folder" in capsys.readouterr().err
