"""Tests of rule packs: examples, coverage, mutants, truth tables, comparison of two versions, and the pytest plugin.

`load_suite(places)` gives a `Suite`; `check(suite)` runs its examples, `mutate(suite)` tells which wrong conditions no
example would notice.
"""

from casrules.testing.checking import PackResult, RuleResult, check
from casrules.testing.coverage import Coverage
from casrules.testing.declarations import expand
from casrules.testing.mutation import MutationResult, RuleScore, Survivor, mutate
from casrules.testing.running import Problem
from casrules.testing.suite import Case, Suite, cases_of, load_suite

__all__ = [
    "Case",
    "Coverage",
    "MutationResult",
    "PackResult",
    "Problem",
    "RuleResult",
    "RuleScore",
    "Suite",
    "Survivor",
    "cases_of",
    "check",
    "expand",
    "load_suite",
    "mutate",
]
