from __future__ import annotations

import json

import pytest

SETTINGS = """\
packs = ["eu.ncts", "rules/acme"]
select = ["eu.ncts.*"]
ignore = ["R0221"]
status = ["preview"]
"""
SUPPRESSED = "- {rule: demo.word, by: Ann, reason: agreed, until: 2099-01-01}\n"


@pytest.fixture
def project(tmp_path, monkeypatch):
    folder = tmp_path / "project"
    (folder / "below").mkdir(parents=True)
    monkeypatch.chdir(folder / "below")
    return folder


def test_the_projects_settings_hold_below_its_folder(casrules, project, good) -> None:
    (project / "casrules.toml").write_text(SETTINGS)
    assert casrules("check", good).engine.settings == {
        "packs": ("eu.ncts", (project / "rules/acme").as_posix()),
        "select": ("eu.ncts.*",),
        "ignore": ("R0221",),
        "statuses": ("preview",),
    }


def test_arguments_win_over_settings(casrules, project, good) -> None:
    (project / "casrules.toml").write_text(SETTINGS)
    run = casrules("check", good, "--packs", "common", "--ignore", "A,B", "--status", "draft")
    assert run.engine.settings["packs"] == ("common",)
    assert run.engine.settings["ignore"] == ("A", "B")
    assert run.engine.settings["statuses"] == ("draft",)


def test_without_settings_the_engine_has_its_own_defaults(casrules, project, good) -> None:
    assert casrules("check", good).engine.settings == {}


def test_suppressions_of_the_project_are_named_as_such(casrules, project, bad) -> None:
    (project / "known.yaml").write_text(SUPPRESSED)
    (project / "casrules.toml").write_text('suppressions = ["known.yaml"]\n')
    run = casrules("check", bad, "--format", "json")
    (violation,) = json.loads(run.out)["violations"]
    assert run.code == 0 and violation["suppression"]["origin"] == "project"


def test_the_baseline_of_the_project_is_compared_with(casrules, project, bad) -> None:
    assert casrules("check", bad, "--write-baseline", project / "known.json").code == 1
    (project / "pyproject.toml").write_text('[tool.casrules]\nbaseline = "known.json"\n')
    assert casrules("check", bad).code == 0


def test_a_broken_setting_is_told_with_file_and_line(casrules, project, good) -> None:
    (project / "casrules.toml").write_text('# ours\npacs = ["eu.ncts"]\n')
    run = casrules("check", good)
    assert run.code == 2 and "casrules.toml:2" in run.err and "packs" in run.err
