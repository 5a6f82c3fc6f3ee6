"""The coverage page: which of our rules stands for each official code, and what is left out with its reason."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path

from casrules.findings import RulePage

LEFT_OUT = Path(__file__).resolve().parents[2] / "docs" / "coverage"


def coverage(rules: Sequence[RulePage]) -> dict[str, dict[str, list[str]]]:
    """Customs system → official rule or code → ids of our rules."""
    found: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for rule in rules:
        for authority in rule.authority:
            # where codes are of a list, the list's few codes say less than the authority's own rule
            code = authority.rule or authority.code if authority.list else authority.code or authority.rule
            if code and rule.id not in found[authority.system][code]:
                found[authority.system][code].append(rule.id)
    return found


def left_out() -> dict[str, list[tuple[str, str, str]]]:
    """File name → (official code, why no rule stands for it: not decidable or not yet, the reason)."""
    found: dict[str, list[tuple[str, str, str]]] = {}
    for path in sorted(LEFT_OUT.glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as stream:
            rows = [[cell.strip() for cell in row] for row in csv.reader(stream)][1:]
        found[path.stem] = [
            (row[0], next(cell for cell in row if cell in WORDS), row[-1]) for row in rows if WORDS & set(row)
        ]
    return found


WORDS = frozenset({"not decidable", "not yet"})


def coverage_lines(rules: Sequence[RulePage]) -> Iterator[tuple[str, ...] | str]:
    """Headings as texts, table rows as tuples."""
    systems = coverage(rules)
    for system in sorted(systems):
        codes = systems[system]
        yield f"## {system}"
        yield f"{len(codes)} official codes have a rule."
        for code in sorted(codes):
            yield code, ", ".join(f"`{name}`" for name in sorted(codes[code]))
    for name, rows in left_out().items():
        if rows:
            yield f"## Left out: {name}"
            yield f"{len(rows)} official codes have no rule."
            yield from rows
