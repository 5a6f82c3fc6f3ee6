"""One document through all stages, and the report about it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from casrules import __version__
from casrules.collecting import collector_paused
from casrules.engine.breakdowns import Breakdowns
from casrules.engine.causes import caused_by_form
from casrules.engine.configuring import Completed, Configurer
from casrules.engine.json_route import is_json, open_json
from casrules.engine.opened import Opened
from casrules.engine.planning import Plans
from casrules.engine.sources import Source
from casrules.engine.tariff_stage import serve_tariff
from casrules.engine.unwritten import Unwritten
from casrules.engine.xml_route import open_xml
from casrules.findings import (
    Change,
    DocumentInfo,
    Draft,
    PackRef,
    ReferenceData,
    ReferenceDate,
    Report,
    RuleOverride,
    Stage,
    ToolInfo,
    Violation,
    assemble,
    document_key,
    judge,
)
from casrules.findings.document import Namespace
from casrules.language import EvaluationContext
from casrules.limits import Limits
from casrules.messages.schema_sets import Schemas
from casrules.packs.translations import ENGLISH
from casrules.rules import Failure, RulePlan, Run, ViolationWriter

TOOL = ToolInfo(version=__version__)
UNKNOWN_DATE = ReferenceDate()
PREFIX = re.compile(r"/@?([\w.-]+):")


@dataclass(frozen=True, slots=True)
class Asked:
    """What the caller asked for besides the source; `as_of` is YYYY-MM-DD, `lang` the language of texts."""

    as_of: str | None = None
    format: str | None = None
    document_key: str | None = None
    rule_runs: bool = False
    lang: str = ENGLISH


@dataclass(frozen=True)
class Tools:
    """What every check of one engine shares."""

    plans: Plans
    schemas: Schemas
    packs: tuple[PackRef, ...]
    limits: Limits
    overrides: tuple[RuleOverride, ...] = ()
    configurer: Configurer | None = None
    reference_data: tuple[ReferenceData, ...] = ()


@collector_paused()
def check(source: Source, asked: Asked, tools: Tools) -> Report:
    """Check one document. Bad data never raises; a `format` nobody knows does (UsageError)."""
    breakdowns = Breakdowns()
    opened: Opened | None = None
    with breakdowns.caught("parse"):
        opened = (open_json if is_json(source) else open_xml)(source, asked.format, tools)
    opened = opened or _unopened(source)
    completed: Completed | None = None
    if tools.configurer is not None and opened.plan is not None and opened.plan.kind.role != "answer":
        with breakdowns.caught("configuration"):
            completed = tools.configurer.apply(opened, reference_date(opened, asked).date)
    return _Check(tools, asked, completed.opened if completed else opened, breakdowns, completed).report()


def reference_date(opened: Opened, asked: Asked) -> ReferenceDate:
    """The day whose rules apply: the caller's, else the first that the declaration gives."""
    if asked.as_of:
        return ReferenceDate(date=asked.as_of, origin="argument")
    for path in opened.plan.reference_dates if opened.plan else ():
        found = _text(opened.record, path)
        if found:
            return ReferenceDate(date=found[:10], origin="declaration", path=path)
    return UNKNOWN_DATE


def _text(record: Mapping[str, Any], path: str) -> str | None:
    found: Any = record
    for name in path.removeprefix("declaration.").split("."):
        found = found.get(name) if isinstance(found, Mapping) else None
    return found if isinstance(found, str) else None


def used_namespaces(opened: Opened, violations: Iterable[Violation]) -> tuple[Namespace, ...]:
    """The prefixes that the XPaths of violations use."""
    xpaths = (place.xpath for violation in violations for place in violation.locations)
    used = {prefix for xpath in xpaths for prefix in PREFIX.findall(xpath)}
    known = opened.namespaces
    return tuple(Namespace(prefix=prefix, uri=known[prefix]) for prefix in sorted(used & known.keys()))


def _unopened(source: Source) -> Opened:
    """What is left of a document on which the library itself broke down."""
    why = "the library broke down"
    stages = (Stage(name="schema", status="failed", reason=why), Stage(name="rules", status="failed", reason=why))
    return Opened(DocumentInfo(sha256=source.digest, bytes=len(source.content), name=source.name), stages)


