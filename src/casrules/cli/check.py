"""`casrules check`: documents in, reports out."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from casrules.cli.console import Console, Progress
from casrules.cli.engine_contract import EngineFactory, Validator
from casrules.cli.inputs import collect, read, shown_name
from casrules.cli.known import load_baseline, load_suppressions, save_baseline
from casrules.cli.settings import engine_settings, project_settings
from casrules.errors import UsageError
from casrules.findings import (
    Baseline,
    KnownFinding,
    Report,
    SuppressionEntry,
    combined_exit_code,
    new_exit_code,
    with_baseline,
    with_suppressions,
)
from casrules.findings.verdict import MISUSED
from casrules.render import RenderOptions, renderer


@dataclass(slots=True)
class Check:
    """One run: what is applied to every report, and what is learnt on the way."""

    engine: Validator
    console: Console
    given: argparse.Namespace
    suppressions: list[SuppressionEntry] = field(default_factory=list)
    baseline: Baseline | None = None
    codes: list[int] = field(default_factory=list)
    found: dict[str, KnownFinding] = field(default_factory=dict)

    def reports(self, names: tuple[str, ...]) -> Iterator[Report]:
        """The report of each document that can be opened, one at a time; the others are told on
        standard error.
        """
        progress = Progress(self.console, len(names), self.given.quiet)
        for name in names:
            progress.step(shown_name(name))
            try:
                source = read(name)
            except OSError as error:
                progress.clear()
                self.console.problem(f"{shown_name(name)}: {error.strerror or error}")
                self.codes.append(MISUSED)
                continue
            report = self._finished(source, name)
            progress.clear()
            yield report

    def _finished(self, source: bytes, name: str) -> Report:
        report = self.engine.validate(
            source, as_of=self.given.as_of, format=self.given.message_format, rule_runs=self.given.rule_runs
        )
        document = report.document.model_copy(update={"name": shown_name(name)})
        report = report.model_copy(update={"document": document})
        if self.suppressions:
            report = with_suppressions(report, self.suppressions)
        if self.given.write_baseline:
            self.found.update((finding.fingerprint, finding) for finding in Baseline.of([report]).findings)
        if self.baseline is not None:
            report = with_baseline(report, self.baseline)
        self.codes.append(new_exit_code(report) if self.baseline is not None else report.exit_code)
        return report


def run_check(given: argparse.Namespace, console: Console, engine_factory: EngineFactory) -> int:
    """Check every document and write the reports; the exit code is the worst of all."""
    inputs = collect(given.sources)
    if inputs.skipped_text and not given.quiet:
        console.note(inputs.skipped_text)
    if not inputs.names:
        raise UsageError("nothing to check: no .xml or .json file found", remedy="name a file, or another folder")
    project = project_settings()
    suppressions = [entry for path in given.suppress for entry in load_suppressions(Path(path))]
    suppressions += [entry for path in project.suppressions for entry in load_suppressions(path, "project")]
    known = given.baseline or project.baseline
    baseline = load_baseline(Path(known)) if known else None
    check = Check(engine_factory(**engine_settings(given)), console, given, suppressions, baseline)
    to_console = given.output is None
    options = RenderOptions(
        width=console.width,
        color=to_console and console.color,
        show_all=given.all,
        quiet=given.quiet,
        indent=given.indent,
        base=Path.cwd().as_posix(),
    )
    pieces = renderer(given.format)(check.reports(inputs.names), options)
    if to_console:
        _write(pieces, console)
    else:
        with Path(given.output).open("w", encoding="utf-8", newline="") as stream:
            stream.writelines(pieces)
    if given.write_baseline:
        save_baseline(Path(given.write_baseline), check.found)
    return combined_exit_code(check.codes)


def _write(pieces: Iterable[str], console: Console) -> None:
    for piece in pieces:
        console.out.write(piece)
    console.out.flush()
    sys.stderr.flush()
