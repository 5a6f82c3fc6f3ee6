from __future__ import annotations

import pytest

from casrules.cli import main
from casrules.cli.fix import difference, replace


def test_by_default_the_difference_is_shown_and_nothing_changed(casrules, bad) -> None:
    before = bad.read_bytes()
    run = casrules("fix", bad)
    assert run.code == 0 and "-a bad line" in run.out and "+a good line" in run.out
    assert bad.read_bytes() == before
    assert casrules("fix", bad, "--diff").out == run.out
    assert "applied: Say good (demo.word)" in run.err and "1 error before, 0 errors after" in run.err


def test_write_changes_the_file_and_keeps_its_permissions(casrules, bad) -> None:
    bad.chmod(0o640)
    assert casrules("fix", bad, "--write").code == 0
    assert bad.read_text() == "first\na good line\n"
    assert bad.stat().st_mode & 0o777 == 0o640
    assert [path.name for path in bad.parent.iterdir()] == ["bad.xml"]


def test_the_result_goes_to_a_file(casrules, bad, tmp_path) -> None:
    target = tmp_path / "new.xml"
    assert casrules("fix", bad, "-o", target).code == 0
    assert target.read_text() == "first\na good line\n" and "bad" in bad.read_text()


def test_the_result_goes_to_standard_output_as_bytes(word_engine, bad, capsysbinary) -> None:
    assert main(["fix", str(bad), "-o", "-"], word_engine) == 0
    assert capsysbinary.readouterr().out == b"first\na good line\n"


def test_unsafe_fixes_only_when_asked_for(casrules, tmp_path) -> None:
    path = tmp_path / "a.xml"
    path.write_text("odd")
    assert "nothing to fix" not in casrules("fix", path).err
    assert "+even" in casrules("fix", path, "--unsafe").out


def test_the_exit_code_is_that_of_the_document_after_the_fixes(casrules, tmp_path) -> None:
    path = tmp_path / "a.xml"
    path.write_text("bad and unknown")
    assert casrules("fix", path).code == 3


def test_a_document_without_faults_has_nothing_to_fix(casrules, good) -> None:
    run = casrules("fix", good, "--write")
    assert run.code == 0 and "nothing to fix" in run.err and good.read_text() == "all is fine\n"


def test_standard_input_cannot_be_written_in_place(casrules) -> None:
    run = casrules("fix", "-", "--write")
    assert run.code == 2 and "-o -" in run.err


def test_a_file_that_cannot_be_opened_is_wrong_usage(casrules, tmp_path) -> None:
    run = casrules("fix", tmp_path / "absent.xml")
    assert run.code == 2 and "absent.xml" in run.err


def test_a_difference_cannot_attack_the_terminal() -> None:
    shown = "".join(difference(b"a", b"\x1b[2Jb\xff", "n\x1b.xml"))
    assert "\x1b" not in shown and "\\x1b[2J" in shown


def test_a_failed_write_leaves_the_old_file_and_nothing_beside_it(tmp_path, monkeypatch) -> None:
    path = tmp_path / "a.xml"
    path.write_text("old")

    def full(*_: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr("pathlib.Path.replace", full)
    with pytest.raises(OSError, match="full"):
        replace(path, b"new")
    assert path.read_text() == "old" and [each.name for each in tmp_path.iterdir()] == ["a.xml"]
