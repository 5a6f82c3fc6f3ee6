from __future__ import annotations

from pathlib import Path

import pytest

from casrules.errors import UsageError
from casrules.packs.settings import Settings, find_settings, read_settings

FULL = """\
packs = ["eu.ncts", "rules/acme"]
select = ["R0223"]
ignore = ["common.*"]
status = ["preview"]
suppressions = "known.yaml"
baseline = "baseline.json"
lang = "de"
"""


def test_every_setting_is_read_and_paths_belong_to_the_file(tmp_path: Path) -> None:
    (tmp_path / "casrules.toml").write_text(FULL)
    found = find_settings(tmp_path)
    assert found.file == tmp_path / "casrules.toml"
    assert found.settings == Settings(
        packs=("eu.ncts", (tmp_path / "rules/acme").as_posix()),
        select=("R0223",),
        ignore=("common.*",),
        status=("preview",),
        suppressions=(tmp_path / "known.yaml",),
        baseline=tmp_path / "baseline.json",
        lang="de",
    )
    with pytest.raises(ValueError, match="frozen"):
        found.settings.lang = "fr"  # type: ignore[misc]


def test_a_project_file_has_them_in_its_section(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("[project]\nname = 'x'\n[tool.casrules]\n" + FULL)
    below = tmp_path / "a" / "b"
    below.mkdir(parents=True)
    assert find_settings(below).settings == read_settings(tmp_path / "pyproject.toml")
    assert find_settings(below).file == tmp_path / "pyproject.toml"


def test_the_nearest_file_counts_and_a_project_file_without_the_section_does_not(tmp_path: Path) -> None:
    (tmp_path / "casrules.toml").write_text('lang = "fr"\n')
    below = tmp_path / "a"
    below.mkdir()
    (below / "pyproject.toml").write_text("[project]\nname = 'x'\n")
    assert find_settings(below).settings.lang == "fr"
    (below / "casrules.toml").write_text('lang = "de"\n')
    assert find_settings(below).settings.lang == "de"


def test_two_files_side_by_side_are_an_error(tmp_path: Path) -> None:
    (tmp_path / "casrules.toml").write_text('lang = "fr"\n')
    (tmp_path / "pyproject.toml").write_text('[tool.casrules]\nlang = "de"\n')
    with pytest.raises(UsageError, match="here and in"):
        find_settings(tmp_path)


@pytest.mark.parametrize(
    ("text", "line", "problem"),
    [
        ('lang = "de"\nselct = ["A"]\n', 2, r"unknown setting 'selct' \(did you mean 'select'"),
        ('\nstatus = ["stabel"]\n', 2, "'stabel' is no choice"),
        ("lang = 3\n", 1, "lang"),
        ('lang = "deutsch"\n', 1, "lang"),
        ("packs = [1]\n", 1, "packs"),
        ("suppressions = 1\n", 1, "suppressions"),
        ("lang = \n", None, "not TOML"),
    ],
)
def test_a_wrong_setting_is_an_error_with_its_line(tmp_path: Path, text: str, line: int | None, problem: str) -> None:
    path = tmp_path / "casrules.toml"
    path.write_text(text)
    with pytest.raises(UsageError, match=problem) as caught:
        read_settings(path)
    assert caught.value.place is not None and caught.value.place.line == line


def test_the_line_in_a_project_file_is_that_of_the_section(tmp_path: Path) -> None:
    path = tmp_path / "pyproject.toml"
    path.write_text('[tool.other]\nselct = 1\n[tool.casrules]\nselct = "A"\n')
    with pytest.raises(UsageError, match="selct") as caught:
        read_settings(path)
    assert caught.value.place is not None and caught.value.place.line == 4
