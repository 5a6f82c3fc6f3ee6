"""What a command applies: its own arguments, and the project's settings where an argument was not given."""

from __future__ import annotations

import argparse
from pathlib import Path

from casrules.packs.settings import Settings, find_settings


def project_settings() -> Settings:
    """The settings of the project the working folder is in; raises UsageError, with file and line, for broken ones."""
    return find_settings(Path.cwd()).settings


def code_lists(given: argparse.Namespace) -> tuple[str | Path, ...]:
    """Where code lists stand that take the place of shipped ones."""
    return tuple(given.codelists or project_settings().codelists)


def engine_settings(given: argparse.Namespace) -> dict[str, object]:
    """The engine's settings that were given or that the project decided; the others are the engine's own defaults."""
    project = project_settings()
    values = {
        "packs": given.packs or project.packs,
        "schemas": given.schemas,
        "configuration": given.configuration or project.configuration,
        "codelists": given.codelists or project.codelists,
        "select": given.select or project.select,
        "ignore": given.ignore or project.ignore,
        "statuses": given.status or project.status,
    }
    settings: dict[str, object] = {name: tuple(value) for name, value in values.items() if value}
    single = {"tariff": given.tariff or project.tariff, "lang": given.lang or project.lang}
    return {**settings, **{name: value for name, value in single.items() if value}}
