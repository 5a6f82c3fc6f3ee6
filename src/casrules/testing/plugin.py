"""The pytest plugin: examples of rule packs as tests, and the fixture `assert_violations`.

`pytest --casrules-packs DIR` (or `casrules_packs = DIR` in the ini file, for runs without arguments) collects every
pack below DIR: one test an example, named `eu.ncts.R0223[invalid-2]`, and one a rule for the examples it must have.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from casrules import Engine, Report
    from casrules.packs import Pack
    from casrules.testing.configuration_setting import ConfigurationCase, ConfigurationSuite
    from casrules.testing.running import Problem
    from casrules.testing.suite import Case

OPTION = "casrules_packs"
MANIFEST = "pack.yaml"


def pytest_addoption(parser: pytest.Parser) -> None:
    """The option and the ini setting that name folders of packs."""
    group = parser.getgroup("casrules", "rule packs of casrules")
    group.addoption(
        "--casrules-packs", action="append", default=[], metavar="DIR", help="test the rule packs below DIR"
    )
    parser.addini(OPTION, "folders of rule packs to test when pytest is run without arguments", type="paths")


def pytest_configure(config: pytest.Config) -> None:
    """Pack folders become arguments, so that pytest walks them."""
    for folder in config.getoption(OPTION):
        if not Path(folder).is_dir():
            raise pytest.UsageError(f"--casrules-packs: {folder} is not a folder")
        config.args.append(str(folder))
    if config.args_source is not pytest.Config.ArgsSource.ARGS:
        config.args.extend(str(folder) for folder in config.getini(OPTION))


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> PackFile | None:
    """A `pack.yaml` below one of the named folders."""
    if file_path.name != MANIFEST:
        return None
    named = [Path(folder).resolve() for folder in (*_option(parent.config), *parent.config.getini(OPTION))]
    if any(file_path.resolve().is_relative_to(folder) for folder in named):
        found: PackFile = PackFile.from_parent(parent, path=file_path)
        return found
    return None


def _option(config: pytest.Config) -> list[str]:
    folders: list[str] = config.getoption(OPTION)
    return folders


class PackFile(pytest.File):
    """A rule pack; its tests are the examples of its rules."""

    def collect(self) -> Iterable[pytest.Item]:
        """One test a rule for completeness, one an example; a pack that cannot be loaded is a collection error."""
        from casrules.errors import CasrulesError
        from casrules.testing.configuration_setting import ConfigurationSuite
        from casrules.testing.running import Runner
        from casrules.testing.suite import cases_of, load_suite

        try:
            suite = load_suite([self.path.parent])
            configured = ConfigurationSuite.of(suite)
        except CasrulesError as error:
            raise self.CollectError(str(error)) from None
        for pack in suite.packs:
            if pack.folder.resolve() == self.path.parent.resolve():
                for rule in suite.rules(pack):
                    runner = Runner(suite)
                    yield CompleteItem.from_parent(self, name=f"{rule.id}[complete]", rule=rule)
                    for case in cases_of(rule):
                        yield ExampleItem.from_parent(self, name=case.id, case=case, problem=runner.problem)
                yield from self._configured(configured, pack)

    def _configured(self, configured: ConfigurationSuite, pack: Pack) -> Iterator[pytest.Item]:
        """The tests of the pack's configuration rules."""
        from casrules.testing.configuration import configuration_problem
        from casrules.testing.configuration_setting import configuration_cases

        def problem(case: ConfigurationCase) -> Problem | None:
            return configuration_problem(case, configured)

        for rule in configured.rules(pack):
            if not rule.packed.table:
                yield CompleteItem.from_parent(self, name=f"{rule.id}[complete]", rule=rule)
            for case in configuration_cases(rule):
                yield ExampleItem.from_parent(self, name=case.id, case=case, problem=problem)


class ProblemError(Exception):
    """An example that did not come out as it says."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(str(problem))


class PackItem(pytest.Item):
    """A test of a rule pack; a failure is told without a traceback."""

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """The problem in full."""
        if isinstance(excinfo.value, ProblemError):
            return str(excinfo.value)
        return super().repr_failure(excinfo, style)


class ExampleItem(PackItem):
    """One example of a rule."""

    def __init__(
        self, *, case: Case | ConfigurationCase, problem: Callable[[Any], Problem | None], **more: Any
    ) -> None:
        super().__init__(**more)
        self.case = case
        self.problem = problem

    def runtest(self) -> None:
        """Run the example alone."""
        problem = self.problem(self.case)
        if problem is not None:
            raise ProblemError(problem)

    def reportinfo(self) -> tuple[Path, int | None, str]:
        """The file and line of the example."""
        place = self.case.place
        return Path(place.file), place.line - 1 if place.line else None, f"example {self.name}"


class CompleteItem(PackItem):
    """A rule has the kinds of examples it must have."""

    def __init__(self, *, rule: Any, **more: Any) -> None:
        super().__init__(**more)
        self.rule = rule

    def runtest(self) -> None:
        """Fail on the first kind that is missing."""
        from casrules.packs import PackedConfiguration
        from casrules.testing.checking import incomplete
        from casrules.testing.configuration import configuration_gaps

        found = configuration_gaps(self.rule) if isinstance(self.rule, PackedConfiguration) else incomplete(self.rule)
        for problem in found:
            raise ProblemError(problem)

    def reportinfo(self) -> tuple[Path, int | None, str]:
        """The file and line of the rule."""
        place = self.rule.packed.place()
        return Path(place.file), place.line - 1 if place.line else None, f"examples of {self.name}"


@pytest.fixture(scope="session")
def casrules_engine() -> Iterator[Engine]:
    """The engine that `assert_violations` uses: all shipped packs. Override it to test your own."""
    from casrules import Engine

    yield Engine()


@pytest.fixture
def assert_violations(casrules_engine: Engine) -> Callable[..., Report]:
    """`assert_violations(source, expected_rule_ids, **validate_kwargs)` → the report.

    Fails, and tells the difference, unless exactly the expected rules are violated; `[]` expects none. A rule is named
    by its full id or the part after the pack. `source` and the keywords are those of `Engine.validate`.
    """

    def check(source: Any, expected_rule_ids: Iterable[str], **validate_kwargs: Any) -> Report:
        __tracebackhide__ = True
        from casrules.testing.assertions import difference

        expected = [expected_rule_ids] if isinstance(expected_rule_ids, str) else list(expected_rule_ids)
        report = casrules_engine.validate(source, **{"rule_runs": True, **validate_kwargs})
        told = difference(report, expected)
        if told:
            pytest.fail(told, pytrace=False)
        return report

    return check
