"""`python -m tests.acceptance.table`: validates the whole corpus and prints counts by family, message and verdict."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from casrules.findings import Report

OUTCOMES = ("accept", "reject", "undetermined")


def kind_of(report: Report) -> tuple[str, str]:
    """Family and message; for what is not supported, its title; for what is unknown, its format."""
    document = report.document
    if document.family:
        return document.family, document.message
    return ("not supported", document.title) if document.title else ("unknown", document.format)


def count_table(reports: Iterable[Report]) -> str:
    """A table of verdicts by family and message, with totals."""
    counts: Counter[tuple[str, str, str]] = Counter()
    for report in reports:
        counts[(*kind_of(report), report.verdict.outcome)] += 1
    kinds = sorted({key[:2] for key in counts})
    lines = [f"{'family':<15}{'message':<80}" + "".join(f"{name:>14}" for name in OUTCOMES)]
    for kind in kinds:
        family, message = kind
        lines.append(f"{family:<15}{message[:78]:<80}" + "".join(f"{counts[(*kind, name)]:>14}" for name in OUTCOMES))
    sums = [sum(number for key, number in counts.items() if key[2] == name) for name in OUTCOMES]
    lines.append(f"{'all':<15}{sum(sums):<80}" + "".join(f"{number:>14}" for number in sums))
    return "\n".join(lines)


def main() -> None:
    """Validate every message of the corpus beside the repository, and print the table."""
    from tests.acceptance.documents import corpus_files
    from tests.conftest import CORPUS

    from casrules import Engine

    engine = Engine()
    print(count_table(engine.validate(file.path) for file in corpus_files(CORPUS)))


if __name__ == "__main__":
    main()
