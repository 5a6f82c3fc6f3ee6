"""Rules beside each other, by cases: `after`, `specialises` and `extends`, as a report shows them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from casrules import Engine
from casrules.dictionary import shipped_dictionary
from casrules.testing.declarations import expand

FILE = Path(__file__).parent / "together" / "rules_together.yaml"
CONTENT: dict[str, Any] = yaml.load(FILE.read_text("utf-8"), yaml.BaseLoader)
CASES: list[dict[str, Any]] = CONTENT["cases"]
TECHNICAL = "technical."


def write_packs(packs: dict[str, Any], folder: Path) -> list[Path]:
    found: list[Path] = []
    for name, pack in packs.items():
        path = folder / name
        path.mkdir()
        manifest = {"id": name, "title": name, "version": "1.0.0"}
        if "extends" in pack:
            manifest["extends"] = [{"version": ">=1.0", **pack["extends"]}]
        (path / "pack.yaml").write_text(yaml.safe_dump(manifest), encoding="utf-8")
        rules = [CONTENT["rules"][rule] if isinstance(rule, str) else rule for rule in pack["rules"]]
        told = [{"title": rule["id"], "message": f"{rule['id']} is violated", **rule} for rule in rules]
        (path / "rules.yaml").write_text(yaml.safe_dump({"topic": "Rules", "rules": told}), encoding="utf-8")
        found.append(path)
    return found


@pytest.mark.parametrize("case", CASES, ids=[case["shows"] for case in CASES])
def test_rules_together(case: dict[str, Any], tmp_path: Path) -> None:
    engine = Engine(packs=write_packs(case["packs"], tmp_path))
    record = expand(case["given"], shipped_dictionary())
    report = engine.validate({"format": "ncts.CC015C", **record}, as_of="2025-06-01")
    found = [violation for violation in report.violations if not violation.rule.startswith(TECHNICAL)]
    names = {violation.fingerprint: violation.rule for violation in found}
    told = {
        violation.rule: sorted(names[cause] for cause in violation.caused_by if cause in names) for violation in found
    }
    assert told == case["violated"]


def test_every_case_says_what_it_shows() -> None:
    shows = [case["shows"] for case in CASES]
    assert len(set(shows)) == len(shows) >= 15
    for key in ("after", "specialises", "extends"):
        assert key in str(CASES) or key in str(CONTENT["rules"])
