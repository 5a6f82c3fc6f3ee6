"""The coverage page: each official code of a domain with our rule, or with the reason why there is none.

A domain is a row of `docs/coverage/domains.csv`; its codes are those that a rule of ours gives as authority, and those
that `docs/coverage/<codes>.csv` names (columns `code`, `rules`, `reason`, and `phase` where there are phases: a code with two rows has one for each).
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from pathlib import Path

from casrules.findings import RulePage

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "coverage"
NOT_DECIDABLE, NOT_YET = "not decidable", "not yet"


@dataclass(frozen=True, slots=True)
class Covered:
    """An official code: our rules (none: `state` says why, `reason` in words), or a remark on what they leave out."""

    code: str
    rules: tuple[str, ...]
    state: str
    reason: str


@dataclass(frozen=True, slots=True)
class Domain:
    """Official codes of one system and phase, and what proves the rules."""

    title: str
    proven_by: str
    codes: tuple[Covered, ...]

    def count(self, state: str) -> int:
        """How many codes have this state; "" is: a rule."""
        return sum(1 for one in self.codes if one.state == state)


def domains(rules: Sequence[RulePage]) -> list[Domain]:
    """Every domain of the page, in its order."""
    found = []
    for row in _rows("domains"):
        members = [rule for rule in rules if _runs_in(rule, row["phase"])]
        ours = _authorities(members, row["system"])
        codes = _codes(row["codes"], row["phase"], ours, {rule.id for rule in members})
        found.append(Domain(row["title"], row["proven by"], tuple(codes)))
    return found


def coverage_lines(rules: Sequence[RulePage]) -> Iterator[tuple[str, ...] | str]:
    """Headings and sentences as texts, table rows as tuples; the first row of a table is its head."""
    found = domains(rules)
    yield "domain", "official codes", "with a rule", "not decidable from the message", "not yet", "proven by"
    for one in found:
        counts = (len(one.codes), one.count(""), one.count(NOT_DECIDABLE), one.count(NOT_YET))
        yield f"[{one.title}](#{_anchor(one.title)})", *map(str, counts), one.proven_by
    for one in found:
        yield f"## {one.title}"
        yield f"{one.count('')} of {len(one.codes)} official codes have a rule."
        yield "code", "our rule", "why not, or what is left out"
        for code in one.codes:
            yield code.code, ", ".join(f"`{name}`" for name in code.rules) or f"**{code.state}**", code.reason


def _runs_in(rule: RulePage, phase: str) -> bool:
    return not phase or all(phase in item.values for item in rule.scope if item.name == "phase")


def _authorities(rules: Sequence[RulePage], system: str) -> dict[str, list[str]]:
    """Official code → ids of the rules that give it as authority of this system."""
    found: dict[str, list[str]] = {}
    for rule in rules:
        for authority in rule.authority:
            # where codes are of a list, the list's few codes say less than the authority's own rule
            code = authority.rule or authority.code if authority.list else authority.code or authority.rule
            if authority.system == system and code and rule.id not in found.setdefault(code, []):
                found[code].append(rule.id)
    return found


def _codes(name: str, phase: str, ours: Mapping[str, Sequence[str]], known: Set[str]) -> Iterator[Covered]:
    """The listed codes of the phase and those that only rules give, in order; `known` are the rules of the phase."""
    listed = _rows(name) if name else []
    rows = {row["code"]: row for row in listed if not phase or phase in _split(row["phase"])}
    # a listed code may begin with the name of the list it is from: "AIS BR0010"
    unlisted = {
        code: {"code": code, "rules": "", "reason": ""} for code in {*ours} - {_last(row["code"]) for row in listed}
    }
    for code, row in sorted({**rows, **unlisted}.items()):
        state = row["rules"] if row["rules"] in (NOT_DECIDABLE, NOT_YET) else ""
        named = {rule for rule in _split(row["rules"]) if rule in known} if not state else set()
        found = sorted({*named, *ours.get(_last(code), ())})
        yield Covered(code, tuple(found), "" if found else state or NOT_YET, row["reason"])


def _last(code: str) -> str:
    return code.rpartition(" ")[2]


def _rows(name: str) -> list[dict[str, str]]:
    with (FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as stream:
        return [{key: cell.strip() for key, cell in row.items()} for row in csv.DictReader(stream)]


def _split(cell: str) -> list[str]:
    return cell.replace("+", " ").split()


def _anchor(title: str) -> str:
    return "".join(letter for letter in title.lower().replace(" ", "-") if letter.isalnum() or letter == "-")
