"""Entry of the command line: reads the arguments, runs one command, turns every end into an exit code."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import TYPE_CHECKING

from casrules.cli.arguments import parser

if TYPE_CHECKING:
    import argparse

    from casrules.cli.console import Console
    from casrules.cli.engine_contract import EngineFactory

_INTERRUPTED, _PIPE_CLOSED, _MISUSED = 130, 141, 2
_COMMANDS = {
    "approve": ("approval", "run_approve"),
    "backtest": ("improve_commands", "run_backtest"),
    "check": ("check", "run_check"),
    "configure": ("configure", "run_configure"),
    "decode": ("decode", "run_decode"),
    "disruptions": ("disruptions", "run_disruptions"),
    "escapes": ("escapes", "run_escapes"),
    "explain": ("explain", "run_explain"),
    "fix": ("fix", "run_fix"),
    "history": ("history_commands", "run_history"),
    "reject": ("approval", "run_reject"),
    "rules": ("explain", "run_rules"),
    "suggest": ("improve_commands", "run_suggest"),
}
"""The module and function of each command, imported only when it is run; the others are commands of packs."""
_WITHOUT_ENGINE = frozenset({"approval", "disruptions", "history_commands", "improve_commands"})


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
    if not given.command:
        raise UsageError("no command given", remedy="casrules check FILE, or casrules --help")
    module, function = _COMMANDS.get(given.command, ("pack_commands", "run_pack_command"))
    run = getattr(import_module(f"casrules.cli.{module}"), function)
    if module in _WITHOUT_ENGINE:
        return int(run(given, console))
    return int(run(given, console, engine_factory or shipped_engine))


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
