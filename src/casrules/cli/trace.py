"""`casrules trace`: why a rule fires on a message, why not, or why it does not apply."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import dataclass

from casrules.cli.console import Console
from casrules.cli.inputs import STDIN, read, shown_name
from casrules.cli.settings import code_lists, project_settings
from casrules.engine.breakdowns import Breakdowns
from casrules.engine.catalog import Catalog
from casrules.engine.checking import Tools
from casrules.engine.json_route import is_json, open_json
from casrules.engine.opened import Opened
from casrules.engine.planning import MessagePlan, Plans
from casrules.engine.sources import Source
from casrules.engine.tariff_stage import serve_tariff
from casrules.engine.xml_route import open_xml
from casrules.findings import PathWriter, RecordPath
from casrules.limits import DEFAULT_LIMITS
from casrules.messages.schema_sets import ShippedSchemas
from casrules.packs.translations import ENGLISH
from casrules.render.escaping import visible
from casrules.resources import schemas_folder
from casrules.rules import Choice
from casrules.rules.translating import UNTRANSLATED
from casrules.tariff import TariffMeasures, load_tariff
from casrules.testing import Suite, load_suite
from casrules.testing.tracing import Subject, Trace, Visit, trace
from casrules.testing.truth_table import lines

_UNREADABLE = 3
_SHOWN = 10
_ORDER = ("error", "not_evaluated", "failed", "inconclusive", "passed", "not_applicable")
_WORDS = {
    "failed": "violated",
    "passed": "passed",
    "not_applicable": "not applicable",
    "inconclusive": "inconclusive",
    "not_evaluated": "not evaluated",
    "error": "broke down",
}


def run_trace(given: argparse.Namespace, console: Console) -> int:
    """Write the truth table of the rule for every visited entity; 3 where the message could not be read."""
    project = project_settings()
    suite = load_suite(given.packs or project.packs or (), codelists=code_lists(given))
    rule = suite.rule(given.rule)
    tariff = given.tariff or project.tariff
    opened = _open(given, suite, load_tariff(tariff) if tariff else None)
    name = shown_name(given.source)
    if opened.plan is None:
        reason = next((stage.reason for stage in opened.stages if stage.reason), "the message is not known")
        console.problem(f"{name}: {reason}", "see casrules check; --message-format says which message it is")
        return _UNREADABLE
    day, origin = _day(given.as_of, opened, opened.plan)
    breakdowns = Breakdowns()
    serve_tariff(opened, day, breakdowns)
    for fault in breakdowns.faults:
        console.problem(f"{name}: the tariff broke down: {fault.kind}: {fault.detail}", "the rule runs without it")
    carried = opened.plan.carried
    context = suite.context(day or "")
    subject = Subject(opened.plan.kind, opened.whole, day, lambda names: ".".join(names) in carried, context)
    found = trace(rule, subject, suite.ruleset)
    kind = opened.plan.kind
    header = (
        f"{name}: {kind.message}{f', phase {kind.phase}' if kind.phase else ''}, as of {day or 'no date'} ({origin})"
    )
    for line in (header, *_lines(found, _Names(opened, suite), given.all, given.lang or project.lang or ENGLISH)):
        console.out.write(visible(line) + "\n")
    return 0


@dataclass
class _Names:
    """Writes record paths with the lines of the source."""

    opened: Opened
    suite: Suite

    def __post_init__(self) -> None:
        self.writer = PathWriter(self.opened.whole, self.suite.dictionary)

    def __call__(self, path: RecordPath) -> str:
        text = self.writer.text(path)
        line = self.opened.locator.locate(path).line if self.opened.locator is not None else None
        return f"{text} (line {line})" if line else text


def _open(given: argparse.Namespace, suite: Suite, tariff: TariffMeasures | None) -> Opened:
    catalog = Catalog.load(schemas_folder(), suite.dictionary)
    choice = Choice(frozenset({"stable", "deprecated", "preview", "draft"}))
    plans = Plans(catalog, suite.ruleset, suite.code_lists, choice, tariff)
    tools = Tools(plans, ShippedSchemas.load(schemas_folder()), (), DEFAULT_LIMITS)
    source = Source(read(given.source), "" if given.source == STDIN else given.source)
    return (open_json if is_json(source) else open_xml)(source, given.message_format, tools)


def _day(as_of: str | None, opened: Opened, plan: MessagePlan) -> tuple[str | None, str]:
    """The reference date and where it is from."""
    if as_of:
        return as_of, "as asked for"
    for path in plan.reference_dates:
        found: object = opened.whole
        for name in path.removeprefix("declaration.").split("."):
            found = found.get(name) if isinstance(found, dict) else None
        if isinstance(found, str):
            return found[:10], path
    return None, "the message has no reference date"


def _lines(found: Trace, named: _Names, show_all: bool, lang: str) -> Iterator[str]:
    written = found.rule.packed.rule
    title = found.rule.wordings.get(lang, UNTRANSLATED).title or written.title
    yield f"{found.rule.id}: {title} ({found.rule.packed.place()})"
    yield from (f"does not run here: {obstacle}" for obstacle in found.obstacles)
    yield from (f"note: {limit}" for limit in found.limits)
    if not found.visits:
        yield f"nothing to visit: the message has no {written.for_}"
        return
    counts = ", ".join(f"{found.counts[status]} {_WORDS[status]}" for status in _ORDER if found.counts[status])
    if_it_ran = " (if it ran)" if found.obstacles else ""
    yield f"{len(found.visits)} × {written.for_.replace('_', ' ')}: {counts}{if_it_ran}"
    ordered = sorted(found.visits, key=_rank)
    for visit in ordered if show_all else ordered[:_SHOWN]:
        yield ""
        yield from _visit(visit, named)
    if not show_all and len(ordered) > _SHOWN:
        yield ""
        yield f"… and {len(ordered) - _SHOWN} more; --all shows them"


def _rank(visit: Visit) -> int:
    return min(_ORDER.index(table.status) for table in visit.tables)


def _visit(visit: Visit, named: _Names) -> Iterator[str]:
    for table in visit.tables:
        key = f" [{table.key}]" if table.key else ""
        reason = f": {table.reason}" if table.reason else ""
        yield f"{named(visit.instance)}{key}: {_WORDS[table.status]}{reason}"
        if table.when is not None:
            yield from lines(table.when, named, "when", 1)
        if table.status != "not_applicable":
            yield from lines(table.require, named, "require", 1)
