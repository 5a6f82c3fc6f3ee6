"""Standard output and error: colours, width, encoding, progress."""

from __future__ import annotations

import os
import shutil
import sys
from dataclasses import dataclass, field
from typing import TextIO

from casrules.render.escaping import visible

_WIDEST = 120
_CLEAR = "\r\x1b[K"


@dataclass(slots=True)
class Console:
    """Where a command writes. `out` is for the result, `err` for everything about getting it."""

    out: TextIO = field(default_factory=lambda: sys.stdout)
    err: TextIO = field(default_factory=lambda: sys.stderr)

    def __post_init__(self) -> None:
        for stream in (self.out, self.err):
            reconfigure = getattr(stream, "reconfigure", None)
            if reconfigure is not None:
                # A terminal that cannot show a character must not end the run.
                reconfigure(errors="backslashreplace")

    @property
    def color(self) -> bool:
        """Colours: on a terminal, unless NO_COLOR is set or the terminal is dumb."""
        return self.out.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"

    @property
    def width(self) -> int:
        """The terminal's width, at most 120 characters; 100 where there is no terminal."""
        if not self.out.isatty():
            return 100
        return min(shutil.get_terminal_size((100, 24)).columns, _WIDEST)

    def note(self, text: str) -> None:
        """A line about the run, on standard error."""
        self.err.write(f"casrules: {visible(text)}\n")

    def problem(self, problem: str, hint: str = "") -> None:
        """An error and, below it, the way out."""
        self.err.write(f"casrules: error: {visible(problem)}\n")
        if hint:
            self.err.write(f"  hint: {visible(hint)}\n")


@dataclass(slots=True)
class Progress:
    """A counter on standard error while many files are checked; silent where nobody watches."""

    console: Console
    total: int
    quiet: bool = False
    _done: int = 0

    @property
    def active(self) -> bool:
        """True where there are several files and a terminal."""
        return self.total > 1 and not self.quiet and self.console.err.isatty()

    def step(self, name: str) -> None:
        """Show that `name` is being checked."""
        self._done += 1
        if self.active:
            room = max(20, shutil.get_terminal_size((100, 24)).columns - 24)
            bar = "#" * round(10 * self._done / self.total)
            self.console.err.write(f"{_CLEAR}[{bar:<10}] {self._done}/{self.total} {visible(name)[-room:]}")
            self.console.err.flush()

    def clear(self) -> None:
        """Remove the counter, so that output on the same terminal begins on a clean line."""
        if self.active:
            self.console.err.write(_CLEAR)
            self.console.err.flush()
