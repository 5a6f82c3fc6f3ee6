"""Packs of any number of different rules over the same fields of a transit declaration, all of which hold."""

from __future__ import annotations

from pathlib import Path

import yaml

TEMPLATES: tuple[tuple[str, str | None, str], ...] = (
    ("declaration", None, "matches(declaration.lrn, '[A-Za-z0-9-]{{1,1{0}}}')"),
    ("declaration", None, "count(declaration.items) <= {0}0000"),
    ("declaration", None, "within(declaration.consignment.gross_mass, sum(i.gross_mass for i in declaration.items), {0})"),
    ("declaration", None, "sum(p.count for p in declaration.items.packages) != 0.{0}"),
    ("declaration", None, "declaration.declaration_type != 'Z{0}'"),
    ("declaration", "declaration.declaration_type == 'T1'", "present(declaration.holder) and declaration.security != 'Z{0}'"),
    ("declaration", "any(startswith(i.commodity_code, '00{0}') for i in declaration.items)", "present(declaration.ucr)"),
    ("declaration", None, "reference_date >= date('20{0}-01-01')"),
    ("declaration", None, "declaration.consignment.gross_mass < {0}0000000"),
    ("declaration", None, "declaration.holder.id != 'GB{0}'"),
    ("declaration", None, "length(declaration.lrn) < {0}0"),
    ("declaration", "present(declaration.limit_date)", "days_between(reference_date, declaration.limit_date) < {0}0"),
    ("house", None, "count(house.items) < {0}000"),
    ("house", None, "sum(i.gross_mass for i in house.items) < {0}0000000"),
    ("item", None, "item.gross_mass + {0} >= item.net_mass"),
    ("item", None, "item.net_mass > -{0}"),
    ("item", None, "matches(item.commodity_code, '[0-9]{{6,{0}}}')"),
    ("item", None, "item.commodity_code not in {{'0000{0}', '9999{0}'}}"),
    ("item", None, "item.description != 'Z{0}'"),
    ("item", "startswith(item.commodity_code, '00{0}')", "any(d.type == 'C6{0}' for d in item.supporting_documents)"),
    ("item", "item.commodity_code[:2] in {{'00', 'X{0}'}}", "any(d.type == 'N{0}' for d in item.supporting_documents)"),
    ("item", "startswith(item.commodity_code, 'A{0}')", "present(item.supplementary_units)"),
    ("item", None, "item.gross_mass >= item.net_mass / {0}"),
    ("item", None, "present(item.packages) or item.number == -{0}"),
    ("item", None, "all(present(p.type) or p.count == {0} for p in item.packages)"),
    ("item", None, "all(p.count < {0}0000 for p in item.packages)"),
    ("item", None, "none(p.type == 'Z{0}' for p in item.packages)"),
    ("item", None, "item.number < {0}00000"),
    ("item", None, "none(d.type == 'Z{0}' for d in item.supporting_documents)"),
    ("item", None, "all(d.reference != 'Z{0}' for d in item.supporting_documents)"),
)  # fmt: skip
FIRST = 11


def write_pack(folder: Path, count: int) -> Path:
    """A pack of `count` rules (a multiple of 30): every thirty differ from the others by a number in them."""
    rules = []
    for number in range(count):
        target, when, require = TEMPLATES[number % len(TEMPLATES)]
        drawn = FIRST + number // len(TEMPLATES)
        rule = {"id": f"B{number}", "title": f"Rule {number}", "for": target, "require": require.format(drawn)}
        if when is not None:
            rule["when"] = when.format(drawn)
        rules.append({**rule, "scope": {"message": "ncts.CC015C"}, "message": f"Rule {number} does not hold."})
    folder.mkdir()
    manifest = {"id": folder.name, "title": "Generated", "version": "1.0.0"}
    (folder / "pack.yaml").write_text(yaml.safe_dump(manifest), "utf-8")
    (folder / "rules.yaml").write_text(yaml.safe_dump({"rules": rules}, sort_keys=False), "utf-8")
    return folder
