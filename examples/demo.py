"""Checks the example declarations and shows what the library says about them: `make demo`.

Everything here is the public interface: `Engine().validate(…)`, `decode(…)` and `configure(…)` give reports,
`casrules.render` writes them.
"""

from __future__ import annotations

import contextlib
import io
import os
import shutil
import sys
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from casrules import Engine, Report, __version__
from casrules.render import RenderOptions, render
from casrules.render.alert_text import alert_lines
from casrules.render.terminal import Paint
from casrules.render.wording import children_of

EXAMPLES = Path(__file__).resolve().parent
SUFFIXES = (".xml", ".json")
ANSWERS = EXAMPLES / "answers"
CONFIGURATION = "configuration"


@dataclass(frozen=True, slots=True)
class Scene:
    """One declaration of the demonstration: what it is, its file, and how many findings are told in full (0: all)."""

    title: str
    file: str
    about: str
    in_full: int = 0
    as_of: str | None = None


SCENES = (
    Scene(
        "A transit declaration that is right",
        "ncts/cc015c-departure.xml",
        "NCTS phase 5, departure. The form is checked against the schema, the content against the rules of its day.",
    ),
    Scene(
        "A transit declaration with slips",
        "ncts/cc015c-slips.xml",
        "Its form is valid, so a schema check would let it pass; customs would not. Each finding says where it is, "
        "what is wrong, which values were read, what the rule demands, what to do, and the code customs would answer.",
        in_full=2,
    ),
    Scene(
        "A UK import declaration with slips",
        "cds/import-h1-slips.xml",
        "CDS (WCO DEC). The message holds no date, so the day whose rules apply is given: --as-of 2025-07-14.",
        in_full=2,
        as_of="2025-07-14",
    ),
    Scene("An arrival notification", "ncts/cc007c-arrival.xml", "Other messages of a family need nothing more."),
    Scene(
        "An export declaration with slips",
        "aes/cc515c-slips.xml",
        "AES. Its official schema is not public: structure is checked against a reconstructed one, which never rejects "
        "what it only guesses. The rules are the same as for the declarations above.",
        in_full=1,
    ),
    Scene(
        "The same from JSON",
        "json/export-slips.json",
        "The library's own JSON form, for systems that have no message yet. Places are JSON Pointers.",
        in_full=1,
    ),
    Scene(
        "A file that was cut short", "broken/cut-short.xml", "What cannot be read is a finding as well, never a crash."
    ),
)

NEXT = (
    ("casrules check FILE", "check your own declaration"),
    ("casrules check --format html FOLDER", "a whole folder, as a web page"),
    ("casrules decode ANSWER --original FILE", "what customs answered, at its place in your message"),
    ("casrules configure FILE --rules FOLDER", "complete a declaration by rules of your own"),
    ("casrules explain eu.ncts.R0223", "what a rule demands, and why"),
    ("casrules rules --scope message=ncts.CC015C", "the rules for one message"),
    ("make test", "run the tests"),
)


def width() -> int:
    """The terminal's width (COLUMNS), at most 120 characters; 100 where there is no terminal."""
    return min(shutil.get_terminal_size((100, 24)).columns, 120)


def color() -> bool:
    """Colours on a terminal only, and never where NO_COLOR is set."""
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def heading(text: str, options: RenderOptions) -> Iterator[str]:
    """A calm heading: the text and a line below it."""
    paint = Paint(options.color)
    yield from ("", "", paint("bold", text), paint("dim", "-" * options.width), "")


def scene(number: int, it: Scene, engine: Engine, options: RenderOptions) -> Iterator[str]:
    """One declaration: what it is, and its report."""
    yield from heading(f"{number}  {it.title}", options)
    yield from textwrap.wrap(it.about, options.width)
    yield ""
    report = engine.validate(EXAMPLES / it.file, as_of=it.as_of)
    report = named(report, f"examples/{it.file}")
    if it.in_full and len(report.alerts) > it.in_full:
        yield from shortened(report, it.in_full, options)
    else:
        yield from render(report, "text", options).splitlines()


def named(report: Report, name: str) -> Report:
    """The report with its document called `name`, wherever the examples are."""
    return report.model_copy(update={"document": report.document.model_copy(update={"name": name})})


def answered(number: int, engine: Engine, options: RenderOptions) -> Iterator[str]:
    """An answer of customs beside the declaration it is about."""
    yield from heading(f"{number}  What customs answered", options)
    about = (
        "A rejection by CDS of the import declaration with slips: its codes and pointers in plain words, at their "
        "lines in the message that was sent. Most of it a check had found before sending."
    )
    yield from textwrap.wrap(about, options.width)
    yield ""
    report = engine.decode(ANSWERS / "import-h1-slips.xml", original=EXAMPLES / "cds/import-h1-slips.xml")
    yield from shortened(named(report, "examples/answers/import-h1-slips.xml"), 1, options)


