"""Runs the examples of configuration rules: what they must change, and what they must leave alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from casrules.configuration import Settled
from casrules.configuration.loading import ASK, asked
from casrules.declaration import Invalid, RecordPath, write_value
from casrules.findings import PathWriter
from casrules.packs import PackedConfiguration
from casrules.testing.configuration_setting import (
    ConfigurationCase,
    ConfigurationSetting,
    ConfigurationSuite,
    configuration_cases,
    configuration_setting,
)
from casrules.testing.coverage import Coverage
from casrules.testing.results import RuleResult
from casrules.testing.running import Problem
from casrules.testing.setting import UnplayableError
from casrules.testing.truth_table import lines, truth_table

KINDS: Final = ("changes", "untouched")
_TABLES_SHOWN: Final = 4


def check_configuration(rule: PackedConfiguration, using: ConfigurationSuite) -> RuleResult:
    """Run the examples of one configuration rule; a rule that is no row of a table must have one of each kind."""
    cases = list(configuration_cases(rule))
    found = [problem for case in cases if (problem := configuration_problem(case, using))]
    return RuleResult(rule.id, len(cases), (*configuration_gaps(rule), *found), Coverage(0, 0))


def configuration_gaps(rule: PackedConfiguration) -> Iterator[Problem]:
    """The kinds of examples that a single rule lacks."""
    missing = [kind for kind in KINDS if not getattr(rule.written.examples, kind)]
    if missing and not rule.packed.table:
        yield Problem(rule.packed.place("examples"), rule.id, f"no example under {' and none under '.join(missing)}")


def configuration_problem(case: ConfigurationCase, using: ConfigurationSuite) -> Problem | None:
    """What is wrong with an example; None where it came out as it says."""
    try:
        setting = configuration_setting(case, using)
    except UnplayableError as error:
        remedy = f" ({error.remedy})" if error.remedy else ""
        return Problem(case.place, case.id, f"the rule is not reached: {error.problem}{remedy}")
    settled = setting.settled(setting.record)
    text = _mismatch(setting, settled)
    return Problem(case.place, case.id, text, tuple(_details(setting, settled))) if text else None


def _mismatch(setting: ConfigurationSetting, settled: Settled) -> str:
    """How what the rule does differs from what the example says; empty where it does not."""
    case = setting.case
    if not setting.visits:
        return f"the rule is not reached: it visits no {case.rule.packed.rule.for_} in the example"
    if settled.broken:
        return f"the rule broke down: {settled.broken[0].reason}"
    if settled.clashes:
        return f"the rule contradicts itself at {_text(setting, settled.clashes[0].path)}"
    if case.kind == "untouched":
        if settled.edits or settled.questions:
            return f"expected the declaration to be left alone, but the rule {_doings(setting, settled)}"
        return _not_there(setting, settled)
    if not settled.edits and not settled.questions:
        return "expected a change or a question, but nothing came of it"
    if setting.settled(settled.record).edits:
        return "applied once more, the rule changes the declaration again"
    return _not_there(setting, setting.settled(setting.record, confirmed=True))


def _not_there(setting: ConfigurationSetting, settled: Settled) -> str:
    """The first value of `expect` that the rule, confirmed where it asks, does not leave in the declaration."""
    open_paths = asked(setting.rule.packed.rule.fix[0])
    for path, wanted in setting.case.example.expect.items():
        if wanted == ASK and path in open_paths:
            continue
        found = _values(path, setting, settled)
        if wanted not in found:
            there = ", ".join(found) or "nothing"
            return f"expected {path} to be {wanted}, but there is {there}"
    return ""


def _values(path: str, setting: ConfigurationSetting, settled: Settled) -> list[str]:
    """The values, as text, at a path of the rule's words in the completed declaration, each once."""
    scope, *names = path.split(".")
    found: dict[str, None] = {}
    for scopes, _ in setting.visits_of(settled.record):
        starts = [scopes[scope].entity] if scope in scopes else [settled.record.get(scope)]
        for value in _below(starts, names):
            found[value.raw if isinstance(value, Invalid) else write_value(value)] = None
    return list(found)


def _below(starts: list[Any], names: list[str]) -> Iterator[Any]:
    for start in starts:
        if isinstance(start, list):
            yield from _below(start, names)
        elif not names:
            if start is not None and not isinstance(start, Mapping):
                yield start
        elif isinstance(start, Mapping):
            yield from _below([start.get(names[0])], names[1:])


def _doings(setting: ConfigurationSetting, settled: Settled) -> str:
    done = [f"changes {_text(setting, edit.path)}" for edit in settled.edits]
    done += [f"asks about {_text(setting, found.failure.instance)}" for found in settled.questions]
    return ", ".join(done)


def _text(setting: ConfigurationSetting, path: RecordPath) -> str:
    return PathWriter(setting.record, setting.suite.dictionary).text(path) or "the declaration"


def _details(setting: ConfigurationSetting, settled: Settled) -> Iterator[str]:
    """What the rule makes of each entity it visits: what it does there, or which condition keeps it away."""
    yield f"message {setting.carrier}, as of {setting.day}"
    writer = PathWriter(setting.record, setting.suite.dictionary)
    for scope, instance in setting.visits[:_TABLES_SHOWN]:
        table = truth_table(setting.rule.checked.branches[0], scope, setting.plan.context_on(setting.day))
        applies = table.when is None or table.when.value is True
        yield f"{writer.text(instance) or 'the declaration'}: the rule {'applies' if applies else 'does not apply'}"
        if table.when is not None:
            yield from lines(table.when, writer.text, "when", 1)
    if len(setting.visits) > _TABLES_SHOWN:
        yield f"… and {len(setting.visits) - _TABLES_SHOWN} more"
    if settled.edits or settled.questions:
        yield f"it {_doings(setting, settled)}"
