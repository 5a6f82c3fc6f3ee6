"""Runs one rule, written here, over a record, and gives the violations it writes."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from casrules.dictionary import shipped_dictionary
from casrules.findings import Draft, RecordPath, Violation
from casrules.language import EvaluationContext
from casrules.packs import load_pack, shipped_code_lists
from casrules.rules import Failure, RulePlan, ViolationWriter, plan_rules
from casrules.rules.compiling import checked

DAY = "2025-06-01"
ITEMS: dict[str, Any] = {
    "lrn": "A1",
    "importer": {"id": "GB123456789000"},
    "consignment": {
        "gross_mass": Decimal("2"),
        "houses": [
            {
                "items": [
                    {
                        "number": 1,
                        "gross_mass": Decimal("9.50"),
                        "net_mass": Decimal("10"),
                        "commodity_code": "85423190",
                    },
                    {"number": 2, "gross_mass": Decimal("3"), "net_mass": Decimal("1")},
                ]
            }
        ],
    },
}
MASS = """
    for: item
    require: item.net_mass <= item.gross_mass
    at: [item.net_mass, item.gross_mass]
    message: "item {item.number}: {item.net_mass:mass} is more than {item.gross_mass:mass}."
"""


@dataclass(frozen=True)
class Place:
    """An origin in a made-up source."""

    xpath: str
    line: int | None = 7
    text: str | None = None
    missing: str | None = None
    others: tuple[Place, ...] = ()


class MadeUpLocator:
    """Says where record paths are: the path itself, with text where the record has a value."""

    def __init__(self, record: Any) -> None:
        self.record = record

    def locate(self, path: RecordPath) -> Place:
        found = self.record
        for name, index in path:
            found = found.get(name) if found else None
            found = found[index] if found is not None and index is not None else found
        xpath = "/" + "/".join(name for name, _ in path)
        if found is None:
            return Place(xpath.rpartition("/")[0], missing=path[-1][0])
        return Place(xpath, text=None if isinstance(found, dict | list) else f" {found} ")


def plan_of(folder: Path, *rules: str) -> RulePlan:
    """The rules, each a text of YAML below `- id: R1`, R2, …, as the pack `p` runs them."""
    (folder / "pack.yaml").write_text("id: p\ntitle: T\nversion: 1.0.0\n", encoding="utf-8")
    texts = [f"  - id: R{number}\n    title: Rule {number}{text}" for number, text in enumerate(rules, 1)]
    (folder / "rules.yaml").write_text("rules:\n" + "".join(texts), encoding="utf-8")
    ruleset = checked([load_pack(folder)], shipped_dictionary(), shipped_code_lists())
    lists = shipped_code_lists()
    context = EvaluationContext(DAY, lambda name: lists.get(name, DAY), ruleset.tables.get)
    return plan_rules([ruleset.rules[name] for name in sorted(ruleset.rules)], context)


def failures(plan: RulePlan, record: dict[str, Any]) -> tuple[Failure, ...]:
    """What fails."""
    return plan.run(record, DAY, frozenset()).failures


def writer(plan: RulePlan, record: dict[str, Any], *, document: str = "K", located: bool = False) -> ViolationWriter:
    """A writer for a record, with or without places in a source."""
    return ViolationWriter(
        record=record,
        dictionary=shipped_dictionary(),
        context=plan.context_on(DAY),
        document=document,
        system="NCTS",
        locator=MadeUpLocator(record) if located else None,
    )


def drafts(folder: Path, rule: str, record: dict[str, Any], *, located: bool = False) -> list[Draft]:
    """What a rule writes about a record."""
    plan = plan_of(folder, rule)
    writes = writer(plan, record, located=located)
    return [writes.draft(failure) for failure in failures(plan, record)]


def only(folder: Path, rule: str, record: dict[str, Any], *, located: bool = False) -> Violation:
    """The one violation of a rule."""
    [draft] = drafts(folder, rule, record, located=located)
    return draft.violation
