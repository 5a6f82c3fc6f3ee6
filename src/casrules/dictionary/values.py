"""What the record holds besides plain values: a value that is there but cannot be read as its type."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Invalid:
    """A value that was given but is not what its type wants: `raw` as read, `expected` in words ("a decimal number").

    It is never guessed and never dropped: a rule that needs it is not evaluated.
    """

    raw: str
    expected: str = ""