def configured(number: int, options: RenderOptions) -> Iterator[str]:
    """A declaration completed by configuration rules before it is checked."""
    yield from heading(f"{number}  The same alert does not come twice", options)
    about = (
        "What is always the same stands in configuration rules of your own (examples/configuration): they fill in, "
        "correct or ask before the check. What only a person may state is asked, never filled in."
    )
    yield from textwrap.wrap(about, options.width)
    yield ""
    engine = Engine(configuration=[EXAMPLES / CONFIGURATION])
    completed = engine.configure(EXAMPLES / "ncts/cc015c-departure.xml")
    yield from render(named(completed.report, "examples/ncts/cc015c-departure.xml"), "text", options).splitlines()
    for change in completed.changes:
        told = f"{change.path}: {change.before or 'nothing'} -> {change.after or 'nothing'} ({change.rule})"
        yield from textwrap.wrap(told, options.width, initial_indent="  ", subsequent_indent="    ")


def shortened(report: Report, in_full: int, options: RenderOptions) -> Iterator[str]:
    """The report with its first findings in full and the others in a line each."""
    paint = Paint(options.color)
    children = children_of(report)
    yield paint("bold", report.document.name)
    for alert in report.alerts[:in_full]:
        yield ""
        yield from alert_lines(alert, children.get(alert.fingerprint, ()), options)
    yield ""
    command = "check" if report.answer is None else "decode"
    yield paint("dim", f"Also found (casrules {command} tells them in full):")
    for alert in report.alerts[in_full:]:
        yield f"  {paint(alert.severity, alert.severity)} {paint('bold', alert.rule)}"
        yield from textwrap.wrap(
            alert.message.text, options.width, initial_indent="    ", subsequent_indent="    ", break_on_hyphens=False
        )
    yield ""
    yield f"{paint(report.verdict.outcome, report.verdict.outcome)}  {counts(report)}"


def counts(report: Report) -> str:
    """`2 errors, 1 warning`, or a dash."""
    totals = report.totals
    pairs = ((totals.errors, "error"), (totals.warnings, "warning"))
    return ", ".join(f"{number} {word}{'' if number == 1 else 's'}" for number, word in pairs if number) or "-"


def table(engine: Engine, options: RenderOptions) -> Iterator[str]:
    """The verdict on every example declaration, and why where there is none."""
    paint = Paint(options.color)
    as_of = {it.file: it.as_of for it in SCENES}
    yield from heading("The verdict on every example", options)
    yield f"{'verdict':<14}{'exit':<6}{'found':<22}file"
    undecided: dict[str, None] = {}
    for path in sorted(path for path in EXAMPLES.rglob("*") if path.suffix in SUFFIXES and path.parent != ANSWERS):
        name = path.relative_to(EXAMPLES).as_posix()
        report = engine.validate(path, as_of=as_of.get(name))
        outcome = report.verdict.outcome
        verdict = paint(outcome, outcome) + " " * (14 - len(outcome))
        yield f"{verdict}{report.exit_code:<6}{counts(report):<22}{name}"
        if outcome == "undetermined":
            undecided.update((reason.text, None) for reason in report.verdict.reasons)
    yield ""
    yield from textwrap.wrap("undetermined is not an accept: something could not be judged. Here:", options.width)
    for reason in undecided:
        yield from textwrap.wrap(reason, options.width, initial_indent="  - ", subsequent_indent="    ")


def what_next(options: RenderOptions) -> Iterator[str]:
    """What to try after this."""
    yield from heading("What to try next", options)
    longest = max(len(command) for command, _ in NEXT)
    for command, purpose in NEXT:
        yield f"  {command:<{longest}}  {purpose}"
    yield ""
    yield "The command is .venv/bin/casrules. docs/index.md says where to read on."


def main() -> None:
    """Write the demonstration to standard output; whoever stops reading ends it."""
    with contextlib.suppress(BrokenPipeError):
        demonstrate()


def demonstrate() -> None:
    """Write all scenes, the table and what is next."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        # a terminal that cannot show a character must not end the demonstration
        sys.stdout.reconfigure(errors="backslashreplace")
    options = RenderOptions(width=width(), color=color())
    engine = Engine()
    lines = [f"casrules {__version__} checks customs declarations before they are sent."]
    write(lines)
    for number, it in enumerate(SCENES, 1):
        write(scene(number, it, engine, options))
    write(answered(len(SCENES) + 1, engine, options))
    write(configured(len(SCENES) + 2, options))
    write(table(engine, options))
    write(what_next(options))


def write(lines: Iterator[str] | list[str]) -> None:
    """Write lines as they come."""
    for line in lines:
        sys.stdout.write(f"{line}\n")


if __name__ == "__main__":
    main()
