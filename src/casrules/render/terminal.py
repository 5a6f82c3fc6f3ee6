"""Colours and widths of a terminal."""

from __future__ import annotations

import re
import textwrap
from dataclasses import dataclass

from casrules.render.escaping import visible

_CODES = {
    "error": "1;31",
    "reject": "1;31",
    "warning": "1;33",
    "undetermined": "1;33",
    "info": "1;34",
    "accept": "1;32",
    "bold": "1",
    "dim": "2",
}
_NARROWEST = 40
_TOGETHER = re.compile(r"(?<=\d) (?=\d)|(?<=\bline) (?=\d)")
_GLUE = "\x1f"
"""Holds together what a line break must not part; `visible` lets no such character through."""


@dataclass(frozen=True, slots=True)
class Paint:
    """Paints words, or leaves them alone where there is no terminal."""

    color: bool

    def __call__(self, style: str, text: str) -> str:
        """`text`, made safe for a terminal, in the style (`error`, `bold`, `dim`, …)."""
        safe = visible(text)
        return f"\x1b[{_CODES[style]}m{safe}\x1b[0m" if self.color and safe else safe


def wrapped(text: str, width: int, indent: int) -> list[str]:
    """The lines of a text that begins after `indent` characters.

    Long words are left whole, to be copied, and so are numbers in groups (`18 04 001 000`) and `line 12`.
    """
    room = max(width, _NARROWEST) - indent
    glued = _TOGETHER.sub(_GLUE, visible(text))
    lines = textwrap.wrap(glued, room, break_long_words=False, break_on_hyphens=False)
    return [line.replace(_GLUE, " ") for line in lines] or [""]
