"""One document through all stages, and the report about it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from casrules import __version__
from casrules.declaration import value_at
from casrules.engine.json_route import is_json, open_json
from casrules.engine.opened import Opened
from casrules.engine.planning import Plans
from casrules.engine.sources import Source
from casrules.engine.xml_route import open_xml
from casrules.findings import (
    Draft,
    PackRef,
    ReferenceDate,
    Report,
    Stage,
    ToolInfo,
    assemble,
    document_key,
    judge,
)
from casrules.limits import Limits
from casrules.messages.schema_sets import Schemas
from casrules.rules import RulePlan, Run, ViolationWriter

TOOL = ToolInfo(version=__version__)
UNKNOWN_DATE = ReferenceDate()


@dataclass(frozen=True, slots=True)
class Asked:
    """What the caller asked for besides the source; `as_of` is YYYY-MM-DD."""

    as_of: str | None = None
    format: str | None = None
    document_key: str | None = None
    rule_runs: bool = False


@dataclass(frozen=True)
class Tools:
    """What every check of one engine shares."""

    plans: Plans
    schemas: Schemas
    packs: tuple[PackRef, ...]
    limits: Limits


def check(source: Source, asked: Asked, tools: Tools) -> Report:
    """Check one document. Bad data never raises; a `format` nobody knows does (UsageError)."""
    opened = (open_json if is_json(source) else open_xml)(source, asked.format, tools)
    as_of = _reference_date(opened, asked)
    opened.document = _identified(opened, asked)
    drafts = opened.drafts(opened)
    stage, run, plan = _run(opened, as_of, asked)
    if run is not None and plan is not None and run.failures:
        writer = ViolationWriter(opened.whole, tools.plans.catalog.dictionary, plan.context_on(as_of.date), opened.document.key, opened.locator)
        drafts += [writer.draft(failure) for failure in run.failures]
    return _report(opened, as_of, (*opened.stages, *stage), drafts, run, asked, tools)


def _run(
    opened: Opened, as_of: ReferenceDate, asked: Asked
) -> tuple[tuple[Stage, ...], Run | None, RulePlan | None]:
    """The rules' stage: nothing where an earlier stage has settled it."""
    if opened.plan is None:
        return (), None, None
    if opened.plan.kind.role == "answer":
        reason = "an answer of customs: decode it"
        return (Stage(name="rules", status="not_requested", reason=reason),), None, None
    plan = opened.plan.rules_on(as_of.date)
    run = plan.run(opened.record, as_of.date, opened.invalid, rule_runs=asked.rule_runs)
    if not run.evaluated and not run.blocking:
        return (Stage(name="rules", status="unavailable", reason="no rule applies to this message"),), run, plan
    return (Stage(name="rules", status="completed"),), run, plan


def _reference_date(opened: Opened, asked: Asked) -> ReferenceDate:
    if asked.as_of:
        return ReferenceDate(date=asked.as_of, origin="argument")
    if opened.plan is None:
        return UNKNOWN_DATE
    for path in opened.plan.reference_dates:
        found = _value(opened, path)
        if isinstance(found, str):
            return ReferenceDate(date=found[:10], origin="declaration", path=path)
    return UNKNOWN_DATE


def _identified(opened: Opened, asked: Asked) -> Any:
    """The document with LRN, MRN and the key that fingerprints use."""
    document = opened.document
    lrn, mrn = _text(opened, "lrn"), _text(opened, "mrn")
    declarant = _text(opened, "declarant.id") or _text(opened, "holder.id")
    key = document_key(declarant=declarant, lrn=lrn, mrn=mrn, given=asked.document_key, digest=document.sha256)
    return document.model_copy(update={"lrn": lrn or "", "mrn": mrn or "", "key": key})


def _text(opened: Opened, path: str) -> str | None:
    found = _value(opened, path)
    return found if isinstance(found, str) else None


def _value(opened: Opened, path: str) -> Any:
    names = path.removeprefix("declaration.").split(".")
    return value_at(opened.record, tuple((name, None) for name in names))


def _report(
    opened: Opened,
    as_of: ReferenceDate,
    stages: tuple[Stage, ...],
    drafts: Iterable[Draft],
    run: Run | None,
    asked: Asked,
    tools: Tools,
) -> Report:
    found = assemble(drafts, as_of=as_of.date, limits=tools.limits)
    verdict = judge(found.totals, stages, as_of, rule_runs=run.blocking if run else ())
    return Report(
        tool=TOOL,
        as_of=as_of,
        packs=tools.packs,
        document=opened.document,
        stages=stages,
        rule_runs=run.rule_runs if run else None,
        violations=found.violations,
        totals=found.totals,
        unused_suppressions=found.unused_suppressions,
        verdict=verdict,
    )
