"""The command line: `casrules check`, `explain`, `fix`, `rules`, `version`."""

from casrules.cli.main import main

__all__ = ["main"]
