"""The façade of the library: `Engine`."""

from casrules.engine.engine import Engine

__all__ = ["Engine"]