@dataclass(frozen=True)
class _Check:
    """The work on one document that was opened as far as it could be."""

    tools: Tools
    asked: Asked
    opened: Opened
    breakdowns: Breakdowns
    completed: Completed | None = None

    def report(self) -> Report:
        """Run the rules, write what they found, and judge."""
        opened = self.opened
        as_of = reference_date(opened, self.asked)
        opened.document = self._identified()
        drafts: list[Draft] = []
        with self.breakdowns.caught("schema"):
            drafts += opened.drafts(opened)
        drafts += self._asked_of_people()
        stages: tuple[Stage, ...] = (Stage(name="rules", status="failed", reason="the library broke down"),)
        run, plan, unwritten = None, None, Unwritten()
        tariff = serve_tariff(opened, as_of.date, self.breakdowns)
        with self.breakdowns.caught("rules"):
            stages, run, plan = self._run(as_of)
        if run is not None and plan is not None and run.failures:
            written = unwritten.within(run.failures, self.tools.limits)
            drafts += caused_by_form(drafts, self._drafts(written, plan.context_on(as_of.date)))
        stages = (*opened.stages, *self._configuration_stage(), *tariff, *stages)
        found = assemble(drafts, as_of=as_of.date, limits=self.tools.limits)
        totals = unwritten.added_to(found.totals)
        return Report(
            tool=TOOL,
            as_of=as_of,
            packs=self.tools.packs,
            reference_data=self.tools.reference_data,
            overrides=self.tools.overrides,
            document=opened.document.model_copy(update={"namespaces": used_namespaces(opened, found.violations)}),
            stages=stages,
            rule_runs=run.rule_runs if run else None,
            changes=self._changes(),
            violations=found.violations,
            totals=totals,
            unused_suppressions=found.unused_suppressions,
            system_errors=tuple(self.breakdowns.faults),
            verdict=judge(
                totals,
                stages,
                as_of,
                rule_runs=run.blocking if run else (),
                faults=self.breakdowns.faults,
            ),
        )

    def _drafts(self, failures: Iterable[Failure], context: EvaluationContext) -> list[Draft]:
        """The violations of the rules' failures; one that cannot be written is a fault of ours, not lost."""
        found: list[Draft] = []
        with self.breakdowns.caught("bind"):
            writer = ViolationWriter(
                record=self.opened.whole,
                dictionary=self.tools.plans.catalog.dictionary,
                context=context,
                document=self.opened.document.key,
                system=self.opened.plan.family.system if self.opened.plan else "",
                locator=self.opened.locator,
                alterations=self.completed.alterations if self.completed else None,
                lang=self.asked.lang,
            )
            for failure in failures:
                with self.breakdowns.caught("rules", failure.rule.id):
                    found.append(writer.draft(failure))
        return found

    def _asked_of_people(self) -> list[Draft]:
        """The questions of configuration rules, and those that contradict each other."""
        with self.breakdowns.caught("configuration"):
            return self.completed.drafts(self.opened.document.key) if self.completed else []
        return []

    def _changes(self) -> tuple[Change, ...]:
        with self.breakdowns.caught("configuration"):
            return self.completed.changes if self.completed else ()
        return ()

    def _configuration_stage(self) -> tuple[Stage, ...]:
        if self.tools.configurer is None:
            return ()
        return (Stage(name="configuration", status="completed" if self.completed else "skipped"),)

    def _run(self, as_of: ReferenceDate) -> tuple[tuple[Stage, ...], Run | None, RulePlan | None]:
        """The rules' stage; nothing where an earlier stage has settled it."""
        opened = self.opened
        if opened.plan is None:
            return (), None, None
        if opened.plan.kind.role == "answer":
            reason = "this is an answer of customs, not a declaration: casrules decode tells what it says"
            return (Stage(name="rules", status="unavailable", reason=reason),), None, None
        plan = opened.plan.rules_on(as_of.date)
        run = plan.run(opened.record, as_of.date, opened.invalid, rule_runs=self.asked.rule_runs)
        if not run.evaluated and not run.blocking:
            return (Stage(name="rules", status="unavailable", reason="no rule applies to this message"),), run, plan
        return (Stage(name="rules", status="completed"),), run, plan

    def _identified(self) -> DocumentInfo:
        """The document with LRN, MRN and the key that fingerprints use."""
        document, lrn, mrn = self.opened.document, _text(self.opened.record, "lrn"), _text(self.opened.record, "mrn")
        declarant = _text(self.opened.record, "declarant.id") or _text(self.opened.record, "holder.id")
        key = document_key(declarant=declarant, lrn=lrn, mrn=mrn, given=self.asked.document_key, digest=document.sha256)
        return document.model_copy(update={"lrn": lrn or "", "mrn": mrn or "", "key": key})
