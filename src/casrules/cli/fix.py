"""`casrules fix`: applies the fixes of one document, or shows what they would change."""

from __future__ import annotations

import argparse
import difflib
import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from casrules.cli.console import Console
from casrules.cli.engine_contract import EngineFactory
from casrules.cli.inputs import STDIN, read, shown_name
from casrules.cli.settings import engine_settings
from casrules.errors import UsageError
from casrules.findings import FixResult, Report
from casrules.findings.summary import counted
from casrules.render.escaping import visible


def run_fix(given: argparse.Namespace, console: Console, engine_factory: EngineFactory) -> int:
    """Apply or show; the exit code is that of the document after the fixes."""
    source = read_to_change(given)
    result = engine_factory(**engine_settings(given)).fix(source, unsafe=given.unsafe)
    deliver(given, source, result.content, console)
    _tell(result, console)
    return result.report_after.exit_code


def read_to_change(given: argparse.Namespace) -> bytes:
    """The bytes of the document; UsageError where standard input should be changed in place."""
    if given.write and given.source == STDIN:
        raise UsageError("standard input cannot be changed in place", remedy="use -o - for standard output")
    return read(given.source)


def deliver(given: argparse.Namespace, before: bytes, after: bytes, console: Console) -> None:
    """Write the changed document where the arguments say, or show the difference."""
    if given.write:
        if after != before:
            replace(Path(given.source), after)
    elif given.output == STDIN:
        console.out.flush()
        _binary(console).write(after)
        _binary(console).flush()
    elif given.output:
        replace(Path(given.output), after)
    else:
        console.out.writelines(difference(before, after, shown_name(given.source)))


def tell_unjudged(report: Report, console: Console) -> None:
    """A note for each thing that could not be judged, so that nobody takes "0 errors" for an acceptance."""
    for reason in report.verdict.reasons:
        if not reason.rejects:
            console.note(visible(f"not judged: {reason.text}"))


def difference(before: bytes, after: bytes, name: str) -> Iterator[str]:
    """A unified difference, safe for a terminal; bytes that are no UTF-8 are shown as replaced characters."""
    old, new = (content.decode("utf-8", "replace").splitlines() for content in (before, after))
    for line in difflib.unified_diff(old, new, f"{name} (before)", f"{name} (after)", lineterm=""):
        yield visible(line) + "\n"


def replace(path: Path, content: bytes) -> None:
    """Write a file whole or not at all: beside it first, then in its place, with its permissions."""
    handle, beside = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
        mode = path.stat().st_mode & 0o777 if path.exists() else 0o666 & ~_umask()
        Path(beside).chmod(mode)
        Path(beside).replace(path)
    except BaseException:
        Path(beside).unlink(missing_ok=True)
        raise


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _binary(console: Console) -> Any:
    return getattr(console.out, "buffer", sys.stdout.buffer)


def _tell(result: FixResult, console: Console) -> None:
    for fix in result.applied:
        console.note(f"applied: {fix.title}" + (f" ({fix.rule})" if fix.rule else ""))
    for refused in result.refused:
        console.note(f"not applied: {refused.fix.title}: {refused.reason}")
    before, after = result.report_before.totals, result.report_after.totals
    if not result.applied:
        console.note("nothing to fix" if not before.violations else "no fix could be applied")
    console.note(f"{counted(before.errors, 'error')} before, {counted(after.errors, 'error')} after")
    tell_unjudged(result.report_after, console)
