"""Applies the fixes that violations propose, one after the other, each kept only if it does what it promises."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from casrules import declaration as record_edits
from casrules.declaration import Record, apply_edits, value_at, write_value
from casrules.dictionary import shipped_dictionary
from casrules.engine.checking import reference_date
from casrules.engine.json_route import is_json, open_json
from casrules.engine.sources import Source
from casrules.engine.xml_route import open_xml
from casrules.errors import CasrulesError
from casrules.findings import (
    AddEntity,
    CopyValue,
    DefaultValue,
    Edit,
    Fix,
    FixResult,
    RefusedFix,
    RemoveEntity,
    Report,
    SetValue,
    Violation,
    from_pointer,
)
from casrules.messages.json_form import write_json
from casrules.messages.numbering import numbered_lists
from casrules.messages.writing import write_edits

if TYPE_CHECKING:
    from casrules.engine.checking import Asked, Tools
    from casrules.engine.opened import Opened

NOT_ASKED = "it needs a person's decision: ask for unsafe fixes"
ONLY_SHOWN = "it is a proposal for a person, never applied"
STILL_THERE = "the violation would still be there"
NEW_ONES = "it would cause another violation"


@dataclass
class Fixing:
    """The work on one document: its content so far, what was applied, what not."""

    content: bytes
    check: Callable[[bytes], Report]
    edit: Callable[[bytes, Sequence[Edit]], bytes]
    unsafe: bool
    applied: list[Fix] = field(default_factory=list)
    refused: list[RefusedFix] = field(default_factory=list)

    def run(self) -> FixResult:
        """Apply what may be applied until nothing is left."""
        before = report = self.check(self.content)
        tried: set[tuple[str, str]] = set()
        while (found := next(self._untried(report, tried), None)) is not None:
            violation, fix = found
            tried.add((violation.fingerprint, fix.title))
            report = self._apply(violation, fix, report)
        return FixResult(
            content=self.content,
            applied=tuple(self.applied),
            refused=tuple(self.refused),
            report_before=before,
            report_after=report,
        )

    def _untried(self, report: Report, tried: set[tuple[str, str]]) -> Iterator[tuple[Violation, Fix]]:
        for violation in report.violations:
            for fix in violation.fixes:
                if violation.stands and (violation.fingerprint, fix.title) not in tried:
                    yield violation, fix

    def _apply(self, violation: Violation, fix: Fix, report: Report) -> Report:
        """The report after the fix; the one before where the fix is refused."""
        reason = self._forbidden(fix)
        if not reason:
            try:
                content = self.edit(self.content, fix.edits)
                after = self.check(content)
                reason = _disappointment(violation, report, after)
            except CasrulesError as error:
                reason = str(error)
        if reason:
            self.refused.append(RefusedFix(fix=fix, reason=reason))
            return report
        self.content = content
        self.applied.append(fix)
        return after

    def _forbidden(self, fix: Fix) -> str:
        if fix.applicability == "display":
            return ONLY_SHOWN
        return "" if fix.applicability == "safe" or self.unsafe else NOT_ASKED


def fix_document(
    source: Source, format_: str | None, unsafe: bool, check: Callable[[bytes], Report], tools: Tools
) -> FixResult:
    """Apply the fixes of one document; safe ones, and the unsafe ones where asked for."""

    def edit(content: bytes, edits: Sequence[Edit]) -> bytes:
        current = Source(content)
        return _edited(current, edits, (open_json if is_json(current) else open_xml)(current, format_, tools))

    return Fixing(source.content, check, edit, unsafe).run()


def completed_content(source: Source, asked: Asked, tools: Tools) -> bytes:
    """The document with what configuration rules change in it; as it is where nothing can or need be changed."""
    opened = (open_json if is_json(source) else open_xml)(source, asked.format, tools)
    if tools.configurer is None or opened.plan is None or opened.plan.kind.role == "answer":
        return source.content
    settled = tools.configurer.apply(opened, reference_date(opened, asked).date).settled
    return _written(source, settled.edits, opened) if settled.edits else source.content


def _disappointment(violation: Violation, before: Report, after: Report) -> str:
    """Why a fix must not stay; empty where it removed its violation and added none."""
    found = {entry.fingerprint for entry in after.violations}
    if violation.fingerprint in found:
        return STILL_THERE
    return NEW_ONES if found - {entry.fingerprint for entry in before.violations} else ""


def _edited(source: Source, edits: Sequence[Edit], opened: Opened) -> bytes:
    changes = [change for edit in edits for change in _change(edit, opened.whole)]
    wanted = numbered_lists(opened.plan.mapping) if opened.plan is not None else frozenset()
    return _written(source, record_edits.with_numbers(changes, opened.whole, shipped_dictionary(), wanted), opened)


def _written(source: Source, changes: Sequence[record_edits.Edit], opened: Opened) -> bytes:
    if is_json(source):
        message = opened.document.message
        record = apply_edits(opened.whole, changes)
        return json.dumps(write_json(record, message), ensure_ascii=False, indent=2).encode()
    assert opened.plan is not None, "only documents of a known message are edited"
    return write_edits(source.content, opened.plan.mapping, changes)


def _change(edit: Edit, record: Record) -> Iterator[record_edits.Edit]:
    path = from_pointer(edit.target.record)
    match edit:
        case SetValue(value=value):
            yield record_edits.SetValue(path, value)
        case DefaultValue(value=value):
            if value_at(record, path) is None:
                yield record_edits.SetValue(path, value)
        case CopyValue(source=source):
            yield record_edits.SetValue(path, write_value(value_at(record, from_pointer(source.record))))
        case AddEntity(fields=fields):
            yield record_edits.AddEntity(path, {entry.name: entry.value for entry in fields})
        case RemoveEntity():
            removes_value = not isinstance(value_at(record, path), dict)
            yield record_edits.RemoveValue(path) if removes_value else record_edits.RemoveEntity(path)
