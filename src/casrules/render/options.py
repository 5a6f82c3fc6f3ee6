"""What a renderer may be told."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from casrules.findings import Report


@dataclass(frozen=True, slots=True)
class RenderOptions:
    """Choices of the reader.

    `width` in characters (text); `color`: terminal colours; `show_all`: every place of a rule that failed in
    many; `quiet`: only what is not accepted, one line each; `indent`: spaces of indentation (JSON), None for
    one line; `base`: the absolute path of the folder whose files are named from it (SARIF: code scanning hosts want
    names from the root of the repository).
    """

    width: int = 100
    color: bool = False
    show_all: bool = False
    quiet: bool = False
    indent: int | None = None
    base: str = ""


Renderer = Callable[[Iterable["Report"], RenderOptions], Iterator[str]]
"""Writes reports one after the other, as pieces of text; a renderer keeps no report it has written."""
