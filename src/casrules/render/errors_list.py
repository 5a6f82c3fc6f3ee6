"""The error list that customs platforms answer with: code, message, description, fieldReference."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Any

from casrules.findings import Report, Violation
from casrules.render.escaping import visible
from casrules.render.options import RenderOptions
from casrules.render.wording import document_name


def render_errors(reports: Iterable[Report], options: RenderOptions) -> Iterator[str]:
    """One report as an array of its errors; several as an array of {document, errors}. Warnings are
    left out.
    """
    stream = iter(reports)
    first, second = next(stream, None), next(stream, None)
    if first is not None and second is None:
        yield _written(error_list(first), options) + "\n"
        return
    yield "["
    for number, report in enumerate(each for each in chain((first, second), stream) if each is not None):
        entry = {"document": visible(document_name(report)), "errors": error_list(report)}
        yield (",\n" if number else "\n") + _written(entry, options)
    yield "\n]\n"


def error_list(report: Report) -> list[dict[str, str]]:
    """The errors that stand, in order, and what could not be judged: an empty list means accepted."""
    found = [_error(violation) for violation in report.errors]
    if report.totals.capped:
        found.insert(0, _entry("list_cut_off", report.totals.banner, "", ""))
    for reason in report.verdict.reasons:
        if not reason.rejects:
            found.append(_entry(reason.code, f"not judged: {reason.text}", "", ""))
    return found


def _error(violation: Violation) -> dict[str, str]:
    """The authority's code where it has one, else the rule's id; the XPath where there is one, else the
    path.
    """
    code = next((authority.code for authority in violation.authority if authority.code), violation.rule)
    place = violation.primary
    reference = (place.xpath or place.pointer or place.path) if place else ""
    return _entry(code, violation.message.text, violation.remedy or violation.rendered_rule, reference)


def _entry(code: str, message: str, description: str, reference: str) -> dict[str, str]:
    return {
        "code": visible(code),
        "message": visible(message),
        "description": visible(description),
        "fieldReference": visible(reference),
    }


def _written(content: Any, options: RenderOptions) -> str:
    return json.dumps(content, ensure_ascii=True, indent=options.indent)
