"""The extra `improve`: numpy and polars, asked for before anything of this room is used."""

from __future__ import annotations

from importlib.util import find_spec

from casrules.errors import UsageError

_NEEDED = ("numpy", "polars")


def require() -> None:
    """Raise UsageError, naming what to install, where the extra is absent."""
    absent = [name for name in _NEEDED if find_spec(name) is None]
    if absent:
        raise UsageError(
            f"mining needs {' and '.join(absent)}, which {'is' if len(absent) == 1 else 'are'} not installed",
            remedy="pip install 'casrules[improve]'",
        )
