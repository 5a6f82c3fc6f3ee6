"""`python -m tests.acceptance.uk_answers`: decodes the corpus's answers of the United Kingdom, prints their counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from casrules.findings import Report

FOLDERS = ("uk/messages", "pcs/hmrc-csp")
MARKS = (b"Response", b"ResponseExample", b"errorResponse")


def answer_files(corpus: Path) -> list[Path]:
    """Every file that calls itself a response: notifications, status queries, inventory linking, interface errors."""
    found = (path for folder in FOLDERS for path in (corpus / folder).rglob("*.xml"))
    return sorted(path for path in found if any(mark in path.read_bytes() for mark in MARKS))


def count_table(reports: Iterable[Report]) -> str:
    """How many answers there are by shape, function, outcome and verdict, and how many errors they hold."""
    counts: Counter[tuple[str, str, str, str]] = Counter()
    entries: Counter[tuple[str, str, str, str]] = Counter()
    for report in reports:
        assert report.answer is not None
        key = (report.answer.shape or "unknown", report.answer.function, report.answer.outcome, report.verdict.outcome)
        counts[key] += 1
        entries[key] += report.answer.entries
    return "\n".join(_lines(counts, entries))


def _lines(counts: Counter[tuple[str, str, str, str]], entries: Counter[tuple[str, str, str, str]]) -> Iterator[str]:
    yield f"{'answers':>7} {'entries':>7}  {'shape':<28}{'function':<10}{'outcome':<13}verdict"
    for key in sorted(counts):
        shape, function, outcome, verdict = key
        yield f"{counts[key]:>7} {entries[key]:>7}  {shape:<28}{function:<10}{outcome:<13}{verdict}"
    yield f"{sum(counts.values()):>7} {sum(entries.values()):>7}"


def main() -> None:
    """Decode every answer and print the table."""
    from tests.conftest import CORPUS

    from casrules import Engine

    engine = Engine()
    print(count_table(engine.decode(path) for path in answer_files(CORPUS)))


if __name__ == "__main__":
    main()
