"""Finds the data folders: inside the installed package, else beside it in an editable install.

Nothing else in the library knows where `schemas/` and `rulesets/` are.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from casrules.errors import UsageError


@cache
def data_root() -> Path:
    """The folder that holds `schemas/` and `rulesets/`."""
    package = Path(__file__).resolve().parent
    for candidate in (package / "_data", package.parents[1]):
        if (candidate / "schemas").is_dir() and (candidate / "rulesets").is_dir():
            return candidate
    raise UsageError(
        "the data folders schemas/ and rulesets/ were not found beside the package",
        remedy="reinstall casrules",
    )


def schemas_folder() -> Path:
    """The folder of dictionary, families, mappings, schemas and code lists."""
    return data_root() / "schemas"


def rulesets_folder() -> Path:
    """The folder of the shipped rule packs."""
    return data_root() / "rulesets"
