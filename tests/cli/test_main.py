from __future__ import annotations

import subprocess
import sys

import pytest

from casrules import __version__
from casrules.cli import main


def test_the_version_is_printed(casrules) -> None:
    assert __version__ in casrules("version").out
    assert casrules("--version").code == 0


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "casrules check FILE"),
        (["chek", "a.xml"], "did you mean check?"),
        (["check"], "FILE"),
        (["check", "a.xml", "--format", "jsno"], "did you mean json?"),
        (["check", "a.xml", "--as-of", "1.2.2025"], "YYYY-MM-DD"),
        (["check", "a.xml", "--colour"], "--colour"),
        (["fix", "a.xml", "--write", "--diff"], "not allowed"),
    ],
)
def test_wrong_usage_is_said_in_plain_words_with_a_way_out(casrules, arguments, said) -> None:
    run = casrules(*arguments)
    assert run.code == 2 and said in run.err and "hint:" in run.err
    assert "Traceback" not in run.err and run.out == ""


def test_help_names_the_exit_codes(casrules) -> None:
    run = casrules("check", "--help")
    assert run.code == 0 and "3 undetermined" in run.out


def test_an_interrupt_is_quiet(good, capsys) -> None:
    def interrupted(**settings: object) -> object:
        raise KeyboardInterrupt

    assert main(["check", str(good)], interrupted) == 130  # type: ignore[arg-type]
    assert capsys.readouterr() == ("", "")


def test_a_closed_pipe_is_quiet(good, monkeypatch, capsys) -> None:
    def closed(**settings: object) -> object:
        raise BrokenPipeError

    assert main(["check", str(good)], closed) == 141  # type: ignore[arg-type]
    assert capsys.readouterr().err == ""


def test_a_reader_that_goes_away_leaves_no_trace() -> None:
    program = "import sys; from casrules.cli import main; sys.exit(main(['check', '--help']))"
    process = subprocess.Popen(
        [sys.executable, "-c", program], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert process.stdout is not None and process.stderr is not None
    process.stdout.close()
    assert process.stderr.read() == ""
    process.stderr.close()
    process.wait()


def test_starting_imports_nothing_heavy() -> None:
    program = (
        "import sys; from casrules.cli import main; main(['version']);"
        "print([name for name in ('pydantic', 'lxml', 'xmlschema', 'yaml') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"
