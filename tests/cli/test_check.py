from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from casrules.cli.console import Console, Progress


def test_the_exit_code_is_that_of_the_verdict(casrules, good, bad, odd) -> None:
    assert casrules("check", good).code == 0
    assert casrules("check", bad).code == 1
    assert casrules("check", odd).code == 3


def test_over_many_files_2_beats_1_beats_3_beats_0(casrules, good, bad, odd, tmp_path) -> None:
    assert casrules("check", good, odd).code == 3
    assert casrules("check", good, odd, bad).code == 1
    run = casrules("check", good, tmp_path / "absent.xml", bad)
    assert run.code == 2
    assert "absent.xml" in run.err and "Line 2 has a bad word" in run.out


def test_text_names_the_document_the_rule_and_the_place(casrules, bad) -> None:
    out = casrules("check", bad).out
    for part in (bad.as_posix(), "demo.word", "lines[number=2].text", "line 2", "reject"):
        assert part in out
    assert "\x1b" not in out


def test_json_is_one_object_for_one_file_and_an_array_for_several(casrules, good, bad) -> None:
    one = json.loads(casrules("check", bad, "--format", "json").out)
    assert one["verdict"]["outcome"] == "reject" and one["document"]["name"] == bad.as_posix()
    several = json.loads(casrules("check", good, bad, "--format", "json").out)
    assert [each["verdict"]["outcome"] for each in several] == ["accept", "reject"]
    lines = casrules("check", good, bad, "--format", "jsonl").out.splitlines()
    assert [json.loads(line)["verdict"]["outcome"] for line in lines] == ["accept", "reject"]


@pytest.mark.parametrize("name", ["text", "json", "jsonl", "sarif", "junit", "github", "csv", "html", "errors"])
def test_every_format_is_written_and_keeps_the_exit_code(casrules, good, bad, name, tmp_path) -> None:
    run = casrules("check", good, bad, "--format", name)
    assert run.code == 1 and "demo.word" in run.out
    target = tmp_path / "result"
    assert casrules("check", good, bad, "--format", name, "-o", target).code == 1
    assert target.read_bytes().decode("utf-8").replace("\r\n", "\n") == run.out.replace("\r\n", "\n")


def test_folders_are_read_in_order_and_what_is_skipped_is_said(casrules, tmp_path) -> None:
    for name in ("b.XML", "a.json", "deep/c.xml", "notes.pdf", "README", ".hidden/x.xml"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("fine")
    run = casrules("check", tmp_path, "--format", "jsonl")
    names = [Path(json.loads(line)["document"]["name"]).name for line in run.out.splitlines()]
    assert names == ["a.json", "b.XML", "c.xml"]
    assert "skipped 2 files: 1 without suffix, 1 .pdf" in run.err


def test_a_folder_without_documents_is_wrong_usage(casrules, tmp_path) -> None:
    run = casrules("check", tmp_path)
    assert run.code == 2 and "nothing to check" in run.err and "hint" in run.err


def test_standard_input(casrules, monkeypatch) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"a bad line")))
    run = casrules("check", "-")
    assert run.code == 1 and "<stdin>" in run.out


def test_quiet_says_one_line_for_each_document_not_accepted(casrules, good, bad, odd) -> None:
    run = casrules("check", "-q", good, bad, odd)
    assert [line.split()[0] for line in run.out.splitlines()] == ["reject", "undetermined"]


def test_settings_and_the_reference_date_reach_the_engine(casrules, good) -> None:
    run = casrules(
        "check", good, "--as-of", "2024-05-06", "--message-format", "ncts.CC015C", "--packs", "eu, gb",
        "--schemas", "x",
        "--select", "eu.*", "--ignore", "eu.R1,eu.R2",
    )  # fmt: skip
    assert run.engine.settings == {
        "packs": ("eu", "gb"), "schemas": ("x",), "select": ("eu.*",), "ignore": ("eu.R1", "eu.R2"),
    }  # fmt: skip
    assert run.engine.calls == [{"as_of": "2024-05-06", "format": "ncts.CC015C", "rule_runs": False}]
    assert casrules("check", good).engine.settings == {}


def test_a_baseline_lets_known_errors_pass_and_new_ones_fail(casrules, bad, tmp_path) -> None:
    known = tmp_path / "known.json"
    assert casrules("check", bad, "--write-baseline", known).code == 1
    run = casrules("check", bad, "--baseline", known)
    assert run.code == 0 and "reject" in run.out and "1 known from the baseline" in run.out
    bad.write_text(bad.read_text() + "another bad line\n")
    assert casrules("check", bad, "--baseline", known).code == 1


def test_a_baseline_does_not_pass_what_could_not_be_judged(casrules, odd, tmp_path) -> None:
    known = tmp_path / "known.json"
    casrules("check", odd, "--write-baseline", known)
    assert casrules("check", odd, "--baseline", known).code == 3


def test_a_file_that_is_no_baseline_is_wrong_usage(casrules, good, bad) -> None:
    run = casrules("check", good, "--baseline", bad)
    assert run.code == 2 and "not a baseline" in run.err


ENTRY = "{rule: demo.*, path: 'lines.*', by: A. Clerk, reason: known, until: 2025-12-31}"


@pytest.mark.parametrize("text", [f"suppressions: [{ENTRY}]", f"- {ENTRY}"])
def test_suppressions_come_from_a_file_and_end_on_their_day(casrules, bad, tmp_path, text) -> None:
    path = tmp_path / "known.yaml"
    path.write_text(text)
    run = casrules("check", bad, "--suppress", path)
    assert run.code == 0 and "1 suppressed" in run.out
    late = casrules("check", bad, "--suppress", path, "--as-of", "2026-01-01")
    assert late.code == 1 and "expired on 2025-12-31" in late.out


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("suppressions:\n  - {rule: a, by: b, reason: c}", 2),
        ("- {rule: a, by: b, reason: c, until: 2025-01-01}\n- {rule: a, colour: b}", 2),
        ("suppressions: none", 1),
        ("a: b: c", 1),
    ],
)
def test_a_broken_file_of_suppressions_is_told_with_its_line(casrules, good, tmp_path, text, line) -> None:
    path = tmp_path / "known.yaml"
    path.write_text(text)
    run = casrules("check", good, "--suppress", path)
    assert run.code == 2 and f"known.yaml:{line}" in run.err


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_progress_is_shown_on_a_terminal_only_and_removed() -> None:
    screen = Terminal()
    progress = Progress(Console(io.StringIO(), screen), 2)
    progress.step("one\x1b[2J.xml")
    progress.clear()
    shown = screen.getvalue()
    assert "1/2" in shown and "\x1b[2J" not in shown and shown.endswith("\r\x1b[K")
    for silent in (
        Progress(Console(io.StringIO(), io.StringIO()), 2),
        Progress(Console(io.StringIO(), Terminal()), 1),
    ):
        silent.step("one")
        assert silent.console.err.getvalue() == ""  # type: ignore[attr-defined]


def test_colours_are_for_terminals_and_obey_no_color(monkeypatch) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    assert Console(Terminal(), io.StringIO()).color
    assert not Console(io.StringIO(), io.StringIO()).color
    monkeypatch.setenv("NO_COLOR", "1")
    assert not Console(Terminal(), io.StringIO()).color
