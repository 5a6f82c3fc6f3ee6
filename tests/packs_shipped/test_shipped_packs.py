"""Every shipped pack proves itself: its examples hold, show every clause, and notice nearly every mutant."""

from __future__ import annotations

import pytest

from casrules.language import RuleSource, check_rule
from casrules.packs import pack_folders
from casrules.resources import rulesets_folder
from casrules.testing import Suite, check, load_suite, mutate
from casrules.testing.mutation.mutants import mutants_of
from casrules.testing.written import written

FOLDERS = pack_folders(rulesets_folder())


@pytest.fixture(scope="module", params=FOLDERS, ids=[".".join(f.relative_to(rulesets_folder()).parts) for f in FOLDERS])
def pack(request: pytest.FixtureRequest) -> Suite:
    """One pack alone, with what it extends."""
    return load_suite([request.param])


def test_the_examples_hold_and_show_every_clause(pack: Suite) -> None:
    (result,) = check(pack)
    assert "\n".join(map(str, result.problems)) == ""
    assert result.coverage.missing == ()
    assert result.rules and result.examples >= 2 * len(result.rules)


def test_the_examples_notice_mutants(pack: Suite) -> None:
    (result,) = mutate(pack)
    assert "\n".join(map(str, result.problems)) == ""
    assert result.percent >= 95, "\n".join(map(str, result.survivors))


def test_the_names_of_mutants_are_unique(pack: Suite) -> None:
    for rule in pack.ruleset.rules.values():
        names = [mutant.name for mutant in mutants_of(rule, lambda _path: None)]
        assert len(set(names)) == len(names)


def test_conditions_written_as_text_mean_the_same(pack: Suite) -> None:
    for rule in pack.ruleset.rules.values():
        for branch in rule.checked.branches:
            again = RuleSource("t.1", rule.packed.rule.for_, written(branch.require))
            assert check_rule(again, pack.dictionary).branches[0].require == branch.require
