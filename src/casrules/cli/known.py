"""Files of what is known: suppressions and baselines."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

from pydantic import ValidationError

from casrules.errors import PackError, UsageError
from casrules.findings import Baseline, KnownFinding, SuppressionEntry
from casrules.packs.yaml_text import Document, read_yaml

_SHAPE = "suppressions: a list of entries with rule (and path) or fingerprint, by, reason, until"


Origin = Literal["command_line", "project"]


def load_suppressions(path: Path, origin: Origin = "command_line") -> list[SuppressionEntry]:
    """The entries of a YAML or JSON file, with the precedence of where it was named. Raises UsageError
    with the line.
    """
    try:
        document = read_yaml(path)
    except PackError as error:
        raise UsageError(error.problem, place=error.place, remedy=error.remedy) from None
    content = document.content
    entries = content.get("suppressions") if isinstance(content, dict) else content
    if not isinstance(entries, list):
        raise UsageError("no list of suppressions", place=document.place(), remedy=_SHAPE)
    base: tuple[str | int, ...] = ("suppressions",) if isinstance(content, dict) else ()
    return [_entry(entry, document, (*base, number), origin) for number, entry in enumerate(entries)]


def _entry(entry: Any, document: Document, at: tuple[str | int, ...], origin: Origin) -> SuppressionEntry:
    if not isinstance(entry, dict):
        raise UsageError("a suppression is a mapping", place=document.place(*at), remedy=_SHAPE)
    try:
        return SuppressionEntry.model_validate({**entry, "origin": origin})
    except ValidationError as error:
        problem = _first_problem(error)
        raise UsageError(f"suppression: {problem}", place=document.place(*at), remedy=_SHAPE) from None


def load_baseline(path: Path) -> Baseline:
    """Read a baseline file; raises UsageError where it is none."""
    try:
        return Baseline.model_validate_json(path.read_bytes())
    except ValidationError as error:
        remedy = "make one with casrules check --write-baseline"
        raise UsageError(f"not a baseline: {_first_problem(error)}", place=None, remedy=remedy) from None


def save_baseline(path: Path, findings: dict[str, KnownFinding]) -> None:
    """Write a baseline, sorted, one finding a line or so: made to be kept under version control."""
    baseline = Baseline(findings=tuple(findings[key] for key in sorted(findings)))
    path.write_text(baseline.model_dump_json(indent=1) + "\n", encoding="utf-8")


def _first_problem(error: ValidationError) -> str:
    first = error.errors(include_url=False)[0]
    where = ".".join(str(part) for part in first["loc"])
    return f"{where}: {first['msg']}" if where else str(first["msg"])
