"""Entry of the command line: reads the arguments, runs one command, turns every end into an exit code."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from casrules.cli.arguments import parser

if TYPE_CHECKING:
    import argparse

    from casrules.cli.console import Console
    from casrules.cli.engine_contract import EngineFactory

_INTERRUPTED, _PIPE_CLOSED, _MISUSED = 130, 141, 2


def main(argv: Sequence[str] | None = None, engine_factory: EngineFactory | None = None) -> int:
    """Run one command and return its exit code.

    0 accept, 1 reject, 3 undetermined, 2 wrong usage or a file that cannot be opened. `engine_factory`
    replaces the library's own engine.
    """
    from casrules.cli.console import Console
    from casrules.errors import CasrulesError

    console = Console()
    try:
        given = parser().parse_args(argv)
        code = _run(given, console, engine_factory)
        console.out.flush()
    except CasrulesError as error:
        where = f"{error.place}: " if error.place else ""
        console.problem(f"{where}{error.problem}", error.remedy)
        return _MISUSED
    except BrokenPipeError:
        _silence_stdout()
        return _PIPE_CLOSED
    except OSError as error:
        name = f"{error.filename}: " if error.filename else ""
        console.problem(f"{name}{error.strerror or error}")
        return _MISUSED
    except KeyboardInterrupt:
        return _INTERRUPTED
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else 0
    return code


def _run(given: argparse.Namespace, console: Console, engine_factory: EngineFactory | None) -> int:
    from casrules.cli.engine_contract import shipped_engine
    from casrules.errors import UsageError

    if given.version or given.command == "version":
        return _version(console)
    factory = engine_factory or shipped_engine
    if given.command == "check":
        from casrules.cli.check import run_check

        return run_check(given, console, factory)
    if given.command == "configure":
        from casrules.cli.configure import run_configure

        return run_configure(given, console, factory)
    if given.command == "fix":
        from casrules.cli.fix import run_fix

        return run_fix(given, console, factory)
    if given.command == "decode":
        from casrules.cli.decode import run_decode

        return run_decode(given, console, factory)
    if given.command == "escapes":
        from casrules.cli.escapes import run_escapes

        return run_escapes(given, console, factory)
    if given.command in ("explain", "rules"):
        from casrules.cli.explain import run_explain, run_rules

        return (run_explain if given.command == "explain" else run_rules)(given, console, factory)
    if given.command in ("suggest", "backtest"):
        from casrules.cli import improve_commands

        run = improve_commands.run_suggest if given.command == "suggest" else improve_commands.run_backtest
        return run(given, console)
    if given.command == "history":
        from casrules.cli.history_commands import run_history

        return run_history(given, console)
    if given.command:
        from casrules.cli.pack_commands import run_pack_command

        return run_pack_command(given, console, factory)
    raise UsageError("no command given", remedy="casrules check FILE, or casrules --help")


def _version(console: Console) -> int:
    from casrules import __version__

    console.out.write(f"casrules {__version__} (Python {sys.version.split()[0]})\n")
    return 0


def _silence_stdout() -> None:
    """The reader has gone: what is still buffered must not complain when the interpreter ends."""
    try:
        descriptor = sys.stdout.fileno()
    except (OSError, ValueError):
        return
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, descriptor)
    os.close(null)
