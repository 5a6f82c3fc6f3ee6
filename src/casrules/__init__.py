"""casrules: validates customs declarations before they are sent, and says what to change, where and why.

>>> from casrules import Engine
>>> report = Engine().validate("declaration.xml")
>>> report.verdict.outcome
'accept'
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from casrules.engine import Engine as Engine
    from casrules.findings import Report as Report

__version__ = "0.1.0"
__all__ = ["Engine", "Report", "__version__"]


def __getattr__(name: str) -> Any:
    """Import the façade when it is first used: `import casrules` alone stays light."""
    if name == "Engine":
        from casrules.engine import Engine

        return Engine
    if name == "Report":
        from casrules.findings import Report

        return Report
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
