"""The seeded histories beside the project: generated, mined and scored by their own evaluator."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from casrules.improve import History, backtest, mine


@pytest.fixture(scope="module")
def scripts(repository: Path) -> Path:
    folder = repository.parent / "shared" / "mining"
    if not (folder / "evaluate.py").is_file():
        pytest.skip("the generator of seeded histories is not at ../shared/mining")
    return folder


def run(script: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, str(script), *arguments], capture_output=True, text=True, check=False)


@pytest.mark.corpus
@pytest.mark.parametrize(("seed", "alias", "rules"), [(3, "_x", "48"), (7, "", "0")])
def test_the_evaluator_is_satisfied(scripts: Path, tmp_path: Path, seed: int, alias: str, rules: str) -> None:
    made = run(scripts / "generate_history.py", "--out", str(tmp_path), "--declarations", "10000", "--seed", str(seed),
               "--alias", alias, "--rules", rules)  # fmt: skip
    assert made.returncode == 0, made.stderr
    found = mine(History.open(tmp_path))
    place = tmp_path / "suggestions.json"
    place.write_text(found.to_json(), encoding="utf-8")
    scored = run(scripts / "evaluate.py", "--dir", str(tmp_path), "--rules", str(place), "--check")
    assert scored.returncode == 0, scored.stdout
    assert json.loads(scored.stdout)["invalid_input"] == 0
    assert bool(found.rules) == (rules != "0")
    if found.rules:
        probe = tmp_path / "probe"
        probe.mkdir()
        (tmp_path / "probe.parquet").rename(probe / "history.parquet")
        schema = json.loads((tmp_path / "schema.json").read_text(encoding="utf-8"))
        (probe / "schema.json").write_text(json.dumps({"fields": schema["fields"]}), encoding="utf-8")
        later = backtest(found, History.open(probe))
        assert later.prevented > 0.6 * later.alerts
        assert sum(it.wrong for it in later.rules) < 0.2 * sum(it.changed for it in later.rules)
