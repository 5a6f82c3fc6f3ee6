from __future__ import annotations

import pytest

from casrules.dictionary import shipped_dictionary
from casrules.language import Text, check_rule
from casrules.language.sources import RuleSource
from casrules.testing import mutate
from casrules.testing.mutation.operators import mutations
from casrules.testing.written import written


def tree(text: str, dictionary):
    source = RuleSource("t.1", Text("item"), Text(text))
    return check_rule(source, dictionary).branches[0].require


@pytest.fixture(scope="module")
def dictionary():
    return shipped_dictionary()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("item.net_mass <= item.gross_mass", {"item.net_mass < item.gross_mass"}),
        ("item.net_mass > 2", {"item.net_mass >= 2", "item.net_mass > 1", "item.net_mass > 3"}),
        ("item.net_mass > 0.05", {"item.net_mass >= 0.05", "item.net_mass > 0.04", "item.net_mass > 0.06"}),
        ('item.procedure == "40"', {'item.procedure != "40"'}),
        (
            'item.procedure in {"40", "42"}',
            {'item.procedure in {"40"}', 'item.procedure in {"42"}'},
        ),
        (
            'item.procedure[:2] == "40"',
            {'item.procedure[:2] != "40"', 'item.procedure[:1] == "40"', 'item.procedure[:3] == "40"'},
        ),
        ("present(item.procedure)", {"missing(item.procedure)"}),
        ("missing(item.procedure)", {"not missing(item.procedure)"}),
        (
            "any(p.count > 0 for p in item.packages if present(p.type))",
            {
                "all(p.count > 0 for p in item.packages if present(p.type))",
                "any(p.count > 0 for p in item.packages)",
                "any(p.count >= 0 for p in item.packages if present(p.type))",
                "any(p.count > -1 for p in item.packages if present(p.type))",
                "any(p.count > 1 for p in item.packages if present(p.type))",
                "any(p.count > 0 for p in item.packages if missing(p.type))",
            },
        ),
        (
            "present(item.procedure) or present(item.preference)",
            {
                "present(item.procedure)",
                "present(item.preference)",
                "missing(item.procedure) or present(item.preference)",
                "present(item.procedure) or missing(item.preference)",
            },
        ),
        ("valid_eori(item.procedure)", {"not valid_eori(item.procedure)"}),
        (
            'declaration.acceptance_date > date("2025-01-31")',
            {
                'declaration.acceptance_date >= date("2025-01-31")',
                'declaration.acceptance_date > date("2025-01-30")',
                'declaration.acceptance_date > date("2025-02-01")',
            },
        ),
        (
            "item.net_mass + 1 == item.gross_mass",
            {
                "item.net_mass - 1 == item.gross_mass",
                "item.net_mass + 0 == item.gross_mass",
                "item.net_mass + 2 == item.gross_mass",
                "item.net_mass + 1 != item.gross_mass",
            },
        ),
    ],
)
def test_the_mutants_of_a_condition(dictionary, text, expected) -> None:
    found = {written(changed) for changed, _, _ in mutations(tree(text, dictionary), lambda path: None)}
    assert found == {written(tree(name, dictionary)) for name in expected}


@pytest.mark.parametrize(
    "text",
    [
        "item.net_mass <= item.gross_mass and (item.net_mass > 0.5 or not valid_eori(item.procedure))",
        'item.procedure[:2] not in {"40", "42"} or missing(item.preference)',
        "count(p for p in item.packages if p.count == 0) == 0",
        "sum(p.count for p in item.packages) * 2 - 1 >= (item.net_mass - 3) * (1 + item.gross_mass)",
        "unique((d.type, d.reference) for d in item.supporting_documents)",
        'listed(item.procedure, "CL1") and lookup("T", item.procedure, "c") == "x"',
        "days_between(reference_date, declaration.acceptance_date) < 3 and count(item.packages) > 1",
    ],
)
def test_a_tree_written_as_text_means_the_same(dictionary, text) -> None:
    first = tree(text, dictionary)
    assert tree(written(first), dictionary) == first


def test_examples_on_the_bounds_kill_every_mutant(suite_of, rule, examples) -> None:
    (result,) = mutate(suite_of(rule + examples))
    assert result.percent == 100 and result.survivors == () and result.total > 5


def test_a_survivor_is_told_with_its_line(suite_of, rule, examples) -> None:
    weak = examples.replace(", {given: {item: {gross_mass: 0.5, net_mass: 0}}}", "").replace(
        "{gross_mass: 10, net_mass: 10}", "{gross_mass: 10, net_mass: 2}"
    )
    (result,) = mutate(suite_of(rule + weak))
    names = {survivor.name: survivor.place.line for survivor in result.survivors}
    assert names == {
        "when: item.gross_mass > 0 -> item.gross_mass > 1": 8,
        "require: item.net_mass <= item.gross_mass -> item.net_mass < item.gross_mass": 9,
    }
    assert result.percent == 100 * result.killed // result.total < 100


def marked(mutant: str) -> str:
    return f'  equivalent: [{{mutant: "{mutant}", reason: no mass is that small}}]\n'


def test_a_mutant_marked_equivalent_leaves_the_denominator(suite_of, rule, examples) -> None:
    weak = examples.replace(", {given: {item: {gross_mass: 0.5, net_mass: 0}}}", "")
    (plain,) = mutate(suite_of(rule + weak))
    name = "when: item.gross_mass > 0 -> item.gross_mass > 1"
    assert [survivor.name for survivor in plain.survivors] == [name]
    (result,) = mutate(suite_of(rule + weak + marked(name)))
    assert (result.percent, result.equivalent, result.survivors, result.problems) == (100, 1, (), ())


@pytest.mark.parametrize(
    ("mutant", "said"),
    [
        ("when: dropped", "not equivalent, an example tells them apart"),
        ("when: item.mass > 0 -> item.mass > 1", "the rule has no such mutant"),
    ],
)
def test_a_mark_without_ground_is_a_problem(suite_of, rule, examples, mutant, said) -> None:
    (result,) = mutate(suite_of(rule + examples + marked(mutant)))
    assert said in str(result.problems[0]) and mutant in str(result.problems[0])
