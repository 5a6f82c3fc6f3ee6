"""`casrules decode`: answers in, what they mean and what to do out."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from casrules.cli.console import Console
from casrules.cli.engine_contract import EngineFactory, Validator
from casrules.cli.inputs import ANSWERS, collect, read, shown_name
from casrules.cli.settings import engine_settings
from casrules.errors import UsageError
from casrules.findings import Report, combined_exit_code
from casrules.findings.verdict import MISUSED
from casrules.render import RenderOptions, renderer


@dataclass(slots=True)
class Decode:
    """One run over answers, all of them beside the same original or none."""

    engine: Validator
    console: Console
    original: bytes | None
    original_name: str
    message_format: str | None
    codes: list[int] = field(default_factory=list)

    def reports(self, names: tuple[str, ...]) -> Iterator[Report]:
        """The report of each answer that can be opened; the others are told on standard error."""
        for name in names:
            try:
                source = read(name)
            except OSError as error:
                self.console.problem(f"{shown_name(name)}: {error.strerror or error}")
                self.codes.append(MISUSED)
                continue
            report = self.engine.decode(source, original=self.original, format=self.message_format)
            self.codes.append(report.exit_code)
            yield self._named(report, name)

    def _named(self, report: Report, name: str) -> Report:
        document = report.document.model_copy(update={"name": shown_name(name)})
        answer = report.answer
        if answer is not None and answer.original is not None:
            original = answer.original.model_copy(update={"name": self.original_name})
            answer = answer.model_copy(update={"original": original})
        return report.model_copy(update={"document": document, "answer": answer})


def run_decode(given: argparse.Namespace, console: Console, engine_factory: EngineFactory) -> int:
    """Decode every answer and write the reports; the exit code is the worst of all."""
    inputs = collect(given.sources, ANSWERS)
    if inputs.skipped_text and not given.quiet:
        console.note(inputs.skipped_text)
    if not inputs.names:
        kinds = ", ".join(ANSWERS)
        raise UsageError(f"nothing to decode: no file of {kinds} found", remedy="name a file, or another folder")
    original = read(given.original) if given.original else None
    name = shown_name(given.original) if given.original else ""
    decode = Decode(engine_factory(**engine_settings(given)), console, original, name, given.message_format)
    options = RenderOptions(
        width=console.width,
        color=given.output is None and console.color,
        show_all=given.all,
        quiet=given.quiet,
        indent=given.indent,
    )
    pieces = renderer(given.format)(decode.reports(inputs.names), options)
    if given.output is None:
        console.out.writelines(pieces)
        console.out.flush()
    else:
        with Path(given.output).open("w", encoding="utf-8", newline="") as stream:
            stream.writelines(pieces)
    return combined_exit_code(decode.codes)
