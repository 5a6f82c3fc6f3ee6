"""`casrules test`: runs the examples of rule packs, and on request mutates their conditions."""

from __future__ import annotations

import argparse
from dataclasses import replace

from casrules.cli.console import Console
from casrules.cli.settings import code_lists
from casrules.errors import UsageError
from casrules.render.escaping import visible
from casrules.rules.choosing import matches_id
from casrules.testing import Suite, check, load_suite, mutate
from casrules.testing.summary import Demands, TestRun


def run_test(given: argparse.Namespace, console: Console) -> int:
    """Write the problems and one line a pack; 0 where all is well, else 1."""
    suite = _narrowed(load_suite(given.packs, codelists=code_lists(given)), given.rule)
    demands = Demands(
        coverage=100 if given.strict else given.min_coverage or 0,
        score=95 if given.min_score is None else given.min_score,
        list_all=given.verbose,
    )
    mutations = mutate(suite) if given.mutate or given.strict else ()
    run = TestRun(check(suite), mutations, demands)
    for line in run.lines():
        console.out.write("\n".join(map(visible, line.split("\n"))) + "\n")
    return 0 if run.passed else 1


def _narrowed(suite: Suite, patterns: list[str]) -> Suite:
    """The suite with only the rules that a pattern names."""
    if not patterns:
        return suite
    for pattern in patterns:
        named = (name for pack in suite.packs for name in (*pack.rules, *pack.configuration))
        if not any(matches_id(name, pattern) for name in named):
            suite.rule(pattern)
            raise UsageError(f"no rule under test is called {pattern!r}", remedy="name the pack the rule is in")
    packs = (
        replace(
            pack,
            rules={name: rule for name, rule in pack.rules.items() if _any(name, patterns)},
            configuration={name: rule for name, rule in pack.configuration.items() if _any(name, patterns)},
        )
        for pack in suite.packs
    )
    return replace(suite, packs=tuple(pack for pack in packs if pack.rules or pack.configuration))


def _any(name: str, patterns: list[str]) -> bool:
    return any(matches_id(name, pattern) for pattern in patterns)
