from __future__ import annotations

import shutil
from pathlib import Path

import pytest

pytest_plugins = ["pytester"]


@pytest.fixture
def pack(write_pack, pytester: pytest.Pytester, rule, examples) -> Path:
    source = write_pack(rule + examples)
    return Path(shutil.copytree(source, pytester.path / "packs" / "acme"))


def test_every_example_is_a_test_with_a_readable_name(pytester, pack) -> None:
    result = pytester.runpytest("--casrules-packs", "packs", "-v")
    result.assert_outcomes(passed=5)
    result.stdout.fnmatch_lines(["*pack.yaml::acme.A1[[]complete[]] PASSED*", "*::acme.A1[[]invalid-1[]] PASSED*"])


def test_an_example_that_fails_is_told_without_a_traceback(pytester, pack) -> None:
    rules = pack / "rules.yaml"
    rules.write_text(rules.read_text().replace("gross_mass: 9,", "gross_mass: 90,"))
    result = pytester.runpytest("--casrules-packs", "packs")
    result.assert_outcomes(passed=4, failed=1)
    result.stdout.fnmatch_lines(
        ["*rules.yaml:*: acme.A1[[]invalid-1[]]: expected a violation, but the rule passed", "*gross_mass = 90*"]
    )
    assert "Traceback" not in result.stdout.str() and "runtest" not in result.stdout.str()


def test_a_rule_without_examples_fails(pytester, write_pack, rule) -> None:
    shutil.copytree(write_pack(rule), pytester.path / "packs" / "acme")
    result = pytester.runpytest("--casrules-packs", "packs")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*acme.A1: no example is valid or invalid or not_applicable"])


def test_a_broken_pack_is_an_error_with_file_and_line(pytester, pack) -> None:
    rules = pack / "rules.yaml"
    rules.write_text(rules.read_text().replace("item.net_mass <=", "item.net_mas <="))
    result = pytester.runpytest("--casrules-packs", "packs")
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*rules.yaml:*did you mean net_mass?*"])


def test_without_the_option_packs_are_left_alone(pytester, pack) -> None:
    pytester.runpytest("packs").assert_outcomes()


def test_the_ini_file_names_packs_for_runs_without_arguments(pytester, pack) -> None:
    pytester.makeini("[pytest]\ncasrules_packs = packs\n")
    pytester.makepyfile("def test_own(): pass")
    pytester.runpytest().assert_outcomes(passed=6)
    pytester.runpytest("test_the_ini_file_names_packs_for_runs_without_arguments.py").assert_outcomes(passed=1)
    name = "packs/acme/pack.yaml::acme.A1[invalid-1]"
    pytester.runpytest(name).assert_outcomes(passed=1)


def test_a_folder_that_is_not_there_is_told(pytester) -> None:
    result = pytester.runpytest("--casrules-packs", "lost")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["*--casrules-packs: lost is not a folder*"])


DEPARTURE = Path(__file__).resolve().parents[2] / "examples" / "ncts" / "cc015c-departure.xml"
TEST = """
import pytest
from casrules import Engine

MESSAGE = "heavy.xml"

@pytest.fixture(scope="session")
def casrules_engine():
    return Engine(packs=["packs/acme"])

def test_it(assert_violations):
    report = assert_violations(MESSAGE, %s, as_of="2025-06-01")
    assert report.violations
"""


def write_heavy(pytester: pytest.Pytester) -> None:
    """A message that is whole but for the net mass of its first item."""
    light, heavy = "<netMass>1130.0</netMass>", "<netMass>1250.0</netMass>"
    (pytester.path / "heavy.xml").write_text(DEPARTURE.read_text("utf-8").replace(light, heavy), encoding="utf-8")


@pytest.mark.parametrize("expected", ['["acme.A1"]', '["A1"]', '"A1"', '{"acme.A1"}'])
def test_expected_violations_pass(pytester, pack, expected) -> None:
    write_heavy(pytester)
    pytester.makepyfile(TEST % expected)
    pytester.runpytest().assert_outcomes(passed=1)


def test_a_difference_is_told_in_full(pytester, pack) -> None:
    write_heavy(pytester)
    pytester.makepyfile(TEST % '["acme.A2", "acme.lost"]')
    result = pytester.runpytest()
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        [
            "expected acme.A2, acme.lost; *",
            "*- acme.A2 is not violated: no such rule ran on this message; did you mean acme.A1?",
            "*- acme.lost is not violated*",
            "*+ error acme.A1 at *net_mass*",
        ]
    )


CONFIGURATION = """
configuration:
  - id: origin
    title: Goods come from Japan
    scope: {message: [cds.IMPORT]}
    for: item
    match: {item.commodity_code: 8471*}
    mode: apply
    default: {item.country_of_origin: JP}
    examples:
      changes: [{given: {item: {commodity_code: 8471}}, expect: {item.country_of_origin: %s}}]
      untouched: [{given: {item: {commodity_code: 85}}}]
"""


@pytest.mark.parametrize(("origin", "passed"), [("JP", 3), ("CN", 2)])
def test_examples_of_configuration_rules_are_tests(pytester, origin: str, passed: int) -> None:
    folder = pytester.mkdir("packs") / "acme"
    folder.mkdir()
    (folder / "pack.yaml").write_text("id: acme\ntitle: Acme\nversion: 1.0.0\n")
    (folder / "topic.yaml").write_text(CONFIGURATION % origin)
    result = pytester.runpytest("--casrules-packs", "packs", "-v")
    result.assert_outcomes(passed=passed, failed=3 - passed)
    if passed == 2:
        result.stdout.fnmatch_lines(["*acme.origin[[]changes-1[]]: expected item.country_of_origin to be CN*"])
