"""`casrules explain` and `casrules rules`: what the rules say."""

from __future__ import annotations

import argparse
import difflib
import json

from casrules.cli.console import Console
from casrules.cli.engine_contract import EngineFactory
from casrules.cli.settings import engine_settings
from casrules.errors import UsageError
from casrules.findings import RulePage
from casrules.render import RenderOptions
from casrules.render.rule_text import render_page, render_rules

_SCOPES = ("message", "phase", "jurisdiction", "flow", "dataset", "procedure", "role")


def run_explain(given: argparse.Namespace, console: Console, engine_factory: EngineFactory) -> int:
    """Write the page of one rule."""
    page = engine_factory(**engine_settings(given)).explain(given.rule)
    _write([page], given, console, single=True)
    return 0


def run_rules(given: argparse.Namespace, console: Console, engine_factory: EngineFactory) -> int:
    """List the rules, those of a scope only where one is given."""
    wanted = [_scope(text) for text in given.scope]
    known = engine_factory(**engine_settings(given)).rules()
    pages = [page for page in known if _applies(page, wanted)]
    if wanted and not pages:
        console.note("no rule has this scope")
    for name, value in wanted:
        named = {item for page in known for scope in page.scope if scope.name == name for item in scope.values}
        if pages and value not in named:
            near = difflib.get_close_matches(value, sorted(named), n=1, cutoff=0.5)
            asked = f"; did you mean {near[0]}?" if near else ""
            console.note(f"no rule names {name} {value}: those listed apply to any{asked}")
    _write(sorted(pages, key=lambda page: page.id), given, console)
    return 0


def _scope(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals or name not in _SCOPES or not value:
        raise UsageError(f"{text!r} is not a scope", remedy=f"NAME=VALUE with NAME one of {', '.join(_SCOPES)}")
    return name, value


def _applies(page: RulePage, wanted: list[tuple[str, str]]) -> bool:
    """A rule that says nothing of a name applies to all of its values."""
    limits = {item.name: item.values for item in page.scope}
    return all(value in limits.get(name, (value,)) for name, value in wanted)


def _write(pages: list[RulePage], given: argparse.Namespace, console: Console, *, single: bool = False) -> None:
    if given.format == "json":
        plain = [page.model_dump(mode="json") for page in pages]
        console.out.write(json.dumps(plain[0] if single else plain, indent=2, sort_keys=True) + "\n")
        return
    options = RenderOptions(width=console.width, color=console.color)
    lines = render_page(pages[0], options) if single else render_rules(pages, options)
    console.out.writelines(f"{line}\n" for line in lines)
