"""Runs the commands for authors of rule packs; each is imported only when it is called."""

from __future__ import annotations

import argparse

from casrules.cli.console import Console
from casrules.cli.engine_contract import EngineFactory


def run_pack_command(given: argparse.Namespace, console: Console, engine_factory: EngineFactory) -> int:
    """Run `test`, `trace`, `diff`, `lint`, `new-rule` or `lock`, and return its exit code."""
    if given.command == "test":
        from casrules.cli.pack_test import run_test

        return run_test(given, console)
    if given.command == "trace":
        from casrules.cli.trace import run_trace

        return run_trace(given, console)
    if given.command == "diff":
        from casrules.cli.difference import run_diff

        return run_diff(given, console, engine_factory)
    from casrules.cli import authoring

    commands = {"lint": authoring.run_lint, "new-rule": authoring.run_new_rule, "lock": authoring.run_lock}
    return commands[given.command](given, console)
