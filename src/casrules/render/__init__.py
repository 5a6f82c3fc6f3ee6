"""What people and programs see: reports as text, JSON, SARIF, JUnit, GitHub annotations, CSV, HTML,
error lists.
"""

from __future__ import annotations

from collections.abc import Iterable
from importlib import import_module
from typing import TYPE_CHECKING, cast

from casrules.errors import UsageError
from casrules.render.options import Renderer, RenderOptions

if TYPE_CHECKING:
    from casrules.findings import Report

_PLACES = {
    "text": ("text", "render_text"),
    "json": ("json", "render_json"),
    "jsonl": ("json", "render_jsonl"),
    "sarif": ("sarif", "render_sarif"),
    "junit": ("junit", "render_junit"),
    "github": ("github", "render_github"),
    "csv": ("csv", "render_csv"),
    "html": ("html", "render_html"),
    "errors": ("errors_list", "render_errors"),
}
FORMATS = tuple(_PLACES)

__all__ = ["FORMATS", "RenderOptions", "Renderer", "render", "renderer"]


def renderer(name: str) -> Renderer:
    """The renderer of a format; only its module is imported. Raises UsageError for an unknown format."""
    if name not in _PLACES:
        raise UsageError(f"unknown output format {name!r}", remedy=f"one of {', '.join(FORMATS)}")
    module, function = _PLACES[name]
    return cast(Renderer, getattr(import_module(f"casrules.render.{module}"), function))


def render(reports: Report | Iterable[Report], name: str = "text", options: RenderOptions | None = None) -> str:
    """One report or several as one text in the named format."""
    from casrules.findings import Report

    several = (reports,) if isinstance(reports, Report) else reports
    return "".join(renderer(name)(several, options or RenderOptions()))
