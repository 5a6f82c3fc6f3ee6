"""Runs all examples of packs, alone with their rule, and asks of every rule that its examples prove something."""

from __future__ import annotations

from collections.abc import Iterator

from casrules.rules import PackRule
from casrules.testing.configuration import check_configuration
from casrules.testing.configuration_setting import ConfigurationSuite
from casrules.testing.coverage import coverage_of
from casrules.testing.reach import unreached
from casrules.testing.results import PackResult, RuleResult
from casrules.testing.running import Problem, Runner
from casrules.testing.suite import Suite, cases_of

__all__ = ["PackResult", "RuleResult", "check", "check_rule_examples", "incomplete", "needs_not_applicable"]


def check(suite: Suite) -> tuple[PackResult, ...]:
    """Run every example of the packs under test: of rules by both evaluators, of configuration rules by settling."""
    configured = ConfigurationSuite.of(suite)
    return tuple(
        PackResult(
            pack.id,
            (
                *(check_rule_examples(rule, suite) for rule in suite.rules(pack)),
                *(check_configuration(rule, configured) for rule in configured.rules(pack)),
            ),
        )
        for pack in suite.packs
    )


def check_rule_examples(rule: PackRule, suite: Suite) -> RuleResult:
    """Run the examples of one rule."""
    runner = Runner(suite)
    cases = list(cases_of(rule))
    found = [problem for case in cases if (problem := runner.problem(case))]
    gaps = unreached(rule, suite.carriers)
    dead = [Problem(rule.packed.place(), rule.id, str(gap)) for gap in gaps if gap.dead]
    coverage = coverage_of(rule, runner.seen, runner.fired)
    return RuleResult(rule.id, len(cases), (*incomplete(rule), *dead, *found), coverage, gaps)


def needs_not_applicable(rule: PackRule) -> bool:
    """Whether there are declarations the rule is not about: every branch has a condition."""
    return all(branch.when is not None for branch in rule.checked.branches)


def incomplete(rule: PackRule) -> Iterator[Problem]:
    """A rule has an example that is valid, one that is invalid and, where it has conditions, one they keep out."""
    examples = rule.packed.rule.examples
    wanted = ["valid", "invalid", *(["not_applicable"] if needs_not_applicable(rule) else [])]
    missing = [kind for kind in wanted if not getattr(examples, kind)]
    if missing:
        yield Problem(rule.packed.place("examples"), rule.id, f"no example is {' or '.join(missing)}")
